import { describe, expect, it } from 'vitest'
import {
  UpstreamInvalidError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../src/errors.ts'
import { CircuitOpenError, createCircuit } from '../../../src/upstream/request/circuit.ts'
import { attempt } from '../../../src/upstream/request/attempt.ts'
import type { UpstreamEvent } from '../../../src/upstream/contract/events.ts'
import type { Limiter } from '../../../src/upstream/limiter/limiter.ts'
import { NotSentError, type UpstreamResponse } from '../../../src/upstream/request/transport.ts'
import { createUrgency } from '../../../src/upstream/limiter/urgency.ts'
import { createFakeClock } from '../../support/clock.ts'

const ok: UpstreamResponse = { status: 200, body: '[]', retryAfterMs: undefined }
const question = { path: '/apps/secret', template: '/apps/{id}' }

/** One attempt whose transport answers, or fails, with `outcome` after 50 ms; `during` runs while it is granted. */
const setUp = (outcome: UpstreamResponse | Error, during: () => void = () => undefined) => {
  const clock = createFakeClock()
  const done: string[] = []
  const events: UpstreamEvent[] = []
  const leave = new AbortController()
  const urgency = createUrgency(
    { owner: 'a', priority: 'interactive', deadline: clock.now() + 10_000 },
    leave.signal,
  )
  const limiter = {
    acquire: async () => {
      during()
      return {
        waitedMs: 7,
        settle: () => done.push('settle'),
        overdue: () => done.push('overdue'),
        giveBack: () => done.push('giveBack'),
      }
    },
    pause: (ms: number) => void done.push(`paused ${ms}`),
    refused: (_sentAt: number, retryAfterMs?: number) => {
      done.push(`refused ${retryAfterMs}`)
      return retryAfterMs ?? 0
    },
  } as unknown as Limiter
  const circuit = createCircuit('default', clock, () => undefined)
  const latency = {
    averageMs: () => 120,
    timeoutMs: () => 2000,
    record: (ms: number) => done.push(`took ${ms}`),
  }
  const send = () =>
    new Promise<UpstreamResponse>((resolve, reject) => {
      done.push('sent')
      clock.after(50, () => {
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      })
    })
  const onEvent = (event: UpstreamEvent) => void events.push(event)
  const connection = {
    alias: 'default',
    clock,
    limiter,
    circuit,
    latency,
    send,
    onEvent,
    isStrange: () => false,
  }
  const onRequest = (waitedMs: number) => void done.push(`told ${waitedMs}`)
  const run = async () => {
    const result = attempt(connection, question, 'key', { urgency, onRequest }, 1).catch(
      (error: unknown) => error,
    )
    await clock.advance(50)
    return result
  }
  return { clock, circuit, leave, done, events, run }
}

describe('one attempt', () => {
  it('takes a token, sends, settles, and gives the answer with the time of asking', async () => {
    const { clock, run, done, events } = setUp(ok)
    const start = clock.now()
    expect(await run()).toEqual({ body: expect.any(String) as string, json: [], readAt: start })
    expect(done).toEqual(['told 7', 'sent', 'settle', 'took 50'])
    expect(events).toEqual([
      {
        kind: 'request',
        path: '/apps/{id}',
        outcome: 200,
        priority: 'interactive',
        waitedMs: 7,
        latencyMs: 50,
        madeFor: 'a',
        method: 'GET',
        resent: 0,
      },
    ])
  })

  it.each([
    {
      case: 'a timeout, which may arrive yet and tells that Push is slow',
      outcome: new UpstreamTimeoutError('', 2000),
      done: ['overdue', 'took 2000'],
      reported: 'UPSTREAM_TIMEOUT',
      code: 'UPSTREAM_TIMEOUT',
      failures: 1,
    },
    {
      case: 'a broken connection',
      outcome: new UpstreamUnavailableError(''),
      done: ['settle'],
      reported: 'UPSTREAM_UNAVAILABLE',
      code: 'UPSTREAM_UNAVAILABLE',
      failures: 1,
    },
    {
      case: 'a connection that came too late for it to leave',
      outcome: new NotSentError(),
      done: ['giveBack'],
      reported: 'UPSTREAM_UNAVAILABLE',
      code: 'UPSTREAM_UNAVAILABLE',
      failures: 1,
    },
    {
      case: 'an answer too large',
      outcome: new UpstreamInvalidError('', ''),
      done: ['settle'],
      reported: 'UPSTREAM_INVALID',
      code: 'UPSTREAM_INVALID',
      failures: 1,
    },
    {
      case: '5xx',
      outcome: { ...ok, status: 500 },
      done: ['settle'],
      reported: 500,
      code: 'UPSTREAM_UNAVAILABLE',
      failures: 1,
    },
    {
      case: '503 that says when to come back',
      outcome: { ...ok, status: 503, retryAfterMs: 3000 },
      done: ['settle', 'paused 3000'],
      reported: 503,
      code: 'UPSTREAM_UNAVAILABLE',
      failures: 1,
    },
    {
      case: 'nonsense',
      outcome: { ...ok, body: '<html>' },
      done: ['settle', 'took 50'],
      reported: 200,
      code: 'UPSTREAM_INVALID',
      failures: 1,
    },
    {
      case: '429, which is no failure of Push',
      outcome: { ...ok, status: 429, retryAfterMs: 3000 },
      done: ['settle', 'refused 3000'],
      reported: 429,
      code: 'RATE_LIMITED',
      failures: 0,
    },
    {
      case: '404, which is an answer',
      outcome: { ...ok, status: 404 },
      done: ['settle', 'took 50'],
      reported: 404,
      code: 'FORBIDDEN',
      failures: 0,
    },
  ])('accounts for $case', async ({ outcome, done: expected, reported, code, failures }) => {
    const { run, done, events, circuit } = setUp(outcome)
    expect(await run()).toMatchObject({ code })
    expect(done).toEqual(['told 7', 'sent', ...expected])
    expect(events).toContainEqual(expect.objectContaining({ kind: 'request', outcome: reported }))
    expect(circuit.look().failures).toBe(failures)
  })

  it('gives its token back when the caller left meanwhile', async () => {
    const { run, leave, done } = setUp(ok, () => {
      leave.abort(new Error('left'))
    })
    expect(await run()).toEqual(new Error('left'))
    expect(done).toEqual(['giveBack'])
  })

  it('gives its token back when Push began to fail meanwhile, and waits for none while it does', async () => {
    const { clock, run, circuit, done } = setUp(ok, () => {
      for (let n = 0; n < 5; n += 1) {
        circuit.begin().failed()
        clock.jump(500)
      }
    })
    const refused = new CircuitOpenError('default', 4500)
    expect(await run()).toEqual(refused)
    expect(done).toEqual(['giveBack'])
    expect(await run()).toEqual(new CircuitOpenError('default', 4450))
    expect(done).toEqual(['giveBack'])
  })
})
