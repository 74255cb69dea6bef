import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nothingWritten } from '../../src/export/checkpoint.ts'
import { openTarget, partialOf, recordOf, type TargetOptions } from '../../src/export/target.ts'
import { directoryForTest } from '../support/directory.ts'

const fresh = { arguments: '--types apps', beganAt: 1_000 }

describe('the file of an export', () => {
  const open = (file: string, options: Partial<TargetOptions> = {}) =>
    openTarget({ file, fresh, restart: false, ...options })

  /** Writes so many bytes and breaks off. */
  const brokenOff = async (): Promise<string> => {
    const file = join(directoryForTest(), 'out.ndjson')
    const target = await open(file)
    await target.destination.write(Buffer.from('0123456789'))
    target.checkpoint.take('x', 'a')
    target.checkpoint.advance({ ...nothingWritten, rows: 1, bytes: 10 })
    await target.destination.write(Buffer.from('what nothing tells of'))
    await target.close(false)
    return file
  }

  test('is gone on with where it was broken off, without what nothing tells of', async () => {
    const file = await brokenOff()
    const target = await open(file)
    expect([target.found, target.begun.bytes]).toEqual([1, 10])
    await target.destination.write(Buffer.from('abc'))
    await target.destination.finish()
    await target.close(true)
    expect(readFileSync(file, 'utf8')).toBe('0123456789abc')
    expect([partialOf(file), recordOf(file)].map(path => existsSync(path))).toEqual([false, false])
  })

  test('begins anew where it is asked to, or where what was exported is gone', async () => {
    for (const options of [{ restart: true }, { isFleeting: true }]) {
      const file = await brokenOff()
      const target = await open(file, options)
      expect([target.found, target.begun.bytes]).toEqual([0, 0])
      expect(target.checkpoint.isWritten('x', 'a')).toBe(false)
      await target.destination.write(Buffer.from('abc'))
      await target.close(false)
      expect(readFileSync(partialOf(file), 'utf8')).toBe('abc')
    }
  })

  test('is not gone on with by an export that asks for something else', async () => {
    const file = await brokenOff()
    const other = { fresh: { ...fresh, arguments: '--types accounts' } }
    await expect(open(file, other)).rejects.toThrow('--types apps')
    expect(readFileSync(partialOf(file), 'utf8')).toMatch(/^0123456789/)
    await (await open(file, { ...other, restart: true })).close(false)
  })

  test('is not gone on with where what was written is not there any more', async () => {
    for (const left of ['012345678', '']) {
      const file = await brokenOff()
      writeFileSync(partialOf(file), left)
      await expect(open(file)).rejects.toThrow('is not as the export left it')
    }
  })

  test('is not written over where nothing tells of which export it is', async () => {
    const file = join(directoryForTest(), 'out.ndjson')
    writeFileSync(partialOf(file), 'mine')
    await expect(open(file)).rejects.toThrow('nothing tells of which export')
    expect(readFileSync(partialOf(file), 'utf8')).toBe('mine')
  })

  test('is written by one process at a time', async () => {
    const file = join(directoryForTest(), 'out.ndjson')
    const target = await open(file)
    await expect(open(file)).rejects.toThrow('Another export')
    await target.close(false)
  })
})
