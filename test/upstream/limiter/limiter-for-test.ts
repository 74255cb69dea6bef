/** The limiter under a clock that stands still, its answers coming after a fixed time. */
import { onTestFinished } from 'vitest'
import type { Call } from '../../../src/upstream/contract/contract.ts'
import type { Limiter } from '../../../src/upstream/limiter/limiter.ts'
import { createLimiter } from '../../../src/upstream/limiter/limiter.ts'
import { openState } from '../../../src/upstream/state/state.ts'
import { createUrgency } from '../../../src/upstream/limiter/urgency.ts'
import type { FakeClock } from '../../support/clock.ts'
import { createFakeClock } from '../../support/clock.ts'

export const limits = { rate: 10, burst: 10 }
export const LATENCY_MS = 120

/** A limiter on the state at `path`, as one process has it; closed when the running test ends. */
export const setUp = (path = ':memory:', clock = createFakeClock()) => {
  const state = openState(path, { clock })
  onTestFinished(() => {
    state.close()
  })
  return { clock, state, limiter: createLimiter(state.bucket('key'), clock, limits) }
}

type Asked = Partial<Pick<Call, 'owner' | 'priority'>> & { signal?: AbortSignal; withinMs?: number }

/** The urgency of a caller who can wait a minute. */
export const urgencyOf = (
  clock: FakeClock,
  { owner = 'someone', priority = 'interactive', withinMs = 60_000, signal }: Asked = {},
) =>
  createUrgency(
    { owner, priority, deadline: clock.now() + withinMs },
    signal ?? new AbortController().signal,
  )

/** Acquires and is answered `LATENCY_MS` later; notes when and in which order it went out. */
export const recorder = (clock: FakeClock, limiter: Limiter) => {
  const sent: { name: string; at: number; waitedMs: number }[] = []
  const start = clock.now()
  const go = async (name: string, urgency: ReturnType<typeof urgencyOf>): Promise<void> => {
    const grant = await limiter.acquire(urgency, LATENCY_MS)
    sent.push({ name, at: clock.now() - start, waitedMs: grant.waitedMs })
    clock.after(LATENCY_MS, grant.settle)
  }
  return { sent, go }
}

/** Uses up a full bucket and waits until the answers are in: the next token is due about 100 ms later. */
export const spend = async (clock: FakeClock, limiter: Limiter): Promise<void> => {
  const { go } = recorder(clock, limiter)
  await Promise.all(Array.from({ length: 10 }, () => go('spent', urgencyOf(clock))))
  await clock.advance(LATENCY_MS)
}
