/** Exports to folders of Parquet files and to packed text, over real HTTP. What is killed is a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { directoryForTest } from '../support/directory.ts'
import { exportingForTest, killAfter, linesOf } from '../support/exporting.ts'
import { type ParquetRow, readParquetFolder } from '../support/parquet.ts'
import { standInForTest, TEST_NOW } from '../support/stand-in.ts'

// Some tests start several processes, one after another.
vi.setConfig({ testTimeout: 300_000 })

const tenant = (): Promise<StandIn> =>
  standInForTest({
    scale: 0.02,
    now: TEST_NOW,
    switches: { maxPage: 25, latencyMs: 0, latencyJitter: 0, limiter: false },
  })

/** Columns that hold JSON as text, whose nulls count; `metadata` of an OCSF event is a group. */
const jsonColumns = new Set(['unmapped', 'data', 'payload', 'old', 'new'])

/** A row, or the JSON that it was written from, in a form that is the same for both: without nulls, by names in order. */
const told = (value: unknown, name = '', inJson = false): unknown => {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'string' && !inJson && (jsonColumns.has(name) || name === 'metadata'))
    return told(JSON.parse(value), '', true)
  const withNulls = inJson || jsonColumns.has(name)
  if (Array.isArray(value)) return value.map(each => told(each, '', withNulls))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => withNulls || member !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([member, of]) => [member, told(of, member, withNulls)]),
  )
}

const byText = (values: readonly unknown[]): string[] =>
  values.map(of => JSON.stringify(told(of))).sort()

const rowsOf = (files: ReadonlyMap<string, readonly ParquetRow[]>): ParquetRow[] =>
  [...files.values()].flat()

