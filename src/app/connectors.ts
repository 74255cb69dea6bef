/**
 * The connectors that are served: a client of each, the rows that it reads, its webhook secrets. Others can take their
 * place while the server runs.
 */
import type { KeptAnswers } from '../answers/contract.ts'
import type { Spared } from '../answers/tidying.ts'
import type { ConnectorConfig } from '../config/connectors.ts'
import type { Events } from '../events/events.ts'
import { collections } from '../model/collections.ts'
import type { TenantOfRows } from '../model/known-rows.ts'
import { andThen, type Maybe } from '../model/maybe.ts'
import type { Rights } from '../model/rights.ts'
import type { Tracing } from '../model/tracing.ts'
import { createStore, type Store, type StoreOptions } from '../store/store.ts'
import { createClient, type UpstreamClient } from '../upstream/client.ts'
import type { TenantEvidence } from '../upstream/key-tenant.ts'
import type { UpstreamEvent } from '../upstream/contract/events.ts'
import type { State } from '../upstream/state/state.ts'
import type { Period } from '../upstream/state/tenancies.ts'
import { noWriteNews, type WriteNews } from '../writes/news.ts'
import { createChangesSince } from './changes-since.ts'
import { changesBetween, type ConnectorChanges } from './connector-changes.ts'
import type { Metrics } from './metrics.ts'
import type { Setup } from './setup.ts'
import { createTenantOfRows } from './tenant-of-rows.ts'
import { inTurnsOf } from './turns.ts'

export interface ConnectedClient {
  readonly alias: string
  readonly client: UpstreamClient
}

export interface ServedConnectors {
  readonly store: Store
  /** Those that are served now, in the order of the settings. */
  clients(): readonly ConnectedClient[]
  /** The webhook secrets of the connector of that alias; undefined where there is none. */
  secretsOf(alias: string): readonly string[] | undefined
  /** Serves these from now on. Where that fails, all stays as it was. */
  replace(connectors: readonly ConnectorConfig[]): ConnectorChanges
  /** Requests made to Push so far, by all that were ever served. */
  requestsMade(): number
  /** What is kept of Push's answers beyond its time: there is nothing newer, or it can be gone on from. */
  spared(): Spared
  /** Deletes what is kept of connectors that are in the settings no more. */
  forgetOthers(): Promise<void>
  /** Finds out whose keys they have, where those are others than before. */
  recognise(): void
  /**
   * When the connector of that alias was of the tenant that it is of now, which is found out first where that can be;
   * undefined for always. Where it cannot be found out, what came before the start may be another tenant's.
   */
  periodsOf(alias: string): Maybe<readonly Period[] | undefined>
  /** Why it is not known whose the connector of that alias is, once that was asked; undefined where it is. */
  doubtOf(alias: string): Promise<string | undefined>
  /** Whether deliveries for the connector of that alias may be stored now. */
  takesFor(alias: string): Promise<boolean>
  /** The tenants of those of which that is known, by alias. */
  tenants(): ReadonlyMap<string, string>
  /** What is to be known of whose they are, in sentences for a caller of these rights. */
  notices(rights: Pick<Rights, 'connectors'>): readonly string[]
}

/** What outlives the process. */
export interface ConnectorFiles {
  readonly state: State
  readonly events: Pick<Events, 'sequenceBefore' | 'after'>
  /** Undefined where none are kept. */
  readonly answers: KeptAnswers | undefined
  /** Where several replicas change objects. */
  readonly news?: WriteNews
  /** What is known of the tenant that a connector was of; where absent, its key is taken for one of that. */
  readonly evidenceOf?: (alias: string) => TenantEvidence
}

interface Served extends ConnectedClient {
  readonly config: ConnectorConfig
  readonly tenant: () => TenantOfRows | undefined
}

