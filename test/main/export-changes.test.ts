/** `pushgraph export --changes` as its users run it: once, on and on, beside a server, killed, and with a full disk. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createRandom } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { hasDisks, mountForTest, remount } from '../support/disks.ts'
import { linesOf } from '../support/exporting.ts'
import { type Product, serveProduct, startProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'
import { type ChangeFile, changeFileIn, type PlantedChange } from '../support/stored-changes.ts'
import { runCommand } from '../support/terminal.ts'

// Some tests start several processes, one after another.
vi.setConfig({ testTimeout: 300_000 })

/** How often the same export is killed. */
const KILLS = Number(process.env['PUSHGRAPH_TEST_KILLS'] ?? 3)

interface Exporting {
  readonly folder: string
  readonly file: string
  readonly changes: ChangeFile
  readonly settings: Readonly<Record<string, string>>
  /** Within the test's process, which is asked to stop when `stopped` says so. */
  readonly run: (...args: string[]) => ReturnType<typeof runCommand>
  readonly start: (...args: string[]) => Product
  readonly objects: () => unknown[]
}

/** Nothing is asked of Push: there is nobody to ask. */
const exportingForTest = async (folder = directoryForTest()): Promise<Exporting> => {
  const changes = await changeFileIn(join(folder, 'data'))
  onTestFinished(changes.close)
  const file = join(folder, 'out.ndjson')
  const settings = {
    PUSH_API_KEY: 'ps_key_that_nobody_is_asked_with',
    PUSH_API_URL: 'http://127.0.0.1:9',
    PUSHGRAPH_DATA_DIR: join(folder, 'data'),
    PUSHGRAPH_RETENTION_DAYS: '36500',
  }
  return {
    folder,
    file,
    changes,
    settings,
    run: (...args) =>
      runCommand(['export', '--changes', ...args], {
        environment: settings,
        stopped: new Promise(() => undefined),
      }),
    start: (...args) => {
      const product = startProduct(['export', '--changes', ...args], { environment: settings })
      onTestFinished(() => {
        product.kill('SIGKILL')
      })
      return product
    },
    objects: () => linesOf(readFileSync(file, 'utf8')).map(line => line['objectId']),
  }
}

