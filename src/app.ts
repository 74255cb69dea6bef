/** Wires the rooms together; the only file that knows every concrete part. */
import { fileURLToPath } from 'node:url'
import type { ExecutionResult } from 'graphql'
import { checkConnector, type CheckedList } from './app/check.ts'
import { createMetrics, type Metrics } from './app/metrics.ts'
import { startDemoWebhooks } from './app/demo-webhooks.ts'
import { createParts, type ExportOrder } from './app/export-parts.ts'
import { openConnectors, type ServedConnectors } from './app/connectors.ts'
import { failuresOf } from './app/failures.ts'
import {
  openAudit,
  openFiles,
  openForLines,
  openWrites,
  receiveWebhooks,
} from './app/open-parts.ts'
import { createReadTerms, type ReadDocumentTerms } from './app/documents.ts'
import { replaceBy } from './app/replace.ts'
import { createRotation, type Rotation } from './app/rotation.ts'
import type { Setup } from './app/setup.ts'
import { sizesOf } from './app/sizes.ts'
import { openTenants } from './app/tenants.ts'
import { openTracing } from './app/tracing/open-tracing.ts'
import type { Config } from './config/config.ts'
import type { Events } from './events/events.ts'
import type { ExportPart } from './export/part.ts'
import { createAnswering } from './graphql/operation/lifecycle.ts'
import { createCacheability } from './graphql/operation/cacheability.ts'
import { createContext, planWishOf, type Context } from './graphql/context.ts'
import { Kept } from './graphql/analysis/kept.ts'
import { createKnownOperations } from './graphql/analysis/known-operations.ts'
import { createDirect } from './graphql/operation/direct.ts'
import {
  createCheckLimits,
  createReadText,
  type WeighOperation,
  withStatus,
} from './graphql/analysis/limits.ts'
import { createCheckScopes } from './graphql/analysis/scopes.ts'
import { readOnce } from './graphql/analysis/variables.ts'
import { checkVariables } from './graphql/analysis/variables-size.ts'
import { pushgraphPlugin } from './graphql/operation/plugin.ts'
import { resolvers, resolversWithMutations } from './graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from './graphql/schema/schema.ts'
import { createCheckDocuments } from './graphql/documents/check-documents.ts'
import { createSubscriptions } from './graphql/subscriptions/subscriptions.ts'
import { type Authentication, createAuthentication } from './http/callers/authentication.ts'
import { createAdmission } from './http/admission/admission.ts'
import { TIMEOUTS } from './http/admission/limits.ts'
import { agesOf } from './http/answering/cache-control.ts'
import type { GraphRequest } from './http/apollo/contexts.ts'
import { tabsOf, tabTextsOf } from './http/pages/graphiql-tabs.ts'
import type { AuditLog } from './http/logging/audit.ts'
import type { AppLog } from './http/logging/log.ts'
import type { InProcessRequest } from './http/graphql-endpoint.ts'
import { createServer, type Server } from './http/server.ts'
import { openRequest } from './loaders/open-request.ts'
import { systemClock, type Clock } from './model/clock.ts'
import { allRights, visibleTo } from './model/rights.ts'
import type { Tracing } from './model/tracing.ts'
import { plainTime, Turns } from './work/turns.ts'
import { type AnswerBytes, Work } from './work/work.ts'
import type { Receiver } from './webhooks/receiver.ts'
import type { Writes } from './writes/writes.ts'

export type { CheckedList } from './app/check.ts'
export type { ExportOrder } from './app/export-parts.ts'

export interface Learnt {
  readonly connector: string
  readonly name: string
  readonly verdict: string
}

export interface PushgraphApp {
  /** The demo tenant is served, for want of a key. */
  readonly isDemo: boolean
  /** Of the connectors that are served at first. */
  readonly aliases: readonly string[]
  /** Listens where the settings say, and tells the address: `http://host:port`. */
  listen(): Promise<string>
  /** The answer to one operation, without HTTP. */
  execute(operation: InProcessRequest): Promise<ExecutionResult>
  /** Requests made to Push so far. */
  requestsMade(): number
  /** What each connector's key may do, list by list. */
  check(): AsyncIterable<CheckedList>
  /** What an export consists of, a part for each connector and type; nothing is read before the parts are. */
  parts(order: ExportOrder): readonly ExportPart[]
  /** What is known of each connector's API where Push's documentation is silent. */
  learnt(): readonly Learnt[]
  /** Does that work; it is told to who collects traces, with the requests to Push that are made for that id as parts of it. */
  traced<Result>(name: string, id: string, work: () => Promise<Result>): Promise<Result>
  /** Reads the connectors' settings again, which then hold. */
  reload(): void
  /** Lets running answers finish for `withinMs`, then ends everything. */
  stop(withinMs: number): Promise<void>
}

