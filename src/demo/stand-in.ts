/** The stand-in for Push's REST API v1: real HTTP on a loopback port, made-up data, and a switch for whatever its documentation leaves open. */
import { type Clock, systemClock } from '../model/clock.ts'
import { type Answer, refusal } from './answer.ts'
import type { KeyKind, StandIn, StandInOptions } from './contract.ts'
import { CONTROL_PATH, control } from './control.ts'
import { companyDomain, createData } from './data.ts'
import {
  type Fault,
  type FaultableRequest,
  delayOf,
  isApplied,
  toFaultyReply,
  toReply,
} from './faults.ts'
import { createHistory } from './history.ts'
import { type DemoKeys, demoKeys } from './keys.ts'
import { createLife } from './life/life.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { createLists, type Lists } from './lists.ts'
import { createLog, type Log } from './log.ts'
import { createRoutes, findEndpoint, unreadable } from './routes.ts'
import { type Incoming, type Outgoing, listen } from './server.ts'
import { readSwitches } from './switch-rules.ts'
import { type Switches, defaultSwitches } from './switches.ts'
import { createRandom, type Random } from './tenant/random.ts'

export type * from './contract.ts'
export { type Fault, type FaultKind, type FaultSchedule, faultKinds } from './faults.ts'
export type { PastChange, RowChange } from './history.ts'
export { USUAL_ACTIVITY_PER_MINUTE } from './life/life.ts'
export type { WebhookCounts, WebhookTarget } from './life/sender.ts'
export { type DemoKeys, demoKeys } from './keys.ts'
export { type Switches, defaultSwitches } from './switches.ts'
export { type DataOptions, type TenantData, companyDomain, createData } from './data.ts'
export type * from './tenant/objects.ts'

const BASE_PATH = '/v1'

/**
 * A stand-in that listens when the promise settles; it keeps the process alive until `close`.
 *
 * @throws {RangeError} when a switch cannot have the value given
 * @throws {Error} EADDRINUSE when somebody else has the port
 */
export const createStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const { scale = 1, keys = demoKeys, clock = systemClock } = options
  const seed = options.data?.seed ?? options.seed ?? 1
  const now = options.now ?? Math.floor(clock.now() / 1000)
  const switches: Switches = { ...defaultSwitches, ...readSwitches(options.switches ?? {}) }
  // Making thousands of people takes a while, and nobody has asked for them yet.
  const tenant = onceAsked(() => {
    const origin = options.data ?? createData({ seed, scale, now })
    const history = createHistory(() => lists.data, clock)
    const lists = createLists(origin, history.note)
    return { origin, lists, history, routes: createRoutes(lists, switches, `stand-in ${seed}`) }
  })
  const life = createLife({ lists: () => tenant().lists, switches, seed, clock })
  const log = createLog()
  const limiter = createLimiter(
    () => switches,
    () => clock.now(),
  )
  const chance = createChance(switches, seed)
  const controls = {
    switches,
    set: (changes: Partial<Switches>): void => {
      Object.assign(switches, readSwitches(changes))
      life.retune()
    },
    sendWebhooks: life.sendTo,
    webhookCounts: life.counts,
    statistics: log.statistics,
    reset: (chanceSeed = seed): void => {
      log.reset()
      limiter.reset()
      chance.reset(chanceSeed)
    },
  }

  const server = await listen(options.port ?? 0, clock, async incoming => {
    if (options.control !== true || incoming.url.pathname !== CONTROL_PATH)
      return answer({ tenant, keys, switches, log, limiter, chance, clock }, incoming)
    const body = readJson(await incoming.readBody())
    const reply = toReply(control(controls, incoming.method, body))
    return { reply, afterMs: 0, onSent: () => undefined }
  })
  life.retune()
  return {
    url: `http://127.0.0.1:${server.port}${BASE_PATH}`,
    port: server.port,
    keys,
    seed,
    get origin() {
      return tenant().origin
    },
    get data() {
      return tenant().lists.data
    },
    get requests() {
      return log.requests
    },
    get changes() {
      return tenant().history.changes
    },
    dataAt: at => tenant().history.dataAt(at),
    untoldChanges: life.untold,
    webhooksSettled: life.settled,
    step: life.step,
    ...controls,
    insert: (...of) => tenant().lists.insert(...of),
    remove: (...of) => tenant().lists.remove(...of),
    update: (...of) => tenant().lists.update(...of),
    reorder: (...of) => tenant().lists.reorder(...of),
    close: () => {
      life.stop()
      return server.close()
    },
  }
}

/** What answering a request takes. */
interface Answering {
  readonly tenant: () => {
    readonly lists: Lists
    readonly routes: ReturnType<typeof createRoutes>
  }
  readonly keys: DemoKeys
  readonly switches: Switches
  readonly log: Log
  readonly limiter: Limiter
  readonly chance: Chance
  readonly clock: Clock
}

