/** An export that dies between any two of its steps, and is gone on with. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCollectionPart } from '../../src/export/collection-part.ts'
import type { Destination } from '../../src/export/destination.ts'
import { ConnectorsFailedError, runExport } from '../../src/export/export.ts'
import type { CheckpointFile } from '../../src/export/checkpoint.ts'
import { type ExportPart, IncompleteListError } from '../../src/export/part.ts'
import { openTarget, partialOf, recordOf, TargetError } from '../../src/export/target.ts'
import { linesTo, type TextForm } from '../../src/export/writer.ts'
import { GatewayError } from '../../src/errors.ts'
import { systemClock } from '../../src/model/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { createFakeSource } from '../support/fake-source.ts'
import { rowOf } from '../support/rows.ts'

/** Nobody ends the export, and nobody hears how it goes. */
const unheard = {
  signal: new AbortController().signal,
  onRequest: () => undefined,
  onLoss: () => undefined,
  onStand: () => undefined,
}

const names = ['employees', 'accounts', 'apps'] as const

/** Three lists of each connector; some ids stand in several of them, as they may. */
const partsOf = (connectors: readonly string[]): ExportPart[] => connectors.flatMap(listsOf)

const listsOf = (connector: string): ExportPart[] =>
  names.map((name, index) =>
    createCollectionPart({
      connector,
      name,
      source: createFakeSource({
        rows: Array.from({ length: 7 * index + 5 }, (_, id) =>
          rowOf(name, { id: `${id}`, email: `ä${id}` }),
        ),
        pageSize: 4,
        width: 2,
        offset: 'works',
      }),
      width: () => 2,
      range: { since: undefined, until: undefined },
      retry: ask => ask(),
      clock: systemClock,
      toValue: row => ({ connector, name, ...row }),
    }),
  )

class Death extends Error {}

/** Dies at the step of that number: before it, or (`half`) in the midst of it. */
interface Fate {
  readonly step: number
  readonly half: boolean
}

const fated = ({
  step,
  half,
}: Fate): {
  destination: (of: Destination, file: string, at: () => number) => Destination
  checkpoint: (of: CheckpointFile) => CheckpointFile
} => {
  let left = step
  const dies = (): boolean => {
    left -= 1
    return left === 0
  }
  return {
    destination: (of, file, at) => ({
      ...of,
      write: async bytes => {
        if (dies()) {
          if (half)
            writeFileSync(
              partialOf(file),
              Buffer.concat([
                readFileSync(partialOf(file)).subarray(0, at()),
                // Half of it, and what the disk held there before.
                bytes.subarray(0, 7),
                Buffer.alloc(10_000, 'x'),
              ]),
            )
          throw new Death()
        }
        await of.write(bytes)
      },
      finish: async () => {
        if (dies()) {
          if (half) await of.finish()
          throw new Death()
        }
        await of.finish()
      },
    }),
    checkpoint: of => ({
      ...of,
      get found() {
        return of.found
      },
      advance: stand => {
        if (dies()) {
          if (half) of.advance(stand)
          throw new Death()
        }
        of.advance(stand)
      },
      end: stand => {
        if (dies()) {
          if (half) of.end(stand)
          throw new Death()
        }
        of.end(stand)
      },
    }),
  }
}

/** One life of an export; true where it came to its end. */
const live = async (
  file: string,
  form: TextForm,
  fate: Fate,
  connectors: readonly string[] = ['default'],
): Promise<boolean> => {
  const target = await openTarget({
    file,
    fresh: { arguments: JSON.stringify(form), beganAt: 1 },
    restart: false,
  })
  const { destination, checkpoint } = fated(fate)
  try {
    await runExport({
      parts: partsOf(connectors),
      writer: linesTo(
        destination(target.destination, file, () => target.checkpoint.found?.bytes ?? 0),
        form,
        checkpoint(target.checkpoint),
      ),
      ...unheard,
    })
    await target.close(true)
    return true
  } catch (error) {
    if (!(error instanceof Death)) throw error
    await target.close(false)
    return false
  }
}

const never: Fate = { step: Infinity, half: false }

