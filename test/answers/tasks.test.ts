import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeptAnswer, NewAnswer } from '../../src/answers/contract.ts'
import { directoryForTest } from '../support/directory.ts'
import { runsOr } from '../support/runs.ts'
import {
  answerOf,
  NOW,
  questionOf,
  sparing,
  tasksForTest,
  type TasksForTest,
} from './tasks-for-test.ts'

const question = questionOf('/accounts?limit=200')

/** What `tasks` has for the question, asked for at or after `notBefore`. */
const found = ({ tasks }: TasksForTest, notBefore: number, now = NOW) =>
  tasks.claim(question, notBefore, 1, now)

describe('a kept answer', () => {
  it('is found as it came, also after a restart', () => {
    const first = tasksForTest()
    const answer = answerOf('{"a":"ü\\u0000\\n😀","b":[1.50]}\n')
    first.tasks.put(question, 'default', answer, NOW)
    expect(found(first, NOW)).toEqual({ kind: 'found', answer })
    first.close()
    expect(existsSync(`${first.path}-wal`)).toBe(false)
    expect(found(tasksForTest({ path: first.path }), NOW)).toEqual({ kind: 'found', answer })
  })

  it('is found where it was asked for at that moment or later, else the question is to be asked', () => {
    const process = tasksForTest()
    process.tasks.put(question, 'default', answerOf('[]', NOW - 10), NOW)
    expect(found(process, NOW - 10).kind).toBe('found')
    expect(found(process, NOW - 9).kind).toBe('mine')
  })

  it('may be without a date, and answers its own question alone', () => {
    const process = tasksForTest()
    const answer: KeptAnswer = { body: '[]', askedAt: NOW + 0.25, dateSeconds: undefined }
    process.tasks.put(question, 'default', answer, NOW)
    expect(found(process, NOW)).toEqual({ kind: 'found', answer })
    for (const other of [
      questionOf('/accounts?limit=20'),
      questionOf('/accounts?limit=200', 'other'),
      questionOf('t\n/accounts?limit=200', 'tenan'),
    ])
      expect(process.tasks.claim(other, 0, 1, NOW).kind).toBe('mine')
  })

  it('never gives way to one that was asked for earlier or then, whoever comes first', () => {
    const process = tasksForTest()
    for (const [body, askedAt] of [
      ['second', NOW + 2],
      ['first', NOW + 1],
      ['again', NOW + 2],
      ['third', NOW + 3],
    ] as const)
      process.tasks.put(question, 'default', answerOf(body, askedAt), NOW + 3)
    expect(found(process, 0, NOW + 3)).toEqual({
      kind: 'found',
      answer: answerOf('third', NOW + 3),
    })
    process.tasks.put(question, 'default', answerOf('again', NOW + 3), NOW + 9)
    process.tasks.put(question, 'default', answerOf('late', NOW + 2), NOW + 9)
    expect(found(process, 0, NOW + 3)).toMatchObject({ answer: { body: 'third' } })
  })

  it('of a clock that was ahead by more than a second is as good as absent, and gives way', () => {
    const process = tasksForTest()
    process.tasks.put(question, 'default', answerOf('ahead', NOW + 5_000), NOW + 5_000)
    expect(found(process, 0, NOW + 4_000)).toMatchObject({ answer: { body: 'ahead' } })
    expect(found(process, 0, NOW + 3_999)).toEqual({ kind: 'mine' })
    process.tasks.put(question, 'default', answerOf('ahead', NOW + 5_000), NOW + 5_000)
    process.tasks.put(question, 'default', answerOf('right', NOW), NOW)
    expect(found(process, 0, NOW)).toMatchObject({ answer: { body: 'right' } })
  })

  it('is counted with those of its tenant and its connector', () => {
    const { tasks } = tasksForTest()
    expect([tasks.kept('tenant'), tasks.usage()]).toEqual([undefined, new Map()])
    tasks.put(questionOf('/a'), 'one', answerOf('[]', NOW - 2), NOW)
    tasks.put(questionOf('/b'), 'one', answerOf('[]', NOW - 1), NOW)
    tasks.put(questionOf('/a', 'other'), 'two', answerOf('[]'), NOW)
    expect(tasks.kept('tenant')).toEqual({ answers: 2, oldestAt: NOW - 2 })
    expect(tasks.usage().get('one')).toMatchObject({
      answers: 2,
      bytes: expect.any(Number) as number,
    })
    expect(tasks.usage().get('two')?.answers).toBe(1)
    expect(tasks.usage().get('one')?.bytes).toBeGreaterThan(50)
  })

  it('lies in files that are their owner’s alone, in a folder that is, too', () => {
    const process = tasksForTest()
    process.tasks.put(question, 'default', answerOf('[]'), NOW)
    const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
    for (const end of ['', '-wal', '-shm']) expect(modeOf(process.path + end)).toBe('600')
    expect(modeOf(join(process.path, '..'))).toBe('700')
  })
})