describe('an export to Parquet', () => {
  test('has what the lines have, in a folder for each class, version, connector and day', async () => {
    const standIn = await tenant()
    const args = ['--ocsf', '1.8.0', '--types', 'findings,detections']
    const lines = exportingForTest(standIn)
    expect(await lines.run(...args)).toMatchObject({ exitCode: 0 })
    const lake = exportingForTest(standIn, {}, undefined, 'lake')
    const ended = await lake.run(...args, '--format', 'parquet')
    expect(ended).toMatchObject({ exitCode: 0 })
    expect(ended.errors).not.toContain('no place')
    const files = await readParquetFolder(lake.file)
    expect(byText(rowsOf(files))).toEqual(byText(linesOf(lines.text())))
    for (const [path, rows] of files) {
      const [name, version, connector, day, file] = path.split('/')
      expect([name, version, connector]).toEqual([
        expect.stringMatching(/^(?:detection|compliance)_finding$/),
        '1.8.0',
        'connector=default',
      ])
      expect(file).toMatch(/^part-\d+-\d{5}\.parquet$/)
      const times = rows.map(({ time }) => Number(time))
      const days = times.map(time => new Date(time).toISOString().slice(0, 10).replaceAll('-', ''))
      expect(new Set(days.map(of => `eventDay=${of}`))).toEqual(new Set([day]))
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  test('has the plain fields of all types, whichever they are, with moments as such', async () => {
    const standIn = await tenant()
    const lines = exportingForTest(standIn)
    expect(await lines.run()).toMatchObject({ exitCode: 0 })
    const lake = exportingForTest(standIn, {}, undefined, 'lake')
    const ended = await lake.run('--format', 'parquet')
    expect(ended).toMatchObject({ exitCode: 0 })
    expect(ended.errors).not.toContain('no place')
    const files = await readParquetFolder(lake.file)
    expect(byText(rowsOf(files))).toEqual(byText(linesOf(lines.text())))
    for (const [path, rows] of files)
      for (const row of rows.slice(0, 1)) {
        if (path.startsWith('accounts/')) expect(row['createdAt']).toBeInstanceOf(Date)
        expect(Object.keys(row)[0]).toBe('__typename')
      }
  })

  test('that is killed again and again has each thing once', async () => {
    const standIn = await tenant()
    const lake = exportingForTest(standIn, {}, undefined, 'lake')
    const args = ['--format', 'parquet', '--ocsf', '1.6.0']
    for (const requests of [40, 25])
      expect(await killAfter(standIn, lake, requests, args)).toMatchObject({ signal: 'SIGKILL' })
    expect(lake.left()).toEqual(['lake.partial', 'lake.resume'])
    expect(await lake.run(...args)).toMatchObject({ exitCode: 0 })
    expect(lake.left()).toEqual(['lake'])
    const rows = rowsOf(await readParquetFolder(lake.file))
    const uids = rows.map(row => (row['metadata'] as { uid: string }).uid)
    expect(new Set(uids).size).toBe(uids.length)
    const objects = Object.values(standIn.data).filter(Array.isArray) as readonly unknown[][]
    expect(objects.length).toBeGreaterThan(5)
    expect(rows).toHaveLength(objects.reduce((sum, of) => sum + of.length, 0))
  })

  test('keeps what there is where another connector fails, or it is interrupted', async () => {
    const standIn = await tenant()
    const folder = directoryForTest()
    const connectors = [
      { alias: 'good', apiKey: standIn.keys.readOnly },
      { alias: 'bad', apiKey: 'refused' },
    ].map(of => ({ ...of, url: standIn.url }))
    writeFileSync(join(folder, 'connectors.json'), JSON.stringify({ connectors }))
    const settings = {
      PUSH_API_KEY: '',
      PUSH_API_URL: '',
      PUSHGRAPH_CONFIG: join(folder, 'connectors.json'),
    }
    const lake = exportingForTest(standIn, settings, folder, 'lake')
    const args = ['--format', 'parquet', '--types', 'apps']
    const ended = await lake.run(...args)
    expect(ended).toMatchObject({ exitCode: 1 })
    expect(ended.errors).toContain(`with ${standIn.data.apps.length} objects written`)
    const files = await readParquetFolder(`${lake.file}.partial`)
    expect(rowsOf(files)).toHaveLength(standIn.data.apps.length)
    const before = standIn.requests.length
    expect(await lake.run(...args)).toMatchObject({ exitCode: 1 })
    const asked = standIn.requests.slice(before)
    expect(asked.length).toBeLessThan(before)
    expect((await readParquetFolder(`${lake.file}.partial`)).size).toBe(files.size)
  })

  test('takes the place of a file that was broken off, and a file its place, with --restart', async () => {
    const standIn = await tenant()
    const one = exportingForTest(standIn)
    const args = ['--types', 'apps']
    const breakOff = async (...more: string[]): Promise<void> => {
      standIn.set({ faults: () => ({ kind: 'error500' }) })
      expect(await one.run(...args, '--patience', '1s', ...more)).toMatchObject({ exitCode: 1 })
      standIn.set({ faults: undefined })
    }
    await breakOff()
    const restart = [...args, '--restart']
    await breakOff('--format', 'parquet', '--restart')
    expect(await one.run(...restart)).toMatchObject({ exitCode: 0 })
    expect(linesOf(one.text())).toHaveLength(standIn.data.apps.length)
  })

  test('is refused where it cannot be made, with the way out', async () => {
    const standIn = await tenant()
    const exporting = exportingForTest(standIn)
    const errorsOf = async (...args: string[]): Promise<string> => {
      const ended = await exporting.run(...args)
      expect(ended.exitCode).toBe(2)
      return ended.errors
    }
    expect(await errorsOf('--format', 'parquet', '--out', '-')).toContain('give --out FOLDER')
    expect(await errorsOf('--format', 'parquet', '--compress', 'zstd')).toContain(
      'compressed by zstd in any case',
    )
    expect(await errorsOf('--format', 'parquet', '--changes', '--since', 'last')).toContain(
      'leave out --since last and --every',
    )
    expect(await errorsOf('--format', 'parket')).toContain('is parquet meant?')
    expect(await errorsOf('--compress', 'zip')).toContain('knows gzip, zstd')
    writeFileSync(exporting.file, 'there')
    expect(await errorsOf('--format', 'parquet')).toContain('is no folder')
    expect(readFileSync(exporting.file, 'utf8')).toBe('there')
  })
})

describe('an export that is packed', () => {
  test('holds what it holds without', async () => {
    const standIn = await tenant()
    const plain = exportingForTest(standIn)
    const packed = exportingForTest(standIn, {}, undefined, 'out.ndjson.gz')
    expect(await plain.run('--types', 'apps,findings')).toMatchObject({ exitCode: 0 })
    const args = ['--types', 'apps,findings', '--compress', 'gzip']
    expect(await packed.run(...args)).toMatchObject({ exitCode: 0 })
    const bytes = readFileSync(join(packed.folder, 'out.ndjson.gz'))
    expect(gunzipSync(bytes).toString()).toBe(plain.text())
    expect(bytes.length).toBeLessThan(plain.text().length / 3)
  })
})
