/** Rounds of an export of changes that are broken off at every step: in the end each change is a line, once. */
import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Events } from '../../../src/events/events.ts'
import { linesInFile, type OpenSink } from '../../../src/export/changes/line-file.ts'
import { type ProgressKeeper, progressIn } from '../../../src/export/changes/progress-file.ts'
import { writeNewChanges } from '../../../src/export/changes/write-changes.ts'
import { PlaceLostError } from '../../../src/export/stored-place.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { directoryForTest } from '../../support/directory.ts'
import { linesOf } from '../../support/exporting.ts'
import { runsOr } from '../../support/runs.ts'
import { type ChangeFile, changeFileIn, openStored } from '../../support/stored-changes.ts'

interface Place {
  readonly folder: string
  readonly file: string
  readonly cursor: string
  readonly events: Events
  readonly changes: ChangeFile
}

const place = async (
  folder = directoryForTest(),
): Promise<Place & { close: () => Promise<void> }> => {
  const changes = await changeFileIn(join(folder, 'data'))
  const events = await openStored(join(folder, 'data'))
  return {
    folder,
    file: join(folder, 'out.ndjson'),
    cursor: join(folder, 'out.ndjson.cursor'),
    events,
    changes,
    close: async () => {
      await events.close()
      changes.close()
    },
  }
}

const placeForTest = async (): Promise<Place> => {
  const made = await place()
  onTestFinished(made.close)
  return made
}

interface RoundTerms {
  readonly connectors?: readonly string[]
  readonly collections?: readonly CollectionName[]
  readonly since?: number
  readonly keeper?: ProgressKeeper
  readonly open?: OpenSink
}

const round = (
  { events, file, cursor }: Place,
  { connectors = ['default'], collections, since, keeper, open }: RoundTerms = {},
): Promise<number> =>
  writeNewChanges({
    connectors,
    collections,
    lists: events,
    keeper: keeper ?? progressIn(cursor),
    open: open ?? linesInFile(file),
    since,
    signal: new AbortController().signal,
  })

const objectsIn = (file: string): unknown[] =>
  existsSync(file) ? linesOf(readFileSync(file, 'utf8')).map(line => line['objectId']) : []

const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ objectId: `${from + index}` }))

class Crash extends Error {}

/** Writes as many bytes of the lines as given, then is gone. */
const tornAfter =
  (file: string, batches: number, bytes: number): OpenSink =>
  async (known, takes) => {
    const sink = await linesInFile(file)(known, takes)
    let left = batches
    return {
      get stand() {
        return sink.stand
      },
      append: async text => {
        if (left-- > 0) return sink.append(text)
        appendFileSync(file, Buffer.from(text).subarray(0, bytes))
        throw new Crash()
      },
      close: sink.close,
    }
  }

/** Notes so many times, then is gone before the next note or right after it. */
const keptTimes = (cursor: string, times: number, isAfter: boolean): ProgressKeeper => {
  const keeper = progressIn(cursor)
  let left = times
  return {
    read: keeper.read,
    write: async progress => {
      if (left-- > 0) return keeper.write(progress)
      if (isAfter) await keeper.write(progress)
      throw new Crash()
    },
  }
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('plant' as const),
    connector: fc.constantFrom('a', 'b', 'c'),
    count: fc.constantFrom(1, 3, 700),
  }),
  fc.record({
    kind: fc.constant('write' as const),
    of: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('torn' as const),
    of: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    batches: fc.nat(2),
    bytes: fc.oneof(fc.nat(600), fc.nat(200_000)),
  }),
  fc.record({
    kind: fc.constant('unnoted' as const),
    of: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    times: fc.nat(4),
    isAfter: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('rotate' as const, 'empty' as const) }),
)

