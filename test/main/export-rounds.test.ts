/** `pushgraph export` of objects in rounds, over real HTTP: what is new or has changed, once, whatever happens. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { openRounds } from '../../src/export/rounds/rounds.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createRandom } from '../support/clock.ts'
import { delivery } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { hasDisks, mountForTest, remount } from '../support/disks.ts'
import { type Exporting, exportingForTest, killAfter, linesOf } from '../support/exporting.ts'
import { filesBelow, readParquetFolder } from '../support/parquet.ts'
import { type Product, serveProduct } from '../support/product.ts'
import { standInForTest, TEST_NOW } from '../support/stand-in.ts'
import { changeFileIn, openStored } from '../support/stored-changes.ts'
import { runCommand } from '../support/terminal.ts'

// Some tests start several processes, one after another.
vi.setConfig({ testTimeout: 300_000 })

/** How often the same export is killed. */
const KILLS = Number(process.env['PUSHGRAPH_TEST_KILLS'] ?? 3)

const tenant = (scale = 0.01): Promise<StandIn> =>
  standInForTest({
    scale,
    now: TEST_NOW,
    switches: { maxPage: 25, latencyMs: 0, latencyJitter: 0, limiter: false },
  })

type Line = Readonly<Record<string, unknown>>

/** The lines of each round, by the moments in the names of its files. */
const rounds = (folder: string): Line[][] => {
  const found = new Map<string, Line[]>()
  for (const name of existsSync(folder) ? filesBelow(folder) : []) {
    const [, moment = ''] = /^\w+-(\d{8}T\d{9}Z)\.ndjson$/.exec(name) ?? []
    expect(moment).not.toBe('')
    const lines = linesOf(readFileSync(join(folder, name), 'utf8'))
    found.set(moment, [...(found.get(moment) ?? []), ...lines])
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lines]) => lines)
}

const lake = (standIn: StandIn, settings = {}, folder = directoryForTest()): Exporting =>
  exportingForTest(standIn, settings, folder, 'lake')

const once = (exporting: Exporting, ...args: string[]): ReturnType<Exporting['run']> =>
  exporting.run('--since', 'last', ...args)

/** `--every 1s`, killed at the end of the test at the latest. */
const onAndOn = (exporting: Exporting, ...args: string[]): Product => {
  const running = exporting.start('--every', '1s', '--since', 'last', ...args)
  onTestFinished(() => {
    running.kill('SIGKILL')
  })
  return running
}

/** Resolves when it is so while that runs; rejects with what it said where it ends instead. */
const until = async (isSo: () => boolean, running: Product): Promise<void> => {
  let ended: string | undefined
  void running.ended.then(({ errors }) => (ended = errors))
  await expect.poll(() => (ended === undefined ? isSo() : `it ended: ${ended}`)).toBe(true)
}

const storeEvents = async (data: string, connector: string, ...ids: string[]): Promise<void> => {
  const events = await openStored(data)
  for (const id of ids) {
    const read = readDelivery(delivery({ id }), Date.now() / 1_000)
    if (!read.ok) throw new Error(read.problem)
    await events.append({ ...read.event, id, connector, receivedAt: Date.now() / 1_000 })
  }
  await events.close()
}

/** Exports of several tenants, each a connector of that alias. */
const lakeOf = (tenants: Readonly<Record<string, StandIn>>): Exporting => {
  const folder = directoryForTest()
  const connectors = Object.entries(tenants).map(([alias, standIn]) => ({
    ...{ alias, apiKey: standIn.keys.readOnly, url: standIn.url, rate: 1000, burst: 1000 },
  }))
  const config = join(folder, 'connectors.json')
  writeFileSync(config, JSON.stringify({ connectors }))
  const settings = { PUSHGRAPH_CONFIG: config, PUSH_API_KEY: '', PUSH_API_URL: '' }
  return lake(Object.values(tenants)[0] as StandIn, settings, folder)
}

