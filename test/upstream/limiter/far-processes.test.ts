/**
 * Several processes that share a bucket far away, by whatever befalls them, their way to it, and whoever keeps it. Judged as
 * Push would judge: by when requests arrive.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Clock } from '../../../src/model/clock.ts'
import {
  type BucketLimits,
  pauseSending,
  slowDown,
  type TokenBucket,
  unknownBucket,
} from '../../../src/upstream/limiter/bucket.ts'
import {
  type BucketKeeper,
  BucketUnreachable,
} from '../../../src/upstream/limiter/bucket-keeper.ts'
import { stepBucket } from '../../../src/upstream/limiter/bucket-step.ts'
import { createLimiter, type Limiter } from '../../../src/upstream/limiter/limiter.ts'
import { createFakeClock, type FakeClock } from '../../support/clock.ts'
import { runsOr } from '../../support/runs.ts'
import { limits, urgencyOf } from './limiter-for-test.ts'
import { overruns } from './overruns.ts'

/** Who asks gives up after so long, and what was asked may be done at any time until long after that. */
const GIVEN_UP_MS = 1_000

/** Keeps the bucket by one clock; what it loses is unknown. */
const createStore = (clock: Clock) => {
  let bucket: TokenBucket | undefined
  let starts = 0
  return {
    starts: () => starts,
    crash: () => {
      bucket = undefined
      starts += 1
    },
    change: <Value>(
      under: BucketLimits,
      how: (bucket: TokenBucket) => [TokenBucket, Value],
    ): Value => {
      const [next, value] = how(bucket ?? unknownBucket(clock.now(), under))
      bucket = next
      return value
    },
  }
}

/** A process that can stand still: then none of its timers run, and it hears nothing. */
const createProcess = (clock: FakeClock) => {
  let held: (() => void)[] | undefined
  return {
    clock: {
      ...clock,
      after: (ms: number, callback: () => void) => {
        let isOff = false
        const run = (): void => {
          if (isOff) return
          if (held === undefined) callback()
          else held.push(run)
        }
        const stop = clock.after(ms, run)
        return () => {
          isOff = true
          stop()
        }
      },
    },
    stop: () => (held ??= []),
    goOn: () => {
      const due = held ?? []
      held = undefined
      for (const run of due) run()
    },
  }
}

type Fate = 'done' | 'lost' | 'doneUnheard' | 'doneLate'

/** The way of one process to the store. */
const createKeeper = (
  store: ReturnType<typeof createStore>,
  way: Clock,
  process: Clock,
  nextFate: () => { readonly fate: Fate; readonly wayMs: number },
): BucketKeeper => {
  const ask = <Value>(
    under: BucketLimits,
    how: (bucket: TokenBucket) => [TokenBucket, Value],
  ): Promise<Value> =>
    new Promise((resolve, reject) => {
      const { fate, wayMs } = nextFate()
      const { starts } = store
      const askedOf = starts()
      const giveUp = process.after(GIVEN_UP_MS, () => reject(new BucketUnreachable(1_000)))
      if (fate === 'lost') return
      const arrivesAfterMs = fate === 'doneLate' ? GIVEN_UP_MS + 40 * wayMs : wayMs
      way.after(arrivesAfterMs, () => {
        // What was asked of a server that has gone is not done by the next.
        if (starts() !== askedOf) return
        const value = store.change(under, how)
        if (fate !== 'done') return
        process.after(wayMs, () => {
          giveUp()
          resolve(value)
        })
      })
    })
  let last: TokenBucket | undefined
  const known = (under: BucketLimits): TokenBucket => last ?? unknownBucket(way.now(), under)
  return {
    step: async step => {
      const verdict = await ask(step.limits, bucket => {
        const verdict = stepBucket(bucket, way.now(), step)
        return [verdict.bucket, verdict]
      })
      last = verdict.bucket
      return verdict
    },
    slow: (under, { sentAgoMs, retryAfterMs }) =>
      ask(under, bucket => {
        const sentAt = way.now() - sentAgoMs
        const slowed = slowDown(bucket, way.now(), under, { sentAt, retryAfterMs, random: 1 })
        return [slowed, slowed]
      }),
    pause: (under, ms) =>
      ask(under, bucket => {
        const paused = pauseSending(bucket, way.now(), under, ms)
        return [paused, paused]
      }),
    peek: known,
    glance: known,
  }
}

