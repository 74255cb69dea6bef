import { expect, test } from 'vitest'
import { certainOf } from '../../src/sinks/certain.ts'
import { createFakeClock } from '../support/clock.ts'

test('one of which it is not said whose it is holds up the others for half a second', async () => {
  const clock = createFakeClock()
  const found = certainOf(
    ['slow', 'acme', 'unknown', 'failing', 'globex'],
    alias => {
      if (alias === 'slow') return new Promise(() => undefined)
      if (alias === 'failing') return Promise.reject(new Error('no answer'))
      return Promise.resolve(alias !== 'unknown')
    },
    clock,
  )
  let isOver = false
  void found.then(() => {
    isOver = true
  })
  await clock.advance(499)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(isOver).toBe(true)
  expect(await found).toEqual(['acme', 'globex'])
})
