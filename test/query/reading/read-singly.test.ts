import { expect, it } from 'vitest'
import { createOperation } from '../../../src/query/operation/operation.ts'
import { readSingly } from '../../../src/query/reading/read-each.ts'
import type { Scanning } from '../../../src/query/reading/scan-for-operation.ts'
import { Work } from '../../../src/work/work.ts'
import { createFakeClock } from '../../support/clock.ts'
import { hastyTurns, workInOneTurn } from '../../support/work.ts'

const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`)

/** Asks for all of them; which were asked for in which turn, and what came back. */
const read = async (work: Work, turn: () => number) => {
  const asked = new Map<number, string[]>()
  const answers = await readSingly(
    {
      collection: 'accounts',
      ask: key => {
        asked.set(turn(), [...(asked.get(turn()) ?? []), key])
        return Promise.resolve(key.toUpperCase())
      },
      stale: () => new Error('stale'),
    },
    keys,
    {
      operation: createOperation({
        id: 'test',
        clock: createFakeClock(),
        freshness: { maxAgeMs: 1, staleMs: 1 },
        maxRequests: 100,
        maxWaitMs: 1_000,
        work,
      }),
      scanning: {
        reserve: () => ({ call: {}, release: () => undefined }),
      } as unknown as Scanning,
    },
  )
  expect(answers).toEqual(keys.map(key => [key, key.toUpperCase()]))
  return [...asked.values()]
}

it('asks for all at once where that is quick', async () => {
  expect(await read(workInOneTurn(), () => 0)).toEqual([keys])
})

it('asks for a few in each turn where it is not, and for each once', async () => {
  const turns = hastyTurns(1)
  const asked = await read(new Work({ turns }), () => turns.number)
  expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(10)
  expect(asked.flat().sort()).toEqual([...keys].sort())
})
