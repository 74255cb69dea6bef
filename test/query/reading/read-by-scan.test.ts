import { expect, it } from 'vitest'
import { createOperation } from '../../../src/query/operation/operation.ts'
import { readEach, type Reading } from '../../../src/query/reading/read-each.ts'
import { Work } from '../../../src/work/work.ts'
import { createFakeClock } from '../../support/clock.ts'
import { hastyTurns } from '../../support/work.ts'

it('lets others have their turn between those who waited for the same scan', async () => {
  const turns = hastyTurns(3)
  const operation = createOperation({
    id: 'test',
    clock: createFakeClock(),
    freshness: { maxAgeMs: 1, staleMs: 1 },
    maxRequests: 100,
    maxWaitMs: 1_000,
    work: new Work({ turns }),
  })
  const scanned = Promise.withResolvers<undefined>()
  const reading = {
    store: { alias: 'default' },
    operation,
    scanning: { isBetter: () => true, finish: () => scanned.promise },
  } as unknown as Reading
  const served = new Map<number, number>()
  const waiting = Array.from({ length: 200 }, (_, index) =>
    readEach<string>(
      {
        collection: 'accounts',
        what: 'byId accounts',
        isRefused: true,
        known: () => undefined,
        ask: () => Promise.reject(new Error('Nothing is asked one by one')),
        stale: () => 'stale',
        escapesScan: () => false,
        byScan: () => ({
          has: () => false,
          serve: key => {
            served.set(turns.number, (served.get(turns.number) ?? 0) + 1)
            return key
          },
        }),
      },
      [`key ${index}`],
      reading,
    ),
  )
  scanned.resolve(undefined)
  expect(await Promise.all(waiting)).toEqual(waiting.map((_, index) => [`key ${index}`]))
  expect(Math.max(...served.values())).toBeLessThan(10)
})