test('each change is a line once, in the order of each connector, wherever it is broken off', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
      const folder = directoryForTest()
      const made = await place(folder)
      const planted = new Map<string, string[]>()
      const moved: unknown[] = []
      const take = (): void => {
        moved.push(...(existsSync(made.file) ? linesOf(readFileSync(made.file, 'utf8')) : []))
      }
      let next = 0
      // What is moved while lines are not noted is no file between two rounds.
      let isBetween = true
      const wholeLines = (): string => {
        const text = existsSync(made.file) ? readFileSync(made.file, 'utf8') : ''
        return text.slice(0, text.lastIndexOf('\n') + 1)
      }
      const run = async (terms: RoundTerms): Promise<void> => {
        isBetween = true
        const before = wholeLines()
        await round(made, terms).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error
          isBetween = false
        })
        // Somebody may have read them.
        expect(wholeLines().startsWith(before)).toBe(true)
      }
      try {
        for (const of of steps)
          if (of.kind === 'plant') {
            const ids = Array.from({ length: of.count }, () => `${next++}`)
            const { connector } = of
            made.changes.plant(ids.map(objectId => ({ connector, objectId })))
            planted.set(connector, [...(planted.get(connector) ?? []), ...ids])
          } else if (of.kind === 'write') await run({ connectors: of.of })
          else if (of.kind === 'torn')
            await run({ connectors: of.of, open: tornAfter(made.file, of.batches, of.bytes) })
          else if (of.kind === 'unnoted')
            await run({ connectors: of.of, keeper: keptTimes(made.cursor, of.times, of.isAfter) })
          else if (isBetween && existsSync(made.file)) {
            take()
            if (of.kind === 'rotate') renameSync(made.file, join(folder, `rotated-${next++}`))
            else writeFileSync(made.file, '')
          }
        await round(made, { connectors: ['a', 'b', 'c'] })
        take()
        for (const connector of ['a', 'b', 'c'])
          expect(
            (moved as { connector: string; objectId: string }[])
              .filter(line => line.connector === connector)
              .map(line => line.objectId),
          ).toEqual(planted.get(connector) ?? [])
      } finally {
        await made.close()
      }
    }),
    { numRuns: runsOr(25) },
  )
})

