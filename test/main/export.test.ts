/** Exports over real HTTP: broken off in every way, and gone on with. What is killed is a process of its own. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createStandIn, type StandIn } from '../../src/demo/stand-in.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { createCheck } from '../support/ocsf/check-event.ts'
import { hasValidator, validate } from '../support/ocsf/validator.ts'
import { createRandom } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { type Exporting, exportingForTest, killAfter, linesOf } from '../support/exporting.ts'
import { commandFile } from '../support/product.ts'
import { readPages, standInForTest, TEST_NOW } from '../support/stand-in.ts'
import { runCommand } from '../support/terminal.ts'

const everything = collectionNames.map(name => `/${name}`)

// Some tests start several processes, one after another.
vi.setConfig({ testTimeout: 300_000 })

/** How often the same export is killed. */
const KILLS = Number(process.env['PUSHGRAPH_TEST_KILLS'] ?? 3)

/** Small pages, so that an export has many moments. */
const small = {
  scale: 0.03,
  now: TEST_NOW,
  switches: { maxPage: 25, latencyMs: 0, latencyJitter: 0, limiter: false },
}
const tenant = (): Promise<StandIn> => standInForTest(small)

const run = async (
  exporting: Exporting,
  ...args: string[]
): Promise<Awaited<ReturnType<Exporting['run']>>> => {
  const ended = await exporting.run(...args)
  expect(ended.errors).not.toContain('    at ')
  return ended
}

describe('an export that is killed', () => {
  test('again and again is the same in the end', async () => {
    const standIn = await tenant()
    const whole = exportingForTest(standIn)
    expect(await run(whole)).toMatchObject({ exitCode: 0, output: '' })

    const random = createRandom(KILLS)
    const broken = exportingForTest(standIn)
    // Far enough apart for all of them to meet it at work.
    const apart = standIn.requests.length / (KILLS + 1)
    let kills = 0
    while (kills < KILLS) {
      const ended = await killAfter(standIn, broken, 2 + Math.floor(random() * apart), [])
      if (ended.signal === null) break
      kills += 1
      expect(existsSync(broken.file)).toBe(false)
    }
    expect(kills).toBeGreaterThan(1)
    if (!existsSync(broken.file)) expect(await run(broken)).toMatchObject({ exitCode: 0 })
    expect(broken.text()).toBe(whole.text())
    expect(broken.left()).toEqual(['out.ndjson'])
  })

  test('holds every object once, at the moment when it began, in OCSF', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const args = ['--ocsf', '1.6.0']
    expect(await killAfter(standIn, exporting, 40, args)).toMatchObject({ signal: 'SIGKILL' })
    expect(await killAfter(standIn, exporting, 20, args)).toMatchObject({ signal: 'SIGKILL' })
    expect(await run(exporting, ...args)).toMatchObject({ exitCode: 0 })

    const events = linesOf(exporting.text())
    const inventory = events.filter(event => event['category_uid'] === 5)
    expect(new Set(inventory.map(event => event['time'])).size).toBe(1)
    const uids = events.map(event => (event['metadata'] as { uid: string }).uid)
    expect(new Set(uids).size).toBe(events.length)
    let rows = 0
    for (const path of everything)
      for (const page of await readPages(standIn, path)) rows += page.result.length
    expect(events).toHaveLength(rows)
  })

  test('tells in OCSF whom and what each finding concerns', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const args = ['--ocsf', '1.8.0', '--types', 'findings']
    expect(await killAfter(standIn, exporting, 5, args)).toMatchObject({ signal: 'SIGKILL' })
    expect(await run(exporting, ...args)).toMatchObject({ exitCode: 0 })
    const { findings, employees, apps } = standIn.data
    const events = new Map(
      linesOf(exporting.text()).map(event => [
        (event['finding_info'] as { uid: string }).uid,
        event,
      ]),
    )
    expect(events.size).toBe(findings.length)
    for (const { id, employeeId, appId } of findings) {
      const email = employees.find(one => one.id === employeeId)?.email
      const app = apps.find(one => one.id === appId)
      const values = JSON.stringify(events.get(id)?.['observables'])
      if (email !== undefined) expect(values).toContain(`"value":"${email}"`)
      if (app !== undefined) expect(values).toContain(`"value":"${app.friendlyName ?? app.type}"`)
    }
  })

  test('tells in OCSF whom each detection concerns', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const args = ['--ocsf', '1.8.0', '--types', 'detections']
    expect(await run(exporting, ...args)).toMatchObject({ exitCode: 0 })
    const { detections, employees } = standIn.data
    const told = linesOf(exporting.text()).map(event => {
      const { user } = (event['actor'] ?? {}) as { readonly user?: { email_addr?: string } }
      return [(event['finding_info'] as { uid: string }).uid, user?.email_addr]
    })
    const emailOf = (id: string | null) => employees.find(one => one.id === id)?.email
    expect(new Map(told as [string, string][])).toEqual(
      new Map(detections.map(({ id, employeeId }) => [id, emailOf(employeeId)])),
    )
    expect(told.some(([, email]) => email !== undefined)).toBe(true)
  })

  test.each(['works', 'refused'] as const)(
    'goes on where Push takes its tokens no more and offset is %s',
    async offset => {
      const standIn = await createStandIn({ ...small, switches: { ...small.switches, offset } })
      const args = ['--types', 'accounts,findings']
      const whole = exportingForTest(standIn)
      await run(whole, ...args)
      const broken = exportingForTest(standIn)
      expect(await killAfter(standIn, broken, 12, args)).toMatchObject({ signal: 'SIGKILL' })
      await standIn.close()

      // Another life of the tenant: the same rows behind other tokens.
      const next = await standInForTest({
        data: { ...standIn.origin, seed: 999 },
        port: standIn.port,
        switches: { maxPage: 25, offset },
      })
      expect(await run(broken, ...args)).toMatchObject({ exitCode: 0 })
      expect(broken.text()).toBe(whole.text())
      const refused = next.requests.filter(
        ({ status, query }) => status === 400 && query['nextToken'],
      )
      // Once, and once more with a smaller page, for which the refusal could have been; not where offsets lead on.
      if (offset === 'refused') expect(refused.length).toBeGreaterThan(0)
      expect(refused.length).toBeLessThanOrEqual(2)
    },
  )
})

