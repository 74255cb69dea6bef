/** What serves all that is read and stored: who may ask, what is changed, taken in and sent on, and the graph over it. */
import type { ConnectorConfig } from '../../config/connectors.ts'
import type { StandIn } from '../../demo/stand-in.ts'
import type { Events } from '../../events/events.ts'
import { createAuthentication } from '../../http/callers/authentication.ts'
import { warnOf } from '../../http/logging/log.ts'
import type { Server } from '../../http/server.ts'
import type { FolderServers } from '../../model/system/folder-servers.ts'
import type { Tracing } from '../../model/tracing.ts'
import type { Database } from '../../postgres/connecting/database.ts'
import { createTaking } from '../../webhooks/taking.ts'
import type { ServedConnectors } from '../connectors.ts'
import type { Metrics } from '../metrics.ts'
import type { Stores } from '../open-stores.ts'
import type { Rotation, RotationOptions } from '../rotation.ts'
import type { Setup } from '../setup.ts'
import { openSinks } from '../sinks/open-sinks.ts'
import {
  openAudit,
  openCallerRate,
  openForLines,
  openWrites,
  receiveWebhooks,
} from './open-parts.ts'
import { replaceBy } from './replace.ts'
import { serveGraph } from './serve-graph.ts'

/** What is served. */
export interface ServedParts {
  /** As the settings name them. */
  readonly listed: readonly ConnectorConfig[]
  readonly connectors: ServedConnectors
  readonly stores: Stores
  /** What is stored of the connectors' present tenants. */
  readonly events: Events
  readonly metrics: Metrics
  readonly tracing: Tracing | undefined
  /** Undefined where no database is shared. */
  readonly database: Database | undefined
  /** Set where the demo tenant is served. */
  readonly standIn: StandIn | undefined
  /** Who else serves the data folder; undefined where there is none. */
  readonly onFolder: FolderServers | undefined
  readonly rotation: Rotation
}

export interface Serving extends Pick<Server, 'execute' | 'serveStreams' | 'drain'> {
  /** Listens where the settings say, and tells the address: `http://host:port`. */
  listen(): Promise<string>
  /** Puts what was read again in place of what is served. */
  readonly replace: RotationOptions['replace']
  /** Reads the settings again, which then hold. */
  reload(): void
  /** Takes nothing new, and lets what runs finish for `withinMs`. */
  stop(withinMs: number): Promise<void>
  /** Closes the rest, once what it worked with has ended. */
  close(): Promise<void>
}

/** What is on its way to receivers outside when the server stops has so long to be accepted. */
const SINKS_END_MS = 5_000

/** A server that does not listen yet. @throws {ConfigError} where the listed documents do not fit the schema */
export const openServing = async (setup: Setup, parts: ServedParts): Promise<Serving> => {
  const { config, clock, log } = setup
  const { connectors, events, stores, standIn, database, rotation, onFolder } = parts
  const authentication =
    config.auth &&
    createAuthentication(config.auth, {
      clock,
      onFailure: (issuer, error) =>
        warnOf(log, error, 'the keys of an issuer of JWTs could not be read', { issuer }),
    })
  const audit = openAudit(setup)
  const writes = await openWrites(setup, stores, audit)
  const webhooks = receiveWebhooks(setup, connectors, events)
  const sinks = openSinks(setup, { connectors, events, claims: stores.sinkClaims })
  const rate = openCallerRate(setup, stores)
  const taking = createTaking({
    memory: stores.state.measures('webhooks'),
    clock,
    othersTake: () => (database?.standing().others ?? 0) > 0,
  })
  const { server, readTerms } = await serveGraph(setup, {
    ...parts,
    ...{ answers: stores.answers, writes, webhooks, authentication, audit, rate, sinks },
  })
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
    execute: server.execute,
    serveStreams: server.serveStreams,
    drain: server.drain,
    replace,
    listen: async () => {
      await openForLines(audit)
      onFolder?.begin()
      if (onFolder?.others() === true) log.warn(SEVERAL)
      const resumption = taking.begin()
      for (const connector of connectors.store.connectors.values()) connector.resume(resumption)
      connectors.recognise()
      // What is taken in from the first request on is theirs.
      sinks.begin()
      const url = await server.listen(config.host, config.port)
      rotation.watch()
      void connectors.forgetOthers()
      const [connector] = parts.listed
      if (standIn !== undefined && connector !== undefined) {
        const { startDemoWebhooks } = await import('./demo-webhooks.ts')
        const { retentionDays, demo } = config
        endDemo = startDemoWebhooks({
          ...setup,
          standIn,
          connector,
          url,
          events,
          retentionDays,
          changesPerMinute: demo.changesPerMinute,
        })
      }
      return url
    },
    reload: () => {
      audit?.reopen()
      rotation.reload()
    },
    stop: async withinMs => {
      rotation.end()
      endDemo()
      taking.end()
      await Promise.all([server.stop(withinMs), sinks.close(Math.min(withinMs, SINKS_END_MS))])
      onFolder?.end()
      rate.close()
    },
    close: async () => {
      await writes?.close()
      await audit?.close()
    },
  }
}

const SEVERAL =
  'Another server listens on the same data folder, which is one for one server: several share a database (docs/machines.md). A key of another tenant than before is not served while both run'
