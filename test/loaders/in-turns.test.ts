/** Very many answers that come at the same moment: what is made of each is made in turns. */
import { expect, it } from 'vitest'
import { Batches } from '../../src/loaders/batches.ts'
import type { Connectors } from '../../src/loaders/connectors.ts'
import { createRowLoaders } from '../../src/loaders/rows.ts'
import type { Operation } from '../../src/query/operation/operation.ts'
import { Turns } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'
import { rowOf } from '../support/rows.ts'

const MANY = 300
const ids = Array.from({ length: MANY }, (_, index) => `id ${index}`)

/** Turns in which time is taken by what is made of an answer alone, and that time. */
const turnsOf = () => {
  let now = 0
  const turns = new Turns({ now: () => now, cpu: () => now, defer: setImmediate })
  return { turns, spend: (ms: number) => (now += ms) }
}

/** How many were heard of in the fullest turn, and in which order. */
const heard = async (
  { turns, spend }: ReturnType<typeof turnsOf>,
  answers: readonly Promise<unknown>[],
): Promise<readonly [most: number, order: readonly number[]]> => {
  const inTurn = new Map<number, number>()
  const order: number[] = []
  const hear = (index: number): void => {
    inTurn.set(turns.number, (inTurn.get(turns.number) ?? 0) + 1)
    order.push(index)
    spend(1)
  }
  await Promise.all(
    answers.map(async (answer, index) => {
      await answer.catch(() => undefined)
      hear(index)
    }),
  )
  return [Math.max(...inTurn.values()), order]
}

it('failures of a batch are told a few in each turn, in their order', async () => {
  const time = turnsOf()
  const batches = new Batches(new Work({ turns: time.turns }))
  const failing = ids.map(id =>
    batches.load('accounts', id, keys => Promise.resolve(keys.map(key => new Error(key)))),
  )
  const [most, order] = await heard(time, failing)
  expect(order).toEqual([...ids.keys()])
  expect(most).toBeLessThan(10)
  await expect(failing[7]).rejects.toThrow('id 7')
})

it('objects with their details are given a few in each turn, in their order', async () => {
  const time = turnsOf()
  const work = new Work({ turns: time.turns })
  const reader = {
    detailed: (_name: string, id: string) => Promise.resolve(rowOf('detections', { id })),
  }
  const { detailed } = createRowLoaders(
    { readerOf: () => reader } as unknown as Connectors,
    new Batches(work),
    { work } as unknown as Operation,
  )
  const found = ids.map(async id => detailed('acme', 'detections', id))
  const [most, order] = await heard(time, found)
  expect(order).toEqual([...ids.keys()])
  expect(most).toBeLessThan(10)
  expect((await Promise.all(found)).map(of => of?.row.id)).toEqual(ids)
})
