import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextPass } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startThread, ThreadDied } from '../../../src/events/threads/thread.ts'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { directoryForTest } from '../../support/directory.ts'
import { fillEvents } from '../../support/many-events.ts'
import { hasPriorities, nicenessOf } from '../../support/niceness.ts'

const terms = { caller: 'a', operation: 'a', maxCpuMs: Infinity }

/** Takes minutes. */
const longQuestion = {
  ...terms,
  task: 'count',
  args: [
    {
      list: 'events',
      parts: [
        {
          connectors: ['default', 'other'],
          filter: readFilter(
            'events',
            { or: Array.from({ length: 900 }, (_, n) => ({ url: { contains: `q${n}` } })) },
            { now: () => 0 },
          ),
        },
      ],
    },
  ],
}

/** The thread that writes into a new file. */
const writerForTest = async () => {
  const path = join(directoryForTest(), 'events.db')
  const thread = await startThread({ role: 'write', path, isDurable: true })
  onTestFinished(() => thread.close())
  return { path, thread }
}

/** How many rows have each id. */
const groupsById = {
  ...terms,
  task: 'groups',
  args: [
    {
      list: 'events',
      parts: [
        {
          connectors: ['default', 'other'],
          filter: readFilter('events', {}, { now: () => 0 }),
        },
      ],
      by: [{ kind: 'field', field: 'id' }],
      first: undefined,
    },
  ],
}

describe('a long answer', () => {
  const readerOf = async (events: number) => {
    const path = join(directoryForTest(), 'events.db')
    fillEvents(path, events)
    const thread = await startThread({ role: 'read', path, isDurable: true })
    onTestFinished(() => thread.close())
    const post = Worker.prototype.postMessage
    const sent = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => sent.mockRestore())
    const askedForMore = (): number =>
      sent.mock.calls.filter(([message]) => (message as { kind?: string }).kind === 'more').length
    return { thread, post, sent, askedForMore }
  }

  it.each([
    [4_000, 0],
    [4_001, 2],
    [11_000, 3],
  ])('of %i rows is read in parts, of which %i are told of as read', async (rows, times) => {
    const { thread, askedForMore } = await readerOf(rows)
    const found = (await thread.ask(groupsById).answer) as readonly { readonly keys: unknown[] }[]
    expect(new Set(found.map(({ keys }) => keys[0])).size).toBe(rows)
    await nextPass()
    expect([found.length, askedForMore()]).toEqual([rows, times])
  })

  it('of a thousand stored events is read in two parts', async () => {
    const { thread, askedForMore } = await readerOf(1_000)
    const page = { ...groupsById.args[0], ordering: 'arrival', backward: false, limit: 1_000 }
    const found = (await thread.ask({ ...terms, task: 'page', args: [page] }).answer) as readonly {
      readonly row: { readonly id: string }
    }[]
    await nextPass()
    expect(found.map(({ row }) => row.id)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `e${index}`),
    )
    expect(askedForMore()).toBe(2)
  })

  it('is read no further where nobody waits for it', async () => {
    const { thread, post, sent, askedForMore } = await readerOf(20_000)
    const asked = thread.ask(groupsById)
    const left = new Promise<void>(resolve =>
      sent.mockImplementationOnce(function (this: Worker, message) {
        asked.end()
        post.call(this, message)
        resolve()
      }),
    )
    await left
    // What is asked afterwards is answered as if nothing had been.
    const next = await thread.ask({ ...groupsById, args: [{ ...groupsById.args[0], first: 1 }] })
      .answer
    expect(next).toHaveLength(1)
    expect(askedForMore()).toBe(1)
  })
})

describe('a thread that is closed', () => {
  it('ends by itself, and leaves one file', async () => {
    const { path, thread } = await writerForTest()
    await thread.close()
    expect(await thread.ended).toBe(0)
    expect(readdirSync(dirname(path))).toEqual(['events.db'])
    await expect(thread.ask({ ...terms, task: 'flaw', args: [] }).answer).rejects.toThrow(
      ThreadDied,
    )
  })

  it('gives up the questions that it works on', async () => {
    const path = join(directoryForTest(), 'events.db')
    fillEvents(path, 20_000)
    const thread = await startThread({ role: 'read', path, isDurable: true })
    const asked = Array.from({ length: 20 }, () => thread.ask(longQuestion).answer)
    const refused = Promise.all(asked.map(answer => expect(answer).rejects.toThrow(ThreadDied)))
    await thread.close(120_000)
    expect(await thread.ended).toBe(0)
    await refused
  })

  it('is broken off where it does not end in time, here as another program holds the file', async () => {
    const { path, thread } = await writerForTest()
    const other = new DatabaseSync(path)
    onTestFinished(() => {
      other.close()
    })
    other.exec('BEGIN IMMEDIATE')
    const answer = thread.ask({ ...terms, task: 'purge', args: [0, 1] }).answer
    const refused = expect(answer).rejects.toThrow(ThreadDied)
    await thread.close(1)
    expect(await thread.ended).toBe(1)
    await refused
  })

  it('says why its file cannot be closed in order', async () => {
    const { path, thread } = await writerForTest()
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    // As long as it takes on a busy machine to be told that the file is locked.
    await expect(thread.close(60_000)).rejects.toThrow('locked')
    expect(await thread.ended).toBe(0)
    other.close()
  })
})

it('a thread whose file cannot be opened has ended when that is said', async () => {
  const path = directoryForTest()
  await expect(startThread({ role: 'read', path, isDurable: true })).rejects.toThrow(
    'cannot be opened',
  )
})

describe.runIf(hasPriorities)('beside the event loop', () => {
  it('a thread that reads goes behind it, and one that writes does not', async () => {
    const before = {
      read: nicenessOf('events read').length,
      write: nicenessOf('events write').length,
    }
    const { path } = await writerForTest()
    const reader = await startThread({ role: 'read', path, isDurable: true })
    onTestFinished(() => reader.close())
    const own = getPriority()
    expect(nicenessOf('events write').slice(before.write)).toEqual([own])
    expect(nicenessOf('events read').slice(before.read)).toEqual([Math.min(19, own + 10)])
  })
})
