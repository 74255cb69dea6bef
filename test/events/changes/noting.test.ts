/** Changes in the file: each once, whoever tells of it, and no more than may be. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../../src/events/event-file.ts'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { createNoting } from '../../../src/events/changes/noting.ts'
import { everything } from '../../../src/filter/filter.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { NewChange, RowChange, StoredChange } from '../../../src/model/row-changes.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const DAY = 86_400
const NOON = 20_000 * DAY + DAY / 2

const change = (given: Partial<NewChange> = {}): NewChange => ({
  connector: 'default',
  collection: 'accounts',
  objectId: 'a',
  kind: 'UPDATED',
  field: 'mfaRegistered',
  old: true,
  new: false,
  since: NOON - 100,
  at: NOON,
  learntFrom: 'READ',
  isOfUse: false,
  ...given,
})

const opened = () => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  const noting = createNoting(file)
  const stored = () =>
    file
      .prepare(
        'SELECT field, old_value AS old, new_value AS new, at FROM change ORDER BY at, sequence',
      )
      .all()
      .map(({ field, old, new: now, at }) => [field, old, now, Number(at) - NOON])
  const bytes = (): number =>
    Number(file.prepare('SELECT changes_bytes AS bytes FROM store').get()?.['bytes'])
  const note = (changes: readonly NewChange[], most = 1e9) => noting.note(changes, most)
  const clear = (): void => {
    file.exec('DELETE FROM change; UPDATE store SET changes_bytes = 0, changes_gone = 0')
  }
  return { file, noting, note, stored, bytes, clear }
}

describe('a change', () => {
  it('is stored once, also where another process reads the same later or hears of it first', () => {
    const { note, stored } = opened()
    expect(note([change()]).stored).toBe(1)
    expect(note([change(), change({ at: NOON + 5 })]).stored).toBe(0)
    // Read before the event came that tells of it.
    expect(note([change({ at: NOON - 5, learntFrom: 'EVENT' })]).stored).toBe(0)
    expect(stored()).toEqual([['mfaRegistered', 'true', 'false', 0]])
  })

  it('is another one where the old value was known to hold after it', () => {
    const { note, stored } = opened()
    note([change(), change({ old: false, new: true, since: NOON, at: NOON + 10 })])
    expect(note([change({ since: NOON + 10, at: NOON + 20 })]).stored).toBe(1)
    expect(stored().map(([, , now]) => now)).toEqual(['false', 'true', 'false'])
  })

  it('of another connector, list, object or field is another one', () => {
    const { note } = opened()
    const others: Partial<NewChange>[] = [
      { connector: 'other' },
      { collection: 'browsers' },
      { objectId: 'b' },
      { field: 'passwordId' },
    ]
    expect(note([change(), ...others.map(change)]).stored).toBe(5)
  })

  it('goes on from what another process knew in between', () => {
    const { note, stored } = opened()
    note([change({ old: 'x', new: 'y', at: NOON - 50 })])
    note([change({ old: 'x', new: 'z' })])
    expect(note([change({ old: 'x', new: 'y', at: NOON - 40 })]).stored).toBe(0)
    expect(stored().map(([, old, now]) => [old, now])).toEqual([
      ['"x"', '"y"'],
      ['"y"', '"z"'],
    ])
  })

  it('of the whole object is one, whoever tells of it', () => {
    const { note } = opened()
    const gone = { kind: 'DELETED', field: null, old: rowOf('accounts'), new: null } as const
    expect(note([change(gone), change({ ...gone, at: NOON + 3 })]).stored).toBe(1)
    expect(note([change({ ...gone, since: NOON + 50, at: NOON + 60 })]).stored).toBe(1)
  })
})

describe('what several processes notice, each at its own moments', () => {
  const times = fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1, maxLength: 10 })
  const truth = fc.array(fc.nat({ max: 2 }), { minLength: 31, maxLength: 31 })

  /** What a process that reads at those moments tells. */
  const toldBy = (readings: readonly number[], values: readonly number[]): NewChange[] => {
    const moments = readings.toSorted((a, b) => a - b)
    return moments.flatMap((at, index) => {
      const since = moments[index - 1]
      if (since === undefined || values[since] === values[at]) return []
      const of = { field: 'notes', old: values[since], new: values[at] }
      return [change({ ...of, since: NOON + since, at: NOON + at })]
    })
  }

  it('is one history of values that stood there one after the other, up to what was read last', () => {
    const { note, stored, clear } = opened()
    fc.assert(
      fc.property(truth, times, times, (values, one, other) => {
        clear()
        const both = [...toldBy(one, values), ...toldBy(other, values)]
        for (const told of both.toSorted((a, b) => a.at - b.at)) note([told])
        const history = stored()
        let before = 0
        for (const [, old, now, at] of history) {
          expect(String(values[Number(at)])).toBe(now)
          expect(values.slice(before, Number(at)).map(String)).toContain(old)
          expect(now).not.toBe(old)
          before = Number(at)
        }
        const last = both.reduce((latest, { at }) => Math.max(latest, at - NOON), -1)
        if (last >= 0) expect(history.at(-1)?.[2]).toBe(String(values[last]))
      }),
      { numRuns: runsOr(100) },
    )
  })

  it('is true whenever it is told, and told once however often it is told again', () => {
    const { note, stored, clear } = opened()
    fc.assert(
      fc.property(truth, times, times, fc.nat(), (values, one, other, seed) => {
        clear()
        const both = [...toldBy(one, values), ...toldBy(other, values)]
        const order = both.map((told, index) => ({ told, place: (index * 7 + seed) % 11 }))
        for (const { told } of order.toSorted((a, b) => a.place - b.place)) note([told])
        // What was told too late is found where it is told again.
        for (const told of both.toSorted((a, b) => a.at - b.at)) note([told])
        const history = stored()
        for (const told of both) note([told])
        expect(stored()).toEqual(history)
        for (const [, , now, at] of history) expect(String(values[Number(at)])).toBe(now)
      }),
      { numRuns: runsOr(100) },
    )
  })
})

