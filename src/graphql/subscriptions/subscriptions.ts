/** Subscriptions: stored events first, where they are asked for, then what arrives, without a gap or a repeat. */
import { type ExecutionResult, type GraphQLSchema, print } from 'graphql'
import { CallerLimitError } from '../../errors.ts'
import {
  FollowedFilter,
  type Loaders,
  placeCursor,
  type Streamed,
  type StreamedList,
} from '../../loaders/loaders.ts'
import { type EventPlace, type EventRow, withPayload } from '../../model/events.ts'
import { allRights, type Rights } from '../../model/rights.ts'
import { isGiven } from '../../model/values.ts'
import type { AnswerBytes } from '../../work/held-answer.ts'
import { Work } from '../../work/work.ts'
import type { CheckOperation } from '../analysis/limits.ts'
import { type ReadVariables, readVariables } from '../analysis/variables.ts'
import { beginUnforeseen, type Context } from '../context.ts'
import { lengthOfAnswer } from '../operation/answer-text.ts'
import { executeInTurns } from '../operation/execute.ts'
import { answeredDocument } from './answered-document.ts'
import { readReplayStart } from './replay-start.ts'
import { failedResult, replayThenLive } from './replay-then-live.ts'
import {
  type AnswerEvent,
  type ChannelCounts,
  type Channels,
  createChannels,
  TOO_MUCH,
} from './shared-channels.ts'
import { askedOf, type Subscribing } from './subscribed-to.ts'

