/**
 * A server that is killed again and again at random moments, while it reads, takes webhooks and has no room for what it
 * read; and whether all that it says afterwards is right: no row older than the answer says, no row of another moment.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startProduct } from '../../bench/processes/product.ts'
import { createStandIn, type StandIn } from '../../src/demo/stand-in.ts'
import { createRandom, type Random } from '../../src/demo/tenant/random.ts'
import type { SoakReport } from '../run.ts'
import { askJudged, askUntilKilled, type KillCounts } from './asking.ts'
import { allLists } from './questions.ts'
import { createTruth, type Truth } from './truth.ts'

export interface KillOptions {
  readonly kills: number
  readonly seed: number
  /** How long a server lives at most, from the moment at which it listens; 4 where absent. */
  readonly lifeSeconds?: number
  readonly onKill?: (line: string) => void
}

const SECRET = 'psws_kills'
const CHANGES_PER_MINUTE = 600
/** Who asks at the same time. */
const CALLERS = 3
const USUAL_LIFE_S = 4
/** So many of the kills come while it starts. */
const EARLY = 0.1
const USUAL_START_MS = 1_000

interface Killing {
  readonly standIn: StandIn
  readonly directory: string
  readonly truth: Truth
  readonly random: Random
  readonly counts: KillCounts
  readonly lifeMs: number
}

export const runKills = async ({
  kills,
  seed,
  lifeSeconds = USUAL_LIFE_S,
  onKill,
}: KillOptions): Promise<SoakReport> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-kills-'))
  const limits = { rate: 1_000, burst: 1_000 }
  const standIn = await createStandIn({
    seed,
    scale: 0.07,
    switches: { ...limits, latencyMs: 5, maxPage: 50, webhookRepeats: 0.05 },
  })
  const truth = createTruth(structuredClone(standIn.data), () => standIn.changes)
  const counts: KillCounts = { results: {}, compared: 0, withoutRequest: 0, followed: 0, flaws: [] }
  const random = createRandom(seed, 'kills')
  const killing: Killing = {
    standIn,
    directory,
    truth,
    random,
    counts,
    lifeMs: lifeSeconds * 1_000,
  }
  let early = 0
  try {
    standIn.set({ changesPerMinute: CHANGES_PER_MINUTE, activityPerMinute: 120 })
    for (let nth = 1; nth <= kills; nth++) {
      const served = await liveOnce(killing)
      if (!served) early += 1
      onKill?.(
        `kill ${nth}${served ? '' : ' (before it listened)'}: ${counts.compared} compared, ${counts.flaws.length} flaws`,
      )
    }
    const stored = await endInPeace(killing)
    return report(killing, { kills, early, stored })
  } finally {
    await standIn.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const start = async ({ standIn, directory }: Killing, signal?: AbortSignal) => {
  const server = await startProduct(
    { url: standIn.url, key: standIn.keys.readOnly },
    {
      dataDirectory: directory,
      environment: {
        PUSH_WEBHOOK_SECRET: SECRET,
        PUSHGRAPH_RATE: '1000',
        PUSHGRAPH_BURST: '1000',
        PUSHGRAPH_MAX_AGE_S: '2',
        PUSHGRAPH_STALE_S: '20',
        PUSHGRAPH_MAX_MEMORY_MB: '1',
        PUSHGRAPH_MAX_KEPT_MB: '1',
        PUSHGRAPH_AUDIT: 'off',
      },
      ...(signal === undefined ? {} : { signal }),
    },
  )
  standIn.sendWebhooks({
    url: server.url.replace('/graphql', '/webhooks/default'),
    secret: SECRET,
  })
  return server
}

/** One life of a server, up to its kill; whether it came to listen. */
const liveOnce = async (killing: Killing): Promise<boolean> => {
  const { truth, random, counts, lifeMs } = killing
  const end = new AbortController()
  const { signal } = end
  const starting = start(killing, signal).catch((error: unknown) => {
    if (!signal.aborted) counts.flaws.push(`it did not start: ${String(error)}`)
  })
  const isEarly = random.chance(EARLY)
  if (isEarly) await pause(random.between(0, USUAL_START_MS))
  const url = isEarly ? undefined : (await starting)?.url
  const callers = Array.from({ length: url === undefined ? 0 : CALLERS }, () =>
    askUntilKilled(url ?? '', truth, random, counts, signal),
  )
  if (url !== undefined) await pause(random.between(0, lifeMs))
  end.abort()
  const server = await starting
  await Promise.all([server?.stop(), ...callers])
  return server !== undefined
}

/** A last server says all, and says it rightly; how many events it has. */
const endInPeace = async (killing: Killing): Promise<number> => {
  const { standIn, truth, counts } = killing
  const server = await start(killing)
  standIn.set({ changesPerMinute: 0, activityPerMinute: 0 })
  await standIn.webhooksSettled()
  try {
    for (const question of allLists(truth)) {
      const { compared } = counts
      await askJudged(server.url, question, counts)
      if (counts.compared === compared)
        counts.flaws.push(`no whole answer in the end: ${question.query}`)
    }
    return await countEvents(server.url)
  } finally {
    await server.stop()
  }
}

const countEvents = async (url: string): Promise<number> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ events { totalCount } }' }),
  })
  const { data } = (await response.json()) as { data: { events: { totalCount: number } } }
  return data.events.totalCount
}

const MOST_FLAWS = 20

const report = (
  { standIn, counts }: Killing,
  { kills, early, stored }: { kills: number; early: number; stored: number },
): SoakReport => {
  const { taken, refused } = standIn.webhookCounts
  const { requests, overLimit } = standIn.statistics()
  return {
    figures: {
      kills: `${kills}, ${early} of them before it listened`,
      'changes of the tenant': String(standIn.changes.length),
      'answers by result': JSON.stringify(counts.results),
      'compared with the data of Push': String(counts.compared),
      'without a request': String(counts.withoutRequest),
      'of collections that follow': String(counts.followed),
      'deliveries taken, given up': `${taken}, ${refused}`,
      'events stored': String(stored),
      'requests to Push, 429': `${requests}, ${overLimit}`,
    },
    flaws: [
      ...(stored < taken ? [`${stored} of ${taken} events that were taken are there`] : []),
      ...counts.flaws.slice(0, MOST_FLAWS),
    ],
  }
}
