/** The graph over the parts that read, write and store, and the server that answers for it. */
import { fileURLToPath } from 'node:url'
import { openAgents } from '../agents/open-agents.ts'
import type { Metrics } from '../metrics.ts'
import type { ServedConnectors } from '../connectors.ts'
import { failuresOf } from '../failures.ts'
import { progressOf } from '../progress.ts'
import { createReadTerms, type ReadDocumentTerms } from '../documents.ts'
import type { Rotation } from '../rotation.ts'
import type { Setup } from '../setup.ts'
import { sinkNotices, sinksSeenBy } from '../sinks/open-sinks.ts'
import { sizesOf } from '../sizes.ts'
import type { KeptAnswers } from '../../answers/contract.ts'
import type { Events } from '../../events/events.ts'
import { createAnswering } from '../../graphql/operation/lifecycle.ts'
import { createCacheability } from '../../graphql/operation/cacheability.ts'
import { createContext, planWishOf, type Context } from '../../graphql/context.ts'
import { Kept } from '../../graphql/analysis/kept.ts'
import { createKnownOperations } from '../../graphql/analysis/known-operations.ts'
import { createDirect } from '../../graphql/operation/direct.ts'
import {
  createCheckLimits,
  createReadText,
  type WeighOperation,
  withStatus,
} from '../../graphql/analysis/limits.ts'
import { createCheckScopes } from '../../graphql/analysis/scopes.ts'
import { readOnce } from '../../graphql/analysis/variables.ts'
import { checkVariables } from '../../graphql/analysis/variables-size.ts'
import { pushgraphPlugin } from '../../graphql/operation/plugin.ts'
import { resolvers, resolversWithMutations } from '../../graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../graphql/schema/schema.ts'
import { createCheckDocuments } from '../../graphql/documents/check-documents.ts'
import { createSubscriptions } from '../../graphql/subscriptions/subscriptions.ts'
import type { Authentication } from '../../http/callers/authentication.ts'
import { createAdmission } from '../../http/admission/admission.ts'
import type { RequestRate } from '../../http/admission/request-rate.ts'
import { TIMEOUTS } from '../../http/admission/limits.ts'
import { agesOf } from '../../http/answering/cache-control.ts'
import type { GraphRequest } from '../../http/apollo/contexts.ts'
import { overviewDocumentsOf } from '../../http/pages/overview.ts'
import { pageDataOf, textsOf } from '../../http/pages/page-data.ts'
import type { AuditLog } from '../../http/logging/audit.ts'
import { createServer, type Server } from '../../http/server.ts'
import { createPastRoom } from '../../store/past/past-room.ts'
import { openRequest } from '../../loaders/open-request.ts'
import { allRights, visibleTo } from '../../model/rights.ts'
import type { Tracing } from '../../model/tracing.ts'
import type { Database } from '../../postgres/connecting/database.ts'
import { sharedStanding } from '../../postgres/connecting/replicas.ts'
import { Work } from '../../work/work.ts'
import type { Sinks } from '../../sinks/sinks.ts'
import type { Receiver } from '../../webhooks/receiver.ts'
import type { Writes } from '../../writes/writes.ts'

const graphiqlDirectory = fileURLToPath(new URL('../../../build/graphiql', import.meta.url))
const overviewDirectory = fileURLToPath(new URL('../../../build/overview', import.meta.url))

/** What the graph is made from. */
export interface Sources {
  readonly connectors: ServedConnectors
  readonly events: Events
  readonly answers: KeptAnswers | undefined
  readonly writes: Writes | undefined
  readonly webhooks: Receiver
  readonly metrics: Metrics
  readonly rotation: Pick<Rotation, 'notice'>
  readonly authentication: Authentication | undefined
  readonly audit: AuditLog | undefined
  readonly tracing: Tracing | undefined
  /** Undefined where no database is shared. */
  readonly database: Database | undefined
  readonly sinks: Sinks
  /** What counts requests of callers. */
  readonly rate: RequestRate
}

/** Whose turn it is where answers go to all who follow the same: no caller can be called so. */
const SUBSCRIPTIONS = '(subscriptions)'

/** Rows of the past may take one part in so many of the memory that rows may take, beside it. */
const PAST_SHARE = 4

export interface Served {
  readonly server: Server
  readonly readTerms: ReadDocumentTerms
}

