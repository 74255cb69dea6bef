import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnswersUnavailable, noAnswers } from '../../src/answers/contract.ts'
import { type AnswersOptions, openAnswers } from '../../src/answers/open-answers.ts'
import { createSeals } from '../../src/answers/sealing.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
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

describe('answers', () => {
  it('outlive their process, also what was put last', async () => {
    const first = answersForTest()
    expect((await first.claim(question, NOW, forEver)).kind).toBe('mine')
    const answer = answerOf('{"accounts":[]}')
    first.put(question, connector, answer)
    await first.close()

    const second = answersForTest({ directory: first.directory })
    expect(await second.claim(question, NOW, forEver)).toEqual({ kind: 'found', answer })
    expect(await second.kept('tenant')).toEqual({ answers: 1, oldestAt: NOW })
    expect(await second.kept('other')).toBeUndefined()
    expect((await second.usage()).get('default')?.answers).toBe(1)
    expect(second.standing()).toEqual({ flaw: undefined, deaths: 0 })
    expect([...first.said, ...second.said]).toEqual([])
  })

  it('are kept where they are closed before the file was ever opened', async () => {
    const first = answersForTest()
    first.put(question, connector, answerOf('[]'))
    await first.close()
    const second = answersForTest({ directory: first.directory })
    expect((await second.claim(question, NOW, forEver)).kind).toBe('found')
  })

  it('are neither found nor kept once they are closed, and nobody is held up', async () => {
    const answers = answersForTest()
    await answers.close()
    await answers.close()
    answers.put(question, connector, answerOf('[]'))
    const claim = await answers.claim(question, NOW, forEver)
    expect(claim.kind).toBe('mine')
    if (claim.kind === 'mine') claim.leave()
    expect(await answers.kept('tenant')).toBeUndefined()
    expect((await answers.usage()).size).toBe(0)
    await expect(answers.forgetConnector('default')).rejects.toThrow('is closed')
  })

  it('are forgotten by connector and by text, as often as that is asked', async () => {
    const answers = answersForTest()
    answers.put(questionOf('/a'), connector, answerOf('{"email":"Someone@example.com"}'))
    answers.put(questionOf('/b'), connector, answerOf('{"email":"other@example.com"}'))
    answers.put(questionOf('/c'), { connector: 'other' }, answerOf('[]'))
    expect(await answers.forgetText('')).toBe(0)
    expect(await answers.forgetText('someone@example.com')).toBe(1)
    expect(await answers.forgetText('someone@example.com')).toBe(0)
    expect(await answers.forgetConnector('default')).toBe(1)
    expect(await answers.forgetConnector('default')).toBe(0)
    expect([...(await answers.usage()).keys()]).toEqual(['other'])
  })

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
  /** One process that asks, and another one that wants to. */
  const two = async () => {
    const one = answersForTest()
    const other = answersForTest({ directory: one.directory })
    const claim = await one.claim(question, NOW, forEver)
    if (claim.kind !== 'mine') throw new Error('Nobody has asked yet')
    return { one, other, leave: claim.leave }
  }

  it('gets the answer of that one', async () => {
    const { one, other } = await two()
    const waiting = other.claim(question, NOW, forEver)
    one.put(question, connector, answerOf('[]'))
    expect(await waiting).toEqual({ kind: 'found', answer: answerOf('[]') })
  })

  it('asks where that one leaves without an answer', async () => {
    const { other, leave } = await two()
    const waiting = other.claim(question, NOW, forEver)
    leave()
    leave()
    expect((await waiting).kind).toBe('mine')
  })

  it('may leave, while it waits or before', async () => {
    const { other } = await two()
    const reader = new AbortController()
    const waiting = other.claim(question, NOW, reader.signal)
    reader.abort(new Error('The reader left'))
    await expect(waiting).rejects.toThrow('The reader left')
    await expect(other.claim(question, NOW, reader.signal)).rejects.toThrow('The reader left')
  })

  it('claims nothing for a reader who left meanwhile', async () => {
    const { one, other, leave } = await two()
    leave()
    const reader = new AbortController()
    const claiming = other.claim(question, NOW, reader.signal)
    reader.abort(new Error('The reader left'))
    await expect(claiming).rejects.toThrow('The reader left')
    expect((await one.claim(question, NOW, forEver)).kind).toBe('mine')
  })

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

it('what is too old goes by and by, but not while its connector fails', async () => {
  const clock = createFakeClock({ startMs: NOW })
  let failing = ['default']
  const answers = answersForTest({ clock, keepMs: 60_000, failing: () => failing })
  answers.put(question, connector, answerOf('[]'))
  answers.put(questionOf('/b'), { connector: 'other' }, answerOf('[]'))
  await answers.usage()
  const kept = async () => [...(await answers.usage()).keys()].sort()
  await clock.advance(59_999)
  expect(await kept()).toEqual(['default', 'other'])
  const passes = async () => {
    await clock.advance(60_000)
    return kept()
  }
  await expect.poll(passes).toEqual(['default'])
  failing = []
  await expect.poll(passes).toEqual([])
})