const answer = async (
  { tenant, keys, switches, log, limiter, chance, clock }: Answering,
  { method, url, key: sentKey, readBody }: Incoming,
): Promise<Outgoing> => {
  const { lists, routes } = tenant()
  const arrivedAt = clock.now()
  const path = url.pathname.startsWith(`${BASE_PATH}/`) ? url.pathname.slice(BASE_PATH.length) : ''
  const endpoint = findEndpoint(lists, path)
  const key = kindOf(sentKey, keys)
  const route = endpoint?.route ?? 'unknown'
  const request = { method, path, route, query: toRecord(url.searchParams) }
  const entry = log.arrive({ ...request, key, arrivedAt })

  const tooMany = (): Answer => {
    const seconds = Math.max(1, Math.ceil(limiter.waitMs(key) / 1000))
    const headers = retryAfter(switches, seconds, clock.now())
    return { ...refusal(429, 'Too Many Requests'), headers }
  }
  const send = (reply: Answer, fault?: Fault): Outgoing => {
    if (fault !== undefined) entry.failed(fault.kind)
    const late = fault === undefined ? 0 : delayOf(fault)
    return {
      reply:
        fault === undefined
          ? toReply(reply)
          : toFaultyReply(fault.kind, reply, tooMany(), chance.ofFaults()),
      afterMs: Math.max(0, arrivedAt + chance.latencyMs() + late - clock.now()),
      onSent: status => entry.answered(status, clock.now()),
    }
  }

  if (key === 'none') return send(refusal(403, 'Missing Authentication Token'))
  if (key === 'wrong') return send(refusal(403, 'Forbidden'))
  if (!limiter.take(key)) {
    entry.refused()
    return send(tooMany())
  }
  const fault = chance.faultOf(request)
  if (key === 'readOnly' && method !== 'GET') return send(refusal(403, 'Forbidden'), fault)
  const body = method === 'GET' ? undefined : readJson(await readBody())
  if (fault !== undefined && !isApplied(fault)) return send(refusal(500, ''), fault)
  return send(routes({ method, endpoint, query: url.searchParams, body }), fault)
}

interface Chance {
  /** By the switch, else by chance. */
  faultOf(request: FaultableRequest): Fault | undefined
  latencyMs(): number
  /** What makes the bytes of a fault. */
  ofFaults(): Random
  reset(seed: number): void
}

/** What the switches leave to chance; the same seed brings the same. */
const createChance = (switches: Switches, firstSeed: number): Chance => {
  // Each on its own, so that a change of latency moves no fault.
  const randomsOf = (seed: number) => ({
    faults: createRandom(seed, 'faults'),
    latency: createRandom(seed, 'latency'),
  })
  let { faults, latency } = randomsOf(firstSeed)
  let passed = 0

  return {
    faultOf: request => {
      passed++
      const planned = switches.faults?.(request, passed)
      if (planned !== undefined || switches.faultRate === 0) return planned
      return faults.chance(switches.faultRate)
        ? { kind: faults.pick(switches.faultKinds) }
        : undefined
    },
    latencyMs: () => switches.latencyMs * (1 + switches.latencyJitter * (2 * latency.next() - 1)),
    ofFaults: () => faults,
    reset: seed => {
      ;({ faults, latency } = randomsOf(seed))
      passed = 0
    },
  }
}

/** What `make` gives, made when it is first asked for. */
const onceAsked = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** What a banner tells of a stand-in. */
export interface StandInDescription {
  readonly url: string
  readonly keys: DemoKeys
  /** The company's mail domain. */
  readonly domain: string
  /** Rows by collection. */
  readonly rows: Readonly<Record<string, number>>
}

export const describeStandIn = ({ url, keys, data, origin }: StandIn): StandInDescription => ({
  url,
  keys,
  domain: companyDomain(origin.seed),
  rows: Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, rows.length])),
})

const kindOf = (key: string | undefined, keys: DemoKeys): KeyKind => {
  if (key === undefined || key === '') return 'none'
  if (key === keys.full) return 'full'
  return key === keys.readOnly ? 'readOnly' : 'wrong'
}

const retryAfter = (
  { retryAfter }: Switches,
  seconds: number,
  nowMs: number,
): Readonly<Record<string, string>> => {
  if (retryAfter === 'none' || !Number.isFinite(seconds)) return {}
  // A date has whole seconds; rounded up, so that it is not over already.
  const date = new Date((Math.ceil(nowMs / 1000) + seconds) * 1000)
  return { 'retry-after': retryAfter === 'seconds' ? String(seconds) : date.toUTCString() }
}

const toRecord = (query: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries([...new Set(query.keys())].map(name => [name, query.getAll(name).join(',')]))

const readJson = (bytes: Buffer | undefined): unknown => {
  if (bytes?.length === 0) return undefined
  try {
    return JSON.parse(bytes?.toString() ?? '') as unknown
  } catch {
    return unreadable
  }
}
