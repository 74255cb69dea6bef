import { writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnswersUnavailable, noAnswers } from '../../src/answers/contract.ts'
import { type AnswersOptions, openAnswers } from '../../src/answers/open-answers.ts'
import { createSeals } from '../../src/answers/sealing.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { hasPriorities, nicenessOf } from '../support/niceness.ts'
import { patientClock } from './patient-clock.ts'
import { answerOf, NOW, questionOf } from './tasks-for-test.ts'

const question = questionOf('/accounts?limit=200')
const connector = { connector: 'default' }
const forEver = new AbortController().signal

/** The answers of a folder, and what the operator heard of them. */
const answersForTest = (options: Partial<AnswersOptions> = {}) => {
  const directory = options.directory ?? directoryForTest()
  const said: [message: string, why: string | undefined][] = []
  const answers = openAnswers({
    clock: patientClock(NOW),
    maxBytes: Infinity,
    keepMs: Infinity,
    dataKeys: [],
    onProblem: (message, error) => {
      said.push([message, error instanceof Error ? error.message : undefined])
    },
    ...options,
    directory,
  })
  onTestFinished(() => answers.close())
  return { ...answers, said, directory, path: join(directory, 'answers.db') }
}

it.runIf(hasPriorities)('their thread goes a little behind the event loop', async () => {
  const { claim } = answersForTest()
  expect(await claim(question, 0, forEver)).toMatchObject({ kind: 'mine' })
  // Those of other tests may be ending.
  expect(nicenessOf('answers').at(-1)).toBe(Math.min(19, getPriority() + 4))
})

describe('answers', () => {
  it('of nobody are nobody’s', async () => {
    expect(await noAnswers.claim(question, 0, forEver)).toMatchObject({ kind: 'mine' })
    noAnswers.put(question, connector, answerOf('[]'))
    expect(await noAnswers.claim(question, 0, forEver)).toMatchObject({ kind: 'mine' })
    expect([await noAnswers.kept('tenant'), await noAnswers.usage()]).toEqual([
      undefined,
      new Map(),
    ])
    expect([await noAnswers.forgetConnector('a'), await noAnswers.forgetText('a')]).toEqual([0, 0])
    expect(noAnswers.standing().flaw).toBeUndefined()
    await noAnswers.close()
  })
})

describe('who finds somebody else asking', () => {
  it('waits, too, where that one came just before', async () => {
    const answers = answersForTest()
    await answers.kept('tenant')
    const file = new DatabaseSync(answers.path)
    onTestFinished(() => {
      file.close()
    })
    // Whoever looks finds nobody yet, and then waits for its turn to write.
    file.exec(`BEGIN IMMEDIATE; INSERT INTO holder VALUES ('another', ${NOW})`)
    const questionId = createSeals([]).first.questionId(question)
    file.prepare('INSERT INTO claim VALUES (?, ?, ?, ?)').run(questionId, 'another', 1, NOW)
    const waiting = answers.claim(question, NOW, forEver)
    await settle()
    file.exec('COMMIT')
    await answers.kept('tenant')
    expect(file.prepare('SELECT holder FROM claim').all()).toEqual([{ holder: 'another' }])
    file.exec('DELETE FROM claim')
    expect((await waiting).kind).toBe('mine')
  })

  it('need not wait for a process that gives no sign of life; one that asks gives them', async () => {
    const clock = createFakeClock({ startMs: NOW })
    const one = answersForTest({ clock })
    const idle = clock.waiting()
    const claim = await one.claim(question, NOW, forEver)
    const file = new DatabaseSync(one.path, { readOnly: true })
    onTestFinished(() => {
      file.close()
    })
    const seenAt = () => file.prepare('SELECT seen_at FROM holder').get()?.['seen_at']
    expect(seenAt()).toBe(NOW)
    await clock.advance(500)
    await expect.poll(seenAt).toBe(NOW + 500)
    await clock.advance(499)
    await clock.advance(1)
    await expect.poll(seenAt).toBe(NOW + 1_000)
    if (claim.kind === 'mine') claim.leave()
    await clock.advance(500)
    expect(clock.waiting()).toBe(idle)
    await one.kept('tenant')
    expect(seenAt()).toBe(NOW + 1_000)
  })
})

