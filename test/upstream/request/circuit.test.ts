import { describe, expect, it } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import { CircuitOpenError, createCircuit } from '../../../src/upstream/request/circuit.ts'
import { createFakeClock } from '../../support/clock.ts'

const setUp = () => {
  const clock = createFakeClock()
  const changes: number[] = []
  const circuit = createCircuit('default', clock, restMs => changes.push(restMs))
  /** Failures in a row, half a second apart. */
  const fail = (times: number) => {
    for (let n = 0; n < times; n += 1) {
      clock.jump(500)
      circuit.begin().failed()
    }
  }
  return { clock, changes, circuit, fail }
}

describe('the circuit', () => {
  it('opens after five failures in a row, not after five in all', () => {
    const { circuit, changes, fail } = setUp()
    fail(4)
    circuit.begin().worked()
    fail(4)
    expect(changes).toEqual([])
    expect(circuit.look()).toMatchObject({ state: 'closed', failures: 4 })
    fail(1)
    expect(changes).toEqual([5000])
    expect(circuit.look()).toMatchObject({ state: 'open', retryAfterMs: 5000 })
  })

  it('opens at once where nobody is there of whom an answer was ever had', () => {
    const { circuit, changes } = setUp()
    circuit.begin().failed(true)
    expect(changes).toEqual([5000])
    expect(circuit.look()).toMatchObject({ state: 'open', retryAfterMs: 5000 })
  })

  it('opens after three in a row that found nobody where somebody was', async () => {
    const { clock, circuit, changes } = setUp()
    circuit.begin().worked()
    for (const isNext of [true, true, false]) {
      // Side by side they tell no more than one.
      const together = [circuit.begin(), circuit.begin(), circuit.begin()]
      await clock.advance(1)
      for (const verdict of together) verdict.failed(true)
      expect(changes).toEqual(isNext ? [] : [5000])
      await clock.advance(1)
    }
  })

  it('counts those anew once Push has worked', async () => {
    const { clock, circuit, changes } = setUp()
    for (let round = 0; round < 5; round += 1) {
      circuit.begin().worked()
      for (let n = 0; n < 2; n += 1) {
        circuit.begin().failed(true)
        await clock.advance(1)
      }
    }
    expect(changes).toEqual([])
  })

  it('does not open for what fails side by side, however much it is', async () => {
    const { clock, circuit, changes } = setUp()
    for (let round = 0; round < 4; round += 1) {
      const together = Array.from({ length: 20 }, () => circuit.begin())
      await clock.advance(2000)
      for (const verdict of together) verdict.failed()
    }
    expect(changes).toEqual([])
    expect(circuit.look()).toMatchObject({ state: 'closed', failures: 80 })
    circuit.begin().failed()
    expect(changes).toEqual([])
    await clock.advance(500)
    circuit.begin().failed()
    expect(changes).toEqual([5000])
  })

  it('does not open within the first two seconds, whatever fails in them', async () => {
    const { clock, circuit, changes } = setUp()
    for (let ms = 0; ms < 2000; ms += 20) {
      circuit.begin().failed()
      await clock.advance(20)
    }
    expect(changes).toEqual([])
    circuit.begin().failed()
    expect(changes).toEqual([5000])
  })

  it('counts on after the clock was set back', () => {
    const { clock, changes, fail } = setUp()
    fail(4)
    clock.jump(-3_600_000)
    fail(1)
    expect(changes).toEqual([5000])
  })

  it('fails at once while open, and says when to come back', async () => {
    const { clock, circuit, fail } = setUp()
    fail(5)
    await clock.advance(1500)
    const failure = ((): unknown => {
      try {
        return circuit.check()
      } catch (error) {
        return error
      }
    })()
    expect(failure).toBeInstanceOf(CircuitOpenError)
    expect(failure).toBeInstanceOf(UpstreamUnavailableError)
    expect(failure).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterMs: 3500,
      fields: { retryAfterMs: 3500 },
    })
  })

  it('lets one trial through after its rest, and closes when that works', async () => {
    const { clock, circuit, changes, fail } = setUp()
    fail(5)
    await clock.advance(5000)
    circuit.check()
    const trial = circuit.begin()
    expect(circuit.look().state).toBe('trial')
    expect(() => circuit.begin()).toThrow(new CircuitOpenError('default', 1000))
    trial.worked()
    expect(circuit.look()).toMatchObject({ state: 'closed', failures: 0 })
    circuit.begin().worked()
    expect(changes).toEqual([5000, 0])
  })

  it('rests twice as long after each trial that fails, up to a minute', async () => {
    const { clock, changes, fail } = setUp()
    fail(5)
    for (let n = 0; n < 5; n += 1) {
      await clock.advance(60_000)
      fail(1)
    }
    expect(changes).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000])
  })

  it('does not rest longer for failures of requests sent before it opened', () => {
    const { clock, circuit, changes, fail } = setUp()
    const together = Array.from({ length: 10 }, () => circuit.begin())
    fail(5)
    clock.jump(1000)
    for (const verdict of together) verdict.failed()
    expect(changes).toEqual([5000])
  })

  it('closes when a request sent before it opened is answered after all', () => {
    const { circuit, changes, fail } = setUp()
    const early = circuit.begin()
    fail(5)
    early.worked()
    expect(changes).toEqual([5000, 0])
    circuit.check()
  })

  it('rests no longer because the clock was set back', () => {
    const { clock, circuit, fail } = setUp()
    fail(5)
    clock.jump(-3_600_000)
    expect(circuit.look().retryAfterMs).toBe(5000)
  })
})
