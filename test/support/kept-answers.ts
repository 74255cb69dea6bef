/** Kept answers beside new ones: one store behind two servers, of which one takes every short cut there is, the other none. */
import { Writable } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import { UpstreamUnavailableError } from '../../src/errors.ts'
import { openEvents } from '../../src/events/events.ts'
import { createContext, type Context, planWishOf } from '../../src/graphql/context.ts'
import { createAnswering } from '../../src/graphql/operation/lifecycle.ts'
import { createCacheability } from '../../src/graphql/operation/cacheability.ts'
import { createKnownOperations } from '../../src/graphql/analysis/known-operations.ts'
import { createDirect, type DirectQuestion } from '../../src/graphql/operation/direct.ts'
import {
  createCheckLimits,
  type DocumentLimits,
  withStatus,
} from '../../src/graphql/analysis/limits.ts'
import { pushgraphPlugin } from '../../src/graphql/operation/plugin.ts'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../src/graphql/schema/schema.ts'
import { readOnce } from '../../src/graphql/analysis/variables.ts'
import { agesOf } from '../../src/http/answering/cache-control.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { createServer, type Server } from '../../src/http/server.ts'
import { openRequest } from '../../src/loaders/open-request.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { andThen, type Maybe } from '../../src/model/maybe.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import type { Unreadable } from '../../src/upstream/contract/contract.ts'
import { changeOf } from '../../src/webhooks/follow.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { delivery, type MadeUp, SECRET } from './deliveries.ts'
import { createDoor } from './door.ts'
import { type ClientState, createFakeClient, wellAndIdle } from './fake-client.ts'
import { rowOf } from './rows.ts'

export interface Asked {
  readonly status: number
  readonly text: string
  /** It was sent as it had been sent before: no operation began. */
  readonly again: boolean
  /** It was made without Apollo. */
  readonly direct: boolean
  readonly headers: Headers
}

