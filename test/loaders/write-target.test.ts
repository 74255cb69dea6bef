import { expect, test } from 'vitest'
import { Batches } from '../../src/loaders/batches.ts'
import { createConnectors } from '../../src/loaders/connectors.ts'
import { createWriteTargets } from '../../src/loaders/write-target.ts'
import { createOperation } from '../../src/query/operation/operation.ts'
import type { Reader } from '../../src/query/reading/reader.ts'
import { createFakeClock } from '../support/clock.ts'

const setUp = (...aliases: readonly string[]) => {
  const operation = createOperation({
    id: 'test',
    clock: createFakeClock(),
    freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
    maxRequests: 3,
    maxWaitMs: 25_000,
  })
  const batches = new Batches(operation.work)
  const readers = new Map(
    aliases.map(alias => [alias, { alias, store: { alias } } as unknown as Reader]),
  )
  const { writeTarget } = createWriteTargets(createConnectors(readers), batches, operation)
  return { operation, batches, writeTarget }
}

test('is the only connector that the caller sees, or the one that it names', () => {
  expect(setUp('a').writeTarget(undefined).store.alias).toBe('a')
  const { writeTarget } = setUp('a', 'b')
  expect(writeTarget('b').store.alias).toBe('b')
  expect(() => writeTarget(undefined)).toThrow('input.connector: a, b')
  expect(() => writeTarget('c')).toThrow('There is no connector "c"')
  expect(() => setUp().writeTarget(undefined)).toThrow('There is no connector')
})

test('counts its requests against what the operation may make', () => {
  const { writeTarget } = setUp('a')
  const first = writeTarget(undefined).reserve(3)
  expect(() => writeTarget(undefined).reserve(1)).toThrow('PUSHGRAPH_MAX_REQUESTS')
  first.call.onRequest?.(0)
  first.release()
  expect(() => writeTarget(undefined).reserve(3)).toThrow('PUSHGRAPH_MAX_REQUESTS')
  writeTarget(undefined).reserve(2)
})

test('has the operation find anew what it found before the change', async () => {
  const { operation, batches, writeTarget } = setUp('a')
  let times = 0
  const find = (): number => operation.made.once('a question', () => (times += 1))
  const load = () => batches.load('rows', '1', async () => [(times += 1)])
  expect([find(), find()]).toEqual([1, 1])
  expect(await load()).toBe(2)
  expect(await load()).toBe(2)
  writeTarget(undefined).reserve(1).release()
  expect([find(), await load()]).toEqual([3, 4])
})
