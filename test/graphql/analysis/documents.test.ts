import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { GraphQLError, parse, specifiedRules, TypeInfo, validate } from 'graphql'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createReadText } from '../../../src/graphql/analysis/document-size.ts'
import { createDocuments } from '../../../src/graphql/analysis/documents.ts'
import { ownRules, validationOptions } from '../../../src/graphql/analysis/validation.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { Turns } from '../../../src/work/turns.ts'
import { Work } from '../../../src/work/work.ts'
import { hastyTurns, workInOneTurn } from '../../support/work.ts'

const schema = createExecutableSchema(resolvers)
const rules = [...specifiedRules, ...ownRules({ introspection: true })]
const create = () =>
  createDocuments({
    schema,
    introspection: true,
    readText: createReadText({ maxTokens: 20_000 }),
  })

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Fields, arguments, fragments, variables and directives, some of which there are. */
const parts = [
  '{ apps { totalCount } }',
  'query q($v: Int = 1, $w: [AccountFilter!]) { accounts(first: $v, filter: { and: $w }) { nodes { id ...f } } }',
  'query ($v: Nothing, $v: Int) { x: accounts(first: $u) { nodes { id(a: 1) } } x: apps { nothing } }',
  'fragment f on Account { email app { ...g } employee @include(if: true) { id } }',
  'fragment g on App { accounts { nodes { ...f } } }',
  'fragment g on Nothing { id @deprecated }',
  'fragment h on Employee { ... on Account { id } email @skip(if: 3) @skip(if: true) }',
  '{ accounts(filter: { email: { eq: "a", eq: 1, nothing: [] } }, first: 1, first: 2) { nodes } }',
  'subscription { events { id } more: events { id } }',
  'mutation { nothing }',
  'type Account { id: ID }',
  '{ a { b { c } } d e f g h i j k l m n o p }',
  '{ __schema { types { fields { type { fields { type { name } } } } } } }',
]

describe('a document', () => {
  test('has the mistakes that graphql-js finds in one go, however many turns that takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 6 }),
        async some => {
          const text = some.join('\n')
          const expected = validate(schema, parse(text), rules, validationOptions)
          const turns = hastyTurns(3)
          const { errors } = await create().read(text, new Work({ turns }))
          expect(errors.map(error => error.toJSON())).toEqual(expected.map(error => error.toJSON()))
          expect(turns.number).toBeGreaterThan(1)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is walked through by a few nodes in each turn, whatever rules ask about all of it', async () => {
    const enter = vi.spyOn(TypeInfo.prototype, 'enter')
    onTestFinished(() => {
      enter.mockRestore()
    })
    let now = 0
    let marks: number[] = []
    const turns = new Turns({
      now: () => (now += 3),
      cpu: () => now,
      defer: callback => {
        marks.push(enter.mock.calls.length)
        setImmediate(callback)
      },
    })
    const lists = Array.from(
      { length: 50 },
      (_, n) => `a${n}: accounts(first: $v) { nodes { id ...f } }`,
    ).join(' ')
    const fields = Array.from({ length: 50 }, (_, n) => `e${n}: employee { id }`).join(' ')
    const fragment = `fragment f on Account { ${fields} }`
    for (const text of [
      `query q($v: Int) { ${lists} } ${fragment}`,
      `${fragment} query q($v: Int) { ${lists} }`,
    ]) {
      marks = [enter.mock.calls.length]
      await create().read(text, new Work({ turns }))
      marks.push(enter.mock.calls.length)
      const nodes = marks.map((mark, index) => mark - (marks[index - 1] ?? mark))
      expect(marks.length).toBeGreaterThan(100)
      expect(Math.max(...nodes)).toBeLessThan(20)
    }
  })

  test('is kept where it is valid, and found by its hash', async () => {
    const documents = create()
    const text = '{ apps { totalCount } }'
    const first = await documents.read(text, workInOneTurn())
    expect(first).toEqual({ document: parse(text), errors: [] })
    expect((await documents.read(text, workInOneTurn())).document).toBe(first.document)
    expect(documents.find(hashOf(text))).toBe(first.document)
    await documents.read('{ nothing }', workInOneTurn())
    expect(documents.find(hashOf('{ nothing }'))).toBeUndefined()
  })

  test('is none where the text is no GraphQL', async () => {
    const { document, errors } = await create().read('{ apps', workInOneTurn())
    expect(document).toBeUndefined()
    expect(errors).toEqual([expect.any(GraphQLError)])
  })

  test('is read in turns that end in time, however wide it is', async () => {
    const text = `{ ${Array.from({ length: 400 }, (_, index) => `a${index}: accounts(first: 1, filter: { email: { eq: "a" } }) { nodes { id app { name } } }`).join(' ')} }`
    const turns = hastyTurns(1)
    await create().read(text, new Work({ turns }))
    expect(turns.number).toBeGreaterThan(100)
  })
})