describe('a round', () => {
  test('writes what is new or has changed since the one before, and no file where nothing has', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const args = ['--types', 'accounts,apps', '--ocsf', '1.8.0']
    const { apps, accounts } = standIn.data
    expect(await once(exporting, ...args)).toMatchObject({
      exitCode: 0,
      output: '',
      errors: `${apps.length + accounts.length} objects in 2 files: ${exporting.file}\n`,
    })
    expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0, errors: '' })
    expect(rounds(exporting.file).map(lines => lines.length)).toEqual([
      apps.length + accounts.length,
    ])
    const [[app], [first, gone]] = [apps, accounts]
    standIn.update('apps', app?.id ?? '', { approvalStatus: 'NOT_APPROVED' })
    standIn.remove('accounts', gone?.id ?? '')
    standIn.insert('accounts', { ...(first as NonNullable<typeof first>), id: 'new' })
    expect((await once(exporting, ...args)).errors).toMatch(/^2 objects in 2 files: /)
    const [, changed = []] = rounds(exporting.file)
    const uids = changed.map(line => JSON.stringify(line))
    expect(uids.filter(of => of.includes(app?.id ?? ''))).toHaveLength(1)
    expect(uids.filter(of => of.includes('"new"'))).toHaveLength(1)
    // Of one round, the moment of its beginning.
    expect(new Set(changed.map(({ time }) => time)).size).toBe(1)
    expect(exporting.left()).toEqual(['lake'])
    expect(statSync(`${exporting.file}.cursor`).mode & 0o777).toBe(0o600)
  })

  test('has the events that were stored since, and says so where some of them are gone', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const data = join(exporting.folder, 'data')
    const store = (...ids: string[]): Promise<void> => storeEvents(data, 'default', ...ids)
    const args = ['--types', 'events']
    await store('1', '2')
    await once(exporting, ...args)
    expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0, errors: '' })
    await store('3')
    await once(exporting, ...args)
    const ids = (): unknown[][] => rounds(exporting.file).map(lines => lines.map(({ id }) => id))
    expect(ids()).toEqual([['1', '2'], ['3']])

    await store('4', '5')
    const changes = await changeFileIn(data)
    changes.purgeEvents('4')
    changes.close()
    const lost = await once(exporting, ...args)
    expect(lost).toMatchObject({ exitCode: 1, output: '' })
    expect(lost.errors).toContain(`The place in ${exporting.file}.cursor of default is gone`)
    expect(lost.errors).toContain('--restart --connectors default --types events')
    expect(ids()).toHaveLength(2)
    expect(await once(exporting, ...args, '--restart')).toMatchObject({ exitCode: 0 })
    expect(ids()[2]).toEqual(['5'])

    for (const file of filesBelow(data).filter(of => of.startsWith('events.db')))
      rmSync(join(data, file))
    await store('6')
    const other = await once(exporting, ...args)
    expect(other).toMatchObject({ exitCode: 1, output: '' })
    expect(other.errors).toContain('the events that are stored now are others')
    expect(ids()).toHaveLength(3)
  })

  test('reads the details of those detections alone that are new or have changed', async () => {
    const standIn = await tenant(0.05)
    const exporting = lake(standIn)
    const args = ['--types', 'detections', '--ocsf', '1.8.0']
    await once(exporting, ...args)
    const { detections } = standIn.data
    const byId = (): number => standIn.statistics().byRoute['GET /detections/{id}'] ?? 0
    expect(byId()).toBe(detections.length)
    standIn.update('detections', detections[0]?.id ?? '', {
      archived: detections[0]?.archived !== true,
    })
    await once(exporting, ...args)
    expect(byId()).toBe(detections.length + 1)
    const [, changed = []] = rounds(exporting.file)
    expect(changed).toHaveLength(1)
    expect(JSON.stringify(changed)).toContain(detections[0]?.id)
  })

  test('writes a finding again where those whom it tells of have changed', async () => {
    const standIn = await tenant(0.02)
    const exporting = lake(standIn)
    const args = ['--types', 'findings', '--ocsf', '1.8.0']
    await once(exporting, ...args)
    const { employeeId } = standIn.data.findings.find(of => of.employeeId !== null) ?? {}
    standIn.update('employees', employeeId ?? '', { email: 'renamed@example.com' })
    await once(exporting, ...args)
    const [, changed = []] = rounds(exporting.file)
    expect(changed).toHaveLength(
      standIn.data.findings.filter(of => of.employeeId === employeeId).length,
    )
    expect(JSON.stringify(changed[0])).toContain('renamed@example.com')
  })

  test('begins at the moment that was given to the first, whatever is given later', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const { apps } = standIn.data
    const moments = apps.map(of => of.creationTimestamp).sort((a, b) => a - b)
    const middle = moments[moments.length >> 1] ?? 0
    const since = new Date(middle * 1_000).toISOString()
    const args = ['--types', 'apps', '--every', '1s']
    const first = exporting.start(...args, '--since', since)
    await until(() => rounds(exporting.file).length > 0, first)
    first.kill('SIGTERM')
    expect(await first.ended).toMatchObject({ exitCode: 0, signal: null, output: '' })
    const [early, late] = [middle - 1, middle].map(at =>
      apps.find(of => (at < middle ? of.creationTimestamp < middle : of.creationTimestamp === at)),
    )
    for (const app of [early, late])
      standIn.update('apps', app?.id ?? '', { notes: 'other than before' })
    await once(exporting, '--types', 'apps')
    expect(rounds(exporting.file).map(lines => lines.length)).toEqual([
      moments.filter(at => at >= middle).length,
      1,
    ])
    expect(rounds(exporting.file)[1]).toMatchObject([{ id: late?.id }])
  })

  test('asks nothing of Push that a server on the same data folder has had answered', async () => {
    const standIn = await tenant()
    const settings = { PUSHGRAPH_MAX_AGE_S: '36000', PUSHGRAPH_STALE_S: '72000' }
    const exporting = lake(standIn, settings)
    const serving = await serveProduct({
      environment: {
        ...settings,
        PUSH_API_KEY: standIn.keys.readOnly,
        PUSH_API_URL: standIn.url,
        PUSHGRAPH_RATE: '1000',
        PUSHGRAPH_BURST: '1000',
        PUSHGRAPH_DATA_DIR: join(exporting.folder, 'data'),
      },
    })
    const ask = async (query: string): Promise<unknown> => {
      const response = await fetch(`${serving.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return ((await response.json()) as { readonly data: unknown }).data
    }
    const whole = 'first: 1, orderBy: [{ field: ID }]) { totalCount nodes { id } }'
    await ask(`{ employees(${whole} accounts(${whole} apps(${whole} findings(${whole} }`)
    const asked = standIn.requests.length
    expect(asked).toBeGreaterThan(5)
    const args = ['--types', 'employees,accounts,apps,findings', '--ocsf', '1.8.0']
    expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0 })
    expect(standIn.requests.slice(asked)).toEqual([])
    const { employees, accounts, apps, findings } = standIn.data
    expect(rounds(exporting.file)[0]).toHaveLength(
      employees.length + accounts.length + apps.length + findings.length,
    )
    // What is older than what was written is no news.
    standIn.update('apps', apps[0]?.id ?? '', { notes: 'other than before' })
    expect((await once(exporting, ...args)).errors).toMatch(/^1 object in 1 file: /)
    serving.kill('SIGTERM')
    await serving.ended
  })
})

describe('a connector that fails', () => {
  test('holds up no other, is told once, and goes on when it works again', async () => {
    const [dead, alive] = [await tenant(), await tenant()]
    const exporting = lakeOf({ dead, alive })
    const args = ['--types', 'apps,browsers', '--patience', '1s']
    dead.set({ faults: ({ route }) => (route === '/apps' ? { kind: 'error503' } : undefined) })
    const single = await once(exporting, ...args)
    expect(single).toMatchObject({ exitCode: 1 })
    expect(single.errors).toMatch(
      /Push [^]*\nWhat else there was is written\. Run the same command/,
    )

    const running = onAndOn(exporting, ...args)
    const ofAlias = (alias: string): Line[] =>
      rounds(exporting.file)
        .flat()
        .filter(line => line['connectorAlias'] === alias)
    const all = (standIn: StandIn): number =>
      standIn.data.apps.length + standIn.data.browsers.length
    await until(() => running.errors().includes('Connector dead (apps): Push'), running)
    expect(ofAlias('alive')).toHaveLength(all(alive))
    // Its other list is whole.
    expect(ofAlias('dead')).toHaveLength(dead.data.browsers.length)
    for (const notes of ['first', 'second']) {
      const before = ofAlias('alive').length
      alive.update('apps', alive.data.apps[0]?.id ?? '', { notes })
      await until(() => ofAlias('alive').length > before, running)
    }
    expect(running.errors().match(/Connector dead \(apps\): Push/g)).toHaveLength(1)
    dead.set({ faults: undefined })
    await until(() => running.errors().includes('Connector dead: It works again.'), running)
    running.kill('SIGINT')
    expect(await running.ended).toMatchObject({ exitCode: 0, signal: null, output: '' })
    expect(ofAlias('dead')).toHaveLength(all(dead))
    expect(ofAlias('alive')).toHaveLength(all(alive) + 2)
  })
})

describe('what is stored', () => {
  test('holds up nothing else where its place is lost, and begins anew alone', async () => {
    const tenants = { a: await tenant(), b: await tenant() }
    const exporting = lakeOf(tenants)
    const data = join(exporting.folder, 'data')
    const args = ['--types', 'apps,events']
    await storeEvents(data, 'a', 'a1')
    await storeEvents(data, 'b', 'b1')
    expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0 })
    await storeEvents(data, 'b', 'b2', 'b3')
    await storeEvents(data, 'a', 'a2')
    expect(await once(exporting, ...args, '--connectors', 'a')).toMatchObject({ exitCode: 0 })
    const changes = await changeFileIn(data)
    changes.purgeEvents('b2')
    changes.close()

    const idsOf = (round: number): unknown[] =>
      (rounds(exporting.file)[round] ?? []).map(of => of['id'])
    const { a, b } = tenants
    const [appOfA, appOfB] = [a.data.apps[0]?.id ?? '', b.data.apps[0]?.id ?? '']
    a.update('apps', appOfA, { notes: 'other than before' })
    b.update('apps', appOfB, { notes: 'other than before' })
    await storeEvents(data, 'a', 'a3')
    const told = /^Connector b: The place in .* of b is gone/m
    const running = onAndOn(exporting, ...args)
    await until(() => running.errors().split(told).length > 2, running)
    expect(idsOf(2).sort()).toEqual([appOfA, appOfB, 'a3'].sort())
    running.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ exitCode: 0 })
    const lost = await once(exporting, ...args)
    expect(lost).toMatchObject({ exitCode: 1 })
    expect(lost.errors).toMatch(/ of b is gone: [^]*\nWhat else there was is written\.\n$/)

    const [, words = ''] = /(--restart --connectors b --types events)/.exec(lost.errors) ?? []
    expect(await once(exporting, ...words.split(' '))).toMatchObject({ exitCode: 0 })
    expect(idsOf(3)).toEqual(['b3'])
    expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0, errors: '' })
    expect(rounds(exporting.file)).toHaveLength(4)
  })

  test('holds up nothing else where its file is removed', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const data = join(exporting.folder, 'data')
    await storeEvents(data, 'default', '1')
    const running = onAndOn(exporting, '--types', 'apps,events')
    await until(() => rounds(exporting.file).length === 1, running)
    for (const file of filesBelow(data).filter(of => of.startsWith('events.db')))
      rmSync(join(data, file))
    const [app] = standIn.data.apps
    await until(() => running.errors().includes('Connector default (events): '), running)
    standIn.update('apps', app?.id ?? '', { notes: 'other than before' })
    await until(() => rounds(exporting.file).length === 2, running)
    expect(rounds(exporting.file)[1]).toMatchObject([{ id: app?.id }])
  })
})

describe('--every that is killed', () => {
  test.each([
    ['ndjson', KILLS],
    ['parquet', Math.ceil(KILLS / 2)],
  ])('again and again has each state once, as %s', async (format, kills) => {
    const standIn = await tenant(0.03)
    const exporting = lake(standIn)
    const random = createRandom(kills)
    const types = ['accounts', 'apps', 'findings'] as const
    const args = ['--types', types.join(','), '--format', format]
    // The state of an object is in its moment of last use, its notes, or its time of creation.
    const states = new Map<string, Set<string>>()
    const note = (): void => {
      for (const type of types)
        for (const { id } of standIn.data[type]) {
          const seen = states.get(id) ?? new Set()
          states.set(id, seen.add(stateOf(standIn, type, id)))
        }
    }
    note()
    let changes = 0
    const changeSome = (): void => {
      changes += 1
      const round = changes
      for (const [index, app] of standIn.data.apps.entries())
        if (index % 3 === round % 3) standIn.update('apps', app.id, { notes: `round ${round}` })
      for (const [index, account] of standIn.data.accounts.entries())
        if (index % 5 === round % 5)
          standIn.update('accounts', account.id, {
            lastUsedTimestamp: (account.lastUsedTimestamp ?? TEST_NOW) + 60,
          })
      note()
    }
    for (let kill = 0; kill < kills; kill += 1) {
      let left = 3 + Math.floor(random() * 60)
      const running = onAndOn(exporting, ...args)
      standIn.set({
        faults: () => {
          left -= 1
          // Of several rounds, so that it is met between two and at their ends, too.
          if (left % 25 === 0) changeSome()
          if (left === 0) running.kill('SIGKILL')
          return undefined
        },
      })
      expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
      standIn.set({ faults: undefined })
      changeSome()
    }
    // The first may have been begun before, and have passed what changed since.
    for (let round = 0; round < 2; round += 1)
      expect(await once(exporting, ...args)).toMatchObject({ exitCode: 0 })
    const written = new Map<string, string[]>()
    const lines: Line[] =
      format === 'parquet'
        ? [...(await readParquetFolder(exporting.file))]
            .sort(([a], [b]) => (momentOf(a) < momentOf(b) ? -1 : 1))
            .flatMap(([, rows]) => rows)
        : rounds(exporting.file).flat()
    for (const line of lines) {
      const id = line['id'] as string
      written.set(id, [...(written.get(id) ?? []), stateIn(line)])
    }
    for (const [id, seen] of states) {
      const found = written.get(id) ?? []
      // In order, none twice, none that never was, and the last one last.
      const inOrder = [...seen].filter(of => found.includes(of))
      expect(found).toEqual(inOrder)
      expect(found.at(-1)).toBe([...seen].at(-1))
    }
    expect(written.size).toBe(states.size)
    expect(exporting.left()).toEqual(['lake'])
  })
})

const momentOf = (path: string): string => /part-\d+-\d+/.exec(path)?.[0] ?? ''

const stateOf = (standIn: StandIn, type: 'accounts' | 'apps' | 'findings', id: string): string => {
  const row = standIn.data[type].find(of => of.id === id) as unknown as Line
  const { lastUsedTimestamp: used, notes = null } = row as {
    lastUsedTimestamp?: number
    notes?: string
  }
  return used === undefined ? String(notes) : String(used * 1_000)
}

const stateIn = (line: Line): string => {
  const { lastUsedAt, notes = null } = line as { lastUsedAt?: string | Date; notes?: string }
  return lastUsedAt === undefined ? String(notes) : String(new Date(lastUsedAt).getTime())
}

describe('rounds', () => {
  test('are refused where they cannot be made, with the way out', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const errorsOf = async (...args: string[]): Promise<string> => {
      const ended = await exporting.run(...args)
      expect(ended).toMatchObject({ exitCode: 2, output: '' })
      return ended.errors
    }
    const last = ['--types', 'apps', '--since', 'last']
    const wrong = await errorsOf(
      ...['--every', '10ms', '--until', '1d', '--out', '-', '--cursor', 'x', '--compress', 'zip'],
    )
    for (const problem of [
      '--every must be a length of time',
      '--until ends what goes on up to now: leave it out',
      '--every adds files to a folder in each round: give --out FOLDER, or --changes',
      '--cursor keeps where --changes --since last goes on',
      '--compress knows gzip, zstd',
    ])
      expect(wrong).toContain(problem)
    expect(await errorsOf(...last, '--out', '-')).toContain('--since last adds files to a folder')
    const demo = await runCommand(['export', '--since', 'last', '--out', exporting.file])
    expect(demo).toMatchObject({ exitCode: 2, output: '' })
    expect(demo.errors).toContain('Set PUSH_API_KEY, or leave out --since last and --every')

    writeFileSync(exporting.file, 'mine')
    expect(await errorsOf(...last)).toContain('is no folder. Give the name of one')
    const other = lake(standIn)
    await once(other, ...last)
    const elsewhere = await other.run(...last, '--ocsf', '1.8.0')
    expect(elsewhere).toMatchObject({ exitCode: 2 })
    expect(elsewhere.errors).toContain('was asked for in another way')
    const form = JSON.stringify({ format: 'ndjson' })
    const held = { folder: other.file, form, since: undefined, restart: undefined }
    const running = await openRounds(held)
    const second = await once(other, '--types', 'apps')
    expect(second).toMatchObject({ exitCode: 2, output: '' })
    expect(second.errors).toContain('is under way')
    running.close()

    rmSync(`${other.file}.cursor`)
    const unknown = await once(other, '--types', 'apps')
    expect(unknown).toMatchObject({ exitCode: 2, output: '' })
    expect(unknown.errors).toContain('which would tell what was written, is not')
    for (let restart = 0; restart < 2; restart += 1)
      expect(await once(other, '--types', 'apps', '--restart')).toMatchObject({ exitCode: 0 })
    expect(rounds(other.file).map(lines => lines.length)).toEqual(
      Array.from({ length: 3 }, () => standIn.data.apps.length),
    )
  })

  test('begin anew where an export to a file was broken off', async () => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    const args = ['--types', 'apps']
    await killAfter(standIn, exporting, 2, ['--types', 'accounts'])
    rmSync(`${exporting.file}.resume`)
    expect(statSync(`${exporting.file}.partial`).isFile()).toBe(true)
    const refused = await once(exporting, ...args)
    expect(refused).toMatchObject({ exitCode: 2, output: '' })
    expect(refused.errors).toContain('With --restart the export begins anew')
    expect(await once(exporting, ...args, '--restart')).toMatchObject({ exitCode: 0 })
    expect(rounds(exporting.file)).toMatchObject([standIn.data.apps.map(({ id }) => ({ id }))])
    expect(exporting.left()).toEqual(['lake'])
  })

  test('begin the types anew that are asked for, and all where what was written of others is gone', async () => {
    const standIn = await tenant(0.05)
    const exporting = lake(standIn)
    const { apps, browsers } = standIn.data
    await once(exporting, '--types', 'apps,browsers')
    standIn.update('apps', apps[0]?.id ?? '', { notes: 'other than before' })
    expect(await once(exporting, '--types', 'browsers', '--restart')).toMatchObject({ exitCode: 0 })
    expect(rounds(exporting.file).map(lines => lines.length)).toEqual([
      apps.length + browsers.length,
      browsers.length,
    ])
    // What is of all parts begins all of them anew.
    await once(exporting, '--types', 'browsers', '--restart', '--ocsf', '1.8.0')
    await once(exporting, '--types', 'apps', '--ocsf', '1.8.0')
    expect(rounds(exporting.file)[3]).toHaveLength(apps.length)

    for (const app of apps) standIn.update('apps', app.id, { notes: 'another time' })
    const args = ['--types', 'apps', '--ocsf', '1.8.0', '--since', 'last']
    let pages = 0
    standIn.set({ faults: () => ((pages += 1) > 1 ? { kind: 'error503' } : undefined) })
    const running = exporting.start(...args)
    const partial = `${exporting.file}.partial`
    // What was written is noted by the time that the next page has been asked for again and again.
    const isNoted = (): boolean =>
      pages > 3 &&
      existsSync(partial) &&
      filesBelow(partial).some(file => statSync(join(partial, file)).size > 0)
    await until(isNoted, running)
    running.kill('SIGKILL')
    await running.ended
    standIn.set({ faults: undefined })
    rmSync(partial, { recursive: true })
    expect(await exporting.run(...args)).toMatchObject({ exitCode: 2 })
    expect(await exporting.run(...args, '--types', 'browsers', '--restart')).toMatchObject({
      exitCode: 0,
    })
    await exporting.run(...args)
    expect(
      rounds(exporting.file)
        .slice(4)
        .map(lines => lines.length),
    ).toEqual([browsers.length, apps.length])
  })

  test.each(['gzip', 'zstd'])('are packed by %s, a file of each type', async compression => {
    const standIn = await tenant()
    const exporting = lake(standIn)
    await once(exporting, '--types', 'apps,browsers', '--compress', compression)
    const files = filesBelow(exporting.file)
    const ending = compression === 'gzip' ? 'gz' : 'zst'
    expect(files).toEqual([
      expect.stringMatching(new RegExp(`^apps-\\d{8}T\\d{9}Z\\.ndjson\\.${ending}$`)),
      expect.stringMatching(new RegExp(`^browsers-\\d{8}T\\d{9}Z\\.ndjson\\.${ending}$`)),
    ])
  })
})

test('go on when there is room again on a disk that was full, in a folder of it', async context => {
  if (!hasDisks) context.skip('no file system of a size can be mounted here')
  const standIn = await tenant(0.05)
  const folder = directoryForTest()
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  mountForTest(disk, 512)
  const exporting = exportingForTest(standIn, {}, folder, 'disk/lake')
  const args = ['--types', 'accounts,apps']
  const root = await once(exporting, ...args, '--out', disk)
  expect(root).toMatchObject({ exitCode: 2, output: '' })
  expect(root.errors).toContain(`${disk} is a disk of its own`)
  const running = onAndOn(exporting, ...args)
  await until(() => running.errors().includes('It is tried again'), running)
  expect(running.errors()).toContain('There is no room left for the file (')
  remount(disk, 'size=65536k')
  await until(() => running.errors().includes('It works again'), running)
  running.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ exitCode: 0 })
  const { accounts, apps } = standIn.data
  const ids = rounds(exporting.file)
    .flat()
    .map(({ id }) => id)
  expect(new Set(ids)).toEqual(new Set([...accounts, ...apps].map(({ id }) => id)))
  expect(ids).toHaveLength(accounts.length + apps.length)
})
