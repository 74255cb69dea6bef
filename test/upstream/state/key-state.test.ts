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
  const open = (key: string, own = limits) => {
    const states = createKeyStates(
      { url, limits: own, state, clock },
      { known: () => key },
      () => undefined,
    )
    return { states, limiter: states.use(key).limiter }
  }
  return { open, state }
}

describe('a key in place of another', () => {
  it('goes on with its limit and with what was learnt', () => {
    const { open, state } = processForTest()
    const before = open('old')
    before.states.facts.set('offset', 'works')
    state.succeed(stateId(url, 'new'), stateId(url, 'old'))
    const now = open('new')
    expect(now.limiter).toBe(before.limiter)
    expect(now.states.facts.get('offset')).toBe('works')
    expect(now.states.id()).toBe(stateId(url, 'old'))
    // And again under a third one.
    state.succeed(stateId(url, 'third'), stateId(url, 'new'))
    expect(open('third').limiter).toBe(before.limiter)
    expect(open('third').states.id()).toBe(stateId(url, 'old'))
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
    const slow = open('a', { rate: 1, burst: 1 })
    const { limiter } = open('a')
    expect(limiter.look()).toMatchObject({ limit: 1, burst: 1 })
    slow.states.leave()
    expect(limiter.look()).toMatchObject({ limit: 10, burst: 10 })
  })
  it('are let go with the last who spends', () => {
    const { open, state } = processForTest()
    const [first, second, other] = [open('a'), open('a'), open('b')]
    first.states.leave()
    expect(open('a').limiter).toBe(second.limiter)
    expect(state.limiters.size).toBe(2)
    other.states.leave()
    expect([...state.limiters.keys()]).toEqual([stateId(url, 'a')])
    const next = open('b')
    expect(next.limiter).not.toBe(other.limiter)
    // Who has left already ends nothing of those who came since.
    other.states.leave()
    expect(open('b').limiter).toBe(next.limiter)
    // Nor does it spend for long, though something of it is still on its way.
    other.states.use('c')
    expect(state.limiters.size).toBe(2)
  })
})
