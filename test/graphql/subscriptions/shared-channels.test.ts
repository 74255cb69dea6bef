import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'
import { describe, expect, test } from 'vitest'
import {
  type Answered,
  createChannels,
  TOO_MUCH,
} from '../../../src/graphql/subscriptions/shared-channels.ts'
import {
  createBoundedQueue,
  type BoundedQueue,
} from '../../../src/graphql/subscriptions/bounded-queue.ts'
import { AnswerText } from '../../../src/graphql/operation/answer-text.ts'
import type { EventRow } from '../../../src/model/events.ts'
import { settle } from '../../support/clock.ts'

/** Channels over events that the test tells of; each answer waits until the test gives it. */
const channelsForTest = () => {
  let tell: (event: EventRow) => void = () => undefined
  const channels = createChannels(listener => {
    tell = listener
    return () => {
      tell = () => undefined
    }
  })
  const answers: ((result: ExecutionResult | undefined) => void)[] = []
  const join = (key = 'the same', limit = 10_000) => {
    const queue = createBoundedQueue<Answered>(limit)
    const answer = (): Promise<ExecutionResult | undefined> =>
      new Promise(resolve => answers.push(resolve))
    return { queue, leave: channels.join(key, answer, { caller: 'one', queue }) }
  }
  const store = (sequence: number): void => {
    tell({ sequence } as EventRow)
  }
  const answer = async (result: ExecutionResult | undefined = { data: {} }): Promise<void> => {
    answers.shift()?.(result)
    await settle()
  }
  return { channels, join, store, answer, answers }
}

/** Channels over events that the test tells of, whose callers hold so many bytes of answers. */
const channelsOfHolders = (bytes: Readonly<Record<string, number>>) => {
  let listen: (event: EventRow) => void = () => undefined
  const held = new Map(Object.entries(bytes))
  const channels = createChannels(
    listener => {
      listen = listener
      return () => undefined
    },
    undefined,
    caller => held.get(caller) ?? 0,
  )
  return { channels, held, tell: (event: EventRow) => listen(event) }
}

/** What waits in the queue, taken out of it. */
const taken = async (queue: BoundedQueue<Answered>): Promise<number[]> => {
  queue.end()
  const sequences: number[] = []
  for (let next = await queue.take(); next !== undefined; next = await queue.take())
    sequences.push(next.event.sequence)
  return sequences
}