const graphiqlDirectory = fileURLToPath(new URL('../build/graphiql', import.meta.url))

/**
 * The app of these settings. It makes no request and does not listen yet.
 *
 * `readAgain` reads its settings once more while it runs.
 *
 * @throws {StateError} when the state of the data folder cannot be used
 * @throws {EventFileError} when the webhook events there cannot be used
 */
export const createApp = async (
  config: Config,
  log: AppLog,
  clock: Clock = systemClock,
  readAgain?: () => Config,
): Promise<PushgraphApp> => {
  const opened: (() => Promise<void> | void)[] = []
  try {
    return await assemble({
      config,
      log,
      clock,
      readAgain,
      opens: close => opened.push(close),
      say: (level, message) => log[level](message),
      onProblem: (message, error) => {
        if (error === undefined) log.info(message)
        else log.warn({ err: error }, message)
      },
    })
  } catch (error) {
    // What is open already would keep the process alive.
    await Promise.allSettled(opened.map(async close => close()))
    throw error
  }
}

const assemble = async (setup: Setup): Promise<PushgraphApp> => {
  const { config, clock, opens } = setup
  const { connectors: tenants, standIn } = await openTenants(config)
  const authentication =
    config.auth &&
    createAuthentication(config.auth, {
      clock,
      onFailure: (issuer, error) =>
        setup.log.warn({ err: error, issuer }, 'the keys of an issuer of JWTs could not be read'),
    })
  const rotation = createRotation({
    // The demo tenant has no settings of its own; its callers and documents may have.
    readAgain: standIn === undefined || hasFiles(config) ? setup.readAgain : undefined,
    // What they are like before the rest is opened is what was read.
    files: config.files,
    replace: next => replace(next),
    log: setup.log,
  })
  if (standIn !== undefined) opens(standIn.close)
  const { state, events } = await openFiles(setup, standIn !== undefined)
  const audit = openAudit(setup)
  const writes = openWrites(setup, standIn !== undefined, audit)
  const metrics = createMetrics()
  const tracing = await openTracing(setup)
  const connectors = openConnectors(setup, tenants, state, metrics, tracing)
  const { store, clients, requestsMade } = connectors
  const webhooks = receiveWebhooks(setup, connectors, events)
  const sources = {
    connectors,
    events,
    writes,
    webhooks,
    metrics,
    rotation,
    authentication,
    audit,
    tracing,
  }
  const { server, readTerms } = await createServerOf(setup, sources)
  const replace = replaceBy({
    connectors: standIn === undefined ? connectors.replace : undefined,
    authentication,
    auth: config.auth,
    documents: {
      read: readTerms,
      replace: server.replaceDocuments,
      settings: config.documents,
    },
  })
  let endDemo = (): void => undefined

  return {
    isDemo: standIn !== undefined,
    aliases: [...store.connectors.keys()],
    listen: async () => {
      await openForLines(audit)
      const url = await server.listen(config.host, config.port)
      rotation.watch()
      const [connector] = tenants
      const { retentionDays } = config
      if (standIn !== undefined && connector !== undefined)
        endDemo = startDemoWebhooks({ ...setup, standIn, connector, url, events, retentionDays })
      return url
    },
    execute: operation => server.execute(operation),
    requestsMade,
    check: async function* () {
      for (const { alias, client } of clients()) {
        const connector = store.connector(alias)
        if (connector !== undefined) yield* checkConnector(connector, client, clock)
      }
    },
    parts: order => createParts(clients(), events, clock, order),
    learnt: () =>
      clients().flatMap(({ alias, client }) =>
        [...client.facts.all()].map(([name, verdict]) => ({ connector: alias, name, verdict })),
      ),
    traced: async (name, id, work) => {
      const end = tracing?.work(name, id)
      let isDone = false
      try {
        const result = await work()
        isDone = true
        return result
      } finally {
        end?.(!isDone)
      }
    },
    reload: () => {
      audit?.reopen()
      rotation.reload()
    },
    stop: async withinMs => {
      rotation.end()
      endDemo()
      await server.stop(withinMs)
      await events.close()
      await store.close()
      await writes?.close()
      await audit?.close()
      await tracing?.close()
      state.close()
      await standIn?.close()
    },
  }
}

interface Sources {
  readonly connectors: ServedConnectors
  readonly events: Events
  readonly writes: Writes | undefined
  readonly webhooks: Receiver
  readonly metrics: Metrics
  readonly rotation: Pick<Rotation, 'notice'>
  readonly authentication: Authentication | undefined
  readonly audit: AuditLog | undefined
  readonly tracing: Tracing | undefined
}

