/** Tools that ask what they are given, over a graph that notes what it was asked. */
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import type { AskGraph, ToolQuestion } from '../../../src/mcp/ask-graph.ts'
import { createSchemaText } from '../../../src/mcp/reading/schema-text.ts'
import { exploreTools } from '../../../src/mcp/tools/explore-tools.ts'

const schema = buildSchema('type Query { words(first: Int): [String] }')

test('a query with a default for its page is asked again with a shorter one', async () => {
  const asked: ToolQuestion['variables'][] = []
  const ask: AskGraph = async ({ variables }) => {
    asked.push(variables)
    const { first = 5 } = variables
    return { data: { words: Array.from({ length: Number(first) }, () => 'x'.repeat(600)) } }
  }
  const tools = exploreTools({ schema, schemaText: undefined, maxBytes: 2_048 })
  const query = 'query ($first: Int = 5) { words(first: $first) }'
  const waiting = { signal: new AbortController().signal }
  await tools.find(({ name }) => name === 'run_query')?.call({ query }, ask, waiting)
  expect(asked).toEqual([{}, { first: 2 }])
})

test('the schema is searched for few words, each of which counts once', async () => {
  const schemaText = createSchemaText(schema)
  const tools = exploreTools({ schema, schemaText, maxBytes: 2_048 })
  const search = async (words: string) =>
    tools
      .find(({ name }) => name === 'read_schema')
      ?.call({ search: words }, failing, { signal: new AbortController().signal })
  const found = { content: [{ type: 'text', text: expect.stringContaining('Query.words(') }] }
  expect(await search('words Query first')).toMatchObject(found)
  const many = `${'words '.repeat(83)}wo`
  expect([many.length, await search(many)]).toMatchObject([500, found])
  const refused = await search(`${many}r`)
  expect(refused?.isError).toBe(true)
  expect(JSON.stringify(refused)).toContain('BAD_USER_INPUT')
})

const failing: AskGraph = async () => {
  throw new Error('Nothing is asked')
}
