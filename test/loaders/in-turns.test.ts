/** Very many answers that come at the same moment: what is made of each is made in turns. */
import { expect, it } from 'vitest'
import { Batches } from '../../src/loaders/batches.ts'
import type { Connectors } from '../../src/loaders/connectors.ts'
import { createRowLoaders } from '../../src/loaders/rows.ts'
import type { Operation } from '../../src/query/operation/operation.ts'
import { Work } from '../../src/work/work.ts'
import { rowOf } from '../support/rows.ts'
import { hastyTurns } from '../support/work.ts'

const MANY = 300
const ids = Array.from({ length: MANY }, (_, index) => `id ${index}`)

/** How many were heard of in the fullest turn, and of how many something was heard. */
const heard = async (
  turn: () => number,
  answers: readonly Promise<unknown>[],
): Promise<readonly [most: number, all: number]> => {
  const inTurn = new Map<number, number>()
  const hear = (): void => {
    inTurn.set(turn(), (inTurn.get(turn()) ?? 0) + 1)
  }
  await Promise.all(answers.map(answer => answer.then(hear, hear)))
  const numbers = [...inTurn.values()]
  return [Math.max(...numbers), numbers.reduce((sum, number) => sum + number, 0)]
}

it('failures of a batch are told a few in each turn', async () => {
  const turns = hastyTurns(3)
  const batches = new Batches(new Work({ turns }))
  const failing = ids.map(id =>
    batches.load('accounts', id, keys => Promise.resolve(keys.map(key => new Error(key)))),
  )
  const [most, all] = await heard(() => turns.number, failing)
  expect(all).toBe(MANY)
  expect(most).toBeLessThan(10)
  await expect(failing[7]).rejects.toThrow('id 7')
})

it('objects with their details are given a few in each turn', async () => {
  const turns = hastyTurns(3)
  const work = new Work({ turns })
  const reader = {
    detailed: (_name: string, id: string) => Promise.resolve(rowOf('detections', { id })),
  }
  const { detailed } = createRowLoaders(
    { readerOf: () => reader } as unknown as Connectors,
    new Batches(work),
    { work } as unknown as Operation,
  )
  const found = ids.map(async id => detailed('acme', 'detections', id))
  const [most, all] = await heard(() => turns.number, found)
  expect(all).toBe(MANY)
  expect(most).toBeLessThan(10)
  expect((await Promise.all(found)).map(of => of?.row.id)).toEqual(ids)
})
