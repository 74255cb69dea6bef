/**
 * Rounds of an export that die at every step, over tenants that change meanwhile: each state that an object was seen in
 * is written once, in order, and each event once.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import type { Events } from '../../../src/events/events.ts'
import type { CheckpointFile } from '../../../src/export/checkpoint.ts'
import { createCollectionPart } from '../../../src/export/collection-part.ts'
import type { Destination } from '../../../src/export/destination.ts'
import type { Format } from '../../../src/export/format.ts'
import type { ParquetFolder } from '../../../src/export/parquet/folder.ts'
import { lakeColumn } from '../../../src/export/parquet/lake-column.ts'
import { parquetTo } from '../../../src/export/parquet/parquet-writer.ts'
import type { ExportPart } from '../../../src/export/part.ts'
import { openRounds, type Rounds } from '../../../src/export/rounds/rounds.ts'
import { runRound } from '../../../src/export/rounds/run-round.ts'
import { textNameOf } from '../../../src/export/rounds/text-folder.ts'
import { createEventsOnwards } from '../../../src/export/stored-part.ts'
import { partialOf } from '../../../src/export/target.ts'
import { linesTo } from '../../../src/export/writer.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { Rows } from '../../../src/model/rows.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { delivery } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createFakeClient } from '../../support/fake-client.ts'
import { linesOf } from '../../support/exporting.ts'
import { filesBelow, parquetRows } from '../../support/parquet.ts'
import { rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'
import { openStored } from '../../support/stored-changes.ts'

class Death extends Error {}

/** Dies at the step of that number: before it, in the midst of it, or right after it. */
interface Fate {
  readonly step: number
  readonly when: 'before' | 'amid' | 'after'
}

const NEVER: Fate = { step: Infinity, when: 'before' }

/** What a life does with each of its steps. */
const fated = ({ step, when }: Fate) => {
  let left = step
  const isLast = (): boolean => (left -= 1) === 0
  return {
    run: async (work: () => Promise<void>, amid: () => Promise<void> = work): Promise<void> => {
      if (!isLast()) return work()
      if (when === 'after') await work()
      if (when === 'amid') await amid()
      throw new Death()
    },
    runNow: (work: () => void): void => {
      const dies = isLast()
      if (!dies || when !== 'before') work()
      if (dies) throw new Death()
    },
  }
}

type Steps = ReturnType<typeof fated>

const fatedCheckpoint = (of: CheckpointFile, { runNow }: Steps): CheckpointFile => ({
  ...of,
  get found() {
    return of.found
  },
  advance: stand => {
    runNow(() => {
      of.advance(stand)
    })
  },
  end: stand => {
    runNow(() => {
      of.end(stand)
    })
  },
})

/** One of the files has its name, the others have not. */
const publishOne = async (folder: string): Promise<void> => {
  const [first] = filesOf(partialOf(folder))
  if (first === undefined) return
  mkdirSync(dirname(join(folder, first)), { recursive: true })
  renameSync(join(partialOf(folder), first), join(folder, first))
}

const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1)

const fatedTexts = (of: Destination, folder: string, { run }: Steps): Destination => ({
  ...of,
  write: (bytes, name) =>
    run(
      () => of.write(bytes, name),
      () => of.write(half(bytes), name),
    ),
  finish: () =>
    run(
      () => of.finish(),
      () => publishOne(folder),
    ),
})

const fatedTables = (of: ParquetFolder, folder: string, { run }: Steps): ParquetFolder => ({
  ...of,
  write: (into, number, bytes) =>
    run(
      () => of.write(into, number, bytes),
      () => of.write(into, number, half(bytes)),
    ),
  finish: () =>
    run(
      () => of.finish(),
      () => publishOne(folder),
    ),
})

const names = ['accounts', 'apps'] as const

/** A greater number stands for an object that goes. */
const MOST_CHANGED = 30
const aChange = fc.nat(36)

/** The lists of two connectors, in which each state of an object has a number. */
class Tenant {
  readonly lists: { accounts: Rows['accounts'][]; apps: Rows['apps'][] } = {
    accounts: [],
    apps: [],
  }
  readonly versions = new Map<string, number>()
  isDown: boolean | 'behind the first page' = false
  #created = 0

  change(pick: number): void {
    const name = names[pick % 2] ?? 'apps'
    const rows = this.lists[name]
    const at = pick % Math.max(1, rows.length + 1)
    if (pick > MOST_CHANGED) this.#remove(name, pick % Math.max(1, rows.length))
    else if (at < rows.length) this.update(name, at)
    else this.insert(name)
  }

