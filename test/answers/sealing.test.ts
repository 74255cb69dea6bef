import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openAnswers } from '../../src/answers/open-answers.ts'
import { createFakeClock } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { noise } from './noise.ts'
import { answerOf, NOW, questionOf, sparing, tasksForTest } from './tasks-for-test.ts'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const email = 'someone@example.com'
const question = questionOf(`/employees?email=${email}`)
const bytesOf = (path: string): string =>
  ['', '-wal'].map(end => readFileSync(path + end, 'latin1')).join('')

/** What another process with these keys finds. */
const foundWith = (path: string, dataKeys: readonly Uint8Array[], asked = question) => {
  const process = tasksForTest({ path, dataKeys })
  const claimed = process.tasks.claim(asked, 0, 1, NOW)
  if (claimed.kind === 'mine') process.tasks.leave(asked, 1)
  process.close()
  return claimed.kind === 'found' ? claimed.answer.body : claimed.kind
}

describe('sealed answers', () => {
  it('can be read with their key alone, and say nothing of a body, or of a question but its list', () => {
    const body = noise(5_000)
    const { tasks, path } = tasksForTest({ dataKeys: [key(1)] })
    tasks.put(question, 'default', answerOf(body), NOW)
    const bytes = bytesOf(path)
    for (const text of [email, '?email', body.slice(100, 120)]) expect(bytes).not.toContain(text)
    expect(foundWith(path, [key(1)])).toBe(body)
    expect(foundWith(path, [key(2)])).toBe('mine')
    expect(foundWith(path, [])).toBe('mine')
  })

  it('do not show a question that is only claimed, either; nor do those that are not sealed', () => {
    for (const dataKeys of [[key(1)], []]) {
      const { tasks, path } = tasksForTest({ dataKeys })
      expect(tasks.claim(question, 0, 1, NOW).kind).toBe('mine')
      expect(bytesOf(path)).not.toContain(email)
    }
  })

  it('of an older key are found until a newer answer is sealed with the new one', () => {
    const { tasks, path, close } = tasksForTest({ dataKeys: [key(1)] })
    tasks.put(question, 'default', answerOf('old', NOW - 5), NOW)
    close()
    expect(foundWith(path, [key(2), key(1)])).toBe('old')
    const rotated = tasksForTest({ path, dataKeys: [key(2), key(1)] })
    rotated.tasks.put(question, 'default', answerOf('too old', NOW - 6), NOW)
    expect(foundWith(path, [key(1)])).toBe('old')
    rotated.tasks.put(question, 'default', answerOf('new', NOW), NOW)
    expect(rotated.tasks.usage().get('default')?.answers).toBe(1)
    expect(foundWith(path, [key(1)])).toBe('mine')
    expect(foundWith(path, [key(2)])).toBe('new')
    expect(rotated.tasks.kept('tenant')).toEqual({ answers: 1, oldestAt: NOW })
  })

  it('of a removed key do not count, and go by age even while their connector fails', () => {
    const { tasks, path, close } = tasksForTest({ dataKeys: [key(1)] })
    tasks.put(question, 'default', answerOf('removed'), NOW)
    close()
    const { tasks: now } = tasksForTest({ path, dataKeys: [key(2)] })
    now.put(questionOf('/a'), 'default', answerOf('present'), NOW)
    expect(now.kept('tenant')?.answers).toBe(1)
    now.tidy(NOW, NOW, sparing(['default']))
    expect(now.usage().get('default')?.answers).toBe(2)
    now.tidy(NOW, NOW + 1, sparing(['default']))
    expect(now.usage().get('default')?.answers).toBe(1)
    expect(now.claim(questionOf('/a'), 0, 1, NOW).kind).toBe('found')
  })

  it('are the only ones that stay: what lies there open goes when it is tidied up', () => {
    const { tasks, path, close } = tasksForTest()
    tasks.put(question, 'default', answerOf('open'), NOW)
    close()
    const { tasks: sealing } = tasksForTest({ path, dataKeys: [key(1)] })
    sealing.put(questionOf('/a'), 'default', answerOf('sealed'), NOW)
    sealing.tidy(NOW, 0, sparing())
    expect(sealing.usage().get('default')?.answers).toBe(1)
    expect(foundWith(path, [])).toBe('mine')
  })

  it('never seal twice with the same nonce', () => {
    const { tasks, path } = tasksForTest({ dataKeys: [key(1)] })
    for (let n = 0; n < 50; n += 1) tasks.put(questionOf(`/${n}`), 'c', answerOf('[]'), NOW)
    const database = new DatabaseSync(path, { readOnly: true })
    const bodies = database.prepare('SELECT body FROM answer').all()
    database.close()
    const nonces = bodies.map(({ body }) => Buffer.from(body as Uint8Array).toString('hex', 0, 12))
    expect(new Set(nonces).size).toBe(50)
  })
})

describe('bodies that were exchanged, changed or cut', () => {
  const changes: readonly (readonly [string, string])[] = [
    ['exchanged', "body = (SELECT body FROM answer WHERE tenant = 'other')"],
    ['of another tenant', "question = x'00', tenant = 'x'"],
    ['said to be newer', 'asked_at = asked_at + 1'],
    ['changed at the end', "body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)"],
    ['changed at the start', "body = CAST(x'00' || substr(body, 2) AS BLOB)"],
    ['cut', 'body = substr(body, 1, length(body) / 2)'],
    ['cut to some bytes', 'body = substr(body, 1, 5)'],
    ['empty', "body = x''"],
  ]
  const cases = changes.flatMap(([name, change]) => [
    [`${name}, open`, change, []] as const,
    [`${name}, sealed`, change, [key(1)]] as const,
  ])

  it.each(cases)('are as good as absent: %s', (_, change, dataKeys) => {
    const { tasks, notes, path } = tasksForTest({ dataKeys })
    tasks.put(question, 'default', answerOf('the right one'), NOW)
    tasks.put(questionOf('/a', 'other'), 'default', answerOf('another one'), NOW)
    const database = new DatabaseSync(path)
    onTestFinished(() => {
      database.close()
    })
    database.exec(`UPDATE answer SET ${change} WHERE tenant = 'tenant'`)
    expect(tasks.claim(question, 0, 1, NOW).kind).toBe('mine')
    // One whose question was changed is not met again.
    const isMet = !change.startsWith('question')
    expect(notes()).toEqual(isMet ? ['damaged row'] : [])
    expect(tasks.usage().get('default')?.answers).toBe(isMet ? 1 : 2)
    tasks.put(question, 'default', answerOf('the right one'), NOW)
    expect(tasks.claim(question, 0, 1, NOW)).toMatchObject({ answer: { body: 'the right one' } })
    expect(tasks.claim(questionOf('/a', 'other'), 0, 1, NOW).kind).toBe('found')
  })
})

it.each([0, 31, 33])('a key of %i bytes is refused', length => {
  const open = (): unknown =>
    openAnswers({
      directory: directoryForTest(),
      clock: createFakeClock(),
      maxBytes: 1,
      keepMs: 1,
      dataKeys: [key(1), new Uint8Array(length)],
    })
  expect(open).toThrow('A data key has 32 bytes')
})