describe('an export that ends early', () => {
  test('says where it stands when Push fails for good, and goes on from there', async () => {
    const standIn = await tenant()
    const whole = exportingForTest(standIn)
    await run(whole)
    const broken = exportingForTest(standIn)
    standIn.reset()
    standIn.set({ faults: (_, n) => (n > 12 ? { kind: 'error503' } : undefined) })
    const ended = await run(broken, '--patience', '1s')
    expect(ended).toMatchObject({ exitCode: 1, output: '' })
    expect(ended.errors).toMatch(
      /Push (failed \(503\)|has been failing)[^]*The export stands at accounts of connector default, cursor \{"token".*\}, with \d+ objects written.*out\.ndjson\.partial: run the same command again/,
    )
    expect(broken.left()).toEqual(['out.ndjson.partial', 'out.ndjson.resume'])

    standIn.set({ faults: undefined })
    const resumed = await run(broken, '--patience', '1s')
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(resumed.errors).toMatch(/Going on behind the \d+ objects there are/)
    expect(broken.text()).toBe(whole.text())
  })

  test('says that standard output cannot be gone on with, and no place where it could', async () => {
    const standIn = await tenant()
    standIn.set({ faults: (_, n) => (n > 3 ? { kind: 'error503' } : undefined) })
    const ended = await run(exportingForTest(standIn), '--out', '-', '--patience', '1s')
    expect(ended.exitCode).toBe(1)
    expect(linesOf(ended.output).length).toBeGreaterThan(0)
    expect(ended.errors).toMatch(
      /The export ended at \w+ of connector default, with \d+ objects written\. It cannot be gone on with, since it went to standard output; with --out FILE it could\./,
    )
    expect(ended.errors).not.toMatch(/cursor|token/)
  })

  test('waits for Push while it fails for a while', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    standIn.set({ faults: (_, n) => (n > 5 && n < 10 ? { kind: 'error503' } : undefined) })
    const ended = await run(exporting, '--types', 'employees,apps', '--patience', '10m')
    expect(ended).toMatchObject({ exitCode: 0 })
    expect(linesOf(exporting.text()).length).toBe(
      standIn.data.employees.length + standIn.data.apps.length,
    )
  })

  test('stops at the first Ctrl-C and goes on from there', async () => {
    const standIn = await tenant()
    const whole = exportingForTest(standIn)
    await run(whole)
    const broken = exportingForTest(standIn)
    let kill: () => void = () => undefined
    standIn.reset()
    standIn.set({
      faults: (_, n) => {
        if (n === 15) kill()
        return undefined
      },
    })
    const product = broken.start()
    kill = () => {
      product.kill('SIGINT')
    }
    const ended = await product.ended
    expect(ended).toMatchObject({ exitCode: 1, signal: null })
    expect(ended.errors).toContain('The export was interrupted.')
    expect(await run(broken)).toMatchObject({ exitCode: 0 })
    expect(broken.text()).toBe(whole.text())
  })

  test('tells a refused key from the rest, and never shows it', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn, { PUSH_API_KEY: 'wrong-s3cr3t' })
    const ended = await run(exporting)
    expect(ended.exitCode).toBe(1)
    expect(ended.errors).toMatch(/refused the key of connector default \(403\)/)
    expect(ended.errors).not.toContain('s3cr3t')
  })

  test('loses nothing when the disk is full', async () => {
    const standIn = await tenant()
    const whole = exportingForTest(standIn)
    await run(whole, '--types', 'employees,accounts')
    const broken = exportingForTest(standIn)
    // Files may have 96 KiB; without warm-up, what the project keeps of its own is less than that.
    const ended = await inShell(
      broken,
      `ulimit -f 192; exec "$0" "$1" export --types employees,accounts --out "$2"`,
      standIn,
    )
    expect(ended.errors).toMatch(
      /no room left for the file \(EFBIG\)|cannot be written \(SQLITE_IOERR\)/,
    )
    expect(ended.errors).toContain('run the same command again')
    expect(ended.errors).not.toContain('    at ')
    expect(ended.exitCode).toBe(1)
    expect(await run(broken, '--types', 'employees,accounts')).toMatchObject({ exitCode: 0 })
    expect(broken.text()).toBe(whole.text())
  })
})

