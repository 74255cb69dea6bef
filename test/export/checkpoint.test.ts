import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  CheckpointLockedError,
  CheckpointUnreadableError,
  nothingWritten,
  openCheckpoint,
  type Place,
} from '../../src/export/checkpoint.ts'
import { directoryForTest } from '../support/directory.ts'

const fresh = { arguments: '--types apps', beganAt: 1_000 }
const start = nothingWritten

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

  test('tells of what was written in each part that is not done, and where each stands', () => {
    const path = join(directoryForTest(), 'record')
    const checkpoint = openCheckpoint(path)
    checkpoint.begin({ ...start, ...fresh })
    const places = new Map([[0, { offset: 2 }]])
    checkpoint.advance(new Map([[0, ['a', 'b']]]), { ...start, places, rows: 2, bytes: 20 })
    const both = new Map([...places, [2, { offset: 1 }]] as const)
    checkpoint.advance(new Map([[2, ['c']]]), { ...start, places: both, rows: 3, bytes: 30 })
    checkpoint.close()
    const again = checkpointForTest(path)
    const known = (part: number) => ['a', 'b', 'c'].filter(id => again.isWritten(part, id))
    expect(again.found).toEqual({ ...start, ...fresh, places: both, rows: 3, bytes: 30 })
    expect([known(0), known(1), known(2)]).toEqual([['a', 'b'], [], ['c']])
    const later = new Map<number, Place>([...both, [0, 'done']])
    again.advance(new Map([[0, []]]), { ...start, places: later, rows: 3, bytes: 30 })
    expect([known(0), known(1), known(2)]).toEqual([[], [], ['c']])
    again.begin({ ...start, ...fresh, arguments: 'other' })
    expect(known(2)).toEqual([])
    expect(again.found?.places).toEqual(new Map())
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
