import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { noise } from './noise.ts'
import {
  answerOf,
  NOW,
  questionOf,
  sparing,
  tasksForTest,
  type TasksForTest,
} from './tasks-for-test.ts'

const isKept = ({ tasks }: TasksForTest, path: string): boolean => {
  const isFound = tasks.claim(questionOf(path), 0, 1, NOW).kind === 'found'
  if (!isFound) tasks.leave(questionOf(path), 1)
  return isFound
}

const COUNT = 20
const PAGE_BYTES = 8_192
const names = Array.from({ length: COUNT }, (_, n) => `/${n}`)

/** So many answers of some pages each, the oldest first. */
const fill = (process: TasksForTest): void => {
  for (const [n, name] of names.entries())
    process.tasks.put(questionOf(name), 'c', answerOf(noise(30_000, n + 1), NOW - COUNT + n), NOW)
}

describe('more than may be kept', () => {
  it('is not there as long as the file fits exactly; the oldest goes for one byte more', () => {
    const free = tasksForTest()
    fill(free)
    free.close()
    const size = statSync(free.path).size

    const full = tasksForTest({ maxBytes: size })
    fill(full)
    expect(names.filter(name => !isKept(full, name))).toEqual([])

    const over = tasksForTest({ maxBytes: size - 1 })
    fill(over)
    expect(names.filter(name => !isKept(over, name))).toEqual(['/0'])
  })

  it('goes, the oldest first, whatever came first', () => {
    const process = tasksForTest({ maxBytes: 40 * PAGE_BYTES })
    fill(process)
    process.tasks.put(questionOf('/old'), 'c', answerOf(noise(30_000), NOW - COUNT - 1), NOW)
    expect(isKept(process, '/old')).toBe(false)
    const kept = names.filter(name => isKept(process, name))
    expect(kept).toEqual(names.slice(-kept.length))
    expect(kept.length).toBeGreaterThan(4)
    process.close()
    expect(statSync(process.path).size).toBeLessThanOrEqual(40 * PAGE_BYTES + 16 * PAGE_BYTES)
  })

  it('goes step by step where less may be kept than before, and its space is given back', () => {
    const before = tasksForTest()
    fill(before)
    before.close()
    const size = statSync(before.path).size
    const process = tasksForTest({ path: before.path, maxBytes: size / 2 })
    while (process.tasks.tidy(NOW, 0, sparing()));
    process.close()
    expect(statSync(before.path).size).toBeLessThanOrEqual(size / 2)
    const after = tasksForTest({ path: before.path })
    expect([isKept(after, '/0'), isKept(after, `/${COUNT - 1}`)]).toEqual([false, true])
  })
})

describe('what is too old', () => {
  it('goes a moment after its time, by steps', () => {
    const process = tasksForTest()
    for (let n = 0; n < 250; n += 1)
      process.tasks.put(questionOf(`/${n}`), 'c', answerOf('[]', NOW + n), NOW)
    expect(process.tasks.tidy(NOW, NOW, sparing())).toBe(false)
    expect(process.tasks.usage().get('c')?.answers).toBe(250)
    expect(process.tasks.tidy(NOW, NOW + 1, sparing())).toBe(false)
    expect(process.tasks.usage().get('c')?.answers).toBe(249)
    expect(process.tasks.tidy(NOW, NOW + 249, sparing())).toBe(true)
    expect(process.tasks.usage().get('c')?.answers).toBe(149)
    while (process.tasks.tidy(NOW, NOW + 249, sparing()));
    expect(process.tasks.kept('tenant')).toEqual({ answers: 1, oldestAt: NOW + 249 })
  })

  it('stays while its connector fails', () => {
    const process = tasksForTest()
    process.tasks.put(questionOf('/a'), 'failing', answerOf('[]'), NOW)
    process.tasks.put(questionOf('/b'), 'well', answerOf('[]'), NOW)
    process.tasks.tidy(NOW, NOW + 1, sparing(['failing', 'another']))
    expect([...process.tasks.usage().keys()]).toEqual(['failing'])
    process.tasks.tidy(NOW, NOW + 1, sparing())
    expect(process.tasks.usage().size).toBe(0)
  })
})

/** The bytes of the file and of what stands beside it. */
const bytesOf = (path: string): string =>
  ['', '-wal', '-shm'].map(end => readFileSync(path + end, 'latin1')).join('')

/** Each answer as it lies there: whose it is, some bytes of it, and what they say. */
const lyingThere = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT connector, body FROM answer').all()
  database.close()
  return rows.map(({ connector, body }) => ({
    connector,
    bytes: Buffer.from(body as Uint8Array).toString('latin1', 12, 60),
    says: zstdDecompressSync(body as Uint8Array).toString(),
  }))
}

