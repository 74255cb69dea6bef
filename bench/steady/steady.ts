/** What a dashboard costs that is polled all day, and how right it is, while the tenant lives. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createStandIn, type StandIn } from '../../src/demo/stand-in.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { type Clock, pause } from '../../src/model/clock.ts'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { createFastClock } from './fast-clock.ts'
import { countNames, createTruth, DASHBOARD, type Truth } from './truth.ts'
import { broken, type WrongCount } from './wrongness.ts'

const TIMES_AS_FAST = 10
const MINUTES = 10
/** Before, in which all is read, and events of every collection come. */
const WARM_UP_MINUTES = 3
const POLL_MS = 10_000
const CHANGES_PER_MINUTE = 120
const SECRET = 'psws_steady'
/** Of design.md, with webhooks: requests a minute, and the age of the oldest row. */
const PROMISED = { requests: 10, oldestS: 61 }
/** Where some are lost: how often is probed, and how often all is read to check, by default every 6 hours. */
const RECONCILE_S = 240
const LOST = { probeMs: 60_000, reconcileMs: RECONCILE_S * 1_000, slackMs: 10_000 }

interface Way {
  readonly name: string
  readonly sends: boolean
  readonly loss: number
  readonly settings?: Readonly<Record<string, string>>
}

const ways: readonly Way[] = [
  { name: 'no webhooks', sends: false, loss: 0 },
  { name: 'webhooks', sends: true, loss: 0 },
  {
    ...{ name: 'webhooks, 1 % lost', sends: true, loss: 0.01 },
    settings: { PUSHGRAPH_RECONCILE_S: String(RECONCILE_S) },
  },
]

interface Steady extends Way {
  readonly requestsPerMinute: number
  readonly oldestS: number
  readonly counts: number
  readonly wrong: number
  readonly longestWrongS: number
  readonly lost: number
  readonly drift: number
  /** What was not as promised where some are lost. */
  readonly broken: readonly string[]
}

export const measureSteady = async (): Promise<Section> => {
  const figures: Steady[] = []
  for (const way of ways) figures.push(await live(way))
  return {
    title: 'A dashboard all day',
    method: `Six counts with a filter each, of the demo tenant × 1, asked every ${POLL_MS / 1_000} s for ${MINUTES} minutes, while ${CHANGES_PER_MINUTE} of its
objects are created, changed or deleted a minute. Server and stand-in run in one process on a clock that is ${TIMES_AS_FAST} times as
fast as the machine's, latency and limit of the stand-in with them. The ${WARM_UP_MINUTES} minutes before, in which everything is read, are
left out.
A count is wrong where it was not the stand-in's at any moment between question and answer; for how long it was, is the time since
it last was right, or since a right one was served.
Promised with all webhooks: at most ${PROMISED.requests} requests a minute, and no row older than ${PROMISED.oldestS} s. Where some are lost: no count is wrong for
longer than two probes take that can see what was lost, or else until all is read to check (every ${RECONCILE_S / 60} minutes here in place of
6 hours, so that it is seen), and drift is counted.`,
    tables: [
      {
        title: 'A dashboard of six counts',
        columns: [
          'the server hears of changes by',
          'requests a minute',
          'oldest row, s',
          'counts served',
          'wrong ones',
          'wrong for s at most',
          'webhooks lost',
          'drift',
        ],
        rows: figures.map(of => [
          of.name,
          figure(of.requestsPerMinute),
          figure(Math.round(of.oldestS)),
          figure(of.counts),
          figure(of.wrong),
          figure(Math.round(of.longestWrongS)),
          figure(of.lost),
          figure(of.drift),
        ]),
      },
    ],
    charts: [],
    figures,
    missed: figures.filter(({ sends }) => sends).flatMap(missedBy),
  }
}

const missedBy = (of: Steady): readonly string[] =>
  of.loss > 0 ? of.broken.map(what => `steady, ${of.name}: ${what}`) : missedByAll(of)

const missedByAll = ({ name, requestsPerMinute, oldestS }: Steady): readonly string[] => [
  ...(requestsPerMinute > PROMISED.requests
    ? [`steady, ${name}: ${figure(requestsPerMinute)} requests a minute`]
    : []),
  ...(oldestS > PROMISED.oldestS ? [`steady, ${name}: rows ${Math.round(oldestS)} s old`] : []),
]

