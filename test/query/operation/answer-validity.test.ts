import { describe, expect, test } from 'vitest'
import {
  AnswerValidity,
  isFreshWhole,
  sinceOf,
} from '../../../src/query/operation/answer-validity.ts'
import type { ConnectorStore, Table } from '../../../src/store/store.ts'
import { createFakeClock } from '../../support/clock.ts'

const MINUTE = 60_000

/** What a table tells of itself. */
type Told = Pick<
  Table,
  'collection' | 'epoch' | 'version' | 'whole' | 'wholeTookMs' | 'gaps' | 'size'
>

/** One collection, read whole just now, and an answer that rests on it alone. */
const answered = ({
  enabled = true,
  wholeTookMs = 0,
  maxAgeMs = MINUTE,
  staleMs = MINUTE,
  epoch = 'first',
} = {}) => {
  const clock = createFakeClock()
  const read: Told = {
    collection: 'apps',
    epoch,
    version: 7,
    whole: clock.now(),
    wholeTookMs,
    gaps: [],
    size: 3,
  }
  const world: { table: Told | undefined; used: number } = { table: read, used: 0 }
  const store = {
    peek: () => world.table,
    table: () => {
      world.used += 1
      return world.table
    },
    refresher: { enabled },
  } as unknown as ConnectorStore
  const served = { connectors: new Map([['default', store]]) }
  const anew = () => new AnswerValidity({ clock, freshness: { maxAgeMs, staleMs }, store: served })
  const validity = anew()
  validity.dependsOn(store, read as Table)
  const lasts = (of: AnswerValidity = validity) => {
    of.complete(() => undefined)
    return of.isStillValid() ? () => of.isStillValid() : undefined
  }
  return { clock, world, read, store, served, validity, anew, lasts }
}

describe('an answer is valid', () => {
  test('while nothing changes, and counts what it rests on as used each time', () => {
    const { world, lasts } = answered()
    const validator = lasts()
    const before = world.used
    expect([validator?.(), validator?.(), world.used - before]).toEqual([true, true, 2])
  })

  test.each<[what: string, change: Partial<Told>]>([
    ['a row', { version: 8 }],
    ['the order, which begins anew', { epoch: 'second' }],
    ['the moment of the reading', { whole: Date.UTC(2026, 0, 1) + 1 }],
    ['how long the reading took', { wholeTookMs: 1 }],
    ['which rows cannot be read', { gaps: [{ path: 'id', reason: 'is not a text' }] }],
    ['that all rows are known', { whole: undefined }],
  ])('no longer once this has changed: %s', (_what, change) => {
    const { world, read, lasts } = answered()
    const validator = lasts()
    world.table = { ...read, ...change }
    expect([validator?.(), world.used]).toEqual([false, 1])
  })

  test('no longer once what it rests on has been dropped', () => {
    const { world, lasts } = answered()
    const validator = lasts()
    world.table = undefined
    expect(validator?.()).toBe(false)
  })

  test('no longer once other connectors are served, be it beside those that it is of', () => {
    const { served, lasts, validity } = answered()
    const validator = lasts()
    expect(validator?.()).toBe(true)
    const before = served.connectors
    served.connectors = new Map(before)
    expect(validator?.()).toBe(false)
    // Nor where it began before and was complete only then.
    expect(lasts(validity)).toBeUndefined()
  })

  test('only as long as every one of the collections that it rests on', () => {
    const [first, second] = [answered(), answered({ epoch: 'of the other' })]
    first.validity.dependsOn(second.store, second.read as Table)
    const validator = first.lasts()
    expect(validator?.()).toBe(true)
    second.world.table = { ...second.read, version: 8 }
    expect(validator?.()).toBe(false)
  })

  test('as it was when it first rested on a collection, whatever it read of that later', () => {
    const { world, read, store, validity, lasts } = answered()
    Object.assign(read, { version: 8 })
    validity.dependsOn(store, read as Table)
    expect([world.table, lasts()]).toEqual([read, undefined])
  })

  test('not where it rests on nothing that is known, nor on something else too', () => {
    const { clock, validity, anew, lasts } = answered()
    expect(lasts(anew())).toBeUndefined()
    validity.markVolatile()
    expect(lasts()).toBeUndefined()
    expect(clock.waiting()).toBe(0)
  })

  test('not before it is complete, and whoever completed it hears of each time that it is given again', () => {
    const { validity } = answered()
    expect(validity.isStillValid()).toBe(false)
    let again = 0
    validity.complete(() => {
      again += 1
    })
    expect([validity.isStillValid(), again]).toEqual([true, 0])
    validity.givenAgain()
    validity.givenAgain()
    expect(again).toBe(2)
  })
})

/** For how long it stands, in milliseconds, as far as an hour. */
const standsFor = async (options: Parameters<typeof answered>[0]): Promise<number> => {
  const { clock, lasts } = answered(options)
  const validator = lasts()
  if (validator === undefined) return -1
  const from = clock.now()
  while (clock.now() - from < 60 * MINUTE) {
    if (!validator()) return clock.now() - from
    await clock.advance(1_000)
  }
  return Infinity
}

describe('an age', () => {
  test('is reckoned from the beginning of the reading where nothing is refreshed', async () => {
    const rest = { enabled: false, staleMs: 15 * MINUTE }
    expect(await standsFor(rest)).toBe(MINUTE + 1_000)
    expect(await standsFor({ ...rest, wholeTookMs: 30_000 })).toBe(MINUTE + 1_000)
  })

  test('is reckoned from the end of the reading where rows are refreshed', async () => {
    const staleMs = 15 * MINUTE
    expect(await standsFor({ wholeTookMs: 30_000, staleMs })).toBe(MINUTE + 31_000)
  })

  test('is never more than that which may be served at all, however long the reading took', async () => {
    expect(await standsFor({ wholeTookMs: 10 * MINUTE })).toBe(MINUTE + 1_000)
  })

  test('of rows that are fresh is one that may be served, also where refreshing begins earlier', () => {
    const now = Date.UTC(2026, 0, 1)
    const since = sinceOf(now, { maxAgeMs: MINUTE, staleMs: 0 })
    expect(since).toEqual({ freshSince: now - MINUTE, staleSince: now - MINUTE })
    const table = { whole: now - MINUTE, wholeTookMs: 0 } as Table
    expect(isFreshWhole(table, since, false)).toBe(true)
    expect(isFreshWhole({ ...table, whole: undefined }, since, false)).toBe(false)
  })
})