const many = (from: number, to: number): PlantedChange[] =>
  Array.from({ length: to - from }, (_, index) => ({ objectId: `${from + index}` }))

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`)

/** Resolves when it is so while that runs; rejects with what it said where it ends instead. */
const until = (isSo: () => boolean, running: Product, everyMs = 20): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = setInterval(() => {
      if (!isSo()) return
      clearInterval(look)
      resolve()
    }, everyMs)
    void running.ended.then(({ errors }) => {
      clearInterval(look)
      reject(new Error(`It ended: ${errors}`))
    })
  })

const bytesOf = (file: string): number => (existsSync(file) ? readFileSync(file).length : 0)

describe('--changes once', () => {
  test('writes those of a range and of some lists, and the file anew each time', async () => {
    const { changes, run, file } = await exportingForTest()
    changes.plant([
      { objectId: '1', at: 1_700_000_000 },
      { objectId: '2', at: 1_700_000_100, collection: 'apps' },
      { objectId: '3', at: 1_700_000_200 },
      { objectId: '4', at: 1_700_000_300 },
    ])
    const range = ['--since', '2023-11-14T22:15:00Z', '--until', '2023-11-14T22:18:00Z']
    for (let times = 0; times < 2; times += 1) {
      expect(await run('--out', file, ...range)).toMatchObject({ exitCode: 0, output: '' })
      expect(linesOf(readFileSync(file, 'utf8')).map(line => line['objectId'])).toEqual(['2', '3'])
    }
    const { output } = await run('--types', 'accounts', '--format', 'json', '--out', '-')
    expect((JSON.parse(output) as { objectId: string }[]).map(of => of.objectId)).toEqual([
      '1',
      '3',
      '4',
    ])
  })

  test('says what cannot be asked for together, and what to ask for instead', async () => {
    const { run, settings, file } = await exportingForTest()
    const wrong = await run(
      ...['--since', 'last', '--until', '1d', '--ocsf', '1.8.0', '--types', 'events'],
      ...['--format', 'json', '--every', '10ms'],
    )
    expect(wrong).toMatchObject({ exitCode: 2, output: '' })
    for (const problem of [
      '--types knows employees, accounts',
      '--every must be a length of time',
      '--ocsf has no event for what changed in a row: leave it out, or give --types events',
      '--until ends what goes on up to now: leave it out',
      '--format json is one array, to which nothing can be added: leave it out',
      '--since last must keep how far it came: give --out FILE, or --cursor FILE',
    ])
      expect(wrong.errors).toContain(problem)
    const others = await runCommand(
      ['export', '--since', 'last', '--every', '5m', '--cursor', 'x', '--out', file],
      { environment: settings },
    )
    expect(others.exitCode).toBe(2)
    expect(others.errors).toContain('--cursor keeps where --changes --since last goes on')
    const demo = await runCommand(['export', '--changes'], { environment: {} })
    expect(demo).toMatchObject({ exitCode: 2, output: '' })
    expect(demo.errors).toContain('Set PUSH_API_KEY')
  })
})

describe('--since last', () => {
  test('adds to the file what was stored since the last time', async () => {
    const { changes, run, file, objects } = await exportingForTest()
    const again = (): ReturnType<typeof run> => run('--since', 'last', '--out', file)
    changes.plant(many(0, 2))
    expect(await again()).toMatchObject({ exitCode: 0, output: '', errors: `2 changes: ${file}\n` })
    expect(await again()).toMatchObject({ exitCode: 0, errors: '' })
    changes.plant(many(2, 3))
    expect(await again()).toMatchObject({ exitCode: 0, errors: `1 change: ${file}\n` })
    expect(objects()).toEqual(ids(0, 3))
    expect(existsSync(`${file}.cursor.lock`)).toBe(false)
  })

  test('keeps its place in the file that is named where the lines go to standard output', async () => {
    const { changes, run, folder } = await exportingForTest()
    const cursor = join(folder, 'kept')
    changes.plant(many(0, 2))
    const first = await run('--since', 'last', '--cursor', cursor)
    changes.plant(many(2, 3))
    const second = await run('--since', 'last', '--cursor', cursor)
    expect(linesOf(first.output)).toHaveLength(2)
    expect(linesOf(second.output)).toMatchObject([{ objectId: '2' }])
  })

  test('says what is in its way, and the way out', async () => {
    const { changes, run, file, objects } = await exportingForTest()
    const again = (...args: string[]): ReturnType<typeof run> =>
      run('--since', 'last', '--out', file, ...args)
    changes.plant(many(0, 2))
    await again()
    const [kept = 0] = changes.plant(many(2, 4))
    changes.purge(kept)
    const lost = await again()
    expect(lost).toMatchObject({ exitCode: 1, output: '' })
    expect(lost.errors).toContain('The place in')
    expect(lost.errors).toContain('of default is gone: changes after it have been deleted')
    expect(lost.errors).toContain('With --restart')

    const cursor = readFileSync(`${file}.cursor`, 'utf8')
    writeFileSync(`${file}.cursor`, cursor.slice(0, 20))
    expect(await again()).toMatchObject({ exitCode: 2 })
    rmSync(`${file}.cursor`)
    const unknown = await again()
    expect(unknown).toMatchObject({ exitCode: 2 })
    expect(unknown.errors).toContain('which would tell how far it goes, is not')
    expect(objects()).toEqual(['0', '1'])

    expect(await again('--restart')).toMatchObject({ exitCode: 0 })
    expect(objects()).toEqual(['3'])
  })
})

describe('--every', () => {
  test('gives what a server on the same data folder notes, and ends when it is asked to', async () => {
    const standIn = await standInForTest({ scale: 0.01 })
    const exporting = await exportingForTest()
    const settings = {
      ...exporting.settings,
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
    }
    const serving = await serveProduct({ environment: settings })
    const { file } = exporting
    const args = ['--changes', '--since', 'last', '--every', '1s', '--out', file]
    const following = startProduct(['export', ...args], { environment: settings })
    onTestFinished(() => {
      following.kill('SIGKILL')
    })
    const read = async (): Promise<void> => {
      const response = await fetch(`${serving.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
        body: JSON.stringify({ query: '{ apps(first: 0) { totalCount } }' }),
      })
      expect(await response.json()).not.toHaveProperty('errors')
    }
    await read()
    const app = standIn.data.apps[0]
    standIn.update('apps', app?.id ?? '', { approvalStatus: 'NOT_APPROVED' })
    await read()
    await until(() => bytesOf(file) > 0, following)
    following.kill('SIGTERM')
    expect(await following.ended).toMatchObject({ exitCode: 0, signal: null, output: '' })
    expect(linesOf(readFileSync(file, 'utf8'))).toMatchObject([
      {
        connector: 'default',
        collection: 'APPS',
        objectId: app?.id,
        field: 'approvalStatus',
        old: app?.approvalStatus,
        new: 'NOT_APPROVED',
      },
    ])
    serving.kill('SIGTERM')
    await serving.ended
  })

  test('goes on behind nothing while Push does not say whose a new key is', async () => {
    const standIn = await standInForTest({ scale: 0.01 })
    const { settings, file } = await exportingForTest()
    const served = { ...settings, PUSH_API_KEY: standIn.keys.readOnly, PUSH_API_URL: standIn.url }
    const serving = await serveProduct({ environment: served })
    const read = async (): Promise<unknown> => {
      const query = '{ apps(first: 0) { totalCount } changes { totalCount } }'
      const response = await fetch(`${serving.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
        body: JSON.stringify({ query }),
      })
      return ((await response.json()) as { readonly data: { readonly changes: unknown } }).data
        .changes
    }
    await read()
    standIn.update('apps', standIn.data.apps[0]?.id ?? '', { approvalStatus: 'NOT_APPROVED' })
    await expect.poll(read).toEqual({ totalCount: 1 })
    serving.kill('SIGTERM')
    await serving.ended
    const args = ['export', '--changes', '--since', 'last', '--out', file, '--patience', '1s']
    const stopped = new Promise<never>(() => undefined)
    // Another key, with which nobody can be asked.
    const unsure = await runCommand(args, { environment: settings, stopped })
    expect(unsure).toMatchObject({ exitCode: 1, output: '' })
    expect(unsure.errors).toContain('Connector default: ')
    expect(await runCommand(args, { environment: served, stopped })).toMatchObject({ exitCode: 0 })
    expect(linesOf(readFileSync(file, 'utf8'))).toMatchObject([{ field: 'approvalStatus' }])
  })

  test('neither loses nor repeats a line, wherever it is killed', async () => {
    const { changes, run, start, file, objects } = await exportingForTest()
    const random = createRandom(KILLS)
    let planted = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = bytesOf(file)
      changes.plant(many(planted, planted + 15_000))
      planted += 15_000
      const following = start('--since', 'last', '--every', '1s', '--out', file)
      // Lines of somewhat more than 200 bytes.
      const most = before + random() * 15_000 * 200
      await until(() => bytesOf(file) > most, following, 1)
      following.kill('SIGKILL')
      expect(await following.ended).toMatchObject({ signal: 'SIGKILL' })
    }
    expect(await run('--since', 'last', '--out', file)).toMatchObject({ exitCode: 0 })
    expect(objects()).toEqual(ids(0, planted))
  })

  test('lets no second one write the same file, and goes on in a new one where that is moved', async () => {
    const { changes, run, start, file, folder } = await exportingForTest()
    changes.plant(many(0, 2))
    const following = start('--since', 'last', '--every', '1s', '--out', file)
    await until(() => bytesOf(file) > 0, following)
    const second = await run('--since', 'last', '--out', file)
    expect(second).toMatchObject({ exitCode: 2, output: '' })
    expect(second.errors).toContain('is under way')
    await until(
      () => existsSync(`${file}.cursor`) && following.errors().includes('2 changes'),
      following,
    )
    renameSync(file, join(folder, 'moved'))
    changes.plant(many(2, 3))
    await until(() => following.errors().includes('1 change:'), following)
    following.kill('SIGINT')
    expect(await following.ended).toMatchObject({ exitCode: 0 })
    expect(linesOf(readFileSync(join(folder, 'moved'), 'utf8'))).toHaveLength(2)
    expect(linesOf(readFileSync(file, 'utf8'))).toMatchObject([{ objectId: '2' }])
  })
})

test('goes on when there is room again on a disk that was full', async context => {
  if (!hasDisks) context.skip('no file system of a size can be mounted here')
  const { changes, run, start, folder } = await exportingForTest()
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  mountForTest(disk, 256)
  const file = join(disk, 'out.ndjson')
  changes.plant(many(0, 3_000))
  const once = await run('--since', 'last', '--out', file)
  expect(once).toMatchObject({ exitCode: 1, output: '' })
  expect(once.errors).toContain('There is no room left for the file (ENOSPC)')
  const following = start('--since', 'last', '--every', '1s', '--out', file)
  await until(() => following.errors().includes('It is tried again'), following)
  remount(disk, 'size=16384k')
  await until(() => following.errors().includes('It works again'), following)
  following.kill('SIGTERM')
  expect(await following.ended).toMatchObject({ exitCode: 0 })
  expect(linesOf(readFileSync(file, 'utf8')).map(line => line['objectId'])).toEqual(ids(0, 3_000))
})