/** Connects these; nothing is asked of Push yet. */
export const openConnectors = (
  setup: Setup,
  connectors: readonly ConnectorConfig[],
  { state, events, answers, news = noWriteNews, evidenceOf }: ConnectorFiles,
  metrics: Metrics,
  tracing?: Pick<Tracing, 'request'>,
  onNotice?: StoreOptions['onNotice'],
): ServedConnectors => {
  const { config, log, clock, turns, opens, onProblem } = setup
  const openedAt = clock.now()
  let requests = 0
  /** Those that Push was asked for. */
  const tried = new Set<string>()
  const isUntried = (alias: string): boolean =>
    !tried.has(alias) && clock.now() - openedAt < UNTRIED_MS
  let served: ReadonlyMap<string, Served> = new Map()

  /** One after another, unless it is served again by then: where hundreds go, those who store deliveries do not wait behind all. */
  let forgetting: Promise<unknown> = Promise.resolve()
  const forget = (alias: string): void => {
    forgetting = forgetting
      .then(() => (served.has(alias) ? undefined : answers?.forgetConnector(alias)))
      .catch((error: unknown) => {
        onProblem(
          `Push's answers to connector ${alias}, which is removed, could not be deleted`,
          error,
        )
      })
  }

  const isRemoved = (alias: string): boolean => served.size > 0 && !served.has(alias)

  const connect = (of: ConnectorConfig): Served => {
    const { alias } = of
    const onEvent = (event: UpstreamEvent): void => {
      log.debug({ connector: alias, ...event }, 'upstream')
      // What is under way when it is removed comes to its end.
      if (!isRemoved(alias)) metrics.upstream(alias, event)
      if (event.kind !== 'request') return
      requests += 1
      tried.add(alias)
      tracing?.request({ connector: alias, url: of.url, ...event })
    }
    const client = createClient({
      ...of,
      evidence: evidenceOf?.(alias),
      onOtherTenant: () => connectAgain(alias),
      isOneOfSeveral: () => served.size > 1,
      state,
      answers,
      inTurn: inTurnsOf(turns, `(${alias})`),
      clock,
      log: setup.say,
      onEvent,
    })
    return { alias, client, config: of, tenant: createTenantOfRows(alias, client, onNotice) }
  }

  /** It begins anew, as its key is another tenant's by now. */
  const connectAgain = (alias: string): void => {
    const now = [...served.values()].map(one => (one.alias === alias ? connect(one.config) : one))
    served = byAlias(now)
    store.serve(now.map(toStore))
  }

  /** The served one goes on where it would ask the same tenant. */
  const connectAll = (next: readonly ConnectorConfig[]): readonly Served[] => {
    const made: Served[] = []
    try {
      return next.map(of => {
        const known = served.get(of.alias)
        if (known !== undefined && isSameTenant(known.config, of)) return { ...known, config: of }
        const one = connect(of)
        made.push(one)
        return one
      })
    } catch (error) {
      for (const { client } of made) void client.close()
      throw error
    }
  }

  const toStore = ({ alias, client, tenant }: Served) => ({
    ...{ alias, client, tenant },
    sizes: client.sizes,
    measures: client.measures,
  })
  const first = connectAll(connectors)
  served = byAlias(first)
  const store = createStore({
    connectors: first.map(toStore),
    clock,
    maxBytes: config.maxMemoryBytes,
    refresh: config.refresh,
    reconcileMs: config.reconcileMs,
    changesSince: createChangesSince(events, alias => served.get(alias)?.client.periods()),
    lingerMs: config.maxWaitMs + SPARE_MS,
    onProblem,
    onNotice,
    onWritten: news.tell,
  })
  opens(store.close)
  news.on((alias, written) => store.connector(alias)?.written(written))

  /** Once it is known whose the connector is, or that nobody can say. */
  const settled = (alias: string): Maybe<UpstreamClient | undefined> => {
    const one = served.get(alias)?.client
    const now = (): UpstreamClient | undefined => {
      const known = served.get(alias)
      // What ends with the former tenant has ended before anything is read.
      known?.tenant()
      return known?.client
    }
    return one !== undefined && one.keptAs() === undefined ? one.settle().then(now) : now()
  }

  return {
    store,
    clients: () => [...served.values()],
    secretsOf: alias => served.get(alias)?.config.webhookSecrets(),
    replace: next => {
      const now = connectAll(next)
      const before = served
      for (const { client, config: of } of now) client.limit(of)
      served = byAlias(now)
      store.serve(now.map(toStore))
      const changes = changesBetween(before, served)
      changes.removed.forEach(metrics.forget)
      for (const alias of changes.removed) forget(alias)
      return changes
    },
    requestsMade: () => requests,
    spared: () => ({
      connectors: [...served.values()]
        .filter(({ alias, client }) => client.health().status === 'FAILING' || isUntried(alias))
        .map(({ alias }) => alias),
      answers: [...store.connectors].flatMap(([connector, { followedReads }]) =>
        followedReads().map(({ name, ...read }) => ({
          ...{ connector, list: collections[name].path },
          ...read,
        })),
      ),
    }),
    recognise: () => {
      for (const { client, tenant } of served.values()) void client.settle().then(tenant)
    },
    periodsOf: alias => andThen(settled(alias), client => client?.periods()),
    doubtOf: async alias => (await settled(alias))?.doubt(),
    takesFor: async alias => (await served.get(alias)?.client.takesDeliveries()) ?? true,
    tenants: () =>
      new Map(
        [...served].flatMap(([alias, { client }]) => {
          const tenant = client.keptAs()
          return tenant === undefined ? [] : [[alias, tenant] as const]
        }),
      ),
    notices: ({ connectors: seen }) =>
      [...served].flatMap(([alias, { client }]) => {
        if (seen?.has(alias) === false) return []
        const doubt = client.doubt()
        if (doubt !== undefined) return [`Connector ${alias}: ${doubt}`]
        return client.tookPlace() ? [tookPlace(alias)] : []
      }),
    forgetOthers: async () => {
      for (const alias of (await answers?.usage())?.keys() ?? [])
        if (!served.has(alias)) forget(alias)
    },
  }
}

const tookPlace = (alias: string): string =>
  `Connector ${alias} is of another tenant than before: what is stored of the former is not shown`

/** Of a connector that nobody has asked for so long after the start, nothing is taken for failing any more. */
const UNTRIED_MS = 600_000

/** An operation waits for Push so long at most; it may take a moment more until it begins to. */
const SPARE_MS = 5_000

const byAlias = (all: readonly Served[]): ReadonlyMap<string, Served> =>
  new Map(all.map(one => [one.alias, one]))

const isSameTenant = (one: ConnectorConfig, other: ConnectorConfig): boolean =>
  one.url === other.url && one.keyId === other.keyId
