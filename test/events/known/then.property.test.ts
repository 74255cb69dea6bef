/** What is said of rows of the past, against a reference that keeps all that was ever told. */
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type ChangeQueue, createChangeQueue } from '../../../src/events/changes/change-queue.ts'
import type { RowsThen, Told } from '../../../src/model/known-rows.ts'
import type { Account } from '../../../src/model/rows.ts'
import { createFollower } from '../../../src/store/table/follow.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'
import { closeHistories, type HistoryForTest, historyMakers } from './histories.ts'
import { createReference } from './reference.ts'

const DAY_MS = 86_400_000
const START_MS = 20_000 * DAY_MS + 0.9 * DAY_MS
const IDS = ['a', 'b', 'c', 'd', 'e']
const CONNECTORS = ['default', 'other'] as const
/** Rows that may wait where nothing can be written. */
const MAX_WAITING = 3

interface Single {
  readonly id: string
  readonly value: number
  readonly agoMs: number
}

type Rows = Readonly<Record<string, number>>

type Happening = {
  /** The process, and of which connector's accounts. */
  readonly of: readonly [process: 0 | 1, connector: (typeof CONNECTORS)[number]]
  readonly afterMs: number
} & (
  | ({ readonly kind: 'read' } & Single)
  | ({ readonly kind: 'UPDATE' | 'CREATE' | 'DELETE' } & Single)
  | {
      readonly kind: 'whole'
      readonly rows: Rows
      readonly gaps: boolean
      /** What happens while it is read. */
      readonly between: Happening | undefined
    }
  | { readonly kind: 'absent'; readonly id: string }
  | { readonly kind: 'probe' | 'leave' | 'restart' | 'thread' | 'full' | 'room' | 'purge' }
)

const of = fc.tuple(fc.constantFrom<(0 | 1)[]>(0, 1), fc.constantFrom(...CONNECTORS))
const afterMs = fc.constantFrom(1, 1_000, 60_000, 1_000_000, 20_000_000)
const base = { of, afterMs }
const id = fc.constantFrom(...IDS)
const value = fc.nat({ max: 3 })

