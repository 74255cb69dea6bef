/**
 * Two tenants whose API fails at random, callers whose rights change, webhooks whose secrets change; and what must hold all
 * the same: no crash, no row for who may not see it, no whole answer that is not Push's, no request too many, no heap that grows.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom, type Random } from '../src/demo/tenant/random.ts'
import { askAs, askSomething, type AskingCounts } from './asking.ts'
import { deliver, type DeliveryCounts } from './deliveries.ts'
import { allChecked } from './questions.ts'
import { createRights, type Rights, tokenText } from './rights.ts'
import { serve, type Served } from './server.ts'
import { calm, changeWeather, startTenants, type Tenant } from './tenants.ts'

export interface SoakOptions {
  readonly seconds: number
  /** Operations a second; webhooks are a quarter as many. */
  readonly rate: number
  readonly seed: number
  /**
   * Whether the tenants refuse requests beyond the limit. Where a machine is so busy that the tenants' own process stands still
   * for seconds, requests come to it all at once that went out in time.
   */
  readonly limiter?: boolean
  readonly onMinute?: (line: string) => void
}

export interface SoakReport {
  readonly figures: Readonly<Record<string, string>>
  /** What broke, each kind at most ten times; empty where nothing did. */
  readonly flaws: readonly string[]
}

/** After so many all that is kept is there. */
const WARM_MINUTES = 2
/** By how much it may have grown in the end. */
const MAX_GROWTH = 1.1
/** Requests under way, each over a connection of its own; where the machine does not come along, fewer are begun. */
const MAX_OPEN = 1_500

/** What all of it knows. */
interface Soaking {
  readonly served: Served
  readonly tenants: readonly Tenant[]
  readonly rights: Rights
  readonly asking: AskingCounts
  readonly deliveries: DeliveryCounts
  readonly flaws: string[]
}

export const runSoak = async (options: SoakOptions): Promise<SoakReport> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-soak-'))
  const tenants = await startTenants(
    ['acme', 'globex'],
    createRandom(options.seed, 'facts'),
    options.limiter ?? true,
  )
  const startedAt = performance.now()
  const rights = createRights(directory, tenants)
  const served = await serve(directory, {
    PUSHGRAPH_AUTH: 'tokens',
    PUSHGRAPH_TOKENS_FILE: rights.tokensFile,
    PUSHGRAPH_CONFIG: rights.connectorsFile,
    PUSHGRAPH_DATA_DIR: join(directory, 'data'),
    PUSHGRAPH_MUTATIONS: 'on',
    // Rows are read again all the time, and nobody waits for long.
    PUSHGRAPH_MAX_AGE_S: '5',
    PUSHGRAPH_STALE_S: '20',
    PUSHGRAPH_MAX_WAIT_MS: '5000',
    // All callers have one address here.
    PUSHGRAPH_MAX_SOCKETS: String(2 * MAX_OPEN),
    LOG_LEVEL: 'warn',
  })
  const soaking: Soaking = {
    served,
    tenants,
    rights,
    asking: { results: {}, compared: 0, ms: [], flaws: [] },
    deliveries: { stored: {}, flaws: [], refused: 0 },
    flaws: [],
  }
  try {
    const heaps = await rain(soaking, options)
    await shine(soaking, createRandom(options.seed, 'end'))
    return report(soaking, options, heaps, (performance.now() - startedAt) / 1_000)
  } finally {
    await served.stop()
    await Promise.all(tenants.map(({ standIn }) => standIn.close()))
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Bytes that the heap holds when nothing is under way: after two minutes, where it took longer, and in the end. */
interface Heaps {
  readonly warm: number | undefined
  readonly last: number
}

/** All at once, for as long as was asked. */
const rain = async (
  soaking: Soaking,
  { seconds, rate, seed, onMinute }: SoakOptions,
): Promise<Heaps> => {
  const { served, tenants, rights } = soaking
  const start = performance.now()
  const elapsed = (): number => (performance.now() - start) / 1_000
  const isOver = (): boolean => elapsed() >= seconds || served.ended() !== undefined
  const open = new Set<Promise<void>>()
  let isPaused = false

  /** Begins one so many times a second, however long each takes. */
  const often = async (
    perSecond: number,
    begin: (random: Random) => Promise<void>,
    name: string,
  ) => {
    const random = createRandom(seed, name)
    for (let begun = 0; !isOver();) {
      for (; begun < elapsed() * perSecond; begun++) {
        if (isPaused || open.size >= MAX_OPEN) continue
        const one = begin(random)
          .catch((error: unknown) => void soaking.flaws.push(`${name}: ${String(error)}`))
          .finally(() => open.delete(one))
        open.add(one)
      }
      await pause(5)
    }
  }
  /** Again and again, after about so many seconds each. */
  const nowAndThen = async (every: number, act: (random: Random) => void, name: string) => {
    const random = createRandom(seed, name)
    while (!isOver()) {
      await pause(every * 1_000 * (0.5 + random.next()))
      act(random)
    }
  }
  /** Of what is under way nobody knows how much it holds. */
  const weigh = async (): Promise<number> => {
    isPaused = true
    await Promise.all(open)
    const bytes = served.ended() === undefined ? await served.heap() : NaN
    isPaused = false
    return bytes
  }
  const byMinute: number[] = []
  const watch = async (): Promise<void> => {
    while (!isOver()) {
      if (elapsed() >= 60 * (byMinute.length + 1)) {
        byMinute.push(await weigh())
        onMinute?.(minuteLine(byMinute, soaking))
      }
      await pause(250)
    }
  }
  const leave = new AbortController()
  const streams = ['always', 'moving', 'nameless'].map(name =>
    follow(served.url, name, leave.signal),
  )
  await Promise.all([
    often(
      rate,
      random => askSomething(served.url, tenants, rights, random, soaking.asking),
      'asking',
    ),
    often(
      rate / 4,
      random => deliver(served.url, random.pick(tenants), rights, random, soaking.deliveries),
      'delivering',
    ),
    nowAndThen(2, random => changeWeather(random.pick(tenants), random), 'weather'),
    nowAndThen(20, random => rights.changeRights(random), 'rights'),
    nowAndThen(15, random => rights.changeSecrets(random), 'secrets'),
    watch(),
  ])
  const last = await weigh()
  leave.abort()
  await Promise.all(streams)
  return { warm: byMinute[WARM_MINUTES - 1], last }
}

/** Follows events, begun anew whenever the stream ends, as clients do. */
const follow = async (url: string, caller: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${tokenText(caller)}`,
        },
        body: JSON.stringify({ query: 'subscription { events { id connectorAlias } }' }),
        signal,
      })
      for await (const chunk of response.body ?? []) void chunk
    } catch {
      // It was left, or ended with its rights.
    }
    await pause(200)
  }
}

/** Push is well again: everything is answered wholly and rightly before long, and every event that was taken is there. */
const shine = async (soaking: Soaking, random: Random): Promise<void> => {
  const { served, tenants, rights, asking, deliveries, flaws } = soaking
  if (served.ended() !== undefined) return
  for (const tenant of tenants) calm(tenant)
  const questions = allChecked(tenants, random)
  const deadline = performance.now() + 120_000
  for (const question of questions) {
    const { compared } = asking
    while (asking.compared === compared && performance.now() < deadline) {
      await askAs(served.url, 'always', question, rights, asking)
      if (asking.compared === compared) await pause(500)
    }
    if (asking.compared === compared)
      flaws.push(`no whole answer once Push was well again: ${question.query.slice(0, 120)}`)
  }
  for (const { alias } of tenants) {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenText('always')}`,
      },
      body: JSON.stringify({ query: `{ events(connectors: ["${alias}"]) { totalCount } }` }),
    })
    const { data } = (await response.json()) as {
      data?: { events?: { totalCount?: number } }
    }
    const [found, sent] = [data?.events?.totalCount, deliveries.stored[alias] ?? 0]
    if (found !== sent) flaws.push(`${alias} has ${found} of ${sent} events that were taken`)
  }
}

