import { describe, expect, it, onTestFinished } from 'vitest'
import { createKeyStates } from '../../../src/upstream/state/key-state.ts'
import { openState, stateId } from '../../../src/upstream/state/state.ts'
import { createFakeClock } from '../../support/clock.ts'

const url = 'https://push.example/v1'
const limits = { rate: 10, burst: 10 }

/** Key states of one process; `open` gives those of a connector with that key. */
const processForTest = () => {
  const clock = createFakeClock()
  const state = openState(':memory:', { clock })
  onTestFinished(() => {
    state.close()
  })
  const open = (key: string, former?: string, own = limits) => {
    const states = createKeyStates(
      { url, limits: own, state, clock, former },
      { known: () => key },
      () => undefined,
    )
    return { states, limiter: states.use(key).limiter }
  }
  return { open }
}

describe('a key in place of another', () => {
  it('goes on with its limit and with what was learnt', () => {
    const { open } = processForTest()
    const before = open('old')
    before.states.facts.set('offset', 'works')
    const now = open('new', before.states.id())
    expect(now.limiter).toBe(before.limiter)
    expect(now.states.facts.get('offset')).toBe('works')
    expect(now.states.id()).toBe(stateId(url, 'old'))
    // And again under a third one, and where the settings are read anew by another process.
    expect(open('third', now.states.id()).limiter).toBe(before.limiter)
    expect(open('new').limiter).toBe(before.limiter)
  })

  it('keeps to its own limit where another connector spends on it already', () => {
    const { open } = processForTest()
    const [one, other] = [open('a'), open('b')]
    // Both change places: no key is spent on through two limits.
    expect(open('b', one.states.id()).limiter).toBe(other.limiter)
    expect(open('a', other.states.id()).limiter).toBe(one.limiter)
  })

  it('begins anew where it takes no place', () => {
    const { open } = processForTest()
    expect(open('new').limiter).not.toBe(open('old').limiter)
  })
})

describe('limits', () => {
  it('that change hold at once', () => {
    const { open } = processForTest()
    const { states, limiter } = open('a')
    states.limit({ rate: 3, burst: 2 })
    expect(states.limits()).toEqual({ rate: 3, burst: 2 })
    expect(limiter.look()).toMatchObject({ limit: 3, burst: 2 })
  })

  it('bind nobody once who set them has left', () => {
    const { open } = processForTest()
    const slow = open('a', undefined, { rate: 1, burst: 1 })
    const { limiter } = open('a')
    expect(limiter.look()).toMatchObject({ limit: 1, burst: 1 })
    slow.states.leave()
    expect(limiter.look()).toMatchObject({ limit: 10, burst: 10 })
  })
})