describe('a channel', () => {
  test('is one for all who ask the same, and evaluates each event once for them', async () => {
    const { channels, join, store, answer } = channelsForTest()
    const readers = [join(), join(), join('other')]
    expect(channels.counts()).toMatchObject({ channels: 2, evaluated: 0 })
    store(1)
    await answer()
    await answer()
    expect(channels.counts().evaluated).toBe(2)
    for (const { queue } of readers) expect(await taken(queue)).toEqual([1])
  })

  test('is gone once the last of its readers has left', () => {
    const { channels, join, store } = channelsForTest()
    const [one, other] = [join(), join()]
    one.leave()
    expect(channels.counts().channels).toBe(1)
    other.leave()
    other.leave()
    expect(channels.counts().channels).toBe(0)
    store(1)
    expect(channels.counts().evaluated).toBe(0)
    // One that left late takes no channel from those who came anew.
    join()
    one.leave()
    expect(channels.counts().channels).toBe(1)
  })

  test('gives a reader nothing that was stored before they came, though it is evaluated later', async () => {
    const { join, store, answer } = channelsForTest()
    const early = join()
    store(1)
    store(2)
    const late = join()
    store(3)
    for (let n = 0; n < 3; n += 1) await answer()
    expect(await taken(early.queue)).toEqual([1, 2, 3])
    expect(await taken(late.queue)).toEqual([3])
  })

  test('gives nothing of what does not pass', async () => {
    const { join, store, answer, answers } = channelsForTest()
    const { queue } = join()
    store(1)
    store(2)
    answers.shift()?.(undefined)
    await settle()
    await answer()
    expect(await taken(queue)).toEqual([2])
  })

  test('gives an answer to all of its readers, however many they are', async () => {
    const { join, store, answer } = channelsForTest()
    const readers = Array.from({ length: 50 }, () => join())
    store(1)
    store(2)
    await answer()
    await answer()
    for (const { queue } of readers) expect(await taken(queue)).toEqual([1, 2])
  })

  test.for([
    ['short', 'x', 64],
    ['long', 'x'.repeat(150_000), 7],
  ] as const)(
    'gives a %s answer to no more of its readers in one pass of the loop than are soon written to',
    async ([, text, most]) => {
      const { join, store, answers } = channelsForTest()
      let taken = 0
      for (let n = 0; n < 150; n += 1)
        void join()
          .queue.take()
          .then(() => {
            taken += 1
          })
      store(1)
      // It is asked for in its turn.
      while (answers.length === 0) await nextTurn()
      answers.shift()?.({ data: new AnswerText(text) as never })
      const passes: number[] = []
      for (let before = 0; taken < 150; before = taken) {
        await nextTurn()
        passes.push(taken - before)
      }
      expect(Math.max(...passes)).toBe(most)
    },
  )

  test('ends the work on its answer when the last of its readers leaves, and begins none of those that wait', async () => {
    let tell: (event: EventRow) => void = () => undefined
    const channels = createChannels(listener => {
      tell = listener
      return () => undefined
    })
    const signals: AbortSignal[] = []
    let release = (): void => undefined
    const join = () =>
      channels.join(
        'the same',
        async (_event, signal) => {
          signals.push(signal)
          await new Promise<void>(resolve => {
            release = resolve
          })
          return { data: {} }
        },
        { caller: 'one', queue: createBoundedQueue<Answered>(10) },
      )
    const [leaveOne, leaveOther] = [join(), join()]
    tell({ sequence: 1 } as EventRow)
    tell({ sequence: 2 } as EventRow)
    await settle()
    leaveOne()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    leaveOther()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    release()
    await settle()
    expect(signals).toHaveLength(1)
  })

  test('cuts off the reader who is too slow, and no other', async () => {
    const { channels, join, store, answer } = channelsForTest()
    const [slow, quick] = [join('the same', 1), join()]
    for (const sequence of [1, 2, 3]) {
      store(sequence)
      await answer()
    }
    expect([slow.queue.overflowed(), quick.queue.overflowed()]).toEqual([true, false])
    expect(channels.counts().cutOff).toBe(1)
    expect(await taken(slow.queue)).toEqual([1])
    expect(await taken(quick.queue)).toEqual([1, 2, 3])
  })

  test('makes each answer for whoever of its readers has least by then', async () => {
    const { channels, held, tell } = channelsOfHolders({ one: 5, other: 3 })
    const payers: string[] = []
    const join = (caller: string) =>
      channels.join(
        'the same',
        (_event, _signal, payer) => {
          payers.push(payer)
          return Promise.resolve({ data: {} })
        },
        { caller, queue: createBoundedQueue<Answered>(10) },
      )
    const [, leaveOther] = [join('one'), join('other')]
    tell({ sequence: 1 } as EventRow)
    await settle()
    held.set('other', 7)
    tell({ sequence: 2 } as EventRow)
    await settle()
    held.set('other', 3)
    leaveOther()
    tell({ sequence: 3 } as EventRow)
    await settle()
    expect(payers).toEqual(['other', 'one', 'one'])
  })

  test('cuts all of its readers off where an answer is too much for each of their callers', async () => {
    let tell: (event: EventRow) => void = () => undefined
    const channels = createChannels(listener => {
      tell = listener
      return () => undefined
    })
    const queues = [0, 1].map(() => createBoundedQueue<Answered>(10))
    for (const queue of queues)
      channels.join(
        'the same',
        ({ sequence }) => Promise.resolve(sequence === 2 ? TOO_MUCH : { data: {} }),
        { caller: 'one', queue },
      )
    for (const sequence of [1, 2, 3]) tell({ sequence } as EventRow)
    await settle()
    expect(queues.map(queue => queue.overflowed())).toEqual([true, true])
    expect(channels.counts()).toMatchObject({ cutOff: 2, evaluated: 2 })
    for (const queue of queues) expect(await taken(queue)).toEqual([1])
  })

  test('makes an answer for another caller where the share of the first was filled meanwhile', async () => {
    const { channels, held, tell } = channelsOfHolders({ one: 0, other: 5 })
    const payers: string[] = []
    const queues = ['one', 'other'].map(caller => {
      const queue = createBoundedQueue<Answered>(10)
      channels.join(
        'the same',
        (_event, _signal, payer) => {
          payers.push(payer)
          if (payer !== 'one') return Promise.resolve({ data: {} })
          held.set('one', 10)
          return Promise.resolve(TOO_MUCH)
        },
        { caller, queue },
      )
      return queue
    })
    tell({ sequence: 1 } as EventRow)
    await settle()
    expect(payers).toEqual(['one', 'other'])
    for (const queue of queues) expect(await taken(queue)).toEqual([1])
    expect(channels.counts().cutOff).toBe(0)
  })

  test('lets five thousand events wait, and no more', () => {
    const { channels, join, store } = channelsForTest()
    const { queue } = join()
    // The first is being evaluated, the others wait.
    for (let sequence = 1; sequence <= 5_001; sequence += 1) store(sequence)
    expect([queue.overflowed(), channels.counts().cutOff]).toEqual([false, 0])
    store(5_002)
    expect([queue.overflowed(), channels.counts().cutOff]).toEqual([true, 1])
  })

  test('ends for all when all end', async () => {
    const { channels, join, store } = channelsForTest()
    const { queue } = join()
    channels.close()
    store(1)
    expect(await queue.take()).toBeUndefined()
    expect(channels.counts()).toEqual({ channels: 0, evaluated: 0, cutOff: 0 })
  })
})

