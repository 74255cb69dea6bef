import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../../src/events/event-file.ts'
import { type Readers, startReaders } from '../../../src/events/threads/readers.ts'
import { type Thread, startThread } from '../../../src/events/threads/thread.ts'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { fillEvents } from '../../support/many-events.ts'
import { termsOf as terms } from '../../support/question-terms.ts'

const COUNT = 20_000

const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
const path = join(directory, 'events.db')
beforeAll(() => {
  fillEvents(path, COUNT)
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** Readers of the file, and the threads that they have started. */
const readersForTest = async (clock = systemClock) => {
  const threads: Thread[] = []
  const died: Error[] = []
  let begun = 0
  const readers = await startReaders({
    start: async () => {
      begun += 1
      const thread = await startThread({ role: 'read', path, isDurable: true })
      threads.push(thread)
      return thread
    },
    clock,
    most: 2,
    onDeath: error => died.push(error),
  })
  onTestFinished(() => readers.close())
  return { readers, threads, died, begun: () => begun }
}

const selection = (filter: object) => ({
  list: 'events',
  parts: [
    { connectors: ['default', 'other'], filter: readFilter('events', filter, { now: () => 0 }) },
  ],
})

const many = Array.from({ length: 900 }, (_, n) => `q${n}`)
const hostile: Readonly<Record<string, object>> = {
  'nine hundred texts': { or: many.map(contains => ({ email: { contains } })) },
  'each of them negated': { and: many.map(contains => ({ not: { url: { contains } } })) },
  patterns: {
    or: many.slice(0, 250).map(text => ({ description: { like: `*${text}*a*` } })),
  },
  'many ids': { or: many.map(eq => ({ entityId: { eq } })) },
  'one within the other': many.slice(0, 14).reduce<object>(
    (inner, n) => ({
      or: [
        { not: inner },
        ...many.slice(0, 50).map(text => ({ url: { contains: `${text} ${n}` } })),
      ],
    }),
    {},
  ),
}

const honest = async (readers: Readers): Promise<void> => {
  const count = await readers.ask(
    'count',
    [selection({ email: { eq: 'PERSON7@x.example' } })],
    terms('honest'),
  )
  expect(count).toBe(COUNT / 1_000)
}

describe('the threads that read', () => {
  it.each(Object.entries(hostile))('refuse what takes too long: %s', async (_, filter) => {
    const { readers } = await readersForTest()
    const asked = readers.ask('count', [selection(filter)], terms('hostile', { leftMs: () => 50 }))
    await expect(asked).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_CPU_MS', max: 50 },
    })
  })

  it('begin none for which others of its operation have left no time', async () => {
    const { readers } = await readersForTest()
    const filter = hostile['nine hundred texts'] ?? {}
    const took: number[] = []
    const spent = new Error('spent')
    const leftMs = (): number => {
      const left = 50 - took.reduce((sum, ms) => sum + ms, 0)
      if (left <= 0) throw spent
      return left
    }
    const asked = Array.from({ length: 40 }, () =>
      readers.ask(
        'count',
        [selection(filter)],
        terms('hostile', { leftMs, took: ms => took.push(ms) }),
      ),
    )
    const ended = await Promise.allSettled(asked)
    expect(ended.filter(({ status }) => status === 'fulfilled')).toEqual([])
    // Four at a time are begun, and soon the first of them have used it up.
    expect(took.length).toBeLessThan(20)
    expect(ended.at(-1)).toMatchObject({ reason: spent })
    await honest(readers)
  })

  it('answer others beside forty such questions, and do no more for callers that have left', async () => {
    const { readers, died } = await readersForTest()
    const left = new AbortController()
    const filter = hostile['nine hundred texts'] ?? {}
    const asked = Array.from({ length: 40 }, (_, n) =>
      readers.ask('count', [selection(filter)], terms(`hostile ${n}`, { signal: left.signal })),
    )
    await honest(readers)
    expect(readers.standing().questions).toBe(40)
    left.abort()
    const ended = await Promise.allSettled(asked)
    expect(ended.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'))
    expect(readers.standing().questions).toBe(0)
    await honest(readers)
    expect(died).toEqual([])
  })

  it('end what is not answered by its deadline', async () => {
    const { readers } = await readersForTest()
    const filter = hostile['nine hundred texts'] ?? {}
    const late = terms('hostile', { deadline: Date.now() + 20, maxWaitMs: 20 })
    await expect(readers.ask('count', [selection(filter)], late)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_WAIT_MS', max: 20 },
    })
  })

  it('are two once one has been at work for a while without a break', async () => {
    const clock = createFakeClock()
    const { readers, begun } = await readersForTest(clock)
    await Promise.all([honest(readers), honest(readers)])
    await clock.advance(1_000)
    expect(begun()).toBe(1)
    const left = new AbortController()
    const filter = hostile['nine hundred texts'] ?? {}
    const asked = ['a', 'b'].map(caller =>
      readers.ask('count', [selection(filter)], terms(caller, { signal: left.signal })),
    )
    await clock.advance(249)
    expect(begun()).toBe(1)
    await clock.advance(1)
    expect(begun()).toBe(2)
    left.abort()
    await Promise.allSettled(asked)
  })

  it('ask once more what a thread that ended was asked, and are started again', async () => {
    const { readers, threads, died } = await readersForTest()
    const asked = readers.ask(
      'count',
      [selection({ or: many.slice(0, 90).map(contains => ({ url: { contains } })) })],
      terms('a'),
    )
    await threads[0]?.terminate()
    expect(await asked).toBe(0)
    await honest(readers)
    expect(died).toHaveLength(1)
    expect(readers.standing()).toMatchObject({ deaths: 1, flaw: undefined })
  })

  it('refuse what two threads have ended over', async () => {
    const { readers, threads } = await readersForTest()
    const filter = hostile['nine hundred texts'] ?? {}
    const asked = readers.ask('count', [selection(filter)], terms('a'))
    const refused = expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    const isOver = refused.then(() => true)
    for (let over = false; !over;) {
      for (const thread of threads.splice(0)) await thread.terminate()
      over = await Promise.race([
        isOver,
        new Promise<false>(resolve =>
          setImmediate(() => {
            resolve(false)
          }),
        ),
      ])
    }
    await refused
  })
})

describe('the file that is read', () => {
  it('can be written meanwhile', async () => {
    const { readers } = await readersForTest()
    const left = new AbortController()
    const filter = hostile['nine hundred texts'] ?? {}
    const asked = readers.ask('count', [selection(filter)], terms('a', { signal: left.signal }))
    await honest(readers)
    const file = openEventFile(path)
    // No reader holds it back for good: all of the log can be moved into the file.
    file.exec('PRAGMA busy_timeout = 60000')
    file.exec('UPDATE store SET gone = gone')
    expect(file.prepare('PRAGMA wal_checkpoint(RESTART)').get()).toMatchObject({ busy: 0 })
    file.close()
    left.abort()
    await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