const MOST_OF_A_KIND = 10

const report = (
  { served, tenants, asking, deliveries, flaws }: Soaking,
  { seconds }: SoakOptions,
  { warm, last }: Heaps,
  elapsedSeconds: number,
): SoakReport => {
  const overLimit = tenants.map(({ standIn }) => standIn.statistics().overLimit)
  const growth = warm === undefined ? undefined : last / warm
  const ended = served.ended()
  const sorted = asking.ms.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(sorted.length * share)] ?? NaN)} ms`
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0)
  const faults = tenants.map(({ standIn }) => sum(standIn.statistics().byFault))
  return {
    figures: {
      operations: `${sum(asking.results)} (${Math.round(sum(asking.results) / seconds)} a second)`,
      'by result': JSON.stringify(asking.results),
      'compared with the data of Push': String(asking.compared),
      'time: half, 95 %, 99 %': [0.5, 0.95, 0.99].map(at).join(', '),
      'deliveries taken, refused': `${sum(deliveries.stored)}, ${deliveries.refused}`,
      'requests to Push, faults, 429': tenants
        .map(
          ({ standIn }, index) =>
            `${standIn.statistics().requests}, ${faults[index]}, ${overLimit[index]}`,
        )
        .join('; '),
      'heap after two minutes, at the end': `${warm === undefined ? 'not weighed' : asMb(warm)}, ${asMb(last)}`,
    },
    flaws: [
      ...(ended === undefined ? [] : [`the server ended: ${ended}`]),
      ...overLimit.flatMap((count, index) =>
        count === 0 ? [] : [`${count} requests too many for ${tenants[index]?.alias}`],
      ),
      ...tenants.flatMap(({ alias, standIn: { statistics, switches } }) =>
        statistics().requests <= switches.burst + switches.rate * elapsedSeconds
          ? []
          : [`more requests to ${alias} than its limit allows in that time`],
      ),
      ...(growth !== undefined && growth > MAX_GROWTH
        ? [`the heap is ${growth.toFixed(2)} times what it was after two minutes`]
        : []),
      ...flaws.slice(0, MOST_OF_A_KIND),
      ...asking.flaws.slice(0, MOST_OF_A_KIND),
      ...deliveries.flaws.slice(0, MOST_OF_A_KIND),
      ...served.bugs().slice(0, MOST_OF_A_KIND),
    ],
  }
}

const asMb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const minuteLine = (heaps: readonly number[], { asking, deliveries, flaws }: Soaking): string =>
  [
    `minute ${heaps.length}: ${asking.ms.length} operations`,
    `${asking.compared} compared`,
    `${deliveries.refused} deliveries refused`,
    `${flaws.length + asking.flaws.length + deliveries.flaws.length} flaws`,
    `heap ${asMb(heaps.at(-1) ?? NaN)}`,
  ].join(', ')
