/** The graph over a stand-in of its own, all parts real but the HTTP in front: for tests of what is read and answered. */
import type { Events } from '../../src/events/events.ts'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled'
import type { FormattedExecutionResult } from 'graphql'
import { onTestFinished } from 'vitest'
import type { StandIn, StandInOptions } from '../../src/demo/stand-in.ts'
import { dataOf } from '../../src/graphql/operation/answer-text.ts'
import { createContext, type Context, type PlanWish } from '../../src/graphql/context.ts'
import { createCheckScopes } from '../../src/graphql/analysis/scopes.ts'
import { withStatus } from '../../src/graphql/analysis/limits.ts'
import { createAnswering } from '../../src/graphql/operation/lifecycle.ts'
import { pushgraphPlugin } from '../../src/graphql/operation/plugin.ts'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../src/graphql/schema/schema.ts'
import { executingInTurns } from '../../src/http/apollo/executing.ts'
import { formatError } from '../../src/http/refusals/format-error.ts'
import type { PlanReport, StoredSource } from '../../src/loaders/loaders.ts'
import { openRequest } from '../../src/loaders/open-request.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { KeptAnswers } from '../../src/answers/contract.ts'
import type { Rights } from '../../src/model/rights.ts'
import type { ChangesSince } from '../../src/store/reading/catch-up.ts'
import { Work } from '../../src/work/work.ts'
import type { WorkOptions } from '../../src/work/work-options.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { createPastRoom } from '../../src/store/past/past-room.ts'
import { createClient } from '../../src/upstream/client.ts'
import { openState, type State } from '../../src/upstream/state/state.ts'
import { startStandIn } from './stand-in.ts'

export interface Answer {
  /** Whatever the operation selects; tests know what they asked for. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  readonly data: any
  readonly errors: readonly {
    message: string
    path?: readonly (string | number)[]
    code: unknown
    /** The scope that is lacking. */
    scope?: unknown
    /** Of the argument that was refused. */
    at?: unknown
  }[]
  /** `extensions.pushgraph`. */
  readonly cost: {
    readonly requests: number
    readonly rowsRead: number
    readonly rowsReturned: number
    readonly complete: boolean
    readonly asOf: string | null
    readonly warnings: readonly {
      code: string
      message: string
      connector: string
      collection: string | null
    }[]
    /** Where it was asked for. */
    readonly plan?: PlanReport
  }
  /** Requests that reached the stand-in meanwhile. */
  readonly requests: number
}

export interface Terms {
  readonly maxAgeMs?: number
  readonly staleMs?: number
  readonly maxRequests?: number
  readonly maxWaitMs?: number
  readonly signal?: AbortSignal
  readonly plan?: PlanWish
  /** What its caller may see; everything where absent. */
  readonly rights?: Rights
  /** What it may take, and how turns are shared out. */
  readonly work?: WorkOptions
}

export interface Graph {
  /** Of the first connector, `default`. */
  readonly standIn: StandIn
  readonly standIns: readonly StandIn[]
  readonly store: Store
  run(query: string, variables?: Record<string, unknown>, terms?: Terms): Promise<Answer>
  close(): Promise<void>
}

export interface GraphOptions extends StandInOptions {
  /** Aliases of further connectors, each with a tenant of its own. */
  readonly others?: readonly string[]
  readonly refresh?: boolean
  /** After so long followed collections are read whole; 0, the default: none is followed. */
  readonly reconcileMs?: number
  /** Requests per second; fast where the limiter is not what is tested. */
  readonly rate?: number
  /** Where state is kept; in memory where absent. */
  readonly statePath?: string
  /** That state in its place; whoever made it closes it. */
  readonly state?: State
  /** The stand-ins of another graph, which closes them: this one is a second process over the same tenants. */
  readonly over?: readonly StandIn[]
  /** The stored lists; empty where absent. What can store changes is told of those of the rows. */
  readonly stored?: StoredSource & Partial<Pick<Events, 'note'>>
  /** Where Push's answers are kept; nowhere where absent. */
  readonly answers?: KeptAnswers
  readonly maxBytes?: number
  /** What rows of the past may take; without bounds where absent. */
  readonly maxPastBytes?: number
  readonly changesSince?: (alias: string) => ChangesSince
}