describe('two exports to one file', () => {
  test('asked for in another way are refused, unless the first is given up', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    await killAfter(standIn, exporting, 10, [])
    const partial = readFileSync(`${exporting.file}.partial`, 'utf8')
    const other = await run(exporting, '--types', 'apps')
    expect(other).toMatchObject({ exitCode: 2, output: '' })
    expect(other.errors).toMatch(/asked for in another way[^]*"types":\[[^]*--restart/)
    expect(readFileSync(`${exporting.file}.partial`, 'utf8')).toBe(partial)

    expect(await run(exporting, '--types', 'apps', '--restart')).toMatchObject({ exitCode: 0 })
    expect(linesOf(exporting.text())).toHaveLength(standIn.data.apps.length)
    expect(exporting.left()).toEqual(['out.ndjson'])
  })

  test('at the same time are refused', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    let arrived: () => void = () => undefined
    const begun = new Promise<void>(resolve => (arrived = resolve))
    standIn.set({
      faults: () => {
        arrived()
        return { kind: 'hang' }
      },
    })
    const first = exporting.start()
    await begun
    const second = await run(exporting)
    expect(second).toMatchObject({ exitCode: 2 })
    expect(second.errors).toContain('Another export to')
    first.kill('SIGKILL')
    await first.ended
    standIn.set({ faults: undefined })
    expect(await run(exporting)).toMatchObject({ exitCode: 0 })
  })

  test('leave alone what is not theirs', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    writeFileSync(`${exporting.file}.partial`, 'mine')
    expect(await run(exporting)).toMatchObject({ exitCode: 2 })
    writeFileSync(`${exporting.file}.resume`, 'no database at all, but somebody’s text')
    expect(await run(exporting)).toMatchObject({ exitCode: 2 })
    expect(readFileSync(`${exporting.file}.partial`, 'utf8')).toBe('mine')
    expect(await run(exporting, '--restart', '--types', 'apps')).toMatchObject({ exitCode: 0 })
  })
})

