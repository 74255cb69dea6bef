import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/upstream/limiter/limiter.ts'
import { createLimiter } from '../../../src/upstream/limiter/limiter.ts'
import { openState } from '../../../src/upstream/state/state.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { overruns } from './overruns.ts'
import { LATENCY_MS, limits, recorder, setUp, urgencyOf } from './limiter-for-test.ts'

describe('several processes', () => {
  const fileForTest = (): string => join(directoryForTest(), 'state.db')

  it('notice within 100 ms that another one has got its answers', async () => {
    const path = fileForTest()
    const one = setUp(path)
    const other = setUp(path, one.clock)
    const grants: Grant[] = []
    for (let n = 0; n < 10; n += 1)
      grants.push(await one.limiter.acquire(urgencyOf(one.clock), LATENCY_MS))
    const { sent, go } = recorder(one.clock, other.limiter)
    void go('theirs', urgencyOf(one.clock))
    await one.clock.advance(5000)
    expect(sent).toEqual([])
    for (const grant of grants) grant.settle()
    await one.clock.advance(100 + 101)
    expect(sent.length).toBe(1)
  })

  it('share a pause', async () => {
    const path = fileForTest()
    const one = setUp(path)
    const other = setUp(path, one.clock)
    void one.limiter.refused(one.clock.now(), 2000)
    expect(other.limiter.look().available).toBe(0)
    expect(other.limiter.slowed()).toBe(true)
  })

  it('together never run the bucket over, through restarts and deaths', async () => {
    const process = fc.record({
      requests: fc.array(
        fc.record({
          afterMs: fc.nat(150),
          thereMs: fc.nat(200),
          backMs: fc.nat(200),
          dies: fc.integer({ min: 0, max: 15 }).map(n => n === 0),
        }),
        { maxLength: 40 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(process, { minLength: 1, maxLength: 3 }), async processes => {
        const clock = createFakeClock()
        const path = fileForTest()
        const arrivals: number[] = []
        const states: ReturnType<typeof openState>[] = []
        const start = () => {
          const state = openState(path, { clock })
          states.push(state)
          return createLimiter(state.bucket('key'), clock, limits)
        }
        for (const { requests } of processes) {
          let limiter = start()
          let at = 0
          for (const { afterMs, thereMs, backMs, dies } of requests) {
            at += afterMs
            clock.after(at, () => {
              void limiter.acquire(urgencyOf(clock, { withinMs: 1e6 }), 200).then(grant => {
                clock.after(thereMs, () => arrivals.push(clock.now()))
                // A process that dies never settles; the next one begins with what is on disk.
                if (dies) limiter = start()
                else clock.after(thereMs + backMs, grant.settle)
              })
            })
          }
        }
        await clock.advance(120_000)
        for (const state of states) state.close()
        expect(arrivals.length).toBe(processes.flatMap(({ requests }) => requests).length)
        expect(overruns(arrivals, limits)).toBeLessThan(1e-6)
      }),
      { numRuns: 25 },
    )
  })
})