describe('answers that are kept together', () => {
  const together = (...bodies: readonly (readonly [path: string, askedAt: number])[]) =>
    bodies.map(([path, askedAt]) => ({
      question: questionOf(path),
      connector: 'c',
      answer: answerOf(`${path} ${askedAt}`, askedAt),
    }))

  it('are kept as they would be one after another, and end what was claimed for each', () => {
    const one = tasksForTest()
    const other = tasksForTest({ path: one.path })
    for (const path of ['/a', '/b', '/c']) one.tasks.claim(questionOf(path), 0, 1, NOW + 1)
    one.tasks.put(questionOf('/b'), 'c', answerOf('newer', NOW + 9), NOW + 9)
    const all = together(['/a', NOW + 2], ['/b', NOW + 3], ['/a', NOW + 1], ['/c', NOW])
    one.tasks.keep(all, NOW + 9)
    const bodyOf = (path: string): string => {
      const claimed = other.tasks.claim(questionOf(path), NOW, 1, NOW + 9)
      return claimed.kind === 'found' ? claimed.answer.body : claimed.kind
    }
    expect(['/a', '/b', '/c'].map(bodyOf)).toEqual([`/a ${NOW + 2}`, 'newer', `/c ${NOW}`])
    other.tasks.forgetConnector('c')
    // The last one had been asked for before its question was claimed.
    expect(['/a', '/b', '/c'].map(bodyOf)).toEqual(['mine', 'mine', 'asked'])
  })

  it('are kept all or none', () => {
    const process = tasksForTest()
    const all = together(['/a', NOW], ['/b', NOW])
    const flawed = { ...all[1], answer: answerOf('[]', Number.NaN) } as NewAnswer
    expect(() => {
      process.tasks.keep([...all, flawed], NOW)
    }).toThrow('NOT NULL')
    expect(process.tasks.kept('tenant')).toBeUndefined()
  })
})

describe('a question that somebody asks', () => {
  /** Two processes of one data folder, the first of which asks since NOW. */
  const two = () => {
    const one = tasksForTest()
    const other = tasksForTest({ path: one.path })
    expect(one.tasks.claim(question, 0, 1, NOW)).toEqual({ kind: 'mine' })
    const claim = (now: number, notBefore = 0) =>
      other.tasks.claim(question, notBefore, 1, now).kind
    return { one, other, claim }
  }

  it('is asked by nobody else, in its own process either, until it is answered', () => {
    const { one, claim } = two()
    expect(one.tasks.claim(question, 0, 2, NOW + 1)).toEqual({ kind: 'asked' })
    expect(claim(NOW + 1)).toBe('asked')
    one.tasks.put(question, 'default', answerOf('[]'), NOW + 1)
    expect(claim(NOW + 2)).toBe('found')
    // Not by the claim that was answered: it is over.
    expect(claim(NOW + 2, NOW + 1)).toBe('mine')
  })

  it('is free once it was answered, should that answer have gone by then', () => {
    const { one, other, claim } = two()
    one.tasks.put(question, 'default', answerOf('[]'), NOW + 1)
    expect(other.tasks.forgetConnector('default')).toBe(1)
    expect(claim(NOW + 2)).toBe('mine')
  })

  it('is free again once it is left, by that claim and no other one', () => {
    const { one, other, claim } = two()
    one.tasks.leave(question, 2)
    other.tasks.leave(question, 1)
    expect(claim(NOW)).toBe('asked')
    one.tasks.leave(question, 1)
    expect(claim(NOW)).toBe('mine')
  })

  it('is free where its answer was not kept', () => {
    const { one, claim } = two()
    one.tasks.answered(question, NOW - 1)
    expect(claim(NOW)).toBe('asked')
    one.tasks.answered(question, NOW)
    expect(claim(NOW)).toBe('mine')
  })

  it('is taken over 1.5 s after the last sign of life, and not before', () => {
    const { one, claim } = two()
    expect(claim(NOW + 1_499)).toBe('asked')
    one.tasks.beat(NOW + 1_499)
    expect(claim(NOW + 2_998)).toBe('asked')
    expect(claim(NOW + 2_999)).toBe('mine')
  })

  it('is taken over from a process that asks for a minute, though it lives', () => {
    const { one, claim } = two()
    one.tasks.beat(NOW + 59_999)
    expect(claim(NOW + 59_999)).toBe('asked')
    one.tasks.beat(NOW + 60_000)
    expect(claim(NOW + 60_000)).toBe('mine')
  })

  it('is asked once more by who needs a newer answer than that will be', () => {
    const { one, other, claim } = two()
    expect(claim(NOW + 5, NOW)).toBe('asked')
    expect(claim(NOW + 5, NOW + 1)).toBe('mine')
    // The older answer neither ends the newer claim nor serves it.
    one.tasks.put(question, 'default', answerOf('older'), NOW + 6)
    expect(one.tasks.claim(question, NOW + 1, 2, NOW + 6)).toEqual({ kind: 'asked' })
    other.tasks.put(question, 'default', answerOf('newer', NOW + 5), NOW + 7)
    expect(one.tasks.claim(question, NOW + 1, 2, NOW + 7)).toMatchObject({
      answer: { body: 'newer' },
    })
  })

  it('is answered twice where its process was only paused, and the newer answer stays', () => {
    const { one, other, claim } = two()
    expect(claim(NOW + 2_000)).toBe('mine')
    other.tasks.put(question, 'default', answerOf('newer', NOW + 2_000), NOW + 2_100)
    one.tasks.put(question, 'default', answerOf('older', NOW), NOW + 2_200)
    expect(one.tasks.claim(question, 0, 2, NOW + 2_200)).toMatchObject({
      answer: { body: 'newer' },
    })
  })

  it('is free for all after a clock was set back', () => {
    const { claim } = two()
    expect(claim(NOW - 1_499)).toBe('asked')
    expect(claim(NOW - 1_500)).toBe('mine')
  })

  it('is free where its process ends in order', () => {
    const { one, claim } = two()
    one.close()
    expect(claim(NOW)).toBe('mine')
  })

  it('is not forgotten when it is tidied up, while its process lives', () => {
    const { one, other, claim } = two()
    other.tasks.tidy(NOW + 1_000, 0, sparing())
    expect(claim(NOW + 1_000)).toBe('asked')
    one.tasks.beat(NOW + 700_000)
    other.tasks.tidy(NOW + 700_000, 0, sparing())
    expect(one.tasks.claim(question, 0, 1, NOW + 700_000)).toEqual({ kind: 'mine' })
  })
})