describe('an export of several connectors', () => {
  test('is stopped by none that is dead, names it, and goes on with it', async () => {
    const [dead, alive] = [await tenant(), await tenant()]
    const folder = directoryForTest()
    const config = join(folder, 'connectors.json')
    const connectors = [dead, alive].map((standIn, index) => ({
      alias: ['dead', 'alive'][index],
      apiKey: standIn.keys.readOnly,
      url: standIn.url,
      rate: 1000,
      burst: 1000,
    }))
    writeFileSync(config, JSON.stringify({ connectors }))
    const settings = { PUSHGRAPH_CONFIG: config, PUSH_API_KEY: '', PUSH_API_URL: '' }
    const exporting = exportingForTest(dead, settings, folder)
    const args = ['--types', 'employees,apps', '--patience', '1s']
    dead.set({ faults: ({ route }) => (route === '/apps' ? { kind: 'error503' } : undefined) })

    const broken = await run(exporting, ...args)
    expect(broken).toMatchObject({ exitCode: 1, output: '' })
    expect(broken.errors).toMatch(
      /Push (failed \(503\)|has been failing)[^]*stands at apps of connector dead, at the start, with/,
    )
    expect(broken.errors).not.toContain('of connector alive')
    const { employees, apps } = alive.data
    const partial = linesOf(readFileSync(`${exporting.file}.partial`, 'utf8'))
    const of = (lines: typeof partial, alias: string): number =>
      lines.filter(line => line['connectorAlias'] === alias).length
    expect(of(partial, 'alive')).toBe(employees.length + apps.length)
    expect(of(partial, 'dead')).toBe(dead.data.employees.length)

    // Another choice of connectors is another export.
    const other = await run(exporting, ...args, '--connectors', 'alive')
    expect(other).toMatchObject({ exitCode: 2 })
    for (const standIn of [dead, alive]) standIn.reset()
    dead.set({ faults: undefined })
    expect(await run(exporting, ...args)).toMatchObject({ exitCode: 0 })
    const whole = linesOf(exporting.text())
    expect([of(whole, 'alive'), of(whole, 'dead')]).toEqual([
      employees.length + apps.length,
      dead.data.employees.length + dead.data.apps.length,
    ])
    expect(alive.requests).toEqual([])
    expect(new Set(dead.requests.map(({ path }) => path))).toEqual(new Set(['/apps']))
  })
})

describe('an export', () => {
  test.each(['1.8.0', '1.1.0'] as const)(
    'holds only events that are valid in OCSF %s',
    async version => {
      const standIn = await standInForTest({ scale: 0.2 })
      const exporting = exportingForTest(standIn)
      expect(await run(exporting, '--ocsf', version)).toMatchObject({ exitCode: 0 })
      const events = linesOf(exporting.text())
      const check = createCheck(version)
      expect(events.flatMap(event => check(event)).slice(0, 5)).toEqual([])
      if (hasValidator) expect(validate(version, events)).toBe('')
      const classes = new Set(events.map(event => event['class_name']))
      expect(classes.size).toBeGreaterThanOrEqual(5)
      // Lists leave out the events of detections: each was read by its id.
      expect(standIn.statistics().byRoute['GET /detections/{id}']).toBe(
        standIn.data.detections.length,
      )
    },
  )

  test('goes to standard output, where whoever reads it may leave early', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const all = await run(exporting, '--out', '-', '--types', 'employees')
    expect(all.exitCode).toBe(0)
    expect(linesOf(all.output)).toHaveLength(standIn.data.employees.length)
    const some = await inShell(
      exporting,
      '"$0" "$1" export --types employees,accounts | head -n 3; echo "${PIPESTATUS[0]}"',
      standIn,
    )
    expect(some.errors).toBe('')
    expect(some.output.trimEnd().split('\n')).toHaveLength(4)
    expect(some.output.trimEnd().endsWith('\n0')).toBe(true)
    const full = await inShell(exporting, '"$0" "$1" export --types apps > /dev/full', standIn)
    expect(full.errors).toMatch(/output cannot be written \(ENOSPC\)/)
    expect(full.exitCode).toBe(1)
  })

  test('is one array where that is asked for', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const args = ['--format', 'json', '--types', 'employees,apps']
    await killAfter(standIn, exporting, 3, args)
    expect(await run(exporting, ...args)).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(exporting.text())).toHaveLength(
      standIn.data.employees.length + standIn.data.apps.length,
    )
    const none = await run(
      exporting,
      '--format',
      'json',
      '--types',
      'apps',
      '--until',
      '1990-01-01',
    )
    expect(none.exitCode).toBe(0)
    expect(JSON.parse(exporting.text())).toEqual([])
  })

  test('of the demo tenant needs no key, and begins anew each time', async () => {
    const standIn = await tenant()
    const settings = {
      PUSH_API_KEY: '',
      PUSH_API_URL: '',
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '0',
    }
    const demo = exportingForTest(standIn, settings)
    // Ten seconds pass between its first page and its second, so that it is met at work.
    const rate = { PUSHGRAPH_RATE: '0.1', PUSHGRAPH_BURST: '1' }
    const slow = exportingForTest(standIn, { ...settings, ...rate }, demo.folder)
    const args = ['--types', 'apps,employees']
    const killed = slow.start(...args)
    const partial = `${demo.file}.partial`
    await expect.poll(() => statSync(partial, { throwIfNoEntry: false })?.size).toBeGreaterThan(0)
    killed.kill('SIGKILL')
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' })
    expect(demo.left()).toContain('out.ndjson.partial')
    const ended = await run(demo, ...args)
    expect(ended.exitCode).toBe(0)
    expect(ended.errors).toContain('the demo tenant is exported, each time from its start')
    expect(ended.errors).not.toContain('Going on')
    const ids = linesOf(demo.text()).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(60)
  })

  test('of the demo tenant leaves alone what was broken off of a real one', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    await killAfter(standIn, exporting, 10, [])
    const partial = readFileSync(`${exporting.file}.partial`, 'utf8')
    expect(partial).not.toBe('')
    // The key was forgotten.
    const command = ['export', '--out', exporting.file]
    const ended = await runCommand(command, { stopped: new Promise(() => undefined) })
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toContain('asked for in another way')
    expect(readFileSync(`${exporting.file}.partial`, 'utf8')).toBe(partial)
    expect(await run(exporting)).toMatchObject({ exitCode: 0 })
  })
})

