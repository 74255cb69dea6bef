/**
 * The live part of subscriptions: all of the same rights who ask the same share one channel, in which each event is
 * tested and executed once, whoever many they are.
 */
import type { ExecutionResult } from 'graphql'
import type { Streamed } from '../../loaders/loaders.ts'
import { Work } from '../../work/work.ts'
import { lengthOfAnswer } from '../operation/answer-text.ts'
import type { BoundedQueue } from './bounded-queue.ts'

/** An event as one channel answers it. */
export interface Answered {
  readonly event: Streamed
  readonly result: ExecutionResult
}

/** In place of an answer that is too much beside what its caller has of them by then. */
export const TOO_MUCH = Symbol('too much')

/**
 * The answer to an event, made among the answers of that caller; undefined where it does not pass. The signal is aborted when
 * nobody waits for it any more.
 */
export type AnswerEvent = (
  event: Streamed,
  signal: AbortSignal,
  payer: string,
) => Promise<ExecutionResult | typeof TOO_MUCH | undefined>

/** Who follows a channel, and where its answers wait for that caller. */
export interface ChannelReader {
  readonly caller: string
  readonly queue: BoundedQueue<Answered>
}

export interface Channels {
  /**
   * Puts what arrives from now on into the reader's queue, as `answer` gives it, in its turn.
   * Equal keys must mean equal answers. The returned function ends it.
   */
  join(key: string, answer: AnswerEvent, reader: ChannelReader): () => void
  counts(): ChannelCounts
  close(): void
}

export interface ChannelCounts {
  /** Distinct subscriptions that are followed now. */
  readonly channels: number
  /** Events that were evaluated so far, once for each channel. */
  readonly evaluated: number
  /** Readers so far that took their answers too slowly. */
  readonly cutOff: number
}

/** Events that may wait in one channel: more than that, and its readers have to come back. */
const MAX_WAITING = 5_000

interface Member extends ChannelReader {
  /** What arrived up to this sequence was there before. */
  readonly after: number
}

/** Bytes that are given to members before others have their turn: all are written in that pass of the loop. */
const GIVEN_AT_ONCE = 1_048_576
/** What giving takes however short an answer is, in bytes that are written in that time. */
const GIVING_BYTES = 16_384

interface Channel {
  readonly members: Set<Member>
  take(event: Streamed): void
  /** Nobody is left. */
  end(): void
}

/**
 * `onStored` tells of each stored event in the order of arrival; `newWork` is a channel's share of the event loop; `heldBy`
 * says what answers take by now that are made for a caller or wait for it, in bytes.
 */
export const createChannels = (
  onStored: (listener: (event: Streamed) => void) => () => void,
  newWork = (): Work => new Work(),
  heldBy: (caller: string) => number = () => 0,
): Channels => {
  const channels = new Map<string, Channel>()
  let latest = 0
  let evaluated = 0
  let cutOff = 0
  const leave = onStored(event => {
    latest = event.sequence
    for (const channel of channels.values()) channel.take(event)
  })

  return {
    join: (key, answer, reader) => {
      const channel =
        channels.get(key) ??
        createChannel({
          work: newWork(),
          answer: (event, signal, payer) => {
            evaluated += 1
            return answer(event, signal, payer)
          },
          heldBy,
          onCutOff: () => {
            cutOff += 1
          },
        })
      channels.set(key, channel)
      const member = { ...reader, after: latest }
      channel.members.add(member)
      return () => {
        channel.members.delete(member)
        if (channel.members.size > 0) return
        channel.end()
        if (channels.get(key) === channel) channels.delete(key)
      }
    },
    counts: () => ({ channels: channels.size, evaluated, cutOff }),
    close: () => {
      leave()
      for (const { members } of channels.values()) for (const { queue } of members) queue.end()
      channels.clear()
    },
  }
}

interface ChannelOptions {
  readonly work: Work
  readonly answer: AnswerEvent
  readonly heldBy: (caller: string) => number
  readonly onCutOff: () => void
}

const createChannel = ({ work, answer, heldBy, onCutOff }: ChannelOptions): Channel => {
  const members = new Set<Member>()
  const waiting: Streamed[] = []
  const left = new AbortController()
  let running = false

  const give = async (event: Streamed, result: ExecutionResult): Promise<void> => {
    const bytes = GIVING_BYTES + lengthOfAnswer(result)
    let given = 0
    for (const member of members) {
      if (event.sequence <= member.after) continue
      if (!member.queue.push({ event, result })) {
        members.delete(member)
        onCutOff()
      }
      given += bytes
      if (given < GIVEN_AT_ONCE) continue
      given = 0
      // Each is written when its reader has taken it, which is later, but in this pass: no look at the time shows it before.
      await new Promise<void>(resolve => {
        work.whenIdle(resolve)
      })
      if (work.isOver()) await work.next()
    }
  }

  /** Whoever has least of answers by now: one who may have no more takes nothing from others who ask the same. */
  const payer = (): string | undefined => {
    const callers = new Set(Array.from(members, ({ caller }) => caller))
    let least: { readonly caller: string; readonly held: number } | undefined
    for (const caller of callers) {
      const held = heldBy(caller)
      if (least === undefined || held < least.held) least = { caller, held }
    }
    return least?.caller
  }

  const answerTo = async (event: Streamed): ReturnType<AnswerEvent> => {
    const caller = payer()
    const result = caller === undefined ? undefined : await answer(event, left.signal, caller)
    const next = result === TOO_MUCH ? payer() : undefined
    // Others may have least by now: who took the rest of a share meanwhile takes the answer from nobody else.
    return next === undefined || next === caller ? result : answer(event, left.signal, next)
  }

  const run = async (): Promise<void> => {
    running = true
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      if (work.isOver()) await work.next()
      const result = await answerTo(event)
      if (result === TOO_MUCH) cutOff()
      else if (result !== undefined) await give(event, result)
    }
    running = false
  }

  const cutOff = (): void => {
    for (const { queue } of members) {
      queue.overflow()
      onCutOff()
    }
    members.clear()
    waiting.length = 0
  }

  return {
    members,
    take: event => {
      if (waiting.length >= MAX_WAITING) {
        cutOff()
        return
      }
      waiting.push(event)
      if (!running) void run()
    },
    end: () => {
      waiting.length = 0
      left.abort()
    },
  }
}