const happening = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      kind: fc.constant('requests' as const),
      count: fc.integer({ min: 1, max: 12 }),
      thereMs: fc.nat(400),
      backMs: fc.nat(400),
      isUrgent: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      ms: fc.integer({ min: 500, max: 16_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('dies' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
)
type Happening = [number, number, typeof happening extends fc.Arbitrary<infer Kind> ? Kind : never]
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.tuple(fc.nat(400), fc.nat(2), happening),
  {
    minLength: 20,
    maxLength: 80,
    size: 'max',
  },
)
const fates = fc.array(
  fc.record({
    fate: fc.oneof(
      { weight: 30, arbitrary: fc.constant('done' as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('lost' as const, 'doneUnheard' as const, 'doneLate' as const),
      },
    ),
    wayMs: fc.oneof({ weight: 10, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(450) }),
  }),
  { minLength: 50, maxLength: 200, size: 'max' },
)

/** A whole burst is on its way when all that was known of it is lost, and others ask at once. */
const requests = { kind: 'requests', backMs: 0, isUrgent: true } as const
const burstBeforeCrash: Happening[] = [
  [0, 0, { ...requests, count: 1, thereMs: 0 }],
  [5_000, 0, { ...requests, count: 10, thereMs: 400 }],
  [20, 1, { kind: 'crash' }],
  [0, 1, { ...requests, count: 12, thereMs: 0 }],
]

it('processes together never run a bucket over that is far away, whatever is lost, late or dead', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fates, async (played, steps) => {
      const clock = createFakeClock()
      const store = createStore(clock)
      const arrivals: number[] = []
      const flaws: unknown[] = []
      let stepped = 0
      const nextFate = () => steps[(stepped += 1) % steps.length] as (typeof steps)[number]
      const start = () => {
        const process = createProcess(clock)
        const keeper = createKeeper(store, clock, process.clock, nextFate)
        return { ...process, isDead: false, limiter: createLimiter(keeper, process.clock, limits) }
      }
      const processes = [start(), start(), start()]

      for (const [afterMs, index, what] of played) {
        await clock.advance(afterMs)
        const process = processes[index] as ReturnType<typeof start>
        if (what.kind === 'crash') store.crash()
        else if (what.kind === 'stop') {
          process.stop()
          clock.after(what.ms, process.goOn)
        } else if (what.kind === 'dies') {
          process.isDead = true
          process.stop()
          processes[index] = start()
        } else
          for (let n = 0; n < what.count; n += 1)
            void process.limiter
              .acquire(
                urgencyOf(clock, {
                  withinMs: 1e6,
                  priority: what.isUrgent ? 'interactive' : 'background',
                }),
                200,
              )
              .then(
                grant => {
                  clock.after(what.thereMs, () => arrivals.push(clock.now()))
                  process.clock.after(what.thereMs + what.backMs, grant.settle)
                },
                (error: unknown) => {
                  if (!(error instanceof BucketUnreachable)) flaws.push(error)
                },
              )
      }
      await clock.advance(60_000)
      expect(overruns(arrivals, limits)).toBeLessThan(1e-6)
      expect(flaws).toEqual([])
      // All goes on afterwards.
      for (const { limiter } of processes) await goesOn(clock, limiter)
    }),
    { numRuns: runsOr(60), examples: [[burstBeforeCrash, [{ fate: 'done', wayMs: 1 }]]] },
  )
})

const goesOn = async (clock: FakeClock, limiter: Limiter): Promise<void> => {
  for (let tries = 0; tries < 10; tries += 1) {
    const asking = limiter.acquire(urgencyOf(clock), 200).then(
      grant => grant,
      () => undefined,
    )
    await clock.advance(15_000)
    const grant = await asking
    if (grant === undefined) continue
    grant.settle()
    await clock.advance(2_000)
    return
  }
  expect.fail('no token in ten tries')
}
