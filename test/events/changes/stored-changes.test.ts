/** What changes of rows, as the event store takes it and gives it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { everything } from '../../../src/filter/filter.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { StoredChange } from '../../../src/model/row-changes.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createDatabase } from '../../support/postgres.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { isGone, isNow } from '../../support/notices.ts'
import { rowOf } from '../../support/rows.ts'

const DAY = 86_400
const NOON = 20_000 * DAY + DAY / 2

interface ChangesMaker {
  readonly name: string
  place(): Promise<string>
  open(place: string, more: Partial<Parameters<typeof openEvents>[0]>): Promise<Events>
}

const inFile: ChangesMaker = {
  name: 'the file',
  place: () => Promise.resolve(join(directoryForTest(), 'events.db')),
  open: (path, more) => openEvents({ path, clock: systemClock, retentionDays: 36_500, ...more }),
}

const inDatabase: ChangesMaker = {
  name: 'the database',
  place: createDatabase,
  open: async (url, more) => {
    const { events, close } = await openSharedEvents(url, more)
    // The connections end with it.
    return { ...events, close }
  },
}

/** An account loses its second factor at that moment (milliseconds). */
const noteChange = (events: Events, at: number, id = 'a'): void => {
  events.note(
    'default',
    isNow('accounts', rowOf('accounts', { id, mfaRegistered: true }), at - 1_000),
  )
  events.note('default', isNow('accounts', rowOf('accounts', { id, mfaRegistered: false }), at))
}

const all = {
  list: 'changes',
  parts: [{ connectors: ['default'], filter: everything }],
  ordering: 'newest',
  from: undefined,
  until: undefined,
  backward: false,
  limit: 100,
} as const

describe.each([inFile, inDatabase])('$name', maker => {
  const open = async (
    place?: string,
    more: Partial<Parameters<typeof openEvents>[0]> = {},
  ): Promise<Events> => {
    const events = await maker.open(place ?? (await maker.place()), more)
    onTestFinished(() => events.close())
    return events
  }

  it('has each change once, though two processes note it, and both hear of it once and in one order', async () => {
    const path = await maker.place()
    const [one, other] = [await open(path), await open(path)]
    const heard = [one, other].map(events => {
      const sequences: number[] = []
      events.onChanged(({ sequence }) => sequences.push(sequence))
      return sequences
    })
    for (let index = 0; index < 50; index += 1)
      for (const events of [one, other]) noteChange(events, NOON * 1_000 + index, `${index % 25}`)
    await Promise.all([one.noted(), other.noted()])
    expect(await one.count({ list: 'changes', parts: all.parts })).toBe(25)
    const stored = (await one.changesAfter(0, 100)).map(({ sequence }) => sequence)
    for (const sequences of heard) await expect.poll(() => sequences).toEqual(stored)
  })

  it('gives the newest first, with their values', async () => {
    const events = await open()
    noteChange(events, 1_700_000_000_123)
    const b = rowOf('accounts', { id: 'b' })
    events.note('default', isNow('accounts', b, 1_700_000_001_000))
    events.note('default', isGone('accounts', 'b', 1_700_000_009_000))
    await events.noted()
    const found = (await events.page(all)).map(({ row }) => row as StoredChange)
    expect(found).toMatchObject([
      {
        kind: 'DELETED',
        objectId: 'b',
        field: null,
        old: rowOf('accounts', { id: 'b' }),
        new: null,
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
    const path = await maker.place()
    const before = await maker.open(path, {})
    for (let index = 0; index < 1_000; index += 1) noteChange(before, NOON * 1_000, `${index}`)
    await before.close()
    const after = await open(path)
    expect(await after.count({ list: 'changes', parts: all.parts })).toBe(1_000)
  })

  it('has what it said is stored though its process is killed', async () => {
    const path = await maker.place()
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
    const licensed = (index: number) =>
      rowOf('employees', { id: 'a', licensed: index % 2 === 0, createdAt: 1_000 })
    const rowBytes = 150 + 2 + JSON.stringify(licensed(1)).length
    const events = await open(undefined, {
      clock,
      maxHistoryBytes: 1_000 + rowBytes,
      say: (_, message) => said.push(message),
    })
    for (let index = 0; index < 10; index += 1) {
      events.note('default', isNow('employees', licensed(index), NOON * 1_000 + index))
      await events.noted()
    }
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('PUSHGRAPH_MAX_HISTORY_MB')
    expect(await events.count({ list: 'changes', parts: all.parts })).toBe(4)
  })

  it('says once that there is no room for further rows, and notes nothing of them', async () => {
    const said: string[] = []
    const row = (id: string, mfaRegistered = true) => rowOf('accounts', { id, mfaRegistered })
    const each = 150 + 2 + JSON.stringify(row('a')).length
    const events = await open(undefined, {
      maxHistoryBytes: 2 * each,
      say: (_, message) => said.push(message),
    })
    for (const id of ['a', 'b', 'c', 'd']) events.note('default', isNow('accounts', row(id), 1_000))
    events.note('default', isNow('accounts', row('c', false), 2_000))
    await events.noted()
    expect(said).toEqual([expect.stringContaining('further ones (3) are not kept')])
    expect(await events.count({ list: 'changes', parts: all.parts })).toBe(0)
    const then = await events.rowsThen('default', 'accounts', 3, '', 10)
    expect(then.rows.map(text => JSON.parse(text) as unknown)).toEqual([row('a'), row('b')])
  })

  it('lets go what is past its retention', async () => {
    const clock = createFakeClock()
    const events = await open(undefined, { clock, retentionDays: 1 })
    noteChange(events, clock.now() - 2 * DAY * 1_000, 'old')
    noteChange(events, clock.now(), 'new')
    await events.noted()
    expect(await events.purge()).toBe(1)
    expect((await events.changesAfter(0, 10)).map(({ objectId }) => objectId)).toEqual(['new'])
  })
})