  insert(name: (typeof names)[number]): void {
    const id = `${(this.#created += 1)}`
    this.lists[name].push(this.#next(name, id) as never)
  }

  update(name: (typeof names)[number], at: number): void {
    const { id = '' } = this.lists[name][at] ?? {}
    this.lists[name].splice(at, 1, this.#next(name, id) as never)
  }

  #remove(name: (typeof names)[number], at: number): void {
    for (const { id } of this.lists[name].splice(at, 1)) this.versions.delete(`${name} ${id}`)
  }

  /** The object in its next state. */
  #next(name: (typeof names)[number], id: string): Rows['accounts'] | Rows['apps'] {
    const version = (this.versions.get(`${name} ${id}`) ?? 0) + 1
    this.versions.set(`${name} ${id}`, version)
    return rowOf(name, {
      id,
      ...(name === 'apps' ? { notes: `${version}` } : { passwordId: `${version}` }),
    })
  }
}

const versionIn = (row: object): number =>
  Number('passwordId' in row ? row.passwordId : 'notes' in row ? row.notes : Number.NaN)

interface Form {
  readonly format: Format
  readonly compression: 'gzip' | undefined
}

const forms: readonly Form[] = [
  { format: 'ndjson', compression: undefined },
  { format: 'ndjson', compression: 'gzip' },
  { format: 'json', compression: undefined },
  { format: 'parquet', compression: undefined },
]

/** What is written of a thing. */
interface Told {
  readonly of: string
  readonly n: number
  readonly time: number
}

const columns = [lakeColumn('of', 'text'), lakeColumn('n', 'int'), lakeColumn('time', 'long')]

const filesOf = (folder: string): readonly string[] =>
  existsSync(folder) ? filesBelow(folder) : []

/** What is in the files of the folder: each round's, in the order of rounds, and of the lines in each file. */
const readFolder = async (folder: string, { format, compression }: Form): Promise<Told[][]> => {
  const found = new Map<string, Told[]>()
  const add = (moment: string, told: readonly Told[]): void => {
    expect(told.length).toBeGreaterThan(0)
    found.set(moment, [...(found.get(moment) ?? []), ...told])
  }
  if (format === 'parquet')
    for (const name of filesOf(folder)) {
      const rows = await parquetRows(readFileSync(join(folder, name)))
      const told = rows.map(row => ({ ...row, time: Number(row['time']) }) as unknown as Told)
      add(/part-(\d+)-\d+\.parquet$/.exec(name)?.[1] ?? '', told)
    }
  else
    for (const name of filesOf(folder)) {
      const bytes = readFileSync(join(folder, name))
      const text = (compression === undefined ? bytes : gunzipSync(bytes)).toString()
      const told: unknown = format === 'json' ? JSON.parse(text) : linesOf(text)
      add(/-(\d{8}T\d{9}Z)\./.exec(name)?.[1] ?? '', told as Told[])
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, told]) => told)
}

const connectors = ['one', 'two'] as const
type Alias = (typeof connectors)[number]

interface World {
  readonly folder: string
  readonly stored: Events
  readonly form: Form
  /** What is stored of other worlds is of other connectors. */
  readonly aliasOf: (connector: Alias) => string
  readonly tenants: Readonly<Record<Alias, Tenant>>
  now: number
}

/** The parts of a round, whose lists change when so many more pages have been asked for. */
const partsOf = (
  { aliasOf, tenants, stored }: World,
  beganAt: number,
  onPage: (connector: Alias) => void,
): ExportPart[] =>
  connectors.flatMap(connector => {
    const tenant = tenants[connector]
    const client = createFakeClient({
      clock: systemClock,
      lists: tenant.lists,
      pageSize: 3,
      latencyMs: 0,
      before: ({ request: { nextToken, offset } }) => {
        const isFirst = nextToken === undefined && offset === undefined
        if (tenant.isDown === true || (tenant.isDown !== false && !isFirst))
          throw new GatewayError('UPSTREAM_UNAVAILABLE', 'Push is down')
        onPage(connector)
      },
    })
    const source = { ...client, sizes: { get: () => undefined, set: () => undefined } }
    const of = { connector: aliasOf(connector), range: { since: undefined, until: undefined } }
    const tell = (name: string, time: number) => (row: object) => ({
      of: `${connector} ${name} ${(row as { id: string }).id}`,
      n: versionIn(row),
      time,
    })
    return [
      ...names.map(name =>
        createCollectionPart({
          ...{ ...of, name, source, retry: ask => ask(), clock: systemClock, width: () => 2 },
          toValue: tell(name, beganAt),
          toState: tell(name, 0),
        }),
      ),
      createEventsOnwards({
        ...of,
        lists: stored,
        toValue: ({ id }) => ({ of: `${connector} events`, n: Number(id), time: beganAt }),
      }),
    ]
  })

