/** What holds of the state of connectors wherever it is kept: run over each maker of it. */
import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { BucketKeeper, BucketStep } from '../../src/upstream/limiter/bucket-keeper.ts'
import type { State } from '../../src/upstream/state/state.ts'

const limits = { rate: 10, burst: 10 }

/** An exchange about a bucket of ten requests a second. */
export const bucketStep = (more: Partial<BucketStep> = {}): BucketStep => ({
  ...{ limits, settled: [], returned: [], wanted: [], urgent: 0 },
  ...more,
})

/** Takes so many tokens, as many as are there; the names of what was granted. */
export const takeTokens = async (
  keeper: BucketKeeper,
  count: number,
  name = 'request',
): Promise<string[]> => {
  const wanted = Array.from({ length: count }, (_, n) => `${name} ${n}`)
  const { granted } = await keeper.step(bucketStep({ wanted }))
  return wanted.slice(0, granted)
}

/** Of what happens within one millisecond nobody knows what was first: by this clock nothing does. */
export const distinctMoments = (): Clock => {
  let now = 0
  return { ...systemClock, now: () => (now = Math.max(now + 1, systemClock.now())) }
}

export interface StateMaker {
  /** Another process on the same place. */
  open(): Promise<State>
  /** All that stands there, as text. */
  dump(): Promise<string>
}

/** `create` makes a new, empty place. */
export const describeState = (name: string, create: () => Promise<StateMaker>): void => {
  describe(`the state in ${name}`, () => {
    it('brings back facts, sizes and measures after a restart', async () => {
      const { open } = await create()
      const first = await open()
      first.facts('a').set('offset', 'works')
      first.facts('a').set('byId accounts', 'no')
      first.sizes('a').set('accounts', 12_000, 1_700_000_000)
      first.sizes('a').see('all accounts', 7)
      first.measures('a').set('latencyMs', 120.5)
      const at = first.measures('a').get('latencyMs')?.at
      await first.close()

      const second = await open()
      expect([...second.facts('a').all()]).toEqual([
        ['byId accounts', 'no'],
        ['offset', 'works'],
      ])
      expect(second.facts('a').get('offset')).toBe('works')
      expect(second.sizes('a').get('accounts')).toMatchObject({
        rows: 12_000,
        newest: 1_700_000_000,
      })
      expect(second.sizes('a').seen('all accounts')).toBe(7)
      expect(second.measures('a').get('latencyMs')).toEqual({ value: 120.5, at })
    })

    it('keeps what belongs to one key from another', async () => {
      const state = await (await create()).open()
      state.facts('a').set('offset', 'works')
      state.sizes('a').set('accounts', 1)
      state.sizes('a').see('all', 1)
      await state.bucket('a').slow(limits, { sentAgoMs: 0, retryAfterMs: undefined })
      expect(state.facts('b').get('offset')).toBeUndefined()
      expect(state.facts('b').all().size).toBe(0)
      expect(state.sizes('b').get('accounts')).toBeUndefined()
      expect(state.sizes('b').seen('all')).toBeUndefined()
      expect(state.bucket('a').peek(limits).slowedTo).toBe(5)
      expect(state.bucket('b').peek(limits).slowedTo).toBe(10)
    })

    it('shows a process its own changes at once, wherever it looks', async () => {
      const state = await (await create()).open()
      const keeper = state.bucket('a')
      const [facts, sizes, measures] = [state.facts('a'), state.sizes('a'), state.measures('a')]
      expect(facts.get('offset')).toBeUndefined()
      expect(sizes.get('accounts')).toBeUndefined()
      await state.bucket('a').pause(limits, 60_000)
      state.facts('a').set('offset', 'works')
      state.facts('a').set('offset', 'ends')
      state.sizes('a').set('accounts', 7)
      state.measures('a').set('latencyMs', 3)
      const { pausedUntil, at } = keeper.glance(limits)
      expect(pausedUntil - at).toBeGreaterThan(50_000)
      expect([...facts.all()]).toEqual([['offset', 'ends']])
      expect(sizes.get('accounts')?.rows).toBe(7)
      expect(measures.get('latencyMs')?.value).toBe(3)
    })

    it('shows the changes of one process to the others soon, and the later of two for good', async () => {
      const { open } = await create()
      const [one, other] = [await open(), await open()]
      expect(other.facts('a').get('offset')).toBeUndefined()
      one.facts('a').set('offset', 'works')
      one.sizes('a').set('accounts', 12_000)
      one.measures('a').set('latencyMs', 9)
      await one.bucket('a').pause(limits, 60_000)
      await expect.poll(() => other.facts('a').get('offset')).toBe('works')
      await expect.poll(() => other.sizes('a').get('accounts')?.rows).toBe(12_000)
      await expect.poll(() => other.measures('a').get('latencyMs')?.value).toBe(9)
      await expect
        .poll(() => {
          const { pausedUntil, at } = other.bucket('a').glance(limits)
          return pausedUntil - at
        })
        .toBeGreaterThan(10_000)
      other.facts('a').set('offset', 'ends')
      await expect.poll(() => one.facts('a').get('offset')).toBe('ends')
      expect(other.facts('a').get('offset')).toBe('ends')
    })

    it('shares the requests on their way, and knows them again when they come back', async () => {
      const { open } = await create()
      const [one, other] = [await open(), await open()]
      // Where nothing is known of a key at first, nothing is granted for a second.
      await expect.poll(() => takeTokens(one.bucket('a'), 1, 'first')).toHaveLength(1)
      await other.bucket('a').pause(limits, 0)
      expect(other.bucket('a').peek(limits).leases).toMatchObject([{ id: 'first 0' }])
      await other.bucket('a').step(bucketStep({ settled: ['first 0'] }))
      expect(other.bucket('a').peek(limits).leases).toEqual([])
    })

    it('lets a new key go on with what belonged to the old one', async () => {
      const { open } = await create()
      const state = await open()
      state.succeed('new', 'old')
      expect(state.keptAs('new')).toBe('old')
      await state.close()
      const later = await open()
      expect(later.keptAs('new')).toBe('old')
      expect(later.keptAs('old')).toBe('old')
      expect(later.keptAs('another')).toBe('another')
      // Whoever finds out later does not lead it elsewhere.
      later.succeed('new', 'another')
      expect(later.keptAs('new')).toBe('old')
      await later.close()
      expect((await open()).keptAs('new')).toBe('old')
    })

    it('remembers what the newest thousand questions came to, and never their words', async () => {
      const { open, dump } = await create()
      const first = await open()
      const question = (n: number): string => `accounts of ann@example.com, ${n}`
      for (let n = 0; n < 1_500; n += 1) first.sizes('a').see(question(n), n)
      expect(first.sizes('a').seen(question(1_499))).toBe(1_499)
      expect(first.sizes('a').seen(question(0))).toBeUndefined()
      await first.close()
      const kept = (await open()).sizes('a')
      expect(kept.seen(question(1_499))).toBe(1_499)
      expect(kept.seen(question(600))).toBe(600)
      expect(
        Array.from({ length: 1_500 }, (_, n) => kept.seen(question(n))).filter(
          count => count !== undefined,
        ).length,
      ).toBeLessThan(1_101)
      expect(await dump()).not.toContain('ann@example.com')
    })
  })
}