describe('wrong arguments', () => {
  test('are told all at once, with what could be meant', async () => {
    const ended = await runCommand(
      [
        'export',
        ...['--ocsf', '1.7.0', '--types', 'findigs,apps', '--since', 'yesterday'],
        ...[
          '--until',
          '2024-13-01',
          '--connectors',
          'acme',
          '--format',
          'csv',
          '--patience',
          'long',
        ],
      ],
      { environment: { PORT: 'x' } },
    )
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    for (const said of [
      /--ocsf knows 1\.9\.0, 1\.8\.0, 1\.6\.0, 1\.3\.0, 1\.1\.0, not "1\.7\.0"/,
      /--types knows .* not "findigs" \(is findings meant\?\)/,
      /--since must be so long ago, such as 7d/,
      /--until There is no day 2024-13-01/,
      /--format knows ndjson, json/,
      /--patience must be a length of time/,
      /- PORT must be/,
    ])
      expect(ended.errors).toMatch(said)
    const other = await runCommand(['export', '--connectors', 'acme', '--out', ''])
    expect(other.errors).toMatch(/--connectors knows demo, not "acme"[^]*--out must be/)
  })

  test('are those of a place where no file can be', async () => {
    const exporting = exportingForTest(await tenant())
    const pipe = join(exporting.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const [out, exitCode, said] of [
      // Stands for devices such as /dev/stdout.
      [pipe, 2, /is no ordinary file.* - for standard output/],
      // Nobody may make a file there, not even root.
      ['/proc/out.ndjson', 1, /cannot be written \(ENOENT\)/],
    ] as const) {
      const ended = await run(exporting, '--out', out)
      expect(ended).toMatchObject({ exitCode, output: '' })
      expect(ended.errors).toMatch(said)
    }
    expect(lstatSync(pipe).isFIFO()).toBe(true)
  })

  test('are those of a folder that is not there, and of a range without room', async () => {
    const standIn = await tenant()
    const environment = { PUSH_API_KEY: standIn.keys.readOnly, PUSH_API_URL: standIn.url }
    const lost = await runCommand(['export', '--out', 'nowhere/out.ndjson'], { environment })
    expect(lost).toMatchObject({ exitCode: 2, output: '' })
    expect(lost.errors).toContain('There is no folder')
    const exporting = exportingForTest(standIn)
    for (const out of ['-', exporting.file]) {
      const empty = await run(exporting, '--since', '1d', '--until', '2d', '--out', out)
      expect(empty).toMatchObject({ exitCode: 2, output: '' })
      expect(empty.errors).toContain('--since must be earlier than --until')
    }
    // Nothing is begun that would be in the way of the next one.
    expect(exporting.left()).toEqual([])
  })
})

/** A shell line in which `$0` is Node, `$1` the program and `$2` the file. */
const inShell = async (
  { folder, file }: Exporting,
  line: string,
  standIn: StandIn,
): Promise<{ output: string; errors: string; exitCode: number | null }> => {
  const child = spawn('bash', ['--norc', '-c', line, process.execPath, commandFile, file], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
      PUSHGRAPH_RATE: '1000',
      PUSHGRAPH_BURST: '1000',
      PUSHGRAPH_DATA_DIR: join(folder, 'shell-data'),
    },
  })
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exitCode = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { output, errors, exitCode }
}
