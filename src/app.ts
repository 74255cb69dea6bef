/** Wires the rooms together: what reads, writes and stores here, the graph over it in app/serve-graph.ts. */
import type { Spared } from './answers/tidying.ts'
import { checkConnector } from './app/check.ts'
import { createMetrics } from './app/metrics.ts'
import { startDemoWebhooks } from './app/demo-webhooks.ts'
import { createParts } from './app/exporting/export-parts.ts'
import { tablesFor } from './app/exporting/export-tables.ts'
import { sureLists } from './app/exporting/sure-lists.ts'
import { openConnectors } from './app/connectors.ts'
import {
  openAudit,
  openCallerRate,
  openForLines,
  openWrites,
  receiveWebhooks,
} from './app/open-parts.ts'
import { openSharedDatabase } from './app/open-database.ts'
import { openFiles } from './app/open-stores.ts'
import { openSinks } from './app/sinks/open-sinks.ts'
import { ofPresentTenants } from './app/of-present-tenants.ts'
import type { PushgraphApp } from './app/pushgraph-app.ts'
import { replaceBy } from './app/replace.ts'
import { createRotation } from './app/rotation.ts'
import type { Setup } from './app/setup.ts'
import { sharedSettings, tenantSetting } from './app/shared-settings.ts'
import { tenantEvidenceOf } from './app/tenant-evidence.ts'
import { openTenants } from './app/tenants.ts'
import { openTracing } from './app/tracing/open-tracing.ts'
import { createTurns } from './app/turns.ts'
import type { Config } from './config/config.ts'
import { createAuthentication } from './http/callers/authentication.ts'
import { type AppLog, warnOf } from './http/logging/log.ts'
import { systemClock, type Clock } from './model/clock.ts'
import { createFolderServers } from './model/system/folder-servers.ts'
import { serveGraph } from './app/serve-graph.ts'
import { trySink } from './sinks/try-sink.ts'
import { createTaking } from './webhooks/taking.ts'

export type { CheckedList } from './app/check.ts'
export { forgetKept, type ForgottenCounts } from './app/forget.ts'
export { importFolder, NothingToImport, ReplicasRun } from './app/import-folder.ts'
export { prepareDatabase } from './app/prepare-database.ts'
export type { ExportOrder } from './app/exporting/export-parts.ts'
export type { Learnt, PushgraphApp } from './app/pushgraph-app.ts'

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
  stopped?: Promise<unknown>,
): Promise<PushgraphApp> => {
  const opened: (() => Promise<void> | void)[] = []
  try {
    return await assemble({
      config,
      log,
      clock,
      turns: createTurns(),
      readAgain,
      stopped,
      opens: close => opened.push(close),
      say: (level, message) => log[level](message),
      onProblem: (message, error) => {
        if (error === undefined) log.info(message)
        else warnOf(log, error, message)
      },
    })
  } catch (error) {
    // What is open already would keep the process alive.
    await Promise.allSettled(opened.map(async close => close()))
    throw error
  }
}

