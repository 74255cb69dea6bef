/** Answers are made short enough by asking for shorter pages. */
import fc from 'fast-check'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import type { AskGraph, ToolQuestion } from '../../../src/mcp/ask-graph.ts'
import { askToFit, noPages } from '../../../src/mcp/answers/fit.ts'
import { toToolResult } from '../../../src/mcp/answers/tool-results.ts'

const waiting = { signal: new AbortController().signal }

/** Pages of `rows` objects of those lengths, which begin where `after` says. */
const graphOf = (lengths: readonly number[]) => {
  const asked: ToolQuestion['variables'][] = []
  const ask: AskGraph = async ({ variables }) => {
    asked.push(variables)
    const from = Number(variables['after'] ?? 0)
    const to = Math.min(lengths.length, from + Number(variables['first'] ?? 50))
    return {
      data: {
        rows: {
          nodes: lengths
            .slice(from, to)
            .map((length, index) => `${from + index}${'x'.repeat(length)}`),
          pageInfo: { hasNextPage: to < lengths.length, endCursor: String(to) },
        },
      },
    }
  }
  return { ask, asked }
}

const uses = () => ({
  sizes: ['first'],
  defaults: {},
  pages: [{ after: 'after', path: ['rows'] }],
})

const fitted = (ask: AskGraph, variables: ToolQuestion['variables'], maxBytes: number) =>
  askToFit(ask, { query: '', variables }, uses, maxBytes, waiting)

test('what fits is asked for once, and nothing is said of it', async () => {
  const { ask, asked } = graphOf([1, 2, 3])
  const { told } = await fitted(ask, { first: 10 }, 4_096)
  expect(asked).toEqual([{ first: 10 }])
  expect(told).not.toHaveProperty('note')
  expect(told).not.toHaveProperty('next')
})

test('shorter pages lead through all objects, each once, and none is longer than its cap', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 100 }),
      async (lengths, first) => {
        const { ask } = graphOf(lengths)
        const seen: string[] = []
        let next: Readonly<Record<string, string>> | undefined = {}
        while (next !== undefined) {
          const { told, bytes, text } = await fitted(ask, { first, ...next }, 2_048)
          expect(bytes).toBe(Buffer.byteLength(text))
          expect(bytes).toBeLessThanOrEqual(2_048)
          const data = told.data as { readonly rows: { readonly nodes: readonly string[] } }
          seen.push(...data.rows.nodes)
          next = told.next
        }
        expect(seen.map(text => Number.parseInt(text, 10))).toEqual(
          lengths.map((_, index) => index),
        )
      },
    ),
    { numRuns: 50 },
  )
})

test('a page is never asked for longer than its default', async () => {
  const { ask, asked } = graphOf(Array.from({ length: 60 }, () => 400))
  // As the graph takes it where the variable is not given.
  const byDefault: AskGraph = (question, waits) =>
    ask({ ...question, variables: { first: 5, ...question.variables } }, waits)
  const usesOf = () => ({ ...uses(), defaults: { first: 5 } })
  await askToFit(byDefault, { query: '', variables: {} }, usesOf, 2_048, waiting)
  expect(asked).toEqual([{ first: 5 }, { first: 3 }])
})

test('what was shortened says how to go on: by next where there is one, else by a narrower question', async () => {
  const { ask } = graphOf(Array.from({ length: 60 }, () => 400))
  const { told } = await fitted(ask, { first: 10 }, 2_048)
  expect(told.note).toMatch(/^Shortened to first: \d, .* Go on with next/)
  const groups = () => ({ ...uses(), pages: [] })
  const question = { query: '', variables: { first: 10 } }
  const { told: grouped } = await askToFit(ask, question, groups, 2_048, waiting)
  expect(grouped).not.toHaveProperty('next')
  expect(grouped.note).toMatch(/^Shortened to first: \d, .*\. Narrow the question/)
})

test('one object that is too long is said to be so, by its size', async () => {
  const { ask, asked } = graphOf([5_000])
  const found = await fitted(ask, {}, 2_048)
  expect(asked.at(-1)).toEqual({ first: 1 })
  const { isError, content } = toToolResult(found, 2_048)
  expect(isError).toBe(true)
  expect(content[0]).toMatchObject({
    text: expect.stringMatching(/ANSWER_TOO_LONG.*has 5\d\d\d bytes, even with one object a page/),
  })
  // Nobody knows how long pages are whose lengths stand in the query itself.
  const whole = await askToFit(ask, { query: '', variables: {} }, () => noPages, 2_048, waiting)
  expect(toToolResult(whole, 2_048).content[0]).toMatchObject({
    text: expect.stringMatching(
      /has 5\d\d\d bytes, and may have 2048. Ask for less: shorter pages, /,
    ),
  })
})

test('a change is not made twice for a shorter answer', async () => {
  const { ask, asked } = graphOf([5_000])
  const found = await askToFit(
    ask,
    { query: '', variables: { first: 9 } },
    () => noPages,
    2_048,
    waiting,
  )
  expect(asked).toHaveLength(1)
  expect(toToolResult(found, 2_048, true).content[0]).toMatchObject({
    text: expect.stringContaining('is not to be done again'),
  })
})

test('of what is too long to be read, shorter pages are asked for by its length', async () => {
  const asked: unknown[] = []
  const ask: AskGraph = async ({ variables }) => {
    const { first } = variables
    asked.push(first)
    return Number(first) > 10
      ? { unreadLetters: Number(first) * 2_000, errors: [new GraphQLError('of one row')] }
      : { data: { rows: { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'c' } } } }
  }
  const { told } = await fitted(ask, { first: 1_000 }, 20_000)
  expect(asked).toEqual([1_000, 8])
  expect(told).toMatchObject({ next: { after: 'c' } })

  const always: AskGraph = async () => ({ unreadLetters: 5_000_000 })
  const waitingFor = { query: '', variables: {} }
  const tooLong = await askToFit(always, waitingFor, () => noPages, 4_096, waiting)
  const result = toToolResult(tooLong, 4_096)
  expect(result.isError).toBe(true)
  expect(JSON.stringify(result)).toContain('The answer has 5000000 bytes')
})