/** A round of one process, which opens what the one before left; what became of it. */
const live = async (
  world: World,
  fate: Fate,
  onPage: (connector: Alias) => void = () => undefined,
): Promise<'died' | 'went on' | 'whole'> => {
  const { folder, form } = world
  const steps = fated(fate)
  const text = JSON.stringify(form)
  const rounds = await openRounds({ folder, form: text, since: undefined, restart: undefined })
  const dying: Rounds = {
    ...rounds,
    end: now => {
      steps.runNow(() => {
        rounds.end(now)
      })
    },
  }
  let goesOn = false
  try {
    await runRound(dying, {
      now: () => (world.now += 1),
      signal: new AbortController().signal,
      onRequest: () => undefined,
      onLoss: what => {
        throw new Error(what)
      },
      onStand: () => undefined,
      parts: ({ begun, lastEndedAt }) => {
        goesOn = lastEndedAt === undefined
        return partsOf(world, begun.beganAt, onPage)
      },
      open: async round => {
        const checkpoint = fatedCheckpoint(round.checkpoint, steps)
        if (form.format === 'parquet') {
          const tables = await round.tables()
          const tableOf = (_: unknown, value: object) => ({
            ...{ columns, order: 0 },
            folder: `of=${(value as Told).of.split(' ', 2).join('-')}`,
          })
          const into = fatedTables(tables, folder, steps)
          const never = (): void => undefined
          return { writer: parquetTo(into, checkpoint, tableOf, never, 200), close: tables.close }
        }
        const texts = await round.texts()
        const { format, compression } = form
        const nameOf = textNameOf(round.begun.beganAt, format, compression)
        const into = fatedTexts(texts, folder, steps)
        const writer = linesTo(into, { format, compression, nameOf }, checkpoint)
        return { writer, close: texts.close }
      },
    })
    return goesOn ? 'went on' : 'whole'
  } catch (error) {
    if (!(error instanceof Death)) throw error
    return 'died'
  } finally {
    rounds.close()
  }
}

/** What happens in the tenants before and amid a life, and how that one ends. */
interface Life {
  readonly changes: readonly number[]
  readonly amid: readonly number[]
  readonly events: number
  readonly down: Alias | undefined
  readonly fate: Fate
}

const aLife: fc.Arbitrary<Life> = fc.record({
  changes: fc.array(aChange, { maxLength: 8 }),
  amid: fc.array(aChange, { maxLength: 2 }),
  events: fc.nat(3),
  down: fc.constantFrom(undefined, undefined, ...connectors),
  fate: fc.oneof(
    fc.constant(NEVER),
    fc.record({
      step: fc.integer({ min: 1, max: 40 }),
      when: fc.constantFrom('before' as const, 'amid' as const, 'after' as const),
    }),
  ),
})

/** The only object is torn while it is written, and gone before the next life. */
const tornAndGone = Array.from({ length: 16 }, (_, index): [readonly Life[]] => {
  const life = { amid: [], events: 0, down: undefined }
  return [
    [
      { ...life, changes: [1], fate: { step: index + 1, when: 'amid' } },
      { ...life, changes: [MOST_CHANGED + 1], fate: NEVER },
    ],
  ]
})

let worlds = 0

const worldIn = (folder: string, stored: Events, form: Form): World => {
  worlds += 1
  const world = worlds
  return {
    folder: join(folder, `${world}`),
    ...{ stored, form },
    aliasOf: connector => `${connector}-${world}`,
    tenants: { one: new Tenant(), two: new Tenant() },
    now: Date.UTC(2026, 0, 1),
  }
}

const store = async (stored: Events, connector: string, id: number): Promise<void> => {
  const read = readDelivery(delivery({ id: `${id}` }), Date.now() / 1_000)
  if (!read.ok) throw new Error(read.problem)
  await stored.append({ ...read.event, id: `${id}`, connector, receivedAt: Date.now() / 1_000 })
}

