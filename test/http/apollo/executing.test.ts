import { ApolloServer } from '@apollo/server'
import { buildSchema } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { dataOf } from '../../../src/graphql/operation/answer-text.ts'
import { executingInTurns } from '../../../src/http/apollo/executing.ts'
import { survivorsOf } from '../../support/young-heap.ts'

const schema = buildSchema('type Query { fine: Int, wrong: Int }')

const serve = async (
  read: (name: 'fine' | 'wrong', context: object) => unknown,
): Promise<ApolloServer> => {
  for (const name of ['fine', 'wrong'] as const)
    Object.assign(schema.getQueryType()?.getFields()[name] ?? {}, {
      resolve: (_source: unknown, _args: unknown, context: object) => read(name, context),
    })
  const { gateway, plugin } = executingInTurns(schema)
  const server = new ApolloServer({ gateway, plugins: [plugin] })
  await server.start()
  onTestFinished(() => server.stop())
  return server
}

const answerOf = async (server: ApolloServer, query: string, operationName?: string) => {
  const asked = { query, ...(operationName === undefined ? {} : { operationName }) }
  const { body, http } = await server.executeOperation(asked)
  if (body.kind !== 'single') throw new Error('no answer in parts was asked for')
  const { data, errors } = body.singleResult
  return { data: dataOf(data), errors, status: http.status }
}

test('each operation is executed once, and of its errors Apollo tells', async () => {
  const runs: string[] = []
  const server = await serve(name => {
    runs.push(name)
    if (name === 'wrong') throw new Error('it is wrong')
    return 1
  })
  expect(await answerOf(server, '{ fine }')).toEqual({ data: { fine: 1 } })
  expect(await answerOf(server, '{ fine wrong }')).toMatchObject({
    data: { fine: 1, wrong: null },
    errors: [
      { message: 'it is wrong', path: ['wrong'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ],
  })
  expect(runs).toEqual(['fine', 'fine', 'wrong'])
})

test.each([
  ['an operation that is not in the document', 'query A { fine }', 'B', /Unknown operation/],
  [
    'variables that do not fit',
    'query A($n: Int!) { fine @include(if: true) wrong @skip(if: $n) }',
    'A',
    /\$n/,
  ],
])('%s is refused by Apollo, and nothing runs', async (_, query, operationName, message) => {
  const server = await serve(name => expect.unreachable(name))
  const answer = await answerOf(server, query, operationName)
  expect(answer.errors?.[0]?.message).toMatch(message)
  expect(answer).toMatchObject({ status: 400 })
})

test('what an operation made does not wait for the whole heap to be swept', async () => {
  let last: object = {}
  const server = await serve((_, context) => {
    last = context
    return 1
  })
  const survivors = await survivorsOf(async () => {
    await server.executeOperation({ query: '{ fine }' })
    return last
  })
  expect(survivors).toBeLessThanOrEqual(2)
})