/** A server and its tenant, for as long as it takes. */
const live = async (way: Way): Promise<Steady> => {
  const clock = createFastClock(TIMES_AS_FAST)
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-steady-'))
  const standIn = await createStandIn({ clock, switches: { webhookLoss: way.loss } })
  const environment = {
    PORT: '0',
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSH_WEBHOOK_SECRET: SECRET,
    PUSHGRAPH_DATA_DIR: directory,
    PUSHGRAPH_AUDIT: 'off',
    ...way.settings,
  }
  const log = createLog({ level: 'error', readable: false, destination: process.stderr })
  const app = await createApp(readConfig(environment, directory), log, clock)
  const url = await app.listen()
  if (way.sends) standIn.sendWebhooks({ url: `${url}/webhooks/default`, secret: SECRET })
  try {
    const truth = createTruth(standIn.data, clock.now())
    standIn.set({ changesPerMinute: CHANGES_PER_MINUTE, activityPerMinute: 17 })
    await poll(standIn, url, clock, truth, WARM_UP_MINUTES)
    standIn.reset()
    return { ...way, ...(await poll(standIn, url, clock, truth, MINUTES)) }
  } finally {
    standIn.sendWebhooks(undefined)
    await app.stop(0)
    await standIn.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Asks for so many minutes, beside what the stand-in itself knows. */
const poll = async (
  standIn: StandIn,
  url: string,
  clock: Clock,
  truth: Truth,
  minutes: number,
): Promise<Omit<Steady, keyof Way>> => {
  let [oldestMs, counts] = [0, 0]
  const wrong: WrongCount[] = []
  const rightAt = new Map(countNames.map(name => [name, clock.now()]))
  const never = new AbortController().signal
  const lostBefore = standIn.webhookCounts.lost
  for (let nth = 0; nth < (minutes * 60_000) / POLL_MS; nth++) {
    await pause(POLL_MS, clock, never)
    const asked = clock.now()
    const { values, asOf } = await ask(url, clock)
    const now = clock.now()
    truth.learn(standIn.changes)
    oldestMs = Math.max(oldestMs, now - asOf)
    for (const [name, value] of values) {
      const wrongMs = truth.wrongFor(name, value, asked, now)
      counts += 1
      if (wrongMs === 0) rightAt.set(name, now)
      else {
        const servedMs = now - (rightAt.get(name) ?? 0)
        wrong.push({ collection: name, at: now, wrongMs: Math.min(wrongMs, servedMs) })
      }
    }
  }
  const drift = await askDrift(url)
  return {
    requestsPerMinute: standIn.statistics().requests / minutes,
    oldestS: oldestMs / 1_000,
    counts,
    wrong: wrong.length,
    longestWrongS: Math.max(0, ...wrong.map(({ wrongMs }) => wrongMs)) / 1_000,
    lost: standIn.webhookCounts.lost - lostBefore,
    drift: [...drift.values()].reduce((sum, of) => sum + of, 0),
    broken: broken(wrong, standIn.untoldChanges, drift, LOST),
  }
}

/** How many objects reads have found to be otherwise than told, by collection. */
const askDrift = async (url: string): Promise<ReadonlyMap<string, number>> => {
  const query = '{ connectors { store { collection drift } } }'
  const { data } = (await post(url, query)) as {
    readonly data: {
      readonly connectors: readonly {
        readonly store: readonly { readonly collection: string; readonly drift: number }[]
      }[]
    }
  }
  return new Map(
    data.connectors
      .flatMap(({ store }) => store)
      .map(({ collection, drift }) => [nameOf(collection), drift]),
  )
}

/** `BROWSER_EXTENSIONS` as `browserExtensions`. */
const nameOf = (collection: string): string =>
  collection.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

interface Dashboard {
  readonly data: Readonly<Record<string, { readonly totalCount: number }>>
  readonly extensions: { readonly pushgraph: { readonly asOf: string | null } }
}

/** The counts by name, and how old the oldest row is that they rest on (milliseconds by the clock). */
const ask = async (url: string, clock: Clock) => {
  const { data, extensions } = (await post(url, DASHBOARD)) as Dashboard
  const { asOf } = extensions.pushgraph
  return {
    values: countNames.map(name => [name, data[name]?.totalCount ?? NaN] as const),
    asOf: asOf === null ? clock.now() : Date.parse(asOf),
  }
}

const post = async (url: string, query: string): Promise<unknown> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return response.json()
}
