import { describe, expect, it } from 'vitest'
import { createGroupCommit, type GroupCommitOptions } from '../../src/events/group-commit.ts'
import { EventsUnavailable } from '../../src/events/unavailable.ts'
import type { Appended } from '../../src/events/writing.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const MEGABYTE = 1_048_576

const event = (id: string, characters = 10): NewEvent =>
  eventOf(delivery({ id }), { body: 'x'.repeat(characters) })

/** A group commit to a list; each commit waits until the test lets it end. */
const groupCommitForTest = (terms: Omit<GroupCommitOptions, 'clock'> = {}) => {
  const clock = createFakeClock()
  const batches: string[][] = []
  const ends: ((error?: Error) => void)[] = []
  let written = 0
  const commits = createGroupCommit(
    events =>
      new Promise<readonly Appended[]>((resolve, reject) => {
        batches.push(events.map(({ id }) => id))
        ends.push(error => {
          if (error !== undefined) reject(error)
          else resolve(events.map(() => ++written))
        })
      }),
    { clock, ...terms },
  )
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error)
    await settle()
  }
  return { commits, batches, end, clock }
}

describe('one commit', () => {
  it('takes what came in the same turn, and the next one what came meanwhile', async () => {
    const { commits, batches, end } = groupCommitForTest()
    const first = [commits.append(event('a')), commits.append(event('b'))]
    await settle()
    const second = [commits.append(event('c')), commits.append(event('d'))]
    await settle()
    expect(batches).toEqual([['a', 'b']])
    await end()
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    await end()
    expect(await Promise.all([...first, ...second])).toEqual([1, 2, 3, 4])
  })

  it('takes a thousand events at most', async () => {
    const { commits, batches, end } = groupCommitForTest()
    const all = Array.from({ length: 2_500 }, (_, index) => commits.append(event(String(index))))
    await settle()
    for (let n = 0; n < 3; n += 1) await end()
    expect(batches.map(batch => batch.length)).toEqual([1_000, 1_000, 500])
    expect(await Promise.all(all)).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))
  })

  it('takes eight megabytes of bodies at most, but always one event', async () => {
    const { commits, batches, end } = groupCommitForTest()
    const sizes = [3, 5, 1, 20, 7, 2]
    for (const [index, size] of sizes.entries())
      void commits.append(event(String(index), size * MEGABYTE))
    await settle()
    for (let n = 0; n < 5; n += 1) await end()
    expect(batches).toEqual([['0', '1'], ['2'], ['3'], ['4'], ['5']])
  })

  it('that fails fails all it took, and none of the next', async () => {
    const { commits, end } = groupCommitForTest()
    const failing = ['a', 'b'].map(id => commits.append(event(id)).catch((error: unknown) => error))
    await settle()
    const next = commits.append(event('c'))
    const full = new EventsUnavailable('disk full')
    await end(full)
    await end()
    expect(await Promise.all(failing)).toEqual([full, full])
    expect(await next).toBe(1)
  })

  it('that fails for something that nobody foresaw fails that of its events alone', async () => {
    const { commits, batches, end } = groupCommitForTest()
    const wrong = new Error('no room in an index')
    const all = ['a', 'b', 'c'].map(id =>
      commits.append(event(id)).catch((error: unknown) => error),
    )
    await settle()
    await end(wrong)
    await end()
    await end(wrong)
    await end()
    expect(batches).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']])
    expect(await Promise.all(all)).toEqual([1, wrong, 2])
  })

  it('is waited for by whoever drains, and so are those behind it', async () => {
    const { commits, batches, end } = groupCommitForTest()
    void commits.append(event('a'))
    await settle()
    void commits.append(event('b'))
    let isDrained = false
    void commits.drain().then(() => {
      isDrained = true
    })
    await end()
    expect([batches.length, isDrained]).toEqual([2, false])
    await end()
    expect(isDrained).toBe(true)
  })
})

describe('an event that may wait for so long', () => {
  it('is refused in time, be it on its way or behind what is', async () => {
    const { commits, batches, end, clock } = groupCommitForTest({ withinMs: 1_400 })
    const refused = { code: 'UPSTREAM_UNAVAILABLE' }
    const first = expect(commits.append(event('a'))).rejects.toMatchObject(refused)
    await settle()
    await clock.advance(1_000)
    const second = expect(commits.append(event('b'))).rejects.toMatchObject(refused)
    await clock.advance(1_000)
    await first
    const third = commits.append(event('c'))
    await clock.advance(1_000)
    await second
    await end()
    // Nobody waits for the second one any more.
    expect(batches).toEqual([['a'], ['c']])
    await end()
    expect(await third).toBe(2)
    expect(clock.waiting()).toBe(0)
  })
})

describe('commits that begin when they may', () => {
  /** Each may once the test says so. */
  const waitingCommits = (terms: Pick<GroupCommitOptions, 'withinMs'> = {}) => {
    const turns: (() => void)[] = []
    const made = groupCommitForTest({
      ...terms,
      next: () => new Promise<void>(resolve => turns.push(resolve)),
    })
    const begin = async (): Promise<void> => {
      turns.shift()?.()
      await settle()
    }
    return { ...made, turns, begin }
  }

  it('take all that has come until then', async () => {
    const { commits, batches, end, begin } = waitingCommits()
    const all = [commits.append(event('a'))]
    await settle()
    all.push(commits.append(event('b')))
    await settle()
    expect(batches).toEqual([])
    await begin()
    all.push(commits.append(event('c')))
    await end()
    expect(batches).toEqual([['a', 'b']])
    await begin()
    await end()
    expect(batches).toEqual([['a', 'b'], ['c']])
    expect(await Promise.all(all)).toEqual([1, 2, 3])
  })

  it('wait for nothing where more waits than one takes', async () => {
    const { commits, batches, end, begin, turns } = waitingCommits()
    for (let index = 0; index < 2_001; index += 1) void commits.append(event(String(index)))
    await settle()
    await end()
    await end()
    expect([batches.map(batch => batch.length), turns.length]).toEqual([[1_000, 1_000], 1])
    await begin()
    expect(batches[2]).toEqual(['2000'])
  })

  it('are not made for events that waited too long', async () => {
    const { commits, batches, begin, clock } = waitingCommits({ withinMs: 1_400 })
    const late = expect(commits.append(event('a'))).rejects.toBeInstanceOf(EventsUnavailable)
    await clock.advance(1_400)
    await late
    await begin()
    expect(batches).toEqual([])
    void commits.append(event('b'))
    await settle()
    await begin()
    expect(batches).toEqual([['b']])
  })
})
