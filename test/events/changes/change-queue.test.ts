import { describe, expect, it } from 'vitest'
import { createChangeQueue } from '../../../src/events/changes/change-queue.ts'
import type { NewChange, RowChange } from '../../../src/model/row-changes.ts'
import { createFakeClock } from '../../support/clock.ts'
import { rowOf } from '../../support/rows.ts'

const change = (id: string, licensed = true): RowChange => ({
  collection: 'employees',
  before: rowOf('employees', { id, licensed }),
  after: rowOf('employees', { id, licensed: false }),
  since: 1_000,
  at: 2_000,
  learntFrom: 'READ',
})

const queueOver = (write: (ids: readonly string[]) => void, maxWaiting?: number) => {
  const clock = createFakeClock()
  const problems: string[] = []
  const cuts: number[] = []
  const queue = createChangeQueue({
    write: async (changes: readonly NewChange[]) => {
      write(changes.map(({ objectId }) => objectId))
      return Promise.resolve({ stored: changes.length, cut: 0 })
    },
    clock,
    onCut: count => cuts.push(count),
    onProblem: message => problems.push(message),
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
  })
  return { queue, clock, problems }
}

describe('changes on their way', () => {
  it('go together where they come together, up to 200 rows, and in their order', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => written.push(ids))
    for (let id = 0; id < 201; id += 1) queue.add('default', change(String(id)))
    await queue.drain()
    expect(written.map(ids => ids.length)).toEqual([200, 1])
    expect(written.flat()).toEqual(Array.from({ length: 201 }, (_, id) => String(id)))
  })

  it('are not written where nothing differs that both know', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => written.push(ids))
    queue.add('default', change('same', false))
    await queue.drain()
    expect(written).toEqual([])
  })

  it('are tried again where they cannot be written, which is said once', async () => {
    let isFull = true
    const written: (readonly string[])[] = []
    const { queue, clock, problems } = queueOver(ids => {
      if (isFull) throw new Error('the disk is full')
      written.push(ids)
    })
    queue.add('default', change('a'))
    await queue.drain()
    await clock.advance(1_000)
    await queue.drain()
    queue.add('default', change('b'))
    expect(problems).toHaveLength(1)
    isFull = false
    await clock.advance(1_000)
    await queue.drain()
    expect(written.flat()).toEqual(['a', 'b'])
    expect(problems).toHaveLength(2)
  })

  it('are lost where too many wait, which is said, and are stored again afterwards', async () => {
    let isFull = true
    const written: (readonly string[])[] = []
    const { queue, clock, problems } = queueOver(ids => {
      if (isFull) throw new Error('the disk is full')
      written.push(ids)
    }, 2)
    for (const id of ['a', 'b', 'c', 'd']) queue.add('default', change(id))
    await queue.drain()
    expect(problems.filter(problem => problem.includes('lost'))).toHaveLength(1)
    isFull = false
    await clock.advance(1_000)
    await queue.drain()
    queue.add('default', change('e'))
    await queue.drain()
    expect(written.flat()).toEqual(['a', 'b', 'e'])
  })

  it('are taken no more once it has ended', async () => {
    const written: (readonly string[])[] = []
    const { queue } = queueOver(ids => written.push(ids))
    queue.end()
    queue.add('default', change('a'))
    await queue.drain()
    expect(written).toEqual([])
  })
})
