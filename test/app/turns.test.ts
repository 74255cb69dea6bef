/** Steps that are taken for an operation without being part of it. */
import { expect, it } from 'vitest'
import { inTurnsOf } from '../../src/app/turns.ts'
import { Work } from '../../src/work/work.ts'
import { hastyTurns } from '../support/work.ts'

it('takes turns with operations, who had least of the loop first', async () => {
  const turns = hastyTurns(3)
  const operation = new Work({ turns, caller: 'somebody' })
  const inTurn = inTurnsOf(turns, '(default)')
  const order: string[] = []
  const pages = Array.from({ length: 12 }, () => inTurn(() => order.push('page')))
  const steps = (async () => {
    for (let step = 0; step < 4; step += 1) {
      await operation.next()
      order.push('step')
      while (!operation.isOver());
    }
  })()
  await Promise.all([...pages, steps])
  expect(order.filter(each => each === 'page')).toHaveLength(12)
  // It does not wait for all pages, though they came first.
  expect(order.indexOf('step')).toBeLessThan(12)
})

it('gives what comes of a step, and what it throws', async () => {
  const inTurn = inTurnsOf(hastyTurns(3), '(default)')
  expect(await inTurn(() => 7)).toBe(7)
  await expect(
    inTurn(() => {
      throw new Error('unreadable')
    }),
  ).rejects.toThrow('unreadable')
})