const schema = createExecutableSchema(resolvers)

/** A graph over small tenants without latency or limiter, unless the options say otherwise. */
export const createGraph = async (options: GraphOptions = {}): Promise<Graph> => {
  const {
    others = [],
    rate = 10_000,
    refresh = false,
    reconcileMs = 0,
    statePath = ':memory:',
    over,
    stored,
    answers,
    maxBytes = 1e9,
    maxPastBytes = Infinity,
    changesSince,
    ...tenant
  } = options
  const aliases = ['default', ...others]
  const standIns =
    over ??
    (await Promise.all(
      aliases.map((_alias, index) => startStandIn({ ...tenant, seed: (tenant.seed ?? 1) + index })),
    ))
  const clock = tenant.clock ?? systemClock
  const state = options.state ?? openState(statePath, { clock })
  const connectors = aliases.map((alias, index) => {
    const standIn = standIns[index]
    if (standIn === undefined) throw new Error('a connector without a stand-in')
    const client = createClient({
      alias,
      url: standIn.url,
      key: () => standIn.keys.readOnly,
      rate,
      burst: rate,
      state,
      answers,
      clock,
    })
    return { alias, client, sizes: client.sizes, measures: client.measures }
  })
  const store = createStore({
    connectors,
    clock,
    maxBytes,
    refresh,
    reconcileMs,
    onNotice: stored?.note,
    ...(changesSince === undefined ? {} : { changesSince }),
  })
  const executing = executingInTurns(schema)
  const server = new ApolloServer<Context>({
    gateway: executing.gateway,
    formatError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      pushgraphPlugin(createAnswering({ check: withStatus(createCheckScopes(schema)) })),
      executing.plugin,
    ],
  })
  await server.start()
  const count = (): number =>
    standIns.reduce((sum, { statistics }) => sum + statistics().requests, 0)
  let operations = 0
  const pastRoom = createPastRoom(maxPastBytes)

  return {
    get standIn() {
      const [first] = standIns
      if (first === undefined) throw new Error('no stand-in')
      return first
    },
    standIns,
    store,
    run: async (query, variables = {}, terms = {}) => {
      operations += 1
      const before = count()
      const request = openRequest({
        store,
        clock,
        id: `operation ${operations}`,
        freshness: { maxAgeMs: terms.maxAgeMs ?? 60_000, staleMs: terms.staleMs ?? 900_000 },
        maxRequests: terms.maxRequests ?? 250,
        maxWaitMs: terms.maxWaitMs ?? 25_000,
        connectors: store.connectors,
        pastRoom,
        ...(stored === undefined ? {} : { stored }),
        ...(terms.signal === undefined ? {} : { signal: terms.signal }),
        ...(terms.rights === undefined ? {} : { rights: terms.rights }),
        work: new Work({ signal: terms.signal, ...terms.work }),
      })
      const { body } = await server.executeOperation(
        { query, variables },
        { contextValue: createContext(request, terms.plan, terms.rights) },
      )
      if (body.kind !== 'single') throw new Error('an answer in parts')
      const result: FormattedExecutionResult = body.singleResult
      return {
        data: dataOf(result.data),
        errors: (result.errors ?? []).map(({ message, path, extensions }) => ({
          message,
          ...(path === undefined ? {} : { path }),
          code: extensions?.['code'],
          ...(extensions?.['scope'] === undefined ? {} : { scope: extensions['scope'] }),
          ...(extensions?.['path'] === undefined ? {} : { at: extensions['path'] }),
        })),
        cost: result.extensions?.['pushgraph'] as Answer['cost'],
        requests: count() - before,
      }
    },
    close: async () => {
      await store.close()
      if (options.state === undefined) await state.close()
      await server.stop()
      if (over === undefined) await Promise.all(standIns.map(standIn => standIn.close()))
    },
  }
}

/** The same, closed when the running test ends; only to be called within one. */
export const graphForTest = async (options: GraphOptions = {}): Promise<Graph> => {
  const graph = await createGraph(options)
  onTestFinished(graph.close)
  return graph
}