const assemble = async (given: Setup): Promise<PushgraphApp> => {
  const { config, opens } = given
  const { connectors: listed, standIn } = await openTenants(config)
  if (standIn !== undefined) opens(standIn.close)
  const { databaseUrl, databaseListenUrl } = config
  let settings = sharedSettings(config)
  let tenants = (): ReadonlyMap<string, string> => new Map()
  // The demo tenant is another one in each process.
  const isShared = databaseUrl !== undefined && standIn === undefined
  const database = isShared
    ? await openSharedDatabase(
        {
          ...{ url: databaseUrl(), listenUrl: databaseListenUrl?.() },
          settings: () => ({ ...settings, ...Object.fromEntries([...tenants()].map(asSetting)) }),
        },
        given,
      )
    : undefined
  const setup = database === undefined ? given : { ...given, clock: database.clock }
  const { clock } = setup
  const authentication =
    config.auth &&
    createAuthentication(config.auth, {
      clock,
      onFailure: (issuer, error) =>
        warnOf(setup.log, error, 'the keys of an issuer of JWTs could not be read', { issuer }),
    })
  const rotation = createRotation({
    // The demo tenant has no settings of its own; its callers and documents may have.
    readAgain: standIn === undefined || hasFiles(config) ? setup.readAgain : undefined,
    // What they are like before the rest is opened is what was read.
    files: config.files,
    replace: next => {
      const changes = replace(next)
      settings = sharedSettings({ ...config, ...next })
      return changes
    },
    log: setup.log,
  })
  const tracing = await openTracing(setup)
  const spared = (): Spared => connectors.spared()
  const stores =
    database === undefined
      ? await openFiles(setup, standIn !== undefined, spared)
      : await (await import('./app/open-shared.ts')).openShared(setup, database, spared, tracing)
  const { state, answers } = stores
  const audit = openAudit(setup)
  const writes = await openWrites(setup, stores, audit)
  const metrics = createMetrics()
  // Of servers on one folder it is not known whose keys they have: they count as those of the tenants that are known there.
  const onFolder =
    isShared || standIn !== undefined ? undefined : createFolderServers(config.dataDirectory)
  const isServedElsewhere = async (alias: string, tenant: string): Promise<boolean> =>
    database === undefined
      ? onFolder?.others() === true
      : (await import('./app/open-shared.ts')).isServedByOthers(database, alias, tenant)
  const evidence = { events: stores.events, answers, clock, isServedElsewhere }
  const files = { ...stores, evidenceOf: (alias: string) => tenantEvidenceOf(alias, evidence) }
  const connectors = openConnectors(setup, listed, files, metrics, tracing, stores.events.note)
  tenants = connectors.tenants
  const { store, clients, requestsMade } = connectors
  const events = ofPresentTenants(stores.events, connectors.periodsOf)
  const exported = sureLists(events, connectors)
  const webhooks = receiveWebhooks(setup, connectors, events)
  const sinks = openSinks(setup, { connectors, events, claims: stores.sinkClaims })
  const rate = openCallerRate(setup, stores)
  const sources = {
    connectors,
    events,
    answers,
    writes,
    webhooks,
    metrics,
    rotation,
    authentication,
    audit,
    tracing,
    database,
    rate,
    sinks,
  }
  const taking = createTaking({
    memory: state.measures('webhooks'),
    clock,
    othersTake: () => (database?.standing().others ?? 0) > 0,
  })
  const { server, readTerms } = await serveGraph(setup, sources)
  const replace = replaceBy({
    connectors: standIn === undefined ? connectors.replace : undefined,
    sinks: sinks.replace,
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
      onFolder?.begin()
      if (onFolder?.others() === true) setup.log.warn(SEVERAL)
      const resumption = taking.begin()
      for (const connector of store.connectors.values()) connector.resume(resumption)
      connectors.recognise()
      // What is taken in from the first request on is theirs.
      sinks.begin()
      const url = await server.listen(config.host, config.port)
      rotation.watch()
      void connectors.forgetOthers()
      const [connector] = listed
      const { retentionDays, demo } = config
      if (standIn !== undefined && connector !== undefined)
        endDemo = startDemoWebhooks({
          ...setup,
          standIn,
          connector,
          url,
          events,
          retentionDays,
          changesPerMinute: demo.changesPerMinute,
        })
      return url
    },
    execute: operation => server.execute(operation),
    serveAgent: server.serveStreams,
    requestsMade,
    check: async function* () {
      for (const { alias, client } of clients()) {
        const connector = store.connector(alias)
        if (connector !== undefined) yield* checkConnector(connector, client, clock)
      }
    },
    trySinks: async function* () {
      for (const sink of config.sinks) yield await trySink(sink, clock)
    },
    changes: exported,
    parts: order => createParts(clients(), exported, clock, order),
    tableOf: tablesFor,
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
    drain: server.drain,
    stop: async withinMs => {
      rotation.end()
      endDemo()
      taking.end()
      await Promise.all([server.stop(withinMs), sinks.close(Math.min(withinMs, SINKS_END_MS))])
      onFolder?.end()
      rate.close()
      await events.close()
      await store.close()
      await writes?.close()
      await audit?.close()
      await tracing?.close()
      await answers?.close()
      stores.news.close()
      await state.close()
      await database?.close()
      await standIn?.close()
    },
  }
}

const SEVERAL =
  'Another server listens on the same data folder, which is one for one server: several share a database (docs/machines.md). A key of another tenant than before is not served while both run'

const asSetting = ([alias, tenant]: readonly [string, string]): readonly [string, string] =>
  tenantSetting(alias, tenant)

/** What is on its way to receivers outside when the server stops has so long to be accepted. */
const SINKS_END_MS = 5_000

/** Whether there is anything to be read again beside connectors. */
const hasFiles = ({ auth, documents, sinks }: Config): boolean =>
  auth !== undefined || documents.sources !== undefined || sinks.length > 0