it('two processes answer as a list in memory would', () => {
  const paths = fc.constantFrom('/a', '/b')
  const at = fc.integer({ min: 0, max: 4_000 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('claim' as const), path: paths, notBefore: at }),
    fc.record({ kind: fc.constant('put' as const), path: paths, askedAt: at }),
    fc.record({ kind: fc.constant('leave' as const), path: paths }),
    fc.record({ kind: fc.constant('beat' as const) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_600 }) }),
  )
  const path = join(directoryForTest(), 'answers.db')
  const processes = [tasksForTest({ path }), tasksForTest({ path })] as const
  let tenants = 0

  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(0, 1), step), { maxLength: 30 }), steps => {
      const tenant = `tenant ${(tenants += 1)}`
      const reference = createReference()
      let now = NOW
      for (const [index, does] of steps) {
        const process = processes[index === 0 ? 0 : 1]
        switch (does.kind) {
          case 'claim': {
            const notBefore = NOW + does.notBefore
            const claimed = process.tasks.claim({ tenant, path: does.path }, notBefore, 1, now)
            expect(claimed.kind === 'found' ? claimed.answer.body : claimed.kind).toBe(
              reference.claim(index, does.path, notBefore, now),
            )
            break
          }
          case 'put': {
            const askedAt = Math.min(NOW + does.askedAt, now)
            const body = `${askedAt} of ${index}`
            process.tasks.put({ tenant, path: does.path }, 'c', answerOf(body, askedAt), now)
            reference.put(index, does.path, body, askedAt)
            break
          }
          case 'leave':
            process.tasks.leave({ tenant, path: does.path }, 1)
            reference.leave(index, does.path)
            break
          case 'beat':
            process.tasks.beat(now)
            reference.beat(index, now)
            break
          case 'pass':
            now += does.ms
            break
          default:
            does satisfies never
        }
      }
    }),
    { numRuns: runsOr(60) },
  )
})

/** What two processes are told, as plainly as possible. */
const createReference = () => {
  const answers = new Map<string, { body: string; askedAt: number }>()
  const claims = new Map<string, { by: number; at: number }>()
  const seen = new Map<number, number>()
  return {
    claim: (by: number, path: string, notBefore: number, now: number): string => {
      const answer = answers.get(path)
      if (answer !== undefined && answer.askedAt >= notBefore) return answer.body
      const claim = claims.get(path)
      const isAlive = claim !== undefined && now - (seen.get(claim.by) ?? -Infinity) < 1_500
      if (isAlive && claim.at >= notBefore && now - claim.at < 60_000) return 'asked'
      claims.set(path, { by, at: now })
      seen.set(by, now)
      return 'mine'
    },
    put: (by: number, path: string, body: string, askedAt: number): void => {
      const answer = answers.get(path)
      if (answer === undefined || answer.askedAt < askedAt) answers.set(path, { body, askedAt })
      const claim = claims.get(path)
      if (claim?.by === by && claim.at <= askedAt) claims.delete(path)
    },
    leave: (by: number, path: string): void => {
      if (claims.get(path)?.by === by) claims.delete(path)
    },
    beat: (by: number, now: number): void => {
      seen.set(by, now)
    },
  }
}
