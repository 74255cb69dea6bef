/** Exports to a folder of Parquet files: read again by another program's reader, and gone on with whatever they die at. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetMetadataAsync } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import { lakeColumn, type LakeColumn } from '../../../src/export/parquet/lake-column.ts'
import type { ParquetFolder } from '../../../src/export/parquet/folder.ts'
import { createFileMaker } from '../../../src/export/parquet/file.ts'
import { parquetTo } from '../../../src/export/parquet/parquet-writer.ts'
import { openFolderTarget, partialOf, recordOf } from '../../../src/export/target.ts'
import { type CheckpointFile, isDone } from '../../../src/export/checkpoint.ts'
import { partKey } from '../../../src/export/part.ts'
import { directoryForTest } from '../../support/directory.ts'
import { filesBelow, parquetBuffer, parquetRows, readParquetFolder } from '../../support/parquet.ts'

const never = (path: string): void => {
  throw new Error(`${path} does not fit`)
}

const columns: readonly LakeColumn[] = [
  lakeColumn('text', 'text'),
  lakeColumn('flag', 'boolean'),
  lakeColumn('int', 'int'),
  lakeColumn('long', 'long'),
  lakeColumn('at', 'moment'),
  lakeColumn('any', 'json'),
  lakeColumn('words', 'text', true),
  lakeColumn('group', [
    lakeColumn('text', 'text'),
    lakeColumn('deeper', [lakeColumn('long', 'long'), lakeColumn('words', 'text', true)]),
  ]),
  lakeColumn(
    'groups',
    [
      lakeColumn('text', 'text'),
      lakeColumn('int', 'int', true),
      lakeColumn('inner', [lakeColumn('flag', 'boolean')], true),
    ],
    true,
  ),
]

/** What a reader of the file has of a value: nulls where nothing is, numbers of 64 bits, moments as such. */
const expected = (of: LakeColumn['of'], isList: boolean, value: unknown): unknown => {
  if (value === undefined || value === null) return null
  if (isList) return (value as unknown[]).map(each => expected(of, false, each))
  if (typeof of !== 'string')
    return Object.fromEntries(
      of.map(inner => [
        inner.name,
        expected(inner.of, inner.isList, (value as Record<string, unknown>)[inner.name]),
      ]),
    )
  if (of === 'long') return BigInt(value as number)
  if (of === 'moment') return new Date(value as string)
  if (of === 'json') return JSON.stringify(value)
  return value
}

