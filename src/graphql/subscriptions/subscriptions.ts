/** Subscriptions: stored events first, where they are asked for, then what arrives, without a gap or a repeat. */
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql'
import { BadInputError, GatewayError } from '../../errors.ts'
import type { Loaders } from '../../loaders/loaders.ts'
import { type EventRow, withPayload } from '../../model/events.ts'
import { type Answered, type ChannelCounts, createChannels } from './shared-channels.ts'
import { begin, type Context } from '../context.ts'
import { namingOf } from '../federation/naming.ts'
import type { CheckLimits } from '../analysis/limits.ts'
import { createBoundedQueue } from './bounded-queue.ts'
import { readReplayStart, writeSince } from './since.ts'
import { noVariables, readVariables } from '../analysis/variables.ts'

/** One subscription, parsed and valid. */
export interface Subscribing {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

export interface Subscriptions {
  /**
   * The answers of a subscription, one after the other; a single one where it cannot begin. Leaving the iteration ends
   * it.
   */
  subscribe(
    subscribing: Subscribing,
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
  readonly onStored: (listener: (event: EventRow) => void) => () => void
  /** A fresh context; one operation is run in it. */
  readonly context: () => Context
  /** Refuses what is asked beyond the limits. */
  readonly check?: CheckLimits
  /** Answers that may wait for one reader. */
  readonly maxWaiting?: number
}

/** Stored events read at once. */
const REPLAYED_AT_ONCE = 200
const MAX_WAITING = 1_000

export const createSubscriptions = (options: SubscriptionOptions): Subscriptions => {
  const { schema } = options
  const channels = createChannels(options.onStored)
  let opened = 0
  const open = (): Context => {
    const context = options.context()
    begin(context, [])
    return context
  }

  const start = async (
    subscribing: Subscribing,
  ): Promise<AsyncIterableIterator<ExecutionResult>> => {
    options.check?.(subscribing)
    const { filter, since } = argumentsOf(schema, subscribing)
    const { document, operationName, variables } = subscribing

    const answer = async (event: EventRow, context = open()): Promise<ExecutionResult> =>
      execute({
        schema,
        document,
        rootValue: { events: withPayload({ connector: event.connector, row: event }) },
        contextValue: context,
        ...(operationName ? { operationName } : {}),
        ...(variables ? { variableValues: variables } : {}),
      })
    const answerLive = async (event: EventRow): Promise<ExecutionResult | undefined> => {
      try {
        const context = open()
        const passes = await context.loaders.passes(filter, event)
        return passes ? await answer(event, context) : undefined
      } catch (error) {
        return failed(error)
      }
    }

    // Whatever cannot be asked is refused before anything is given.
    const { loaders } = open()
    let position = await positionOf(since, loaders)
    await loaders.replay(filter, Number.MAX_SAFE_INTEGER, 1)

    const key = JSON.stringify([print(document), operationName ?? null, variables ?? null])
    let queue = createBoundedQueue<Answered>(options.maxWaiting ?? MAX_WAITING)
    let leave: (() => void) | undefined
    let left = false
    const join = (): void => {
      queue = createBoundedQueue(options.maxWaiting ?? MAX_WAITING)
      leave = channels.join(key, answerLive, queue)
    }
    if (position === undefined) join()
    opened += 1
    let ended = false
    const end = (): void => {
      leave?.()
      if (!ended) opened -= 1
      ended = true
    }

    async function* replayed(): AsyncGenerator<ExecutionResult> {
      while (position !== undefined && !left) {
        const page = await open().loaders.replay(filter, position, REPLAYED_AT_ONCE)
        for (const { row } of page) {
          position = row.sequence
          yield await answer(row)
        }
        const isLast = page.length < REPLAYED_AT_ONCE
        // What arrives between the last page and the live part would be missed: so the live part begins, and then the
        // last page is read once more.
        if (isLast && leave !== undefined) return
        if (isLast) join()
        else {
          leave?.()
          leave = undefined
        }
      }
    }

    async function* answers(): AsyncGenerator<ExecutionResult> {
      try {
        yield* replayed()
        for (
          let next = await queue.take();
          next !== undefined && !left;
          next = await queue.take()
        ) {
          if (next.sequence <= (position ?? 0)) continue
          position = next.sequence
          yield next.result
        }
        if (queue.overflowed() && !left) yield tooSlow(position)
      } finally {
        end()
      }
    }

    const iterator = answers()
    const stop = async (): Promise<IteratorResult<ExecutionResult>> => {
      left = true
      queue.end(true)
      await iterator.return(undefined)
      // A generator that never began has nothing to clean up by itself.
      end()
      return { done: true, value: undefined }
    }
    const stream: AsyncIterableIterator<ExecutionResult> = {
      next: () => iterator.next(),
      return: stop,
      [Symbol.asyncIterator]: () => stream,
    }
    return stream
  }

  return {
    subscribe: async subscribing => {
      try {
        return await start(subscribing)
      } catch (error) {
        return failed(error)
      }
    },
    counts: () => ({ ...channels.counts(), open: opened }),
    close: () => {
      channels.close()
    },
  }
}

const failed = (error: unknown): ExecutionResult => {
  if (error instanceof GraphQLError) return { errors: [error] }
  const cause = error instanceof Error ? error : new Error('failed')
  return { errors: [new GraphQLError(cause.message, { originalError: cause })] }
}

const tooSlow = (position: number | undefined): ExecutionResult =>
  failed(
    new GatewayError(
      'TOO_SLOW',
      'More events arrived than were taken. Subscribe again with the cursor as "since" to go on without a gap',
      { cursor: writeSince(position ?? 0) },
    ),
  )

/** The sequence after which to begin; undefined for what arrives from now on. */
const positionOf = async (
  since: string | null | undefined,
  loaders: Loaders,
): Promise<number | undefined> => {
  if (since === null || since === undefined) return undefined
  const place = readReplayStart(since)
  return 'sequence' in place ? place.sequence : loaders.sequenceBefore(place.receivedAt)
}

/** What the only field that a subscription has is called. */
const fieldOf = (schema: GraphQLSchema): string => namingOf(schema).field('Subscription', 'events')

interface EventsArguments {
  readonly filter?: unknown
  readonly since?: string | null
}

/** The arguments of the only field that a subscription has. */
const argumentsOf = (
  schema: GraphQLSchema,
  { document, operationName, variables }: Subscribing,
): EventsArguments => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined)
    throw new BadInputError('The document has no operation of that name', 'operationName')
  const read = readVariables(schema, operation, variables ?? noVariables)
  if (read.errors !== undefined) throw theirs(read.errors[0] ?? new Error('no variables'))
  const field = firstField(document, operation.selectionSet)
  const called = fieldOf(schema)
  const definition = schema.getSubscriptionType()?.getFields()[called]
  if (field === undefined || definition === undefined || field.name.value !== called)
    throw new BadInputError(`A subscription must ask for "${called}"`)
  try {
    return getArgumentValues(definition, field, read.coerced)
  } catch (error) {
    throw theirs(error)
  }
}

/** A mistake in variables or arguments under the code that it has over plain HTTP; without one it would be a bug of ours. */
const theirs = (error: unknown): unknown =>
  error instanceof GraphQLError
    ? new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
      })
    : error

const firstField = (document: DocumentNode, set: SelectionSetNode): FieldNode | undefined => {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) return node
    const inner =
      node.kind === Kind.INLINE_FRAGMENT
        ? node.selectionSet
        : document.definitions.find(
            (of): of is FragmentDefinitionNode =>
              of.kind === Kind.FRAGMENT_DEFINITION && of.name.value === node.name.value,
          )?.selectionSet
    const found = inner && firstField(document, inner)
    if (found !== undefined) return found
  }
  return undefined
}
