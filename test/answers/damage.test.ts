import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnswersFileError } from '../../src/answers/answers-file.ts'
import { directoryForTest } from '../support/directory.ts'
import { hasDisks, mountForTest, remount } from '../support/disks.ts'
import { runsOr } from '../support/runs.ts'
import { noise } from './noise.ts'
import { answerOf, NOW, questionOf, tasksForTest, type TasksForTest } from './tasks-for-test.ts'

const question = questionOf('/a')
const answer = answerOf('the answer')

const put = ({ tasks }: TasksForTest): void => {
  tasks.put(question, 'c', answer, NOW)
}
const find = ({ tasks }: TasksForTest): string => {
  const claimed = tasks.claim(question, 0, 1, NOW)
  if (claimed.kind === 'mine') tasks.leave(question, 1)
  return claimed.kind
}

const bodies = Array.from({ length: 12 }, (_, n) => noise(3_000, n + 1))

/** A file with some answers, closed in order. */
const filledFile = (): string => {
  const process = tasksForTest()
  put(process)
  for (const [n, body] of bodies.entries())
    process.tasks.put(questionOf(`/${n}`), 'c', answerOf(body), NOW)
  process.close()
  return process.path
}

describe('a damaged file', () => {
  it.each([
    ['no database', () => 'no database, but longer than a header is'.repeat(100)],
    ['empty', () => ''],
    ['cut', (bytes: Buffer) => bytes.subarray(0, 20_000)],
    ['cut within its header', (bytes: Buffer) => bytes.subarray(0, 50)],
    ['full of zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['of broken pages', (bytes: Buffer) => Buffer.from(bytes).fill(0xab, 8_192)],
  ])('is begun anew: %s', (_, damage) => {
    const path = filledFile()
    writeFileSync(path, damage(readFileSync(path)))
    const process = tasksForTest({ path })
    expect(find(process)).toBe('mine')
    put(process)
    expect(find(process)).toBe('found')
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
  })

  it('never gives a wrong answer, whichever of its bytes are changed', () => {
    const path = filledFile()
    const right = readFileSync(path)
    const change = fc.record({
      at: fc.nat(right.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), changes => {
        const bytes = Buffer.from(right)
        for (const each of changes)
          bytes.set(each.bytes.subarray(0, bytes.length - each.at), each.at)
        for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
        writeFileSync(path, bytes)
        const process = openOrNothing(path)
        if (process === undefined) return
        for (const [n, body] of bodies.entries()) {
          const claimed = process.tasks.claim(questionOf(`/${n}`), 0, 1, NOW)
          if (claimed.kind === 'found') expect(claimed.answer).toEqual(answerOf(body))
        }
        // Who finds none asks, and keeps what it gets.
        if (find(process) === 'mine') put(process)
        expect(find(process)).toBe('found')
        process.close()
      }),
      { numRuns: runsOr(40) },
    )
  })

  /** A header that says it is another program's file, or of another version, is believed. */
  const openOrNothing = (path: string): TasksForTest | undefined => {
    try {
      return tasksForTest({ path })
    } catch (error) {
      expect(error).toBeInstanceOf(AnswersFileError)
      return undefined
    }
  }

  it('is begun anew where that is met later, and said once', () => {
    const path = filledFile()
    const process = tasksForTest({ path })
    expect([find(process), process.notes()]).toEqual(['found', []])
    // As a failing disk does it, below SQLite's feet.
    const bytes = readFileSync(path)
    writeFileSync(path, Buffer.from(bytes).fill(0xab, 100))
    const other = new DatabaseSync(path)
    onTestFinished(() => {
      other.close()
    })
    process.tasks.forgetText('x', 0)
    put(process)
    expect(find(process)).toBe('found')
    expect(process.notes().filter(note => note === 'damaged').length).toBeLessThanOrEqual(1)
  })
})

describe('a file that is not in its place any more', () => {
  it.each([
    ['removed', (path: string) => rmSync(path)],
    [
      'removed with its log',
      (path: string) => {
        for (const end of ['', '-wal', '-shm']) rmSync(path + end)
      },
    ],
    ['removed with its folder', (path: string) => rmSync(dirname(path), { recursive: true })],
    [
      'replaced by a copy',
      (path: string) => {
        copyFileSync(path, `${path}.copy`)
        renameSync(`${path}.copy`, path)
      },
    ],
    ['without its log', (path: string) => rmSync(`${path}-wal`)],
  ])('is begun anew, so that others find what is kept from then on: %s', (_, lose) => {
    const process = tasksForTest()
    put(process)
    lose(process.path)
    process.tasks.put(questionOf('/b'), 'c', answer, NOW)
    expect(process.notes()).toEqual(['lost'])
    const other = tasksForTest({ path: process.path })
    expect(other.tasks.claim(questionOf('/b'), 0, 1, NOW).kind).toBe('found')
    expect(other.tasks.claim(questionOf('/c'), 0, 1, NOW).kind).toBe('mine')
    expect(process.tasks.claim(questionOf('/c'), 0, 1, NOW).kind).toBe('asked')
    expect(process.notes()).toEqual([])
  })

  it('is noticed before a question is claimed', () => {
    const process = tasksForTest()
    rmSync(process.path)
    expect(process.tasks.claim(question, 0, 1, NOW).kind).toBe('mine')
    expect(tasksForTest({ path: process.path }).tasks.claim(question, 0, 1, NOW).kind).toBe('asked')
  })
})

describe('a file that cannot be used', () => {
  it('since it is of a newer version is left as it is, to the last byte', () => {
    const path = filledFile()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 2')
    database.close()
    const before = readFileSync(path)
    expect(() => tasksForTest({ path })).toThrow('was written by a newer version of Pushgraph')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('since a newer version took it over while it was open is used no more', () => {
    const process = tasksForTest()
    put(process)
    const newer = new DatabaseSync(process.path)
    onTestFinished(() => {
      newer.close()
    })
    newer.exec('PRAGMA user_version = 2; ALTER TABLE answer ADD COLUMN more TEXT')
    for (const use of [put, find])
      expect(() => use(process)).toThrow('was written by a newer version of Pushgraph')
    expect(newer.prepare('SELECT count(*) AS n FROM answer').get()).toEqual({ n: 1 })
  })

  it('since it is another program’s is left as it is', () => {
    const path = join(directoryForTest(), 'answers.db')
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE theirs (x)')
    database.close()
    const before = readFileSync(path)
    expect(() => tasksForTest({ path })).toThrow('is not a file of kept answers of Pushgraph')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.each([
    ['a folder stands in its place', (path: string) => mkdirSync(path, { recursive: true })],
    [
      'a file stands in the place of its folder',
      (path: string) => writeFileSync(dirname(path), ''),
    ],
  ])('says so: %s', (_, spoil) => {
    const path = join(directoryForTest(), 'data', 'answers.db')
    spoil(path)
    expect(() => tasksForTest({ path })).toThrow('answers.db cannot be opened')
  })
})

if (!hasDisks)
  console.info('No disk can be mounted here: one that is full or read-only is not tried.')

describe.skipIf(!hasDisks)('a disk', () => {
  const diskForTest = (kib: number): string => {
    const path = directoryForTest()
    mountForTest(path, kib)
    return path
  }

  it('that is full keeps what is there, and more again when there is room', () => {
    const disk = diskForTest(512)
    const process = tasksForTest({ path: join(disk, 'answers.db') })
    put(process)
    const fill = (): void => {
      for (let n = 0; n < 30; n += 1)
        process.tasks.put(questionOf(`/${n}`), 'c', answerOf(noise(60_000, n + 1)), NOW)
    }
    expect(fill).toThrow(/full|disk I\/O/)
    expect(find(process)).toBe('found')
    remount(disk, 'size=16384k')
    fill()
    expect(process.tasks.claim(questionOf('/29'), 0, 1, NOW).kind).toBe('found')
    expect(process.notes()).toEqual([])
  })

  it('that is read-only cannot be used, and harms nothing', () => {
    const disk = diskForTest(4_096)
    const path = join(disk, 'answers.db')
    const process = tasksForTest({ path })
    put(process)
    process.close()
    remount(disk, 'ro')
    expect(() => tasksForTest({ path })).toThrow('answers.db cannot be opened')
    remount(disk, 'rw')
    expect(find(tasksForTest({ path }))).toBe('found')
  })
})