/** Whose turn it is where subscriptions are compared with what is stored: no caller can be called so. */
const SUBSCRIPTIONS = '(subscriptions)'

/** Whether there is anything to be read again beside connectors. */
const hasFiles = ({ auth, documents }: Config): boolean =>
  auth !== undefined || documents.sources !== undefined

interface Served {
  readonly server: Server
  readonly readTerms: ReadDocumentTerms
}

/** The graph over these sources, and the server that answers for it. */
const createServerOf = async ({ config, log, clock }: Setup, sources: Sources): Promise<Served> => {
  const { events, writes, webhooks, metrics, rotation, authentication, audit } = sources
  const { store, clients } = sources.connectors
  const naming = createNaming(config.prefix)
  const { mutations } = config
  const graph = mutations ? resolversWithMutations : resolvers
  const auth = config.auth !== undefined
  const schema = createExecutableSchema(graph, naming, { auth, mutations })
  const readText = createReadText(config.limits)
  const { introspection } = config
  const readTerms = createReadTerms(createCheckDocuments({ schema, introspection, readText }))
  const documentTerms = readTerms(config.documents)
  const read = readOnce()
  const checkScopes = createCheckScopes(schema, read)
  const checkLimits = createCheckLimits(schema, config.limits, read, {
    sizes: sizesOf(store, events),
    maxAnswerBytes: config.maxAnswerBytes,
  })
  const check: WeighOperation = (operation, rights) => {
    // First: what an operation is estimated at tells of what there is.
    checkScopes(operation, rights)
    return checkLimits(operation, rights)
  }
  const turns = new Turns({ ...plainTime, cpu: processorMs })
  const { maxCpuMs, maxAnswerBytes } = config
  const contextOf = (
    { id, caller = id, rights = allRights, signal, cacheControl, plan, record }: GraphRequest,
    answers?: AnswerBytes,
  ): Context =>
    createContext(
      openRequest({
        store,
        stored: events,
        clock,
        id,
        signal,
        freshness: agesOf(cacheControl, config),
        maxRequests: config.maxRequests,
        maxWaitMs: config.maxWaitMs,
        connectors: visibleTo(rights, store.connectors),
        rights,
        work: new Work({ turns, caller, maxCpuMs, maxAnswerBytes, answers, signal }),
      }),
      planWishOf(plan),
      rights,
      writes,
      record,
    )
  const subscriptions = createSubscriptions({
    newWork: () => new Work({ turns, caller: SUBSCRIPTIONS }),
    schema,
    check,
    onStored: events.onStored,
    context: (signal, rights) =>
      contextOf({
        id: 'subscription',
        caller: SUBSCRIPTIONS,
        rights,
        signal,
        cacheControl: undefined,
        plan: undefined,
      }),
  })
  const kept = new Kept()
  const answering = createAnswering({
    onAnswered: metrics.answered,
    check: withStatus(check),
    most: { cost: config.limits.maxCost, bytes: config.maxAnswerBytes },
    read,
    kept,
    cacheControlOf: createCacheability({ maxAgeMs: config.maxAgeMs, clock }),
  })
  const known = createKnownOperations(kept)
  const admission = createAdmission({
    limits: { ...TIMEOUTS, ...config.callers, maxWaitMs: config.maxWaitMs },
    trusted: config.trustedProxies,
    clock,
    isLate: () => turns.isLate(),
  })

  const server = await createServer<Context>({
    schema,
    admission,
    authentication,
    plugins: [pushgraphPlugin(answering, known.learn)],
    direct: createDirect(answering, known),
    kept,
    context: request => contextOf(request, admission.unread),
    readText,
    documentTerms,
    builtIn: () => tabTextsOf(naming, mutations),
    newWork: caller => new Work({ turns, caller }),
    checkVariables,
    validityOf: ({ validity }) => validity,
    subscriptions,
    health: rights => failuresOf(clients(), rights),
    notices: async () => {
      const flaw = await events.flaw().catch(() => 'Events cannot be stored now')
      const untold =
        audit?.state().isFailing === true ? 'The audit log cannot be written' : undefined
      return [flaw, rotation.notice(), untold].filter(notice => notice !== undefined)
    },
    webhooks,
    metering: metrics,
    audit,
    tracing: sources.tracing,
    introspection,
    graphiqlDirectory,
    tabs: tabsOf(naming, mutations),
    hosts: config.hosts,
    origins: config.origins,
    log,
  })
  const { refusedCallers } = server
  metrics.watch({ store, events, webhooks, subscriptions, admission, refusedCallers, audit, clock })
  return { server, readTerms }
}

/** What this thread took of the processor so far, in milliseconds. */
const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
