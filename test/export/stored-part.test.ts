/** Exports of what is kept here: stored events, and what only they tell of. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openEvents, type Events } from '../../src/events/events.ts'
import { toFile } from '../../src/export/destination.ts'
import { runExport } from '../../src/export/export.ts'
import { linesTo } from '../../src/export/writer.ts'
import { nothingWritten, openCheckpoint } from '../../src/export/checkpoint.ts'
import {
  createEventsOnwards,
  createStoredPart,
  type FollowedEvents,
  nextRoundFrom,
  type StoredLists,
} from '../../src/export/stored-part.ts'
import type { Position } from '../../src/paging/resume-point.ts'
import { createDatabase } from '../support/postgres.ts'
import { openSharedEvents } from '../support/shared-events.ts'
import { systemClock } from '../../src/model/clock.ts'
import { ocsfVersions } from '../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createCheck } from '../support/ocsf/check-event.ts'
import { awkward, documented } from '../support/ocsf/webhook-payloads.ts'
import { hasValidator, validate } from '../support/ocsf/validator.ts'
import { delivery, sample, sampleNames, LATER } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { type Exporting, exportingForTest, linesOf } from '../support/exporting.ts'
import { readingTerms } from '../support/reading-terms.ts'
import { standInForTest } from '../support/stand-in.ts'
import { changeFileIn, openStored } from '../support/stored-changes.ts'

const open = (path: string): Promise<Events> =>
  openEvents({ path, retentionDays: 36_500, clock: systemClock })

const store = async (events: Events, body: Buffer, id: string, connector = 'default') => {
  const read = readDelivery(body, LATER)
  if (!read.ok) throw new Error(read.problem)
  return events.append({ ...read.event, id, connector, receivedAt: Date.now() / 1_000 })
}

const ids = (lines: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  lines.map(line => line['id'])

describe('pushgraph export', () => {
  const exporting = async (bodies: readonly Buffer[]): Promise<Exporting> => {
    const standIn = await standInForTest({ scale: 0.01 })
    const found = exportingForTest(standIn)
    const events = await open(join(found.folder, 'data', 'events.db'))
    await Promise.all(bodies.map((body, index) => store(events, body, `${index}`)))
    await events.close()
    return found
  }

  test.each(ocsfVersions)('writes events as OCSF %s in the order of arrival', async version => {
    const bodies = [
      ...sampleNames.map(sample),
      ...[...documented.map(({ payload }) => payload), ...awkward.slice(0, 60)].map(payload =>
        Buffer.from(JSON.stringify(payload)),
      ),
    ]
    const { run: exported, text } = await exporting(bodies)
    const ended = await exported('--types', 'events', '--ocsf', version)
    expect(ended).toMatchObject({ exitCode: 0 })
    const lines = linesOf(text())
    expect(lines).toHaveLength(bodies.length)
    const uid = ['1.9.0', '1.8.0'].includes(version) ? 'original_event_uid' : 'uid'
    expect(lines.map(line => (line['metadata'] as Record<string, unknown>)[uid])).toEqual(
      bodies.map((_, index) => `${index}`),
    )
    expect(lines.flatMap(line => createCheck(version)(line))).toEqual([])
    if (hasValidator) expect(validate(version, lines)).toBe('')
    expect(text()).not.toContain('raw_data')
  })

  test('writes them plain, with their bodies, of a range of time', async () => {
    const at = (timestamp: number): Buffer => delivery({ id: 'x', timestamp, new: { a: 1 } })
    const { run: exported, text } = await exporting([
      at(1_700_000_300),
      at(1_700_000_100),
      at(1_700_000_200),
    ])
    const since = ['--since', '2023-11-14T22:15:00Z', '--until', '2023-11-14T22:18:20Z']
    expect(await exported('--types', 'events', ...since)).toMatchObject({ exitCode: 0 })
    const lines = linesOf(text())
    expect(ids(lines)).toEqual(['1', '2'])
    expect(lines[0]).toMatchObject({
      __typename: 'LoginEvent',
      connectorAlias: 'default',
      occurredAt: '2023-11-14T22:15:00Z',
      payload: { new: { a: 1 } },
    })
  })

  test('writes the accounts and apps that only events tell of', async () => {
    const { run: exported, text } = await exporting(
      documented.map(({ payload }) => Buffer.from(JSON.stringify(payload))),
    )
    await exported('--types', 'otherAccounts,otherApps', '--ocsf', '1.8.0')
    const lines = linesOf(text())
    // Of each, one of two was deleted.
    expect(lines.map(({ class_uid: uid }) => uid)).toEqual([5003, 5023])
    expect(lines.flatMap(line => createCheck('1.8.0')(line))).toEqual([])
  })
})

describe('the part of events', () => {
  const EVENTS = 1_050

  /** Runs an export until so many batches are written, or to its end. */
  const run = async (lists: StoredLists, folder: string, batches = Infinity): Promise<boolean> => {
    const file = join(folder, 'out.ndjson')
    const checkpoint = openCheckpoint(join(folder, 'out.resume'))
    const part = createStoredPart({
      connector: 'default',
      name: 'events',
      lists,
      range: { since: undefined, until: undefined },
      toValue: ({ id }) => ({ id }),
    })
    if (checkpoint.found === undefined)
      checkpoint.begin({
        arguments: '',
        beganAt: 0,
        ...nothingWritten,
      })
    const destination = await toFile(`${file}.partial`, file, checkpoint.found?.bytes ?? 0)
    const leave = new AbortController()
    let written = 0
    try {
      await runExport({
        parts: [part],
        writer: linesTo(destination, { format: 'ndjson' }, checkpoint),
        signal: leave.signal,
        onRequest: () => undefined,
        onLoss: () => undefined,
        onStand: () => {
          written += 1
          if (written >= batches) leave.abort(new Error('broken off'))
        },
      })
      return true
    } catch {
      return false
    } finally {
      await destination.close()
      checkpoint.close()
    }
  }

  const filled = async (): Promise<Events> => {
    const events = await open(':memory:')
    onTestFinished(() => events.close())
    await Promise.all(
      Array.from({ length: EVENTS }, (_, index) =>
        store(events, delivery({ id: 'x' }), `${index}`, index % 7 === 0 ? 'emea' : 'default'),
      ),
    )
    return events
  }

  test('that is broken off goes on without a gap or a repeat, and without what has arrived since', async () => {
    const events = await filled()
    const folder = directoryForTest()
    let breaks = 0
    while (!(await run(events, folder, 2))) {
      breaks += 1
      await store(events, delivery({ id: 'x' }), `later ${breaks}`)
    }
    expect(breaks).toBeGreaterThan(3)
    expect(ids(linesOf(readFileSync(join(folder, 'out.ndjson'), 'utf8')))).toEqual(
      Array.from({ length: EVENTS }, (_, index) => `${index}`).filter(id => Number(id) % 7 !== 0),
    )
  })

  test('holds no more than a hundred at once', async () => {
    const events = await filled()
    const sizes: number[] = []
    const lists: StoredLists = {
      ...events,
      page: async question => {
        const found = await events.page(question)
        sizes.push(found.length)
        return found
      },
    }
    expect(await run(lists, directoryForTest())).toBe(true)
    expect(Math.max(...sizes)).toBe(100)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(900)
  })
})

