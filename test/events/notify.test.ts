import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEvents, type Events } from '../../src/events/events.ts'
import { createNotifier, type NotifierOptions } from '../../src/events/notify.ts'
import type { EventRow, NewEvent } from '../../src/model/events.ts'
import { createFakeClock, settle, type FakeClock } from '../support/clock.ts'
import { delivery, eventOf } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'

const event = (id: string): NewEvent =>
  eventOf(delivery({ id, new: { email: 'jane@example.com' } }))

interface Process {
  readonly events: Events
  readonly clock: FakeClock
  readonly heard: { readonly event: EventRow; readonly own: boolean }[]
}

/** As one of several processes on the same data folder has it. */
const open = async (path: string): Promise<Process> => {
  const clock = createFakeClock()
  const events = await openEvents({ path, clock, retentionDays: 36_500 })
  const heard: { readonly event: EventRow; readonly own: boolean }[] = []
  events.onStored((row, own) => heard.push({ event: row, own }))
  return { events, clock, heard }
}

const openForTest = async (path: string): Promise<Process> => {
  const process = await open(path)
  onTestFinished(() => process.events.close())
  return process
}

const sequences = ({ heard }: Process): number[] => heard.map(({ event: { sequence } }) => sequence)

describe('what another process stores', () => {
  it('is told within a second, as it was stored, and is not taken for our own', async () => {
    const path = join(directoryForTest(), 'events.db')
    const [one, other] = [await openForTest(path), await openForTest(path)]
    const stored = await one.events.append(event('1'))
    expect(one.heard).toEqual([{ event: stored, own: true }])
    expect(other.heard).toEqual([])
    await other.clock.advance(1_000)
    await expect.poll(() => other.heard).toEqual([{ event: stored, own: false }])
  })

  it('is told before what we stored after it, without waiting for the next look', async () => {
    const path = join(directoryForTest(), 'events.db')
    const [one, other] = [await openForTest(path), await openForTest(path)]
    await one.events.append(event('1'))
    await other.events.append(event('2'))
    await expect.poll(() => sequences(other)).toEqual([1, 2])
    expect(other.heard.map(({ own }) => own)).toEqual([false, true])
  })

  it('is told once and in the order of arrival, however both store at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 })), { maxLength: 12 }),
        async steps => {
          const path = join(directoryForTest(), 'events.db')
          const [one, other] = [await open(path), await open(path)]
          let count = 0
          const appends: Promise<unknown>[] = []
          for (const [first, many] of steps) {
            const process = first ? one : other
            for (let index = 0; index < many; index++)
              appends.push(process.events.append(event(String(count++))))
            if (many % 3 === 0) await appends.at(-1)
          }
          await Promise.all(appends)
          const all = Array.from({ length: count }, (_, index) => index + 1)
          for (const process of [one, other])
            await expect
              .poll(async () => {
                await process.clock.advance(1_000)
                return sequences(process)
              })
              .toEqual(all)
          await one.events.close()
          await other.events.close()
        },
      ),
      { numRuns: 10 },
    )
  })
})

type Options = NotifierOptions<EventRow>