const optional = <Value>(of: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined | null> =>
  fc.oneof({ weight: 4, arbitrary: of }, fc.constantFrom(undefined, null))

const long = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const rows = fc.array(
  fc.record({
    text: optional(text),
    flag: optional(fc.boolean()),
    int: optional(int),
    long: optional(long),
    at: optional(fc.date({ noInvalidDate: true }).map(date => date.toISOString())),
    any: optional(fc.oneof(text, long, fc.dictionary(text, text), fc.array(fc.boolean()))),
    words: optional(fc.array(optional(text), { maxLength: 3 })),
    group: optional(
      fc.record({
        text: optional(text),
        deeper: optional(fc.record({ long: optional(long), words: optional(fc.array(text)) })),
      }),
    ),
    groups: optional(
      fc.array(
        optional(
          fc.record({
            text: optional(text),
            int: optional(fc.array(optional(int), { maxLength: 3 })),
            inner: optional(
              fc.array(fc.record({ flag: optional(fc.boolean()) }), { maxLength: 2 }),
            ),
          }),
        ),
        { maxLength: 3 },
      ),
    ),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('a Parquet file', () => {
  test('gives back what was written, whatever is missing at whatever depth', async () => {
    // One for all of them, as an export has it, with several groups in most.
    const makeFile = createFileMaker(400)
    await fc.assert(
      fc.asyncProperty(rows, async written => {
        const texts = written.map(row => JSON.stringify(row))
        const file = await makeFile(columns, texts, never)
        const whole = columns.map(({ name, of, isList }) => ({ name, of, isList }))
        expect(await parquetRows(file)).toEqual(
          written.map(row =>
            Object.fromEntries(
              whole.map(({ name, of, isList }) => [
                name,
                expected(
                  of,
                  isList,
                  (JSON.parse(JSON.stringify(row)) as Record<string, unknown>)[name],
                ),
              ]),
            ),
          ),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('has groups of rows of a bounded size, and says how it is compressed', async () => {
    const texts = Array.from({ length: 45 }, (_, index) => JSON.stringify({ int: index + 10 }))
    const makeFile = createFileMaker(20 * '{"int":10}'.length)
    const file = await makeFile([lakeColumn('int', 'int')], texts, never)
    const { row_groups: groups } = await parquetMetadataAsync(parquetBuffer(file))
    expect(groups.map(of => Number(of.num_rows))).toEqual([20, 20, 5])
    expect(groups[0]?.columns[0]?.meta_data?.codec).toBe('ZSTD')
    expect((await parquetRows(file)).map(row => row['int'])).toEqual(
      texts.map((_, int) => int + 10),
    )
  })

  test('has groups of four megabytes of JSON where nobody says otherwise', async () => {
    const texts = Array.from({ length: 5 }, () => JSON.stringify({ text: 'x'.repeat(2 ** 20) }))
    const file = await createFileMaker()([lakeColumn('text', 'text')], texts, never)
    const { row_groups: groups } = await parquetMetadataAsync(parquetBuffer(file))
    expect(groups.map(of => Number(of.num_rows))).toEqual([4, 1])
  })

  test('has pages of a megabyte at most, however short its texts are', async () => {
    const texts = Array.from({ length: 200_000 }, (_, index) =>
      JSON.stringify({ text: (index + 46_656).toString(36) }),
    )
    const file = await createFileMaker()([lakeColumn('text', 'text')], texts, never)
    const { row_groups: groups } = await parquetMetadataAsync(parquetBuffer(file))
    const { total_uncompressed_size: bytes = 0n, encoding_stats: stats = [] } =
      groups[0]?.columns[0]?.meta_data ?? {}
    const pages = stats.find(({ page_type: type }) => type === 'DATA_PAGE_V2')?.count ?? NaN
    expect(groups).toHaveLength(1)
    // Four letters, and their number as four bytes.
    expect(Number(bytes)).toBeGreaterThan(200_000 * 8)
    // They are of one size.
    expect(Number(bytes) / pages).toBeLessThan(2 ** 20)
    expect((await parquetRows(file)).map(row => JSON.stringify(row))).toEqual(texts)
  })

  test('leaves out what has no place in its column, and says where', async () => {
    const misfits: string[] = []
    const row = {
      text: 7,
      flag: 'yes',
      int: 2 ** 31,
      long: 0.5,
      at: 'yesterday',
      words: ['a', 1],
      group: 'none',
      groups: [{ text: false }, { int: 3 }, ['no group']],
    }
    const file = await createFileMaker()(columns, [JSON.stringify(row)], path => misfits.push(path))
    expect(misfits).toEqual([
      'text',
      'flag',
      'int',
      'long',
      'at',
      'words',
      'group',
      'groups.text',
      'groups.int',
      'groups',
    ])
    const [found] = await parquetRows(file)
    expect(found).toMatchObject({
      text: null,
      words: ['a', null],
      groups: [{ text: null }, { int: null }, null],
    })
  })
})

class Death extends Error {}

interface Fate {
  readonly step: number
  /** What it dies at is done. */
  readonly isDone: boolean
}

const fated = ({ step, isDone }: Fate) => {
  let left = step
  const orDie = async (run: () => Promise<void> | void): Promise<void> => {
    left -= 1
    if (left !== 0) return run()
    if (isDone) await run()
    throw new Death()
  }
  return {
    folder: (of: ParquetFolder): ParquetFolder => ({
      ...of,
      write: (...file) => orDie(() => of.write(...file)),
      finish: () => orDie(() => of.finish()),
    }),
    checkpoint: (of: CheckpointFile): CheckpointFile => ({
      ...of,
      get found() {
        return of.found
      },
      advance: (...noted) => {
        left -= 1
        if (left !== 0) {
          of.advance(...noted)
          return
        }
        if (isDone) of.advance(...noted)
        throw new Death()
      },
    }),
  }
}

const parts = [
  { connector: 'acme', type: 'apps' },
  { connector: 'acme', type: 'accounts' },
]
const PER_PART = 30
const BATCH = 7

/** One life of an export of numbers in both parts, in three folders; true where it came to its end. */
const live = async (out: string, fate: Fate, mostHeld: number): Promise<boolean> => {
  const target = await openFolderTarget({
    file: out,
    fresh: { arguments: '', beganAt: 1_000 },
    restart: false,
  })
  const { folder, checkpoint } = fated(fate)
  try {
    const writer = parquetTo(
      folder(target.destination),
      checkpoint(target.checkpoint),
      ({ type }, value) => ({
        folder: `${type}/third=${(value as { n: number }).n % 3}`,
        columns: [lakeColumn('n', 'int')],
        order: -(value as { n: number }).n,
      }),
      never,
      mostHeld,
    )
    for (const part of parts) {
      const place = writer.stand.places.get(partKey(part))
      if (isDone(place)) continue
      const from = (place as { from: number } | undefined)?.from ?? 0
      for (let n = from; n < PER_PART; n += BATCH) {
        // What was written may come again from where a part goes on.
        const first = Math.max(0, n - 3)
        const numbers = Array.from(
          { length: Math.min(n + BATCH, PER_PART) - first },
          (_, i) => first + i,
        )
        await writer.write(part as never, {
          items: numbers.map(of => ({ id: `${of}`, value: { n: of } })),
          met: numbers.length,
          position: { from: n + BATCH },
        })
      }
      await writer.done(part as never)
    }
    await writer.finish()
    await target.close(true)
    return true
  } catch (error) {
    if (!(error instanceof Death)) throw error
    await target.close(false)
    return false
  }
}

describe('an export to a folder', () => {
  test('has each thing once whichever steps it dies at', async () => {
    let tries = 0
    const folder = directoryForTest()
    await fc.assert(
      fc.asyncProperty(
        // Batches may come in another order each time: what one life wrote is not what the next one writes.
        fc.array(
          fc.record({
            step: fc.integer({ min: 1, max: 12 }),
            isDone: fc.boolean(),
            mostHeld: fc.integer({ min: 1, max: 400 }),
          }),
          { maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 400 }),
        async (fates, mostHeld) => {
          tries += 1
          const out = join(folder, `${tries}`)
          let isWhole = false
          for (const fate of [...fates, { step: 0, isDone: false, mostHeld }])
            isWhole ||= await live(out, fate, fate.mostHeld)
          expect([existsSync(partialOf(out)), existsSync(recordOf(out))]).toEqual([false, false])
          const found: Record<string, number[]> = {}
          for (const [file, rows] of await readParquetFolder(out)) {
            const [type, third] = file.split('/') as [string, string]
            const numbers = rows.map(row => row['n'] as number)
            expect(new Set(numbers.map(n => `third=${n % 3}`))).toEqual(new Set([third]))
            expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
            ;(found[type] ??= []).push(...numbers)
          }
          const all = Array.from({ length: PER_PART }, (_, n) => n)
          for (const numbers of Object.values(found)) numbers.sort((a, b) => a - b)
          expect(found).toEqual({ accounts: all, apps: all })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is not gone on with where a file that was noted is gone, and not begun where something stands', async () => {
    const folder = directoryForTest()
    const out = join(folder, 'lake')
    expect(await live(out, { step: 6, isDone: true }, 1)).toBe(false)
    const [first] = filesBelow(partialOf(out))
    rmSync(join(partialOf(out), first ?? ''))
    await expect(live(out, { step: 0, isDone: false }, 1)).rejects.toThrow(
      'is not as the export left it',
    )
    const other = join(folder, 'other')
    expect(await live(other, { step: 0, isDone: false }, 1)).toBe(true)
    await expect(live(other, { step: 0, isDone: false }, 1)).rejects.toThrow(
      'is there, and not empty. Move it away, or give another --out.',
    )
  })
})