describe('the place of events between two rounds', () => {
  const filled = async () => {
    const folder = directoryForTest()
    const file = await changeFileIn(folder)
    const events = await openStored(folder)
    onTestFinished(async () => {
      file.close()
      await events.close()
    })
    return { file, events }
  }

  const storeAll = async (events: Events, from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) await store(events, delivery({ id: 'x' }), `${n}`)
  }

  /** Where the next round begins. */
  const round = async (lists: FollowedEvents['lists'], place?: Position) => {
    const part = createEventsOnwards({
      ...{ connector: 'default', lists, toValue: ({ id }) => ({ id }) },
      range: { since: undefined, until: undefined },
    })
    let last = place
    for await (const { position } of part.read(place, readingTerms())) last = position
    return last && nextRoundFrom(last)
  }

  test('is lost where events behind it are deleted, and not where those before it are', async () => {
    const { file, events } = await filled()
    await storeAll(events, 0, 2)
    const place = await round(events)
    await storeAll(events, 2, 4)
    file.purgeEvents('1')
    expect(await round(events, place)).toMatchObject({ sequence: 4 })
    file.purgeEvents('2')
    const lost = { connectors: ['default'], how: 'TOO_OLD' }
    await expect(round(events, place)).rejects.toMatchObject(lost)
  })

  test('is lost in another store', async () => {
    const [one, other] = [await filled(), await filled()]
    for (const { events } of [one, other]) await storeAll(events, 0, 2)
    const place = await round(one.events)
    await expect(round(other.events, place)).rejects.toMatchObject({ how: 'UNKNOWN' })
  })

  test('is lost where events are deleted while they are read', async () => {
    const { file, events } = await filled()
    await storeAll(events, 0, 250)
    let pages = 0
    const lists: FollowedEvents['lists'] = {
      ...events,
      page: async (...question) => {
        pages += 1
        if (pages === 2) file.purgeEvents('150')
        return events.page(...question)
      },
    }
    await expect(round(lists)).rejects.toMatchObject({ how: 'TOO_OLD' })
    expect(pages).toBe(2)
  })
})

