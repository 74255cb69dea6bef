import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  CheckpointLockedError,
  CheckpointUnreadableError,
  openCheckpoint,
} from '../../src/export/checkpoint.ts'
import { directoryForTest } from '../support/directory.ts'

const fresh = { arguments: '--types apps', beganAt: 1_000 }
const start = { parts: 0, position: undefined, rows: 0, bytes: 0, whole: false }

const checkpointForTest = (path: string) => {
  const checkpoint = openCheckpoint(path)
  onTestFinished(() => {
    checkpoint.close()
  })
  return checkpoint
}

describe('the checkpoint of an export', () => {
  test('is of one process at a time', () => {
    const path = join(directoryForTest(), 'record')
    const first = openCheckpoint(path)
    const refusal = expect.objectContaining({
      constructor: CheckpointLockedError,
      message: 'Another process writes it',
    }) as Error
    expect(() => openCheckpoint(path)).toThrow(refusal)
    first.begin({ ...start, ...fresh })
    expect(() => openCheckpoint(path)).toThrow(refusal)
    first.close()
    expect(checkpointForTest(path).found).toEqual({ ...start, ...fresh })
  })

  test('tells of what was written in the part that the export is in, and of no other', () => {
    const path = join(directoryForTest(), 'record')
    const checkpoint = openCheckpoint(path)
    checkpoint.begin({ ...start, ...fresh })
    checkpoint.advance(['a', 'b'], { ...start, rows: 2, bytes: 20 })
    checkpoint.close()
    const again = checkpointForTest(path)
    const known = (part: number) => ['a', 'b', 'c'].filter(id => again.isWritten(part, id))
    expect([known(0), known(1)]).toEqual([['a', 'b'], []])
    again.advance([], { ...start, parts: 1, rows: 2, bytes: 20 })
    expect([known(0), known(1)]).toEqual([[], []])
    again.begin({ ...start, ...fresh, arguments: 'other' })
    expect(known(0)).toEqual([])
  })

  test("that is somebody else's is left as it is", () => {
    const path = join(directoryForTest(), 'record')
    writeFileSync(path, 'no database, but longer than a header would be'.repeat(100))
    const before = readFileSync(path)
    expect(() => openCheckpoint(path)).toThrow(
      expect.objectContaining({
        constructor: CheckpointUnreadableError,
        message: 'It is no database, or a damaged one',
      }),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})