describe('a notifier', () => {
  const row = (sequence: number): EventRow => ({ ...event(String(sequence)), sequence })

  it('goes on where a look into the file failed', async () => {
    const clock = createFakeClock()
    const file = [row(1), row(2)]
    const problems: string[] = []
    let broken = true
    const notifier = createNotifier<EventRow>({
      newest: 0,
      after: async sequence => {
        if (broken) throw new Error('disk')
        return Promise.resolve(file.filter(each => each.sequence > sequence))
      },
      clock,
      everyMs: 1_000,
      onProblem: message => problems.push(message),
    })
    const heard: number[] = []
    notifier.listen(({ sequence }) => heard.push(sequence))
    notifier.stored(row(2))
    await settle()
    expect([heard, problems]).toEqual([[], ['Stored events could not be followed']])
    for (let look = 0; look < 5; look += 1) await clock.advance(1_000)
    expect(problems).toHaveLength(1)
    broken = false
    await clock.advance(1_000)
    expect(heard).toEqual([1, 2])
    await clock.advance(1_000)
    expect(problems.slice(1)).toEqual(['Stored events are followed again'])
    notifier.stored(row(3))
    expect(heard).toEqual([1, 2, 3])
    notifier.end()
    expect(clock.waiting()).toBe(0)
  })

  it('reads nothing where numbers follow one another', () => {
    let reads = 0
    const notifier = createNotifier<EventRow>({
      newest: 7,
      after: async () => {
        reads += 1
        return Promise.resolve([])
      },
      clock: createFakeClock(),
      everyMs: 0,
    })
    const heard: number[] = []
    notifier.listen(({ sequence }) => heard.push(sequence))
    for (const sequence of [8, 9, 10]) notifier.stored(row(sequence))
    expect([heard, reads]).toEqual([[8, 9, 10], 0])
  })

  /** A file whose answers come when the test lets them; what is in it by then is what they tell of. */
  const fileForTest = ({ newest = 0, pace }: Pick<Options, 'pace'> & { newest?: number } = {}) => {
    const clock = createFakeClock()
    const file: EventRow[] = []
    const answers: (() => void)[] = []
    const problems: string[] = []
    const notifier = createNotifier<EventRow>({
      newest,
      after: (sequence, limit) =>
        new Promise(resolve => {
          const found = file.filter(each => each.sequence > sequence).slice(0, limit)
          answers.push(() => {
            resolve(found)
          })
        }),
      clock,
      everyMs: 1_000,
      pace,
      onProblem: message => problems.push(message),
    })
    const heard: (readonly [number, boolean])[] = []
    notifier.listen(({ sequence }, own) => heard.push([sequence, own]))
    const answer = async (): Promise<void> => {
      answers.shift()?.()
      await settle()
    }
    return { clock, file, answers, problems, notifier, heard, answer }
  }

  it('tells once of what was stored while the file was looked into', async () => {
    const { clock, file, notifier, heard, answer } = fileForTest()
    file.push(row(1))
    await clock.advance(1_000)
    notifier.stored(row(1))
    await answer()
    await answer()
    expect(heard).toEqual([[1, true]])
  })

  it('tells at once of what was stored while a look into the file was under way', async () => {
    const { clock, file, notifier, heard, answer } = fileForTest()
    file.push(row(1))
    await clock.advance(1_000)
    file.push(row(2))
    notifier.stored(row(2))
    await answer()
    expect(heard).toEqual([[1, false]])
    await answer()
    expect(heard).toEqual([
      [1, false],
      [2, true],
    ])
  })

  it('looks for nothing where an event has been read before word of it came', async () => {
    const { clock, file, notifier, heard, answers, answer } = fileForTest()
    file.push(row(1))
    await clock.advance(1_000)
    await answer()
    notifier.stored(row(1))
    await settle()
    expect(heard.map(([sequence]) => sequence)).toEqual([1])
    expect(answers).toHaveLength(0)
  })

  it('goes on to the end, however much another process has stored meanwhile', async () => {
    const { clock, file, heard, answers, answer } = fileForTest()
    for (let sequence = 1; sequence <= 450; sequence += 1) file.push(row(sequence))
    await clock.advance(1_000)
    while (answers.length > 0) await answer()
    expect(heard.map(([sequence]) => sequence)).toEqual(file.map(({ sequence }) => sequence))
  })

  it('looks when it may for all that was stored by then, by whomever', async () => {
    let isDue = false
    let look = (): void => undefined
    const { file, notifier, heard, answers, answer } = fileForTest({
      pace: due => {
        look = due
        return { call: () => (isDue = true), end: () => (look = () => undefined) }
      },
    })
    // What follows the last one is told without a look.
    file.push(row(1))
    notifier.stored(row(1))
    expect([heard, isDue]).toEqual([[[1, true]], false])
    file.push(row(2), row(3), row(4), row(5))
    notifier.stored(row(3))
    notifier.look()
    notifier.stored(row(5))
    await settle()
    expect([heard.length, answers.length, isDue]).toEqual([1, 0, true])
    look()
    await answer()
    expect(heard.slice(1)).toEqual([
      [2, false],
      [3, true],
      [4, false],
      [5, true],
    ])
    notifier.end()
    look()
    expect(answers).toEqual([])
  })

  it('tells nothing, looks no more and complains of nothing once it has ended', async () => {
    const { clock, file, problems, notifier, heard, answer } = fileForTest()
    file.push(row(1))
    await clock.advance(1_000)
    notifier.end()
    await answer()
    await clock.advance(10_000)
    expect([heard, problems, clock.waiting()]).toEqual([[], [], 0])
  })
})