export interface Subscriptions {
  /**
   * The answers of a subscription to a caller of these rights (all where absent), one after the other, their data as text;
   * a single one where it cannot begin. Leaving the iteration ends it, and so does the signal. What waits until it is
   * taken counts as what that caller does not read.
   */
  subscribe(
    subscribing: Subscribing,
    signal: AbortSignal,
    rights?: Rights,
    caller?: string,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>
  counts(): SubscriptionCounts
  /** Ends all of them. */
  close(): void
}

export interface SubscriptionCounts extends ChannelCounts {
  /** Subscriptions that are followed now. */
  readonly open: number
}

export interface SubscriptionOptions {
  readonly schema: GraphQLSchema
  /** Tells of each stored event in the order of arrival. */
  readonly onStored: OnStored
  /** Tells of each stored change likewise; nothing is followed of them where absent. */
  readonly onChanged?: OnStored
  /** A fresh context; one operation is run in it, until the signal is aborted. */
  readonly context: (of: AnswerContext) => Context
  /** Refuses what may not be asked. */
  readonly check?: CheckOperation
  /** Reads variables, once for those who ask one after another. */
  readonly read?: ReadVariables
  /** Answers that may wait for one reader. */
  readonly maxWaiting?: number
  /** What answers may take while they wait; as much as they like where absent. */
  readonly unread?: AnswerBytes & { heldBy(caller: string): number }
  /** A share of the event loop, for each replay to a caller, and for each channel. */
  readonly newWork?: (caller?: string) => Work
}

/** Of what an answer is made. */
export interface AnswerContext {
  readonly signal: AbortSignal
  readonly rights: Rights
  /** In whose turns; in those of all that many follow where absent: nobody holds up what others wait for, too. */
  readonly caller?: string
  /** Among whose answers it counts. */
  readonly payer: string
  /** The only connector that it has to do with: nothing is made ready of others. */
  readonly connector?: string
}

type OnStored = (listener: (row: Streamed) => void) => () => void

const MAX_WAITING = 1_000
/** The same of all readers together: beyond, those are cut off who take too slowly. */
const MAX_WAITING_IN_ALL = 5_000

/** Answers subscriptions; those that ask the same share their live part. */
export const createSubscriptions = (options: SubscriptionOptions): Subscriptions => {
  const { schema, maxWaiting = MAX_WAITING, unread } = options
  const { newWork = () => new Work(), read = readVariables } = options
  const channelsOf = (onStored: OnStored): Channels =>
    createChannels(onStored, newWork, caller => unread?.heldBy(caller) ?? 0)
  const channels: Readonly<Record<StreamedList, Channels>> = {
    events: channelsOf(options.onStored),
    changes: channelsOf(options.onChanged ?? (() => () => undefined)),
  }
  const room = { limit: MAX_WAITING_IN_ALL, waiting: 0 }
  let opened = 0

  const follow = async (
    subscribing: Subscribing,
    signal: AbortSignal,
    rights: Rights,
    caller: string,
  ): Promise<AsyncIterableIterator<ExecutionResult>> => {
    const work = newWork(caller)
    // Many may begin at the same moment, of which each takes its time to read what is asked.
    const inTurn = (): Promise<void> | undefined => (work.isOver() ? work.next() : undefined)
    await inTurn()
    options.check?.(subscribing, rights)
    const { document, operationName, variables } = subscribing
    const { list, filter: input, since } = askedOf(schema, subscribing, read)
    const filter = new FollowedFilter(list, input)
    const answer = createAnswer(schema, list, answeredDocument(schema, subscribing))
    const open = (of: Omit<AnswerContext, 'rights'>): Context => {
      const context = options.context({ ...of, rights })
      beginUnforeseen(context)
      return context
    }
    const own = { signal, caller, payer: caller }
    const loaders = (): Loaders => open(own).loaders
    const orTooMuch = ({ work: { failure } }: Context, result: ExecutionResult | undefined) =>
      failure instanceof CallerLimitError ? TOO_MUCH : result
    // Shared with those of the same rights who ask the same: it goes on while one of them is there.
    const answerLive: AnswerEvent = async (event, anyIsThere, payer) => {
      try {
        const context = open({ signal: anyIsThere, payer, connector: event.connector })
        const passes = await context.loaders.stream(list).passes(filter, event)
        return orTooMuch(context, passes ? await answer(event, context) : undefined)
      } catch (error) {
        return failedResult(error)
      }
    }

    // Whatever cannot be asked is refused before anything is given.
    const first = loaders().stream(list)
    const start = await startOf(list, since, first)
    await inTurn()
    await first.replay(filter, Number.MAX_SAFE_INTEGER, 1)

    const asked = [print(document), operationName ?? null, variables ?? null]
    const key = JSON.stringify([rights.key, ...asked])
    opened += 1
    const stream = replayThenLive({
      what: list,
      start,
      replays: isGiven(since),
      replay: (after, limit) => replayOf(loaders().stream(list), filter, after, limit),
      answer: event =>
        work.later(async () => {
          const context = open({ ...own, connector: event.connector })
          // Its connector may have gone since it was read from the file.
          const isServed = context.loaders.connectors().length > 0
          return orTooMuch(context, isServed ? await answer(event, context) : undefined)
        }),
      join: queue => channels[list].join(key, answerLive, { caller, queue }),
      maxWaiting,
      room,
      held: {
        of: ({ result }) => lengthOfAnswer(result),
        take: bytes => unread?.take(caller, bytes) === undefined,
        give: bytes => unread?.give(caller, bytes),
      },
      cursor: place => placeCursor(list, loaders().given(place)),
      onEnd: () => {
        opened -= 1
      },
    })
    const leave = (): void => void stream.return?.()
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    return stream
  }

  return {
    subscribe: async (subscribing, signal, rights = allRights, caller = '') => {
      try {
        return await follow(subscribing, signal, rights, caller)
      } catch (error) {
        return failedResult(error)
      }
    },
    counts: () => ({ ...sumOf(channels.events.counts(), channels.changes.counts()), open: opened }),
    close: () => {
      channels.events.close()
      channels.changes.close()
    },
  }
}

const sumOf = (one: ChannelCounts, other: ChannelCounts): ChannelCounts => ({
  channels: one.channels + other.channels,
  evaluated: one.evaluated + other.evaluated,
  cutOff: one.cutOff + other.cutOff,
})

const replayOf = async (
  stream: ReturnType<Loaders['stream']>,
  filter: FollowedFilter,
  after: number,
  limit: number,
): Promise<readonly { readonly row: Streamed }[]> =>
  // What is stored has a place.
  (await stream.replay(filter, after, limit)) as readonly { readonly row: Streamed }[]

/** Runs the subscription's document for one event. */
const createAnswer =
  (
    schema: GraphQLSchema,
    list: StreamedList,
    { document, variables }: ReturnType<typeof answeredDocument>,
  ) =>
  async (row: Streamed, contextValue: Context): Promise<ExecutionResult> => {
    try {
      return await executeInTurns({
        schema,
        document,
        rootValue: { [list]: parentOf(list, row) },
        contextValue,
        ...(variables ? { variableValues: variables } : {}),
      })
    } finally {
      contextValue.work.settle()
    }
  }

const parentOf = (list: StreamedList, row: Streamed): object => {
  const { connector } = row
  return list === 'events' ? withPayload({ connector, row: row as EventRow }) : { connector, row }
}

/** The place after which to begin: the newest where nothing that is stored is asked for. */
const startOf = async (
  list: StreamedList,
  since: string | null | undefined,
  stream: ReturnType<Loaders['stream']>,
): Promise<EventPlace> => {
  if (!isGiven(since)) return stream.newestPlace()
  const start = readReplayStart(list, since)
  return 'since' in start ? stream.placeBefore(start.since) : stream.resumeFrom(start)
}