describe.each(['a file', 'a database'])(
  'the events that come while rounds are written, in %s',
  kind => {
    /** Two that write the same events, as two processes do. */
    const openTwo = async (): Promise<readonly [Events, Events]> => {
      if (kind === 'a database') {
        const url = await createDatabase()
        const [one, other] = [await openSharedEvents(url), await openSharedEvents(url)]
        for (const each of [one, other]) onTestFinished(each.close)
        return [one.events, other.events]
      }
      const path = join(directoryForTest(), 'events.db')
      const both = [await open(path), await open(path)] as const
      for (const each of both) onTestFinished(() => each.close())
      return both
    }

    test('are each in one of them, in the order of arrival', async () => {
      const [one, other] = await openTwo()
      const part = createEventsOnwards({
        connector: 'default',
        lists: one,
        range: { since: undefined, until: undefined },
        toValue: ({ sequence }) => ({ sequence }),
      })
      const reading = readingTerms()
      let place: Position | undefined
      const written: { readonly id: string; readonly sequence: number }[] = []
      let rounds = 0
      const round = async (): Promise<void> => {
        rounds += 1
        for await (const { items, position } of part.read(place, reading)) {
          for (const { id, value } of items)
            written.push({ id, ...(value as { readonly sequence: number }) })
          place = JSON.parse(JSON.stringify({ ...position, done: 1 })) as Position
        }
        place = place && nextRoundFrom(place)
      }
      let isStored = false
      const storing = Promise.all(
        [one, other].map(async (events, writer) => {
          for (let n = 0; n < 300; n += 10)
            await Promise.all(
              Array.from({ length: 10 }, (_, index) =>
                store(events, delivery({ id: 'x' }), `${writer} ${n + index}`),
              ),
            )
        }),
      ).then(() => (isStored = true))
      while (!isStored) await round()
      await storing
      await round()
      expect(rounds).toBeGreaterThan(1)
      expect(written.map(({ sequence }) => sequence)).toEqual(
        written.map(({ sequence }) => sequence).sort((a, b) => a - b),
      )
      expect(written.map(({ id }) => id).sort()).toEqual(
        [0, 1].flatMap(writer => Array.from({ length: 300 }, (_, n) => `${writer} ${n}`)).sort(),
      )
    })
  },
)
