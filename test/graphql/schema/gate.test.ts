import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { executeInTurns } from '../../../src/graphql/operation/execute.ts'
import { gateResolvers } from '../../../src/graphql/schema/gate.ts'
import { Work } from '../../../src/work/work.ts'
import { settle } from '../../support/clock.ts'
import { hastyTurns } from '../../support/work.ts'

const FIELDS = 200

test('fields that fail at the same moment are told of in turns', async () => {
  const schema = buildSchema('type Query { fails(at: Int): String }')
  const { promise: failing, reject: fail } = Promise.withResolvers<string>()
  let begun = 0
  const field = schema.getQueryType()?.getFields()['fails']
  if (field === undefined) throw new Error('no field')
  field.resolve = () => {
    begun += 1
    return failing
  }
  gateResolvers(schema)
  const turns = hastyTurns(3)
  const fields = Array.from({ length: FIELDS }, (_, at) => `f${at}: fails(at: ${at})`)
  const answering = executeInTurns({
    schema,
    document: parse(`{ ${fields.join(' ')} }`),
    contextValue: { work: new Work({ turns }) },
  })
  await expect.poll(() => begun).toBe(FIELDS)
  await settle()
  const before = turns.number
  fail(new Error('It is gone'))
  const { errors } = await answering
  expect(errors).toHaveLength(FIELDS)
  expect(turns.number - before).toBeGreaterThan(20)
})
