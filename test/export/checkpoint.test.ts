import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nothingWritten, openCheckpoint, type Place } from '../../src/export/checkpoint.ts'
import {
  CheckpointLockedError,
  CheckpointUnreadableError,
} from '../../src/export/checkpoint-database.ts'
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

  test('knows nothing more of what was taken and is dropped before it is noted', () => {
    const checkpoint = checkpointForTest(join(directoryForTest(), 'record'))
    checkpoint.begin({ ...start, ...fresh })
    expect([checkpoint.take('x', 'a'), checkpoint.take('x', 'b', 'first')]).toEqual([true, true])
    checkpoint.advance({ ...start, places: new Map([['x', { offset: 1 }]]), rows: 2, bytes: 2 })
    expect([checkpoint.take('x', 'c'), checkpoint.take('x', 'd', 'first')]).toEqual([true, true])
    checkpoint.drop()
    expect(['a', 'c'].map(id => checkpoint.isWritten('x', id))).toEqual([true, false])
    expect(['b', 'd'].map(id => checkpoint.lastState('x', id))).toEqual(['first', undefined])
  })

  test('tells of what was written in each part that is not done, and where each stands', () => {
    const path = join(directoryForTest(), 'record')
    const checkpoint = openCheckpoint(path)
    checkpoint.begin({ ...start, ...fresh })
    const places = new Map([['x', { offset: 2 }]])
    expect(['a', 'b', 'a'].map(id => checkpoint.take('x', id))).toEqual([true, true, false])
    checkpoint.advance({ ...start, places, rows: 2, bytes: 20 })
    const both = new Map([...places, ['z', { offset: 1 }]] as const)
    checkpoint.take('z', 'c')
    const texts = new Map([['out', { rows: 3, bytes: 30 }]])
    checkpoint.advance({ ...start, places: both, rows: 3, bytes: 30, texts })
    checkpoint.take('z', 'never noted')
    checkpoint.close()
    const again = checkpointForTest(path)
    const known = (part: string) =>
      ['a', 'b', 'c', 'never noted'].filter(id => again.isWritten(part, id))
    expect(again.found).toEqual({ ...start, ...fresh, places: both, rows: 3, bytes: 30, texts })
    expect([known('x'), known('y'), known('z')]).toEqual([['a', 'b'], [], ['c']])
    const later = new Map<string, Place>([...both, ['x', { offset: 2, done: 1 }]])
    again.advance({ ...start, places: later, rows: 3, bytes: 30, texts })
    expect([known('x'), known('y'), known('z')]).toEqual([[], [], ['c']])
    again.begin({ ...start, ...fresh, arguments: 'other' })
    expect(known('z')).toEqual([])
    expect(again.found).toMatchObject({ places: new Map(), texts: new Map() })
  })

  test('tells in which state each thing was written last, over rounds too', () => {
    const path = join(directoryForTest(), 'record')
    const checkpoint = openCheckpoint(path)
    checkpoint.begin({ ...start, ...fresh })
    const taken = ['1', '1', '2'].map(state => checkpoint.take('x', 'a', state))
    expect(taken).toEqual([true, false, false])
    checkpoint.advance({ ...start, places: new Map([['x', { offset: 1 }]]), rows: 1 })
    // What changes while a round reads is for the next one.
    expect(checkpoint.take('x', 'a', '2')).toBe(false)
    expect(checkpoint.lastState('x', 'a')).toBe('1')
    checkpoint.advance({ ...start, places: new Map([['x', { done: 1 }]]), rows: 1 })
    checkpoint.take('x', 'b', '1')
    checkpoint.drop()
    checkpoint.turn({ ...start, ...fresh, restingSince: 7 })
    checkpoint.close()
    const again = checkpointForTest(path)
    expect(again.found).toEqual({ ...start, ...fresh, restingSince: 7 })
    expect(['1', '2'].map(state => again.isWritten('x', 'a', state))).toEqual([true, false])
    expect(again.isWritten('y', 'a', '1')).toBe(false)
    expect(again.isWritten('x', 'b', '1')).toBe(false)
    again.begin({ ...start, ...fresh })
    expect(again.isWritten('x', 'a', '1')).toBe(false)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('begins some parts anew, and knows of the others what it knew', () => {
    const path = join(directoryForTest(), 'record')
    const checkpoint = openCheckpoint(path)
    checkpoint.begin({ ...start, ...fresh, restingSince: 7 })
    for (const part of ['x', 'y']) {
      checkpoint.take(part, 'a', '1')
      checkpoint.take(part, 'b')
    }
    const places = new Map<string, Place>([
      ['x', { offset: 1 }],
      ['z', { offset: 2 }],
    ])
    checkpoint.advance({ ...start, places })
    expect([...checkpoint.parts()].sort()).toEqual(['x', 'y', 'z'])
    checkpoint.take('x', 'c', '1')
    checkpoint.forget(['x', 'never known'])
    checkpoint.close()
    const again = checkpointForTest(path)
    expect(again.found).toEqual({
      ...{ ...start, ...fresh, restingSince: 7 },
      places: new Map([['z', { offset: 2 }]]),
    })
    for (const [part, isKnown] of [
      ['x', false],
      ['y', true],
    ] as const) {
      expect(again.isWritten(part, 'a', '1')).toBe(isKnown)
      expect(again.isWritten(part, 'b')).toBe(isKnown)
    }
    expect([...again.parts()].sort()).toEqual(['y', 'z'])
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