describe('changes of a time of use', () => {
  const used = (at: number, old: number, now: number) =>
    change({ field: 'lastUsedAt', isOfUse: true, old, new: now, at, since: at - 1 })

  it('are one a day, from the first value to the last', () => {
    const { note, stored, bytes } = opened()
    note([used(NOON, 5, 10), used(NOON + 60, 10, 200), used(NOON + 120, 200, 30_000)])
    expect(note([used(NOON + DAY / 2 - 0.001, 30_000, 30_001)]).stored).toBe(0)
    expect(note([used(NOON + DAY / 2, 30_001, 30_002)]).stored).toBe(1)
    expect(stored()).toEqual([
      ['lastUsedAt', '5', '30001', 0],
      ['lastUsedAt', '30001', '30002', DAY / 2],
    ])
    expect(bytes()).toBe(2 * (200 + 2) + '530001'.length + '3000130002'.length)
  })

  it('never go back, whichever is told first', () => {
    const { note, stored } = opened()
    note([used(NOON, 5, 100), used(NOON + 60, 5, 50)])
    expect(stored()).toEqual([['lastUsedAt', '5', '100', 0]])
  })
})

describe('the room for changes', () => {
  const some = (count: number): NewChange[] =>
    Array.from({ length: count }, (_, index) =>
      change({ objectId: String(index % 10) + 'x', at: NOON + index, since: NOON + index }),
    )
  const each = 200 + 2 * 2 + 'truefalse'.length

  it('may be filled to the last byte; one more makes the oldest go', () => {
    const { note, stored, bytes } = opened()
    expect(note(some(5), 5 * each)).toEqual({ stored: 5, cut: 0 })
    expect(bytes()).toBe(5 * each)
    const more = change({ objectId: 'xx', at: NOON + 9 })
    expect(note([more], 6 * each - 1)).toEqual({ stored: 1, cut: 1 })
    expect(bytes()).toBe(5 * each)
    expect(stored().map(([, , , at]) => at)).toEqual([1, 2, 3, 4, 9])
    expect(note([change({ objectId: 'yy', at: NOON + 10 })], 5 * each)).toMatchObject({ cut: 1 })
    expect(bytes()).toBe(5 * each)
  })

  it('is counted as it is, whatever comes and goes', () => {
    const { file, noting, clear } = opened()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 20 }), fc.string({ unit: 'grapheme' }), fc.boolean()), {
          maxLength: 30,
        }),
        fc.nat({ max: 3_000 }),
        (given, most) => {
          clear()
          const all = given.map(([id, value, isOfUse], index) =>
            change({
              objectId: `é${id}`,
              old: isOfUse ? index : value,
              new: isOfUse ? index + id : value + '!',
              field: isOfUse ? 'lastUsedAt' : 'notes',
              isOfUse,
              at: NOON + index,
              since: NOON + index,
            }),
          )
          noting.note(all, most)
          noting.purgeChanges(NOON + 5, 3)
          const told = file
            .prepare('SELECT changes_bytes AS bytes, changes_gone AS gone FROM store')
            .get()
          const found = file
            .prepare(
              'SELECT count(*) AS n, coalesce(sum(200 + 2 * octet_length(object_id) + octet_length(old_value) + octet_length(new_value)), 0) AS bytes FROM change',
            )
            .get()
          expect(told?.['bytes']).toBe(found?.['bytes'])
          expect(Number(found?.['bytes'])).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: runsOr(50) },
    )
  })

  it('is made of what is older than the moment, no more than that and no more than so many at once', () => {
    const { noting, note, stored } = opened()
    note(some(6))
    expect(noting.purgeChanges(NOON + 3, 2)).toBe(2)
    expect(noting.purgeChanges(NOON + 3, 2)).toBe(1)
    expect(noting.purgeChanges(NOON + 3, 2)).toBe(0)
    expect(stored().map(([, , , at]) => at)).toEqual([3, 4, 5])
  })
})

