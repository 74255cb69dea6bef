/** The servers that hostile callers ask: Pushgraph as its users start it, and peers with the armour that theirs give them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TenantData } from '../../src/demo/stand-in.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { startChild } from '../processes/child.ts'
import { install } from '../processes/install.ts'
import { ask, type Server, startProduct } from '../processes/product.ts'
import type { StandIn } from '../processes/stand-in.ts'
import { toMemory } from '../serving/rows.ts'
import { fillEvents, PEOPLE } from '../webhooks/fill.ts'
import { dashboardOf, eventCallers, type HonestQuestion } from './honest.ts'

export interface Started extends Pick<Server, 'url' | 'pid' | 'cpuMs' | 'stop'> {
  /** `http://host:port` */
  readonly base: string
  readonly questions: readonly HonestQuestion[]
}

export interface Startable {
  readonly name: string
  /** Whether it has but the lists, links, counts and groups of employees, accounts and apps. */
  readonly isPeer: boolean
  readonly start: () => Promise<Started>
}

const SECRET = 'psws_00000000000000000000000000000002'

/** Pushgraph over that stand-in, with all rows read and so many stored events; `environment` has what it is to have beside. */
export const pushgraph = (
  standIn: StandIn,
  data: TenantData,
  events: number,
  environment: Readonly<Record<string, string>> = {},
): Startable => ({
  name: 'pushgraph',
  isPeer: false,
  start: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-fair-'))
    fillEvents(join(directory, 'events.db'), events)
    const server = await startProduct(standIn, {
      dataDirectory: directory,
      environment: {
        // Rows are fresh for as long as this takes: reading them again is not what is measured here.
        PUSHGRAPH_RATE: '500',
        PUSHGRAPH_BURST: '500',
        PUSHGRAPH_MAX_AGE_S: '86400',
        PUSH_WEBHOOK_SECRET: SECRET,
        LOG_LEVEL: 'fatal',
        ...environment,
      },
    })
    for (const name of collectionNames)
      await ask(server.url, { query: `{ ${name} { totalCount } }` })
    return {
      ...server,
      base: server.url.replace(/\/graphql$/, ''),
      questions: [
        ...dashboardOf(data),
        ...eventCallers(
          '{ events(filter: { email: { eq: "person7@example.com" } }, first: 1) { totalCount } }',
          { events: { totalCount: events / PEOPLE } },
          { path: '/webhooks/default', secret: SECRET },
        ),
      ],
      stop: async () => {
        await server.stop()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  },
})

/** A plain GraphQL server over the same rows in memory. */
export const peer = (name: 'yoga' | 'mercurius', title: string, data: TenantData): Startable => ({
  name: title,
  isPeer: true,
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-fair-'))
    const rows = join(folder, 'rows.json')
    writeFileSync(rows, JSON.stringify(toMemory(data)))
    const child = await startChild([join(install(`peers/${name}`), 'server.mjs'), rows, 'armour'], {
      environment: { NODE_ENV: 'production' },
      ready: /listening (\S+)/,
    })
    return {
      ...child,
      url: child.said,
      base: child.said.replace(/\/graphql$/, ''),
      questions: dashboardOf(data),
      stop: async () => {
        await child.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})