describe.each(forms)('rounds in $format ($compression)', form => {
  test('have each state of each object once and in order, and each event once, whatever they die at', async () => {
    const folder = directoryForTest()
    // What is packed is torn as other text is.
    const examples = form.compression === undefined ? tornAndGone : []
    const stored = await openStored(directoryForTest())
    onTestFinished(() => stored.close())
    await fc.assert(
      fc.asyncProperty(fc.array(aLife, { minLength: 1, maxLength: 7 }), async lives => {
        const world = worldIn(folder, stored, form)
        const { tenants, aliasOf } = world
        const sent: Record<Alias, number> = { one: 0, two: 0 }
        const lastOf = (told: readonly (readonly Told[])[]): Map<string, number> =>
          new Map(told.flat().map(({ of, n }) => [of, n]))
        const current = (connector: Alias): [string, number][] =>
          [...tenants[connector].versions].map(([of, n]) => [`${connector} ${of}`, n])

        for (const { changes, amid, events, down, fate } of lives) {
          for (const [index, pick] of changes.entries())
            tenants[connectors[index % 2] ?? 'one'].change(pick)
          for (let n = 0; n < events; n += 1) {
            const connector = connectors[n % 2] ?? 'one'
            await store(stored, aliasOf(connector), (sent[connector] += 1))
          }
          for (const connector of connectors) tenants[connector].isDown = connector === down
          const coming = [...amid]
          const before = await readFolder(world.folder, form)
          const how = await live(world, fate, connector => {
            const pick = coming.pop()
            if (pick !== undefined) tenants[connector].change(pick)
          })
          const after = await readFolder(world.folder, form)
          // What has its name is left as it is.
          expect(lastOf(after).size).toBeGreaterThanOrEqual(lastOf(before).size)
          if (how !== 'whole' || amid.length > 0) continue
          const last = lastOf(after)
          for (const connector of connectors.filter(of => of !== down))
            for (const [of, n] of current(connector)) expect([of, last.get(of)]).toEqual([of, n])
          // What is kept here needs nobody.
          for (const connector of connectors)
            expect(last.get(`${connector} events`) ?? 0).toBe(sent[connector])
        }

        for (const connector of connectors) tenants[connector].isDown = false
        if ((await live(world, NEVER)) === 'went on') await live(world, NEVER)
        const told = await readFolder(world.folder, form)
        const written = Map.groupBy(told.flat(), ({ of }) => of)
        for (const connector of connectors) {
          for (const [of, n] of current(connector)) {
            const states = written.get(of)?.map(each => each.n) ?? []
            expect(states.at(-1)).toBe(n)
            // Each later than the one before it, and none that there never was.
            for (const [index, state] of states.entries())
              expect(state).toBeGreaterThan(states[index - 1] ?? 0)
          }
          expect((written.get(`${connector} events`) ?? []).map(({ n }) => n)).toEqual(
            Array.from({ length: sent[connector] }, (_, index) => index + 1),
          )
        }
        for (const round of told) {
          const objects = round.filter(({ of }) => !of.endsWith(' events')).map(({ of }) => of)
          expect(new Set(objects).size).toBe(objects.length)
        }
        // Of one round, all lines have one moment.
        for (const round of told) expect(new Set(round.map(({ time }) => time)).size).toBe(1)
        const files = filesOf(world.folder)
        await live(world, NEVER)
        expect(filesOf(world.folder)).toEqual(files)
        expect(existsSync(partialOf(world.folder))).toBe(false)
        rmSync(world.folder, { recursive: true, force: true })
      }),
      { numRuns: runsOr(6) + examples.length, examples },
    )
  })
})

test('take again what a round of the same process had taken and never noted', async () => {
  const options = { folder: join(directoryForTest(), 'out'), form: '', since: undefined }
  const rounds = await openRounds({ ...options, restart: undefined })
  onTestFinished(rounds.close)
  const takes = async (): Promise<boolean> =>
    (await rounds.begin(1)).checkpoint.take('one apps', '1', 'first')
  expect([await takes(), await takes()]).toEqual([true, true])
})

test('write over no file of another one, though the clock was put back meanwhile', async () => {
  const stored = await openStored(directoryForTest())
  onTestFinished(() => stored.close())
  const world = worldIn(directoryForTest(), stored, { format: 'ndjson', compression: undefined })
  const tenant = world.tenants.one
  tenant.insert('apps')
  const { now } = world
  for (let round = 0; round < 3; round += 1) {
    world.now = now
    await live(world, NEVER)
    tenant.update('apps', 0)
  }
  const written = await readFolder(world.folder, world.form)
  expect(written.map(told => told.map(({ n }) => n))).toEqual([[1], [2], [3]])
})

test('see what changes before the place at which Push fails for good', async () => {
  const stored = await openStored(directoryForTest())
  onTestFinished(() => stored.close())
  const world = worldIn(directoryForTest(), stored, {
    format: 'ndjson',
    compression: undefined,
  })
  const tenant = world.tenants.one
  for (let n = 0; n < 8; n += 1) tenant.insert('apps')
  await store(stored, world.aliasOf('one'), 1)
  tenant.isDown = 'behind the first page'
  await live(world, NEVER)
  tenant.update('apps', 0)
  for (let round = 0; round < 2; round += 1) await live(world, NEVER)
  const written = (await readFolder(world.folder, world.form)).flat()
  const [first] = tenant.lists.apps
  expect(written.filter(({ of }) => of === `one apps ${first?.id}`).map(({ n }) => n)).toEqual([
    1, 2,
  ])
  // What is stored never comes again.
  expect(written.filter(({ of }) => of === 'one events')).toHaveLength(1)
  tenant.isDown = false
  for (let round = 0; round < 2; round += 1) await live(world, NEVER)
  expect((await readFolder(world.folder, world.form)).flat()).toHaveLength(8 + 1 + 1)
})