const open = async (
  path: string,
  more: Partial<Parameters<typeof openEvents>[0]> = {},
): Promise<Events> => {
  const events = await openEvents({ path, clock: systemClock, retentionDays: 36_500, ...more })
  onTestFinished(() => events.close())
  return events
}

const rowChange = (at: number, id = 'a'): RowChange => ({
  collection: 'accounts',
  before: rowOf('accounts', { id, mfaRegistered: true }),
  after: rowOf('accounts', { id, mfaRegistered: false }),
  since: at - 1_000,
  at,
  learntFrom: 'READ',
})

const all = {
  list: 'changes',
  parts: [{ connectors: ['default'], filter: everything }],
  ordering: 'newest',
  from: undefined,
  until: undefined,
  backward: false,
  limit: 100,
} as const

describe('the store', () => {
  it('has each change once, though two processes of one folder note it', async () => {
    const path = join(directoryForTest(), 'events.db')
    const [one, other] = [await open(path), await open(path)]
    for (let index = 0; index < 50; index += 1)
      for (const events of [one, other])
        events.note('default', rowChange(NOON * 1_000 + index, `${index % 25}`))
    await Promise.all([one.noted(), other.noted()])
    expect(await one.count({ list: 'changes', parts: all.parts })).toBe(25)
  })

  it('gives the newest first, with their values', async () => {
    const events = await open(':memory:')
    events.note('default', rowChange(1_700_000_000_123))
    events.note('default', { ...rowChange(1_700_000_009_000, 'b'), before: undefined })
    await events.noted()
    const found = (await events.page(all)).map(({ row }) => row as StoredChange)
    expect(found).toMatchObject([
      {
        kind: 'CREATED',
        objectId: 'b',
        field: null,
        old: null,
        new: rowOf('accounts', { id: 'b', mfaRegistered: false }),
      },
      {
        kind: 'UPDATED',
        objectId: 'a',
        field: 'mfaRegistered',
        old: true,
        new: false,
        at: 1_700_000_000.123,
        connector: 'default',
        learntFrom: 'READ',
      },
    ])
    expect(await events.changesAfter(0, 10)).toEqual(found.toReversed())
  })

  it('stores what is under way before it closes', async () => {
    const path = join(directoryForTest(), 'events.db')
    const before = await openEvents({ path, clock: systemClock, retentionDays: 36_500 })
    for (let index = 0; index < 1_000; index += 1)
      before.note('default', rowChange(NOON * 1_000, `${index}`))
    await before.close()
    const after = await open(path)
    expect(await after.count({ list: 'changes', parts: all.parts })).toBe(1_000)
  })

  it('has what it said is stored though its process is killed', async () => {
    const path = join(directoryForTest(), 'events.db')
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('noting-process.ts', import.meta.url)), path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    let said = 0
    const ended = new Promise(resolve => child.on('exit', resolve))
    for await (const chunk of child.stdout) {
      said = Number(String(chunk).trim().split('\n').at(-1))
      if (said >= 500) break
    }
    child.kill('SIGKILL')
    await ended
    const after = await open(path)
    const stored = await after.count({ list: 'changes', parts: all.parts })
    expect(stored).toBeGreaterThanOrEqual(said)
    // What it began with is the same, whatever was under way.
    const first = (await after.changesAfter(0, said)).map(({ objectId }) => objectId)
    expect(first).toEqual(Array.from({ length: said }, (_, id) => String(id)))
  })

  it('says that changes had to go, once, and how many', async () => {
    const said: string[] = []
    const clock = createFakeClock()
    const events = await open(':memory:', {
      clock,
      maxHistoryBytes: 1_000,
      say: (_, message) => said.push(message),
    })
    for (let index = 0; index < 10; index += 1) {
      events.note('default', rowChange(NOON * 1_000 + index, `${index}`))
      await events.noted()
    }
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('PUSHGRAPH_MAX_HISTORY_MB')
    expect(await events.count({ list: 'changes', parts: all.parts })).toBe(4)
  })

  it('lets go what is past its retention', async () => {
    const clock = createFakeClock()
    const events = await open(':memory:', { clock, retentionDays: 1 })
    events.note('default', rowChange(clock.now() - 2 * DAY * 1_000, 'old'))
    events.note('default', rowChange(clock.now(), 'new'))
    await events.noted()
    expect(await events.purge()).toBe(1)
    expect((await events.changesAfter(0, 10)).map(({ objectId }) => objectId)).toEqual(['new'])
  })
})