const single: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...base,
      kind: fc.constantFrom(
        'read' as const,
        'UPDATE' as const,
        'CREATE' as const,
        'DELETE' as const,
      ),
      ...{ id, value, agoMs: fc.constantFrom(0, 0, 500, 5_000) },
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...base, kind: fc.constant('absent' as const), id }) },
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: single },
  {
    weight: 5,
    arbitrary: fc.record({
      ...base,
      kind: fc.constant('whole' as const),
      rows: fc.dictionary(id, value, { noNullPrototype: true }),
      gaps: fc.boolean(),
      between: fc.option(single, { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...base,
      kind: fc.constantFrom(
        ...(['probe', 'leave', 'restart', 'thread', 'full', 'room', 'purge'] as const),
      ),
    }),
  },
)

const copy = (name: string, value: number, usedAtMs: number): Account =>
  rowOf('accounts', {
    id: name,
    passwordId: `${value}`,
    lastUsedAt: value === 0 ? null : Math.floor(usedAtMs / 1_000),
    createdAt: 1,
  })

/** Some processes over one place, and the reference, which hears what reaches it. */
const createWorld = ({ reading, purging, rows, ...history }: HistoryForTest) => {
  const clock = createFakeClock({ startMs: START_MS })
  const reference = createReference()
  const processes = [0, 1].map(() => startProcess())
  let tables = 0

  function startProcess() {
    const known = new Map<string, Table<'accounts'>>()
    const process = {
      noting: history.noting(),
      isFull: false,
      queue: undefined as unknown as ChangeQueue,
      restart: (): void => {
        process.noting = history.noting()
        known.clear()
      },
      /** The thread that writes ends and is started again. */
      killThread: (): void => {
        process.noting = history.noting()
      },
      table: (connector: string): Table<'accounts'> => {
        const found = known.get(connector)
        if (found !== undefined) return found
        tables += 1
        const made = createTable('accounts', `table ${tables}`, notice => {
          process.queue.add(connector, notice)
        })
        known.set(connector, made)
        return made
      },
      leave: (connector: string): void => {
        known.get(connector)?.leave()
        known.delete(connector)
      },
    }
    process.queue = createChangeQueue({
      clock,
      maxWaiting: MAX_WAITING,
      onNoted: () => undefined,
      write: async (all: readonly Told[]) => {
        await Promise.resolve()
        if (process.isFull) throw new Error('the disk is full')
        const noted = await process.noting.note(all, { maxBytes: 1e9, now: clock.now() / 1_000 })
        const counts = noted.answer === 'known'
        for (const told of all)
          reference.tell(told, counts, row => known.get(told.connector)?.get(row) !== undefined)
        return noted
      },
    })
    return process
  }

  /** Deletes the oldest changes: of what was before their moments nothing is known. */
  const purge = async (): Promise<void> => {
    const before = clock.now() / 1_000 - 50_000
    const found = await rows(
      () =>
        `SELECT field, new_value, at FROM change WHERE at < ${before} ORDER BY at, sequence LIMIT 2`,
    )
    const oldest = found.map(({ field, new_value: now, at }) =>
      // A day of use is told of up to then.
      field === 'lastUsedAt' && Number(now) > Number(at) ? Number(now) : Number(at),
    )
    const { cutAt } = await reading.listThen('default', 'accounts', 0)
    await purging.purgeChanges(before, 2)
    const expected = oldest.length === 0 ? cutAt : Math.max(cutAt ?? 0, ...oldest)
    expect((await reading.listThen('default', 'accounts', 0)).cutAt).toBe(expected)
  }

  /** What is tried again meanwhile has been tried by then. */
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms)
    for (const { queue } of processes) await queue.drain()
  }

  const happen = async (it: Happening): Promise<void> => {
    await pass(it.afterMs)
    const [number, connector] = it.of
    const process = processes[number]
    if (process === undefined) throw new Error('there is no such process')
    const table = process.table(connector)
    const now = clock.now()
    if (it.kind === 'restart') process.restart()
    else if (it.kind === 'leave') process.leave(connector)
    else if (it.kind === 'thread') process.killThread()
    else if (it.kind === 'full') process.isFull = true
    else if (it.kind === 'room') process.isFull = false
    else if (it.kind === 'purge') await purge()
    else if (it.kind === 'probe') table.agree(now)
    else if (it.kind === 'absent') table.remove(it.id, now)
    else if (it.kind === 'whole') {
      const rows = Object.entries(it.rows)
      for (const [index, [name, value]] of rows.entries()) {
        if (index === 1 && it.between !== undefined) await happen(it.between)
        table.put(copy(name, value, now), clock.now())
        await pass(1_000)
      }
      table.gaps = it.gaps ? ['shifted'] : []
      table.sweep(now, it.gaps, clock.now())
      table.whole = now
      table.readBeforeProbes = undefined
    } else if ('agoMs' in it) {
      const at = now - it.agoMs
      const object = copy(it.id, it.value, now)
      const follow = createFollower(() => table as never)
      const told = { ...object, creationTimestamp: 1, lastUsedTimestamp: object.lastUsedAt }
      if (it.kind === 'read') table.put(object, at)
      else
        follow({
          collection: 'accounts',
          type: it.kind,
          object: told,
          at,
          toldAt: now,
          occurredAt: at,
        })
    }
    await process.queue.drain()
  }

  return {
    clock,
    reference,
    reading,
    happen,
    close: history.close,
  }
}

type World = ReturnType<typeof createWorld>