const unpackers = {
  none: (bytes: Buffer): Buffer => bytes,
  gzip: (bytes: Buffer): Buffer => gunzipSync(bytes),
  zstd: (bytes: Buffer): Buffer => {
    const frames: Buffer[] = []
    // Node reads one frame at a time, where others read all that stand behind one another.
    for (let rest = bytes; rest.length > 0;) {
      const { buffer, engine } = zstdDecompressSync(rest, { info: true }) as unknown as {
        readonly buffer: Buffer
        readonly engine: { readonly bytesWritten: number }
      }
      frames.push(buffer)
      rest = rest.subarray(engine.bytesWritten)
    }
    return Buffer.concat(frames)
  },
}

describe('an export', () => {
  test.each<[string, TextForm]>([
    ['ndjson', { format: 'ndjson' }],
    ['json', { format: 'json' }],
    ['ndjson that is packed by gzip', { format: 'ndjson', compression: 'gzip' }],
    ['json that is packed by zstd', { format: 'json', compression: 'zstd' }],
  ])('has each object once whichever steps it dies at, as %s', async (_, form) => {
    const folder = mkdtempSync(join(tmpdir(), 'pushgraph-export-'))
    try {
      const whole = join(folder, 'whole')
      expect(await live(whole, form, never)).toBe(true)
      const bytes = readFileSync(whole)
      const text = unpackers[form.compression ?? 'none'](bytes).toString()
      const objects = (
        form.format === 'json'
          ? JSON.parse(text)
          : text
              .trimEnd()
              .split('\n')
              .map(line => JSON.parse(line) as unknown)
      ) as unknown[]
      expect(objects).toHaveLength(5 + 12 + 19)
      let tries = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ step: fc.integer({ min: 1, max: 40 }), half: fc.boolean() }), {
            maxLength: 4,
          }),
          async fates => {
            tries += 1
            const file = join(folder, `broken-${tries}`)
            let isWhole = false
            for (const fate of [...fates, never]) isWhole ||= await live(file, form, fate)
            expect(readFileSync(file).equals(bytes)).toBe(true)
            expect(existsSync(recordOf(file))).toBe(false)
            expect(existsSync(partialOf(file))).toBe(false)
          },
        ),
        { numRuns: 40 },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('of several connectors has each object once whichever steps it dies at', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pushgraph-export-'))
    const connectors = ['one', 'two', 'three']
    const lines = (file: string): string[] =>
      readFileSync(file, 'utf8').trimEnd().split('\n').sort()
    try {
      const whole = join(folder, 'whole')
      expect(await live(whole, { format: 'ndjson' }, never, connectors)).toBe(true)
      expect(new Set(lines(whole)).size).toBe(3 * (5 + 12 + 19))
      let tries = 0
      const fates = fc.array(
        fc.record({ step: fc.integer({ min: 1, max: 90 }), half: fc.boolean() }),
        { maxLength: 4 },
      )
      await fc.assert(
        fc.asyncProperty(fates, async given => {
          tries += 1
          const file = join(folder, `broken-${tries}`)
          let isWhole = false
          for (const fate of [...given, never])
            isWhole ||= await live(file, { format: 'ndjson' }, fate, connectors)
          expect(lines(file)).toEqual(lines(whole))
        }),
        { numRuns: 20 },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('writes what all connectors but the dead ones have, names those, and goes on with them', async () => {
    const file = join(directoryForTest(), 'out')
    const dead = new Set(['one', 'three'])
    const read: string[] = []
    const part = (connector: string, type: string): ExportPart => ({
      connector,
      type,
      expected: () => undefined,
      read: async function* () {
        await Promise.resolve()
        if (type === 'apps' && dead.has(connector))
          throw new GatewayError('UPSTREAM_UNAVAILABLE', `${connector} is down`)
        read.push(`${connector} ${type}`)
        yield { items: [{ id: 'a', value: { connector, type } }], met: 1, position: {} }
      },
    })
    const attempt = async (): Promise<unknown> => {
      const target = await openTarget({
        file,
        fresh: { arguments: '', beganAt: 1 },
        restart: false,
      })
      const failure = await runExport({
        parts: ['one', 'two', 'three'].flatMap(connector => [
          part(connector, 'employees'),
          part(connector, 'apps'),
        ]),
        writer: linesTo(target.destination, { format: 'json' }, target.checkpoint),
        ...unheard,
      }).then(
        () => undefined,
        (error: unknown) => error,
      )
      await target.close(failure === undefined)
      return failure
    }
    const failed = (await attempt()) as ConnectorsFailedError
    expect(failed).toBeInstanceOf(ConnectorsFailedError)
    expect(
      failed.failures.map(({ part: { connector, type }, failure }) => [
        connector,
        type,
        failure.message,
      ]),
    ).toEqual([
      ['one', 'apps', 'one is down'],
      ['three', 'apps', 'three is down'],
    ])
    expect(read.toSorted()).toEqual([
      'one employees',
      'three employees',
      'two apps',
      'two employees',
    ])
    expect(existsSync(file)).toBe(false)

    read.length = 0
    dead.delete('one')
    expect(await attempt()).toMatchObject({ failures: [{ part: { connector: 'three' } }] })
    dead.clear()
    expect(await attempt()).toBeUndefined()
    expect(read).toEqual(['one apps', 'three apps'])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(6)
  })

  test('writes the lists behind one that is cut off, and says that it is, each time', async () => {
    const file = join(directoryForTest(), 'out')
    const part = (type: string): ExportPart => ({
      connector: 'one',
      type,
      expected: () => undefined,
      read: async function* () {
        await Promise.resolve()
        yield { items: [{ id: type, value: { type } }], met: 1, position: {} }
        if (type === 'employees') throw new IncompleteListError('There are more')
      },
    })
    for (let n = 0; n < 2; n += 1) {
      const target = await openTarget({
        file,
        fresh: { arguments: '', beganAt: 1 },
        restart: false,
      })
      const running = runExport({
        parts: [part('employees'), part('apps')],
        writer: linesTo(target.destination, { format: 'ndjson' }, target.checkpoint),
        ...unheard,
      })
      await expect(running).rejects.toMatchObject({
        failures: [{ part: { type: 'employees' }, failure: { message: 'There are more' } }],
      })
      expect(target.checkpoint.found?.rows).toBe(2)
      await target.close(false)
    }
  })

  test('that is interrupted notes what its writer holds, and nothing more', async () => {
    const file = join(directoryForTest(), 'out')
    const target = await openTarget({ file, fresh: { arguments: '', beganAt: 1 }, restart: false })
    const stop = new AbortController()
    const part: ExportPart = {
      connector: 'one',
      type: 'apps',
      expected: () => undefined,
      read: async function* () {
        await Promise.resolve()
        yield { items: [{ id: 'a', value: {} }], met: 1, position: {} }
        stop.abort(new Death())
        yield { items: [{ id: 'b', value: {} }], met: 1, position: {} }
      },
    }
    const writer = linesTo(target.destination, { format: 'ndjson' }, target.checkpoint)
    const flushedAt: number[] = []
    const flush = (): Promise<void> => {
      flushedAt.push(writer.stand.rows)
      return writer.flush()
    }
    const watched = { ...writer, flush, stand: writer.stand }
    await expect(
      runExport({ ...unheard, parts: [part], writer: watched, signal: stop.signal }),
    ).rejects.toBeInstanceOf(Death)
    expect(flushedAt).toEqual([1])
    await target.close(false)
  })

  test('holds nothing twice that a part gives twice', async () => {
    const file = join(directoryForTest(), 'out')
    const repeating = (type: string): ExportPart => ({
      connector: 'default',
      type,
      expected: () => undefined,
      read: async function* () {
        for (const ids of [['a', 'b', 'a'], ['b', 'c'], []]) {
          await Promise.resolve()
          yield { items: ids.map(id => ({ id, value: { id } })), met: ids.length, position: {} }
        }
      },
    })
    const target = await openTarget({ file, fresh: { arguments: '', beganAt: 1 }, restart: false })
    const stand = await runExport({
      parts: [repeating('apps'), repeating('accounts')],
      writer: linesTo(target.destination, { format: 'ndjson' }, target.checkpoint),
      ...unheard,
    })
    await target.close(true)
    const each = '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n'
    expect(readFileSync(file, 'utf8')).toBe(each + each)
    expect(stand).toMatchObject({ rows: 6, bytes: 2 * each.length, whole: true })
  })

  test('is not gone on with where its lines have gone', async () => {
    const file = join(directoryForTest(), 'out')
    expect(await live(file, { format: 'ndjson' }, { step: 6, half: false })).toBe(false)
    writeFileSync(partialOf(file), 'short')
    await expect(live(file, { format: 'ndjson' }, never)).rejects.toMatchObject({
      constructor: TargetError,
      message: expect.stringMatching(/is not as the export left it\. .*--restart/) as string,
    })
  })
})
