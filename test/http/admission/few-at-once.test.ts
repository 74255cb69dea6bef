/** How much of what many callers may have done at the same moment is done in one pass of the event loop. */
import { expect, it } from 'vitest'
import { FewAtOnce } from '../../../src/http/admission/few-at-once.ts'

const nextPass = () => new Promise(resolve => setImmediate(resolve))

const createForTest = (limits: { most: number; ms: number }, taking: (name: string) => number) => {
  let time = 0
  const done: string[] = []
  const few = new FewAtOnce<{ caller: string; name: string }>(
    limits,
    ({ name }) => {
      done.push(name)
      time += taking(name)
    },
    () => time,
  )
  const named = (name: string) => ({ caller: name.charAt(0), name })
  /** What was done in each pass until nothing is. */
  const passes = async (): Promise<string[]> => {
    const each: string[] = []
    for (let idle = 0; idle < 3;) {
      await nextPass()
      if (done.length === 0) idle += 1
      else each.push(done.splice(0).join(' '))
    }
    return each
  }
  return { few, named, done, passes }
}

it('goes on with a few at a time, callers in turn, those of one in their order', async () => {
  const { few, named, passes } = createForTest({ most: 3, ms: 100 }, () => 0)
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'a5', 'c1']) few.later(named(name))
  expect(await passes()).toEqual(['a1 b1 c1', 'a2 a3 a4', 'a5'])
})

it('goes on with fewer where they take long, with one at least', async () => {
  const { few, named, passes } = createForTest({ most: 9, ms: 5 }, name => Number(name.slice(1)))
  for (const name of ['a2', 'a3', 'a1', 'a9', 'a9', 'a1']) few.later(named(name))
  expect(await passes()).toEqual(['a2 a3 a1', 'a9', 'a9', 'a1'])
})

it('goes on at once while the pass has room and nobody waits', async () => {
  const { few, named, done, passes } = createForTest({ most: 2, ms: 100 }, () => 0)
  for (const name of ['a1', 'a2', 'a3', 'b1']) few.soon(named(name))
  expect(done.splice(0)).toEqual(['a1', 'a2'])
  expect(await passes()).toEqual(['a3 b1'])
  few.soon(named('a4'))
  expect(done).toEqual(['a4'])
})

it('forgets who waits no more', async () => {
  const { few, named, passes } = createForTest({ most: 1, ms: 100 }, () => 0)
  const waiters = ['a1', 'a2', 'a3'].map(named)
  for (const waiter of waiters) few.later(waiter)
  expect(few.delete(waiters[1] as never)).toBe(true)
  expect(few.delete(waiters[1] as never)).toBe(false)
  expect(await passes()).toEqual(['a1', 'a3'])
})