/** In the end each process reads its lists until it has said all there is to say: then they are known as of just now. */
const readAll = async ({ happen, reading, clock }: World): Promise<void> => {
  const rows = { a: 1, c: 2 }
  for (const process of [0, 1] as const)
    for (const connector of CONNECTORS) {
      const of = [process, connector] as const
      const base = { of, afterMs: 2_000, gaps: false, between: undefined }
      await happen({ ...base, kind: 'room' })
      let readAtMs = 0
      for (let times = 0; times < 2; times += 1) {
        readAtMs = clock.now() + base.afterMs
        await happen({ ...base, kind: 'whole', rows })
      }
      const now = clock.now() / 1_000
      expect((await reading.listThen(connector, 'accounts', now)).asOf).toBe(readAtMs / 1_000)
      const { rows: found } = await reading.rowsThen(connector, 'accounts', now, '', 10)
      expect(found.map(text => (JSON.parse(text) as Account).id)).toEqual(['a', 'c'])
    }
}

/** Whether that is the row, but for when it was last used, of which less is kept. */
const expectRow = (
  { reference }: World,
  list: ReturnType<World['reference']['listOf']>,
  found: Account,
  at: number,
): void => {
  const expected = reference.rowThen(list, found.id, at) as Account
  const { lastUsedAt, ...rest } = found
  const { lastUsedAt: was, ...others } = expected
  expect(rest).toEqual(others)
  if (lastUsedAt === was) return
  // Nothing of a later day, and nothing of the future.
  const day = Math.floor(at / 86_400)
  const states = list.rows.get(found.id) ?? []
  const possible = states.filter(({ row }) => (row as Account | null)?.lastUsedAt === lastUsedAt)
  expect(possible.some(state => state.at <= at || Math.floor(state.at / 86_400) === day)).toBe(true)
  expect(lastUsedAt ?? 0).toBeLessThanOrEqual(at)
}

const check = async (world: World, connector: string, at: number, limit: number): Promise<void> => {
  const { reading, reference } = world
  const list = reference.listOf({ connector, collection: 'accounts' })
  const { asOf, cutAt, wholeSince } = await reading.listThen(connector, 'accounts', at)
  const isCut = at < (cutAt ?? -Infinity)
  const expected = isCut ? undefined : reference.asOf(list, at)
  expect(wholeSince).toBe(list.wholeSince)
  expect(asOf === undefined).toBe(expected === undefined)
  if (asOf !== undefined && expected !== undefined) {
    expect(list.moments.map(moment => moment.at)).toContain(asOf)
    expect(asOf).toBeLessThanOrEqual(expected)
    expect(asOf).toBeGreaterThan(expected - 900)
  }
  const rows: Account[] = []
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: RowsThen = await reading.rowsThen(connector, 'accounts', at, after, limit)
    rows.push(...page.rows.map(text => JSON.parse(text) as Account))
    after = page.next
  }
  const there = IDS.filter(name => !isCut && (reference.rowThen(list, name, at) ?? null) !== null)
  expect(rows.map(row => row.id)).toEqual(there)
  for (const row of rows) expectRow(world, list, row, at)
  for (const name of IDS) {
    const text = await reading.rowThen(connector, 'accounts', name, at)
    if (there.includes(name))
      expect(JSON.parse(text ?? 'null')).toEqual(rows.find(row => row.id === name))
    else {
      const known = reference.rowThen(list, name, at)
      expect(text).toBe(
        isCut ? undefined : known === undefined && expected === undefined ? undefined : null,
      )
    }
  }
}

afterAll(closeHistories)

describe.each(historyMakers)('kept $name', maker => {
  it('whatever is told by whom, in whatever order, each moment of the past is as it was told by then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 1, maxLength: 30 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (happenings, moments, limit) => {
          const world = createWorld(await maker.open())
          try {
            const ends: number[] = []
            for (const it of happenings) {
              await world.happen(it)
              ends.push(world.clock.now() / 1_000)
            }
            const end = world.clock.now() / 1_000
            const start = START_MS / 1_000
            const between = moments.map(part => start + part * (end - start))
            await readAll(world)
            for (const at of [...ends, ...ends.map(each => each - 0.5), ...between])
              for (const connector of CONNECTORS) await check(world, connector, at, limit)
          } finally {
            await world.close()
          }
        },
      ),
      { numRuns: runsOr(maker.runs) },
    )
  })
})
