import { parse, print } from 'graphql'
import { expect, test } from 'vitest'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { answeredDocument } from '../../../src/graphql/subscriptions/answered-document.ts'

const schema = createExecutableSchema(resolvers)

const plain = (text: string): string => print(parse(text))

const answered = (text: string, variables: Record<string, unknown>, operationName?: string) => {
  const { document, variables: left } = answeredDocument(schema, {
    ...{ document: parse(text), variables, operationName },
  })
  return { text: print(document), variables: left }
}

test('what its field is asked with is left out, with the variables that nothing else uses', () => {
  const { text, variables } = answered(
    `subscription Q($f: EventFilter, $n: Int = 3, $some: Boolean!, $raw: Boolean) {
      events(filter: $f) @include(if: $some) { app { accounts(first: $n) { totalCount } } ocsf(rawData: $raw) { message } }
    }`,
    { f: { object: { eq: 'LOGIN' } }, some: true, raw: false },
  )
  expect(text).toBe(
    plain(`subscription Q($n: Int = 3, $some: Boolean!, $raw: Boolean) {
      events @include(if: $some) { app { accounts(first: $n) { totalCount } } ocsf(rawData: $raw) { message } }
    }`),
  )
  expect(variables).toEqual({ some: true, raw: false })
})

test('so it is where the field stands in fragments, and in one of several operations', () => {
  const { text, variables } = answered(
    `query Other { apps { totalCount } }
    subscription Q($f: ChangeFilter, $n: Int) { ...here }
    fragment here on Subscription { ... { changes(filter: $f) { ...there } } }
    fragment there on Change { event { app { accounts(first: $n) { totalCount } } } }`,
    { f: {}, n: 2 },
    'Q',
  )
  expect(text).toBe(
    plain(`subscription Q($n: Int) { ...here }
    fragment here on Subscription { ... { changes { ...there } } }
    fragment there on Change { event { app { accounts(first: $n) { totalCount } } } }`),
  )
  expect(variables).toEqual({ n: 2 })
})