export type Ask = (
  query: string,
  given?: { readonly variables?: object; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Asked>

export interface Kept {
  readonly clock: FakeClock
  readonly store: Store
  /** What Push has, for tests to change. */
  readonly upstream: { [Name in CollectionName]: Rows[Name][] }
  /** How Push answers, and what is known of that, for tests to change. */
  readonly push: PushState
  /** Stores an event as if Push had sent it, and lets the store follow it. There must be `events`. */
  readonly deliver: (event: MadeUp) => Promise<void>
  /** Asks the server that may send an answer again. */
  readonly ask: Ask
  /** Asks the one that never does. */
  readonly askAnew: Ask
  /**
   * How often an operation began, was answered without Apollo, or its caller refused; and how often an answer was
   * counted as given by the store, and as an operation by its result.
   */
  readonly counted: {
    begun: number
    direct: number
    refused: number
    byStore: number
    byResult: Record<string, number>
  }
  /** The log's lines of requests to the server that may send an answer again. */
  readonly lines: readonly Record<string, unknown>[]
  /** Whether the next callers are let in. */
  admit: boolean
  /** Stops the server that may send an answer again. */
  readonly stopKeeping: () => Promise<void>
  readonly url: string
  /** The address of the server that takes no short cut. */
  readonly plainUrl: string
  readonly stop: () => Promise<void>
}

export interface PushState extends ClientState {
  /** So many requests are answered, all later ones fail. */
  answersLeft: number
  /** Objects of each page that cannot be read. */
  unreadable: readonly Unreadable[]
}

const schemaOfAll = createExecutableSchema(resolvers)

/** Small enough for a question of this tenant to go beyond. */
const limits: DocumentLimits = { maxDepth: 10, maxAliases: 10, maxTokens: 1_000, maxCost: 25_000 }

export interface KeptOptions {
  readonly refresh?: boolean
  readonly maxBytes?: number
  /** How long rows are fresh; a minute where absent. */
  readonly maxAgeMs?: number
  /** Whether there is a file of events; without it the stored lists are empty. */
  readonly events?: boolean
  readonly schema?: GraphQLSchema
}

/** Ten employees with two accounts each at three apps, of which one is not there. Nothing has been read yet. */
export const startKept = async ({
  refresh = true,
  maxBytes = 1e9,
  maxAgeMs = 60_000,
  events = false,
  schema = schemaOfAll,
}: KeptOptions = {}): Promise<Kept> => {
  const clock = createFakeClock()
  const upstream: Kept['upstream'] = {
    ...(Object.fromEntries(collectionNames.map(name => [name, []])) as unknown as Kept['upstream']),
    employees: Array.from({ length: 10 }, (_, n) =>
      rowOf('employees', { id: `e${n}`, department: n % 3 === 0 ? null : 'Legal' }),
    ),
    accounts: Array.from({ length: 20 }, (_, n) =>
      rowOf('accounts', {
        id: `a${n}`,
        employeeId: `e${n % 10}`,
        appId: `p${n % 3}`,
        appType: n % 2 === 0 ? 'SLACK' : 'ZOOM',
        lastUsedAt: n % 4 === 0 ? null : Math.floor(clock.now() / 1_000) - n * 60,
      }),
    ),
    apps: ['p0', 'p1'].map(id => rowOf('apps', { id })),
  }
  const push: PushState = { ...wellAndIdle(), answersLeft: Infinity, unreadable: [] }
  const client = createFakeClient({
    clock,
    state: push,
    before: () => {
      if (push.answersLeft <= 0) throw new UpstreamUnavailableError('Push is not there')
      push.answersLeft -= 1
      return push.unreadable.length === 0 ? {} : { unreadable: push.unreadable }
    },
    // What the store holds is its own.
    lists: new Proxy(upstream, {
      get: (lists, name: CollectionName) => lists[name].map(row => ({ ...row })),
    }),
  })
  const sizes = new Map<string, { rows: number; at: number }>()
  const store = createStore({
    connectors: [
      {
        alias: 'default',
        client,
        sizes: {
          get: name => sizes.get(name),
          set: (name, rows) => {
            sizes.set(name, { rows, at: clock.now() })
          },
          seen: () => undefined,
          see: () => undefined,
        },
      },
    ],
    clock,
    maxBytes,
    refresh,
  })

  const stored = events
    ? await openEvents({ path: ':memory:', retentionDays: 36_500, clock })
    : undefined
  const receiver =
    stored &&
    createReceiver({
      secretsOf: connector => (connector === 'default' ? [SECRET] : undefined),
      events: stored,
      clock,
      onStored: (event, at) => {
        const change = changeOf(event, at)
        if (change !== undefined) store.connector(event.connector)?.follow(change)
      },
    })

  const lines: Record<string, unknown>[] = []
  const world = {
    admit: true,
    lines,
    counted: {
      begun: 0,
      direct: 0,
      refused: 0,
      byStore: 0,
      byResult: {} as Record<string, number>,
    },
  }
  const serve = async (sendsAgain: boolean): Promise<readonly [Server, string]> => {
    const read = readOnce()
    const answering = createAnswering({
      check: withStatus(createCheckLimits(schema, limits, read)),
      read,
      onAnswered: () => {
        world.counted.byStore += 1
      },
      cacheControlOf: createCacheability({ maxAgeMs, clock }),
    })
    const known = createKnownOperations()
    const direct = createDirect(answering, known)
    const server = await createServer<Context>({
      schema,
      admission: createDoor(),
      plugins: [pushgraphPlugin(answering, known.learn)],
      metering: {
        operation: (type, result) => {
          const name = `${type} ${result}`
          world.counted.byResult[name] = (world.counted.byResult[name] ?? 0) + 1
        },
        delivery: () => undefined,
        render: async () => ({ contentType: '', text: '' }),
      },
      ...(sendsAgain
        ? {
            validityOf: ({ validity }: Context) => validity,
            direct: (open: () => Maybe<Context | undefined>, asked: DirectQuestion) =>
              andThen(direct(open, asked), answer => {
                if (answer !== undefined) world.counted.direct += 1
                return answer
              }),
          }
        : {}),
      context: ({ id, signal, cacheControl, plan }) => {
        if (!world.admit) {
          world.counted.refused += 1
          throw new Error('nobody is let in')
        }
        const request = openRequest({
          store,
          clock,
          id,
          signal,
          freshness: agesOf(cacheControl, { maxAgeMs, staleMs: 900_000, refresh }),
          maxRequests: 250,
          maxWaitMs: 25_000,
          connectors: store.connectors,
          ...(stored === undefined ? {} : { stored }),
        })
        const openInTurns: typeof request.openInTurns = (needs, planOnly) => {
          world.counted.begun += 1
          return request.openInTurns(needs, planOnly)
        }
        return createContext({ ...request, openInTurns }, planWishOf(plan))
      },
      health: () => [],
      introspection: true,
      graphiqlDirectory: '.',
      overview: { directory: '.', documents: {} },
      hosts: [],
      origins: [],
      log: createLog({
        level: 'info',
        readable: false,
        destination: new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            if (sendsAgain) lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
            done()
          },
        }),
      }),
    })
    return [server, `${await server.listen('127.0.0.1', 0)}/graphql`]
  }
  const [keeping, keepingUrl] = await serve(true)
  const [forgetful, forgetfulUrl] = await serve(false)

  const askAt =
    (url: string): Ask =>
    async (query, { variables = {}, headers = {} } = {}) => {
      const before = { ...world.counted }
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      })
      return {
        status: response.status,
        text: await response.text(),
        again: world.counted.begun === before.begun && response.ok,
        direct: world.counted.direct > before.direct,
        headers: response.headers,
      }
    }

  return Object.assign(world, {
    clock,
    store,
    upstream,
    push,
    deliver: async (event: MadeUp) => {
      const body = delivery(event)
      const header = sign(SECRET, Math.floor(clock.now() / 1_000), body)
      const outcome = await receiver?.receive('default', header, body)
      if (outcome?.kind !== 'stored') throw new Error(`The event was not stored: ${outcome?.kind}`)
    },
    ask: askAt(keepingUrl),
    askAnew: askAt(forgetfulUrl),
    url: keepingUrl,
    plainUrl: forgetfulUrl,
    stopKeeping: () => keeping.stop(30_000),
    stop: async () => {
      await Promise.all([keeping.stop(0), forgetful.stop(0)])
      await store.close()
      await stored?.close()
    },
  })
}
