import { getOperationAST, parse } from 'graphql'
import { expect, test } from 'vitest'
import { createContext } from '../../../src/graphql/context.ts'
import { createAnswering } from '../../../src/graphql/operation/lifecycle.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { AnswerValidity } from '../../../src/query/operation/answer-validity.ts'
import { nobodyWaits } from '../../../src/work/refusals.ts'
import { Work } from '../../../src/work/work.ts'
import { needsOf } from '../../support/needs.ts'

const schema = createExecutableSchema(resolvers)
const document = parse('{ employees { nodes { id } } }')
const operation = getOperationAST(document)

/** An operation whose rows were thought to be at hand; `openAgain` begins it once more where they are not. */
const answerOf = async (openAgain: (work: Work) => void): Promise<unknown> => {
  const work = new Work()
  const openInTurns = (): never => {
    openAgain(work)
    throw work.failure ?? new Error('a bug')
  }
  const context = createContext({
    open: openInTurns,
    openInTurns,
    validity: new AnswerValidity({
      clock: systemClock,
      freshness: { maxAgeMs: 0, staleMs: 0 },
    }),
    work,
  })
  context.hasBegun = true
  context.isFree = true
  context.needs = needsOf(schema, document, undefined, {})
  const question = { schema, document, operation: operation ?? undefined, variables: {} }
  const { fromStore } = createAnswering()
  // It is compiled when it comes again.
  expect(await fromStore(context, question as never)).toBeUndefined()
  return fromStore(context, question as never)
}

test('an operation that its caller leaves while it begins anew is graphql-js’s to end, and no bug', async () => {
  expect(await answerOf(work => work.end(nobodyWaits()))).toBeUndefined()
  await expect(answerOf(() => undefined)).rejects.toThrow('a bug')
})