/** The graph over these sources, and the server that answers for it. */
export const serveGraph = async (
  { config, log, clock, turns }: Setup,
  sources: Sources,
): Promise<Served> => {
  const { events, answers, writes, webhooks, metrics, rotation, authentication, audit } = sources
  const { database, sinks } = sources
  const { store, clients } = sources.connectors
  const naming = createNaming(config.prefix)
  const { mutations } = config
  const graph = mutations ? resolversWithMutations : resolvers
  const auth = config.auth !== undefined
  const schema = createExecutableSchema(graph, naming, { auth, mutations })
  const readText = createReadText(config.limits)
  const { introspection } = config
  const read = readOnce()
  const checkScopes = createCheckScopes(schema, read)
  const agents = openAgents(config, { schema, checkScopes, clock, naming, mutations })
  const checkDocuments = createCheckDocuments({ schema, introspection, readText })
  const readTerms = createReadTerms(checkDocuments, agents.toolsOf)
  const documentTerms = readTerms(config.documents)
  const checkLimits = createCheckLimits(schema, config.limits, read, {
    sizes: sizesOf(store, events),
    maxAnswerBytes: config.maxAnswerBytes,
  })
  const check: WeighOperation = (operation, rights) => {
    // First: what an operation is estimated at tells of what there is.
    checkScopes(operation, rights)
    return checkLimits(operation, rights)
  }
  const pastRoom = createPastRoom(config.maxMemoryBytes / PAST_SHARE)
  const { maxCpuMs, maxAnswerBytes } = config
  const shared = database && (() => sharedStanding(database))
  const admission = createAdmission({
    limits: { ...TIMEOUTS, ...config.callers, maxWaitMs: config.maxWaitMs },
    trusted: config.trustedProxies,
    clock,
    rate: sources.rate,
    loop: turns,
  })
  const { unread } = admission
  const contextOf = ({
    id,
    caller = id,
    payer,
    rights = allRights,
    connector,
    signal,
    cacheControl,
    plan,
    record,
  }: GraphRequest): Context =>
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
        connectors: visibleTo(rights, store.connectors, connector),
        rights,
        pastRoom,
        work: new Work({
          ...{ turns, caller, payer, maxCpuMs, maxAnswerBytes, signal },
          answers: unread,
        }),
      }),
      planWishOf(plan),
      rights,
      writes,
      record,
      shared,
      () => sinksSeenBy(rights, sinks.standings()),
    )
  const subscriptions = createSubscriptions({
    newWork: (caller = SUBSCRIPTIONS) => new Work({ turns, caller }),
    schema,
    check,
    read,
    onStored: events.onStored,
    onChanged: events.onChanged,
    unread,
    context: ({ caller = SUBSCRIPTIONS, ...of }) =>
      contextOf({
        ...of,
        id: 'subscription',
        caller,
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
  const overviewDocuments = overviewDocumentsOf(naming)
  const pageData = pageDataOf(graphiqlDirectory, { naming, mutations }, overviewDocuments)
  const server = await createServer<Context>({
    schema,
    admission,
    authentication,
    plugins: [pushgraphPlugin(answering, known.learn)],
    direct: createDirect(answering, known),
    kept,
    context: contextOf,
    readText,
    documentTerms,
    agents: agents.options,
    builtIn: () => textsOf(pageData),
    newWork: caller => new Work({ turns, caller }),
    checkVariables,
    validityOf: ({ validity }) => validity,
    progressOf: ({ soFar }) => soFar && progressOf(soFar, clients()),
    subscriptions,
    health: rights => failuresOf(clients(), rights),
    notices: async rights => {
      const flaw = await events.flaw().catch(() => 'Events cannot be stored now')
      const untold =
        audit?.state().isFailing === true ? 'The audit log cannot be written' : undefined
      const away = database?.standing().flaw
      const whose = sources.connectors.notices(rights)
      return [
        away,
        flaw,
        answers?.standing().flaw,
        rotation.notice(),
        untold,
        ...whose,
        ...sinkNotices(sinksSeenBy(rights, sinks.standings())),
      ].filter(notice => notice !== undefined)
    },
    webhooks,
    metering: metrics,
    audit,
    tracing: sources.tracing,
    introspection,
    graphiqlDirectory,
    pageData,
    overview: { directory: overviewDirectory, documents: overviewDocuments },
    hosts: config.hosts,
    origins: config.origins,
    log,
  })
  const { refusedCallers } = server
  metrics.watch({
    store,
    events,
    webhooks,
    subscriptions,
    admission,
    refusedCallers,
    audit,
    answers,
    database,
    sinks,
    clock,
  })
  return { server, readTerms }
}