describe('an export of changes', () => {
  test('writes what became of each object, as the graph shows it', async () => {
    const made = await placeForTest()
    made.changes.plant([
      { field: 'lastUsedAt', old: 1_700_000_000, new: 1_700_086_400, at: 1_700_000_000.25 },
      { field: 'loginMethods.samlLogin', old: null, new: 'OKTA', learntFrom: 'EVENT' },
      {
        collection: 'browserExtensions',
        kind: 'DELETED',
        field: null,
        old: { id: 'a', extensionId: 'x', permissions: ['history'] },
      },
    ])
    expect(await round(made)).toBe(3)
    expect(linesOf(readFileSync(made.file, 'utf8'))).toMatchObject([
      {
        connector: 'default',
        collection: 'ACCOUNTS',
        objectId: 'a',
        kind: 'UPDATED',
        field: 'lastUsedAt',
        old: '2023-11-14T22:13:20Z',
        new: '2023-11-15T22:13:20Z',
        at: '2023-11-14T22:13:20.250Z',
        learntFrom: 'READ',
        cursor: expect.any(String) as string,
      },
      { field: 'loginMethods.samlLogin', old: null, new: 'OKTA', learntFrom: 'EVENT' },
      {
        collection: 'BROWSER_EXTENSIONS',
        kind: 'DELETED',
        field: null,
        old: { extensionId: 'x', permissions: ['history'] },
        new: null,
      },
    ])
  })

  test('goes on where it ended, and writes nothing where nothing is new', async () => {
    const made = await placeForTest()
    made.changes.plant(many(0, 3))
    await round(made)
    const kept = readFileSync(made.cursor, 'utf8')
    expect(await round(made)).toBe(0)
    expect(readFileSync(made.cursor, 'utf8')).toBe(kept)
    made.changes.plant(many(3, 5))
    expect(await round(made)).toBe(2)
    expect(objectsIn(made.file)).toEqual(['0', '1', '2', '3', '4'])
  })

  test('begins at the beginning of a connector that is new, and keeps the places of those left out', async () => {
    const made = await placeForTest()
    made.changes.plant([
      { connector: 'a', objectId: '1' },
      { connector: 'b', objectId: '2' },
    ])
    await round(made, { connectors: ['a'] })
    await round(made, { connectors: ['b'] })
    await round(made, { connectors: ['a', 'b'] })
    expect(objectsIn(made.file)).toEqual(['1', '2'])
  })

  test('begins at a moment where it has no place, and goes on from its place after that', async () => {
    const made = await placeForTest()
    made.changes.plant([
      { objectId: '1', at: 100 },
      { objectId: '2', at: 200 },
      { objectId: '3', at: 300 },
    ])
    await round(made, { since: 150 })
    made.changes.plant([{ objectId: '4', at: 400 }])
    await round(made, { since: 1_000 })
    expect(objectsIn(made.file)).toEqual(['2', '3', '4'])
  })

  test('writes the changes of some lists alone, and moves on behind the others', async () => {
    const made = await placeForTest()
    made.changes.plant([{ objectId: '1' }, { objectId: '2', collection: 'apps' }])
    await round(made, { collections: ['apps'] })
    expect(await round(made)).toBe(0)
    expect(objectsIn(made.file)).toEqual(['2'])
  })

  test('goes on though all before its place is deleted, of a quiet connector too', async () => {
    const made = await placeForTest()
    const connectors = ['quiet', 'busy']
    made.changes.plant([{ connector: 'quiet', objectId: 'q' }])
    const sequences = made.changes.plant(many(0, 3).map(of => ({ ...of, connector: 'busy' })))
    await round(made, { connectors })
    made.changes.purge(sequences.at(-1) ?? 0)
    made.changes.plant([{ connector: 'quiet', objectId: 'r' }])
    await round(made, { connectors })
    expect(objectsIn(made.file)).toEqual(['q', '0', '1', '2', 'r'])
  })

  test('refuses to go on where changes after its place are deleted, and writes nothing', async () => {
    const made = await placeForTest()
    made.changes.plant(many(0, 2))
    await round(made)
    const sequences = made.changes.plant(many(2, 5))
    made.changes.purge(sequences[0] ?? 0)
    await expect(round(made)).rejects.toMatchObject({ connectors: ['default'], how: 'TOO_OLD' })
    expect(objectsIn(made.file)).toEqual(['0', '1'])
  })

  test('goes on though the very change at its place was erased', async () => {
    const made = await placeForTest()
    const [, last = 0] = made.changes.plant(many(0, 2))
    await round(made)
    made.changes.erase(last)
    expect(await round(made)).toBe(0)
    made.changes.plant(many(2, 3))
    await round(made)
    expect(objectsIn(made.file)).toEqual(['0', '1', '2'])
  })

  test('refuses to go on in another store', async () => {
    const made = await placeForTest()
    made.changes.plant(many(0, 2))
    await round(made)
    const other = await place()
    onTestFinished(other.close)
    other.changes.plant(many(0, 5))
    const lost = round({ ...made, events: other.events })
    await expect(lost).rejects.toBeInstanceOf(PlaceLostError)
    await expect(lost).rejects.toMatchObject({ how: 'UNKNOWN' })
  })

  test('passes nothing over that is deleted while it is read', async () => {
    const made = await placeForTest()
    const sequences = made.changes.plant(many(0, 1_200))
    let pages = 0
    const events: Events = {
      ...made.events,
      page: query => {
        if (query.list === 'changes' && ++pages === 2) made.changes.purge(sequences[799] ?? 0)
        return made.events.page(query)
      },
    }
    await expect(round({ ...made, events })).rejects.toMatchObject({ how: 'TOO_OLD' })
    expect(objectsIn(made.file)).toHaveLength(500)
  })

  test('leaves lines that others add, and cuts off what was torn', async () => {
    const made = await placeForTest()
    made.changes.plant(many(0, 1))
    await round(made)
    appendFileSync(made.file, '{"objectId":"by hand"}\n{"torn')
    made.changes.plant(many(1, 2))
    await round(made)
    expect(objectsIn(made.file)).toEqual(['0', 'by hand', '1'])
  })

  test('begins a new file where its own is gone, and again the lines of a file that went meanwhile', async () => {
    const made = await placeForTest()
    made.changes.plant(many(0, 2))
    await round(made)
    rmSync(made.file)
    made.changes.plant(many(2, 4))
    const open: OpenSink = async (known, takes) => {
      const sink = await linesInFile(made.file)(known, takes)
      rmSync(made.file)
      return sink
    }
    await expect(round(made, { open })).rejects.toMatchObject({ code: 'ENOENT' })
    await round(made)
    expect(objectsIn(made.file)).toEqual(['2', '3'])
  })
})
