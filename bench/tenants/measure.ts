/** Asks a server of many tenants, and takes the time. */
import { takePeakMb } from '../fair/watched.ts'
import { ask, type Server } from '../processes/product.ts'
import type { Fleet } from './fleet.ts'

/** What a dashboard asks of one tenant. */
const DASHBOARD = `query ($c: [String!]) {
  employees(connectors: $c) { totalCount } apps(connectors: $c) { totalCount } browsers(connectors: $c) { totalCount }
  accounts(connectors: $c, filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [APP_TYPE]) { count } }
  all: accounts(connectors: $c) { totalCount }
  findings(connectors: $c) { totalCount groups(by: [TYPE]) { count } } detections(connectors: $c) { totalCount }
}`
const ACCOUNTS = 'query ($c: [String!]) { accounts(connectors: $c) { totalCount } }'

export interface Asked {
  readonly ms: number
  /** The rows that were counted. */
  readonly rows: number
}

export interface TenantFigures {
  /** Of the dashboards in use, alone and beside the cold questions. */
  readonly aloneMs: readonly number[]
  readonly besideMs: readonly number[]
  /** Dashboards of tenants of which nothing is in memory, alone and beside those in use. */
  readonly cold: readonly Asked[]
  readonly coldBeside: readonly Asked[]
  /** Accounts of such tenants. */
  readonly accounts: readonly Asked[]
  /** Requests to Push meanwhile. */
  readonly requests: number
  readonly peakMb: number
}

const POLL_MS = 1_000
const ACCOUNTS_OF = 10

/** Another server has read all tenants: this one takes them from what is kept. `inUse`: so many dashboards stay open. */
export const measureFleet = async (fleet: Fleet, inUse: number): Promise<TenantFigures> => {
  const { aliases } = fleet
  await readAll(fleet)
  const requests = await fleet.requests()
  const server = await fleet.start()
  try {
    takePeakMb(server.pid)
    const used = aliases.slice(0, inUse)
    const others = aliases.slice(inUse)
    const half = Math.ceil(others.length / 2)
    await inTurn(server, used, DASHBOARD)
    const aloneMs = await poll(server, used, pauseFor(5 * POLL_MS))
    const cold = await inTurn(server, others.slice(0, half), DASHBOARD)
    // Nobody has asked for theirs meanwhile, and they have made room.
    await inTurn(server, used, DASHBOARD)
    const asking = inTurn(server, others.slice(half), DASHBOARD)
    const besideMs = await poll(server, used, asking)
    const coldBeside = await asking
    // By now memory has no room any more for the first of them.
    const accounts = await inTurn(server, others.slice(0, ACCOUNTS_OF), ACCOUNTS)
    return {
      ...{ aloneMs, besideMs, cold, coldBeside, accounts },
      requests: (await fleet.requests()) - requests,
      peakMb: takePeakMb(server.pid),
    }
  } finally {
    await server.stop()
  }
}

const readAll = async (fleet: Fleet): Promise<void> => {
  const server = await fleet.start()
  await inTurn(server, fleet.aliases, DASHBOARD)
  await server.stop()
}

/** One after the other. */
const inTurn = async (
  server: Server,
  aliases: readonly string[],
  query: string,
): Promise<readonly Asked[]> => {
  const asked: Asked[] = []
  for (const alias of aliases) asked.push(await askOf(server, alias, query))
  return asked
}

/** The dashboards of these, each once a second, until that is over; how long each answer took. */
const poll = async (
  server: Server,
  aliases: readonly string[],
  over: Promise<unknown>,
): Promise<readonly number[]> => {
  let isOver = false
  const times: number[] = []
  const ended = over.then(() => {
    isOver = true
  })
  const follow = async (alias: string, nth: number): Promise<void> => {
    await pauseFor((POLL_MS * nth) / aliases.length)
    while (!isOver) {
      const { ms } = await askOf(server, alias, DASHBOARD)
      times.push(ms)
      await pauseFor(POLL_MS - (ms % POLL_MS))
    }
  }
  await Promise.all([ended, ...aliases.map(follow)])
  return times
}

const pauseFor = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })

const askOf = async ({ url }: Server, alias: string, query: string): Promise<Asked> => {
  const start = performance.now()
  const { data, errors } = await ask(url, { query, variables: { c: [alias] } })
  const ms = performance.now() - start
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  const lists = data as Readonly<Record<string, { readonly totalCount: number }>>
  const { accounts, all, ...others } = lists
  const counted = [all ?? accounts, ...Object.values(others)]
  return { ms, rows: counted.reduce((sum, list) => sum + (list?.totalCount ?? 0), 0) }
}
