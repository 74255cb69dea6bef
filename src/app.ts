/** Wires the rooms together: what reads and stores here, what serves that in app/serving/. */
import type { Spared } from './answers/tidying.ts'
import { checkConnector } from './app/check.ts'
import { createMetrics } from './app/metrics.ts'
import { createParts } from './app/exporting/export-parts.ts'
import { sureLists } from './app/exporting/sure-lists.ts'
import { openConnectors } from './app/connectors.ts'
import { openSharedDatabase } from './app/open-database.ts'
import { openFiles } from './app/open-stores.ts'
import { ofPresentTenants } from './app/of-present-tenants.ts'
import type { PushgraphApp } from './app/pushgraph-app.ts'
import { createRotation } from './app/rotation.ts'
import type { Serving } from './app/serving/open-serving.ts'
import type { Setup, StartTerms } from './app/setup.ts'
import { settingsOfCommand, sharedSettings, tenantSetting } from './app/shared-settings.ts'
import { tenantEvidenceOf } from './app/tenant-evidence.ts'
import { openTenants } from './app/tenants.ts'
import { openTracing } from './app/tracing/open-tracing.ts'
import { createTurns } from './app/turns.ts'
import type { Config } from './config/config.ts'
import { type AppLog, warnOf } from './http/logging/log.ts'
import { systemClock, type Clock } from './model/clock.ts'
import { createFolderServers } from './model/system/folder-servers.ts'

export type { CheckedList } from './app/check.ts'
export { forgetKept, type ForgottenCounts } from './app/forget.ts'
export { importFolder, NothingToImport, StillServed } from './app/import-folder.ts'
export { prepareDatabase } from './app/prepare-database.ts'
export type { ExportOrder } from './app/exporting/export-parts.ts'
export type { Learnt, PushgraphApp } from './app/pushgraph-app.ts'
export type { StartTerms } from './app/setup.ts'

/**
 * The app of these settings. It makes no request and does not listen yet; what only a server needs is made once it is asked
 * to be one.
 *
 * `readAgain` reads its settings once more while it runs.
 *
 * @throws {StateError} when the state of the data folder cannot be used
 * @throws {EventFileError} when the webhook events there cannot be used
 */
export const createApp = (
  config: Config,
  log: AppLog,
  clock: Clock = systemClock,
  readAgain?: () => Config,
  start: StartTerms = {},
): Promise<PushgraphApp> =>
  wholeOrNone(opens =>
    assemble({
      config,
      log,
      clock,
      turns: createTurns(),
      readAgain,
      ...start,
      opens,
      say: (level, message) => log[level](message),
      onProblem: (message, error) => {
        if (error === undefined) log.info(message)
        else warnOf(log, error, message)
      },
    }),
  )

/** What `open` makes. Where that fails, what it has opened by then is closed: it would keep the process alive. */
const wholeOrNone = async <Whole>(
  open: (opens: Setup['opens']) => Promise<Whole>,
): Promise<Whole> => {
  const opened: (() => Promise<void> | void)[] = []
  try {
    return await open(close => void opened.push(close))
  } catch (error) {
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
  let served: Serving | undefined
  // The demo tenant is another one in each process.
  const isShared = databaseUrl !== undefined && standIn === undefined
  const database = isShared
    ? await openSharedDatabase(
        {
          ...{ url: databaseUrl(), listenUrl: databaseListenUrl?.() },
          settings: () => ({
            ...(served === undefined ? settingsOfCommand(settings) : settings),
            ...Object.fromEntries([...tenants()].map(asSetting)),
          }),
        },
        given,
      )
    : undefined
  const setup = database === undefined ? given : { ...given, clock: database.clock }
  const { clock } = setup
  const rotation = createRotation({
    // The demo tenant has no settings of its own; its callers and documents may have.
    readAgain: standIn === undefined || hasFiles(config) ? setup.readAgain : undefined,
    // What they are like before the rest is opened is what was read.
    files: config.files,
    replace: next => {
      const changes = served?.replace(next) ?? {}
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
  const begin = async (): Promise<Serving> => {
    const { openServing } = await import('./app/serving/open-serving.ts')
    const sources = { listed, connectors, stores, events, metrics, tracing, database, onFolder }
    const parts = { ...sources, standIn, rotation }
    served = await wholeOrNone(opens => openServing({ ...setup, opens }, parts))
    return served
  }
  let beginning: Promise<Serving> | undefined
  const serving = (): Promise<Serving> => (beginning ??= begin())

  return {
    isDemo: standIn !== undefined,
    aliases: [...store.connectors.keys()],
    prepare: async () => void (await serving()),
    listen: async () => (await serving()).listen(),
    execute: async operation => (await serving()).execute(operation),
    serveAgent: async (...streams) => (await serving()).serveStreams(...streams),
    requestsMade,
    check: async function* () {
      for (const { alias, client } of clients()) {
        const connector = store.connector(alias)
        if (connector !== undefined) yield* checkConnector(connector, client, clock)
      }
    },
    trySinks: async function* () {
      if (config.sinks.length === 0) return
      const { trySink } = await import('./sinks/try-sink.ts')
      for (const sink of config.sinks) yield await trySink(sink, clock)
    },
    changes: exported,
    parts: order => createParts(clients(), exported, clock, order),
    tableOf: async order => (await import('./app/exporting/export-tables.ts')).tablesFor(order),
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
    reload: () => served?.reload(),
    drain: () => served?.drain(),
    stop: async withinMs => {
      rotation.end()
      // Who could not begin has closed what was opened.
      await beginning?.catch(() => undefined)
      await served?.stop(withinMs)
      await events.close()
      await store.close()
      await served?.close()
      await tracing?.close()
      await answers?.close()
      stores.news.close()
      await state.close()
      await database?.close()
      await standIn?.close()
    },
  }
}

const asSetting = ([alias, tenant]: readonly [string, string]): readonly [string, string] =>
  tenantSetting(alias, tenant)

/** Whether there is anything to be read again beside connectors. */
const hasFiles = ({ auth, documents, sinks }: Config): boolean =>
  auth !== undefined || documents.sources !== undefined || sinks.length > 0