/** Forgets in steps, as the process does. */
const erase = ({ tasks }: TasksForTest): void => {
  for (let erased = tasks.erase(); erased !== 'done'; erased = tasks.erase())
    if (erased === 'busy') throw new Error('Nobody else reads')
}

describe('what is forgotten', () => {
  const count = 250

  it('is every answer of a connector, with its last byte', () => {
    const process = tasksForTest()
    for (let n = 0; n < count; n += 1)
      process.tasks.put(
        questionOf(`/${n}`),
        n % 2 === 0 ? 'gone' : 'other',
        answerOf(noise(100, n + 1)),
        NOW,
      )
    const before = lyingThere(process.path)
    const present = bytesOf(process.path)
    expect(before.filter(({ bytes }) => present.includes(bytes))).toHaveLength(count)
    let gone = 0
    for (let step = 1; step > 0; gone += step) step = process.tasks.forgetConnector('gone')
    expect(gone).toBe(count / 2)
    erase(process)
    const after = bytesOf(process.path)
    expect(before.filter(({ bytes }) => after.includes(bytes))).toEqual(
      before.filter(({ connector }) => connector === 'other'),
    )
    expect(after).not.toContain('gone')
    expect(statSync(`${process.path}-wal`).size).toBe(0)
  })

  it('is every answer whose body or question holds a text, and no other one', () => {
    const process = tasksForTest()
    let n = 0
    const put = (path: string, body: string): void => {
      const text = `{"noise":"${noise(60, (n += 1))}",${body}}`
      process.tasks.put(questionOf(path), 'c', answerOf(text), NOW)
    }
    const kept = Array.from({ length: 60 }, (_, index) => `/${index}`)
    for (const path of kept) put(path, '"email":"other@example.com"')
    put('/gone', '"email":"Someone@Example.com"')
    put('/gone too', '"email":"\\u0073omeone\\u0040example.com"')
    put('/gone?email=SOMEONE%40example.com', '"employees":[]')
    put('/d', '"email":"someone@example.co"')
    const before = lyingThere(process.path)
    const steps = []
    for (let after: number | undefined = 0; after !== undefined;) {
      const step = process.tasks.forgetText('someone@example.com', after)
      steps.push(step)
      after = step.next
    }
    expect(steps.reduce((sum, { gone }) => sum + gone, 0)).toBe(3)
    expect(steps.length).toBeGreaterThan(3)
    erase(process)
    const after = bytesOf(process.path)
    expect(before.filter(({ bytes }) => !after.includes(bytes))).toEqual(
      before.filter(({ says }) => says.includes('/gone')),
    )
    expect([...kept, '/d'].filter(path => !isKept(process, path))).toEqual([])
  })

  it('is what cannot be read, too, where a text is to be forgotten', () => {
    const { tasks, path, close } = tasksForTest({ dataKeys: [new Uint8Array(32)] })
    tasks.put(questionOf('/sealed'), 'c', answerOf('someone@example.com'), NOW)
    close()
    const open = tasksForTest({ path })
    open.tasks.put(questionOf('/open'), 'c', answerOf('other@example.com'), NOW)
    expect(open.tasks.forgetText('someone@example.com', 0)).toEqual({ gone: 1, next: undefined })
    expect(isKept(open, '/open')).toBe(true)
  })

  it('comes to an end in a file whose space cannot be given back', () => {
    const path = join(directoryForTest(), 'answers.db')
    const made = new DatabaseSync(path)
    made.exec('PRAGMA auto_vacuum = NONE; VACUUM')
    made.close()
    const process = tasksForTest({ path })
    process.tasks.put(questionOf('/a'), 'c', answerOf(noise(30_000)), NOW)
    const before = lyingThere(path)
    expect(process.tasks.forgetConnector('c')).toBe(1)
    erase(process)
    const after = bytesOf(path)
    expect(before.filter(({ bytes }) => after.includes(bytes))).toEqual([])
  })

  it('waits for who reads from the log', () => {
    const process = tasksForTest()
    process.tasks.put(questionOf('/a'), 'c', answerOf('[]'), NOW)
    const reader = new DatabaseSync(process.path, { readOnly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM answer').get()
    process.tasks.forgetConnector('c')
    expect(process.tasks.erase()).toBe('busy')
    reader.close()
    expect(process.tasks.erase()).toBe('done')
  })
})

it('one answer of some megabytes is kept like any other', () => {
  const process = tasksForTest()
  const body = `{"rows":["${noise(3_000_000)}"]}`
  process.tasks.put(questionOf('/big'), 'c', answerOf(body), NOW)
  expect(process.tasks.claim(questionOf('/big'), 0, 1, NOW)).toMatchObject({ answer: { body } })
})
