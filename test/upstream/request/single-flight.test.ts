import { describe, expect, it } from 'vitest'
import {
  RateLimitedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../src/errors.ts'
import type { Call } from '../../../src/upstream/contract/contract.ts'
import type { Flight } from '../../../src/upstream/request/single-flight.ts'
import { createSingleFlight } from '../../../src/upstream/request/single-flight.ts'
import { createFakeClock, settle } from '../../support/clock.ts'

const setUp = () => {
  const clock = createFakeClock()
  const singleFlight = createSingleFlight(clock)
  const flights: (Flight & { answer: (value: string) => void; fail: (error: Error) => void })[] = []
  const start = (flight: Flight): Promise<string> =>
    new Promise((answer, fail) => {
      flights.push({ ...flight, answer, fail })
    })
  const ask = (call: Partial<Call> = {}, key = '/accounts') => {
    const whole: Call = {
      owner: 'a',
      priority: 'interactive',
      deadline: clock.now() + 10_000,
      ...call,
    }
    return singleFlight.run(key, whole, start).catch((error: unknown) => error)
  }
  const flight = (index = 0) => flights[index] as (typeof flights)[number]
  return { clock, singleFlight, flights, flight, ask }
}

describe('equal requests in flight', () => {
  it('are one, whose answer goes to all', async () => {
    const { ask, flights, flight } = setUp()
    const answers = Array.from({ length: 50 }, () => ask())
    await settle()
    expect(flights.length).toBe(1)
    flight().answer('rows')
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['rows']))
  })

  it('are told apart from others, and from those asked when they have ended', async () => {
    const { ask, flights, flight } = setUp()
    const first = ask()
    void ask({}, '/apps')
    await settle()
    flight().answer('old')
    await first
    void ask()
    await settle()
    expect(flights.length).toBe(3)
  })

  it('that nobody waits for any more are none when one of them ends later', async () => {
    const { ask, flights, flight } = setUp()
    const leaving = new AbortController()
    void ask({ signal: leaving.signal })
    await settle()
    leaving.abort(new Error('left'))
    const second = ask()
    await settle()
    flight(0).answer('late')
    await settle()
    const third = ask()
    await settle()
    expect(flights.length).toBe(2)
    flight(1).answer('rows')
    expect(await Promise.all([second, third])).toEqual(['rows', 'rows'])
  })

  it('share their failure, and the next one asks anew', async () => {
    const { ask, flights, flight } = setUp()
    const both = [ask(), ask()]
    await settle()
    const failure = new UpstreamUnavailableError('down')
    flight().fail(failure)
    expect(await Promise.all(both)).toEqual([failure, failure])
    void ask()
    await settle()
    expect(flights.length).toBe(2)
  })

  it('have the best priority and the latest deadline of those who wait', async () => {
    const { clock, ask, flight } = setUp()
    const start = clock.now()
    void ask({ priority: 'background', deadline: start + 1000 })
    void ask({ priority: 'interactive', deadline: start + 500 })
    void ask({ priority: 'background', deadline: start + 2000 })
    await settle()
    expect(flight().urgency).toMatchObject({ priority: 'interactive', deadline: start + 2000 })
  })

  it('tell of a request whoever has waited longest', async () => {
    const { ask, flight } = setUp()
    const requests: string[] = []
    const leaving = new AbortController()
    void ask({ signal: leaving.signal, onRequest: ms => requests.push(`first ${ms}`) })
    void ask({ onRequest: ms => requests.push(`second ${ms}`) })
    await settle()
    flight().onRequest(1)
    leaving.abort(new Error('left'))
    flight().onRequest(2)
    expect(requests).toEqual(['first 1', 'second 2'])
  })
})

describe('a caller of a shared request', () => {
  it('leaves alone; the request is abandoned when the last one has left', async () => {
    const { ask, flights, flight } = setUp()
    const one = new AbortController()
    const other = new AbortController()
    const first = ask({ signal: one.signal })
    const second = ask({ signal: other.signal })
    await settle()
    one.abort(new Error('one left'))
    expect(await first).toEqual(new Error('one left'))
    expect(flight().urgency.signal.aborted).toBe(false)
    other.abort(new Error('other left'))
    expect(await second).toEqual(new Error('other left'))
    expect(flight().urgency.signal.aborted).toBe(true)
    void ask()
    await settle()
    expect(flights.length).toBe(2)
  })

  it('counts on its own, also where one call stands behind several', async () => {
    const { clock, ask, flight } = setUp()
    const leaving = new AbortController()
    const call = { deadline: clock.now() + 5000 }
    void ask({ ...call, signal: leaving.signal })
    const stays = ask(call)
    await settle()
    leaving.abort(new Error('left'))
    flight().answer('rows')
    expect(await stays).toBe('rows')
  })

  it('asks for nothing when it has left before', async () => {
    const { ask, flights } = setUp()
    expect(await ask({ signal: AbortSignal.abort(new Error('left')) })).toEqual(new Error('left'))
    await settle()
    expect(flights).toEqual([])
  })

  it('is refused at its own deadline, by what the request was waiting for', async () => {
    const { clock, ask, flight } = setUp()
    const asked = () => ask({ deadline: clock.now() + 100 })
    const stays = ask()
    await settle()
    flight().urgency.underWay = true
    const onItsWay = asked()
    await clock.advance(100)
    expect(await onItsWay).toBeInstanceOf(UpstreamTimeoutError)
    expect(await onItsWay).toMatchObject({ code: 'UPSTREAM_TIMEOUT', fields: { timeoutMs: 100 } })

    flight().urgency.underWay = false
    flight().urgency.waitMs = () => 50
    const queued = asked()
    flight().urgency.waitMs = () => 2500
    await clock.advance(100)
    expect(await queued).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 2500 })

    flight().urgency.failure = new UpstreamUnavailableError('down', 503)
    flight().urgency.waitMs = undefined
    const between = asked()
    await clock.advance(100)
    expect(await between).toBe(flight().urgency.failure)
    flight().answer('rows')
    expect(await stays).toBe('rows')
  })

  it('is refused at once when its deadline has passed before', async () => {
    const { clock, ask } = setUp()
    expect(await ask({ deadline: clock.now() - 1 })).toEqual(
      new RateLimitedError("Push's request limit left no turn in time."),
    )
  })

  it('is refused at once when it joins a queue that is too long for it', async () => {
    const { clock, ask, flight } = setUp()
    void ask({ deadline: clock.now() + 60_000 })
    await settle()
    flight().urgency.waitMs = () => 5000
    expect(await ask({ deadline: clock.now() + 1000 })).toEqual(
      new RateLimitedError("Push's request limit left no turn in time.", 5000),
    )
  })

  it('leaves nothing behind once answered', async () => {
    const { clock, ask, flight } = setUp()
    const calls = [ask(), ask({ deadline: Infinity })]
    await settle()
    flight().answer('rows')
    await Promise.all(calls)
    expect(clock.waiting()).toBe(0)
  })
})

it('refuses everybody with the reason when it closes, and abandons what they waited for', async () => {
  const { singleFlight, ask, flight } = setUp()
  const waiting = [ask(), ask()]
  await settle()
  const reason = new UpstreamUnavailableError('closed')
  singleFlight.close(reason)
  expect(await Promise.all(waiting)).toEqual([reason, reason])
  expect(flight().urgency.signal.reason).toBe(reason)
})