describe('a room that queues share', () => {
  const createQueues = (limit: number) => {
    const room = { limit, waiting: 0 }
    return {
      room,
      queues: [createBoundedQueue<number>(10, room), createBoundedQueue<number>(10, room)] as const,
    }
  }

  test('holds as many as it may; beyond, one is cut off who has some waiting, and nobody who has none', () => {
    const { room, queues } = createQueues(2)
    const [slow, quick] = queues
    expect([slow.push(1), slow.push(2), quick.push(3), slow.push(4)]).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect([slow.overflowed(), quick.overflowed(), room.waiting]).toEqual([true, false, 3])
  })

  test('counts what waits, but for a small one that nothing waits before', async () => {
    const [most, small] = [200_000, 60_000]
    let counted = 0
    const queue = createBoundedQueue<number>(10, undefined, {
      of: bytes => bytes,
      take: bytes => {
        if (counted + bytes > most) return false
        counted += bytes
        return true
      },
      give: bytes => {
        counted -= bytes
      },
    })
    expect([queue.push(65_535), counted]).toEqual([true, 0])
    expect([queue.push(small), queue.push(most - small), counted]).toEqual([true, true, most])
    await queue.take()
    expect(counted).toBe(most)
    await queue.take()
    expect(counted).toBe(most - small)
    expect([queue.push(small + 1), queue.overflowed(), counted]).toEqual([
      false,
      true,
      most - small,
    ])
    await queue.take()
    expect(counted).toBe(0)
  })

  test('is empty once all is taken or dropped', async () => {
    const { room, queues } = createQueues(10)
    const [one, other] = queues
    for (const item of [1, 2, 3]) {
      one.push(item)
      other.push(item)
    }
    one.end()
    while ((await one.take()) !== undefined);
    expect(room.waiting).toBe(3)
    other.end(true)
    other.end(true)
    expect([await other.take(), room.waiting]).toEqual([undefined, 0])
  })
})