describe('an answer that is put', () => {
  /** A process whose clock stands still, and another one that sees its file. */
  const two = () => {
    const clock = createFakeClock({ startMs: NOW })
    const { put, claim, directory } = answersForTest({ clock })
    const other = answersForTest({ directory })
    return { put, claim, clock, other }
  }

  it('is kept at once where its question was claimed: somebody else may wait for it', async () => {
    const { put, claim, other } = two()
    expect((await claim(question, 0, forEver)).kind).toBe('mine')
    const waiting = other.claim(question, 0, forEver)
    put(question, connector, answerOf('[]'))
    expect(await waiting).toMatchObject({ kind: 'found', answer: { body: '[]' } })
  })

  it('is kept before long where it was not', async () => {
    const { put, clock, other } = two()
    put(question, connector, answerOf('[]'))
    await clock.advance(99)
    expect(await other.kept('tenant')).toBeUndefined()
    await clock.advance(1)
    await expect.poll(() => other.kept('tenant')).toEqual({ answers: 1, oldestAt: NOW })
  })
})

describe('a file that cannot be used', () => {
  it('costs requests, is told once, and can be asked for; it is used again when it can be', async () => {
    const clock = createFakeClock({ startMs: NOW })
    const answers = answersForTest({ clock })
    answers.put(question, connector, answerOf('[]'))
    expect((await answers.claim(question, NOW, forEver)).kind).toBe('found')
    const version = (number: number): void => {
      const newer = new DatabaseSync(answers.path)
      newer.exec(`PRAGMA user_version = ${number}`)
      newer.close()
    }
    version(2)
    for (let n = 0; n < 10; n += 1) {
      expect((await answers.claim(question, 0, forEver)).kind).toBe('mine')
      answers.put(question, connector, answerOf('lost', NOW + n))
      await clock.advance(10_000)
    }
    expect(answers.said).toEqual([
      [expect.stringContaining('Push is asked again'), expect.stringContaining('newer version')],
    ])
    await expect.poll(() => answers.standing().flaw).toContain('newer version')
    expect(answers.standing().deaths).toBeGreaterThan(0)

    version(1)
    await expect
      .poll(async () => {
        await clock.advance(30_000)
        return (await answers.claim(question, 0, forEver)).kind
      })
      .toBe('found')
    expect(answers.standing().flaw).toBeUndefined()
    expect(answers.said.at(-1)).toEqual(['Kept answers can be used again', undefined])
    expect(answers.said).toHaveLength(2)
  })

  it('since its folder cannot be made costs requests', async () => {
    const folder = join(directoryForTest(), 'data')
    writeFileSync(folder, '')
    const answers = answersForTest({ directory: folder })
    expect((await answers.claim(question, 0, forEver)).kind).toBe('mine')
    answers.put(question, connector, answerOf('[]'))
    await expect.poll(() => answers.standing().flaw).toContain('cannot be opened')
    expect((await answers.claim(question, 0, forEver)).kind).toBe('mine')
    expect(answers.said).toHaveLength(1)
    await expect(answers.forgetText('a')).rejects.toThrow(AnswersUnavailable)
  })

  it('since another program holds it is not waited for', async () => {
    const clock = createFakeClock({ startMs: NOW })
    const answers = answersForTest({ clock })
    answers.put(question, connector, answerOf('[]'))
    expect((await answers.claim(question, NOW, forEver)).kind).toBe('found')
    const holder = new DatabaseSync(answers.path)
    onTestFinished(() => {
      holder.close()
    })
    holder.exec('BEGIN IMMEDIATE')
    const late = answers.claim(questionOf('/b'), 0, forEver)
    await clock.advance(1_999)
    expect(answers.standing().flaw).toBeUndefined()
    await clock.advance(1)
    expect((await late).kind).toBe('mine')
    expect(answers.standing().flaw).toContain('too long')
    // Nobody else waits for that.
    expect((await answers.claim(question, 0, forEver)).kind).toBe('mine')
    holder.exec('COMMIT')
    await expect.poll(() => answers.standing().flaw ?? '').not.toContain('too long')
    expect((await answers.claim(question, 0, forEver)).kind).toBe('found')
    // What was claimed too late is claimed by nobody.
    await expect
      .poll(() => holder.prepare('SELECT count(*) AS n FROM claim').get())
      .toEqual({ n: 0 })
  })
})

it('what is damaged is told once', async () => {
  const answers = answersForTest()
  for (let n = 0; n < 3; n += 1) answers.put(questionOf(`/${n}`), connector, answerOf('[]'))
  await answers.usage()
  const file = new DatabaseSync(answers.path)
  file.exec("UPDATE answer SET body = x'00'")
  file.close()
  for (let n = 0; n < 3; n += 1)
    expect((await answers.claim(questionOf(`/${n}`), 0, forEver)).kind).toBe('mine')
  expect(answers.said).toEqual([[expect.stringContaining('was damaged'), 'damaged row']])
})
