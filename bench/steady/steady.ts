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

const TIMES_AS_FAST = 10
const MINUTES = 10
/** Before, in which all is read, and events of every collection come. */
const WARM_UP_MINUTES = 3
const POLL_MS = 10_000
const CHANGES_PER_MINUTE = 120
const SECRET = 'psws_steady'
/** Of design.md, with webhooks: requests a minute, and the age of the oldest row. */
const PROMISED = { requests: 10, oldestS: 61 }

interface Way {
  readonly name: string
  readonly sends: boolean
  readonly loss: number
}

const ways: readonly Way[] = [
  { name: 'no webhooks', sends: false, loss: 0 },
  { name: 'webhooks', sends: true, loss: 0 },
  { name: 'webhooks, 1 % lost', sends: true, loss: 0.01 },
]

interface Steady extends Way {
  readonly requestsPerMinute: number
  readonly oldestS: number
  readonly counts: number
  readonly wrong: number
  readonly longestWrongS: number
  readonly lost: number
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
it last was right.`,
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
        ],
        rows: figures.map(of => [
          of.name,
          figure(of.requestsPerMinute),
          figure(Math.round(of.oldestS)),
          figure(of.counts),
          figure(of.wrong),
          figure(Math.round(of.longestWrongS)),
          figure(of.lost),
        ]),
      },
    ],
    charts: [],
    figures,
    missed: figures.filter(({ sends }) => sends).flatMap(missedBy),
  }
}

const missedBy = ({ name, requestsPerMinute, oldestS }: Steady): readonly string[] => [
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
  let [oldestMs, wrong, longestWrongMs, counts] = [0, 0, 0, 0]
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
      const ms = truth.wrongFor(name, value, asked, now)
      counts += 1
      if (ms > 0) wrong += 1
      longestWrongMs = Math.max(longestWrongMs, ms)
    }
  }
  return {
    requestsPerMinute: standIn.statistics().requests / minutes,
    oldestS: oldestMs / 1_000,
    counts,
    wrong,
    longestWrongS: longestWrongMs / 1_000,
    lost: standIn.webhookCounts.lost - lostBefore,
  }
}

interface Dashboard {
  readonly data: Readonly<Record<string, { readonly totalCount: number }>>
  readonly extensions: { readonly pushgraph: { readonly asOf: string | null } }
}

/** The counts by name, and how old the oldest row is that they rest on (milliseconds by the clock). */
const ask = async (url: string, clock: Clock) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: DASHBOARD }),
  })
  const { data, extensions } = (await response.json()) as Dashboard
  const { asOf } = extensions.pushgraph
  return {
    values: countNames.map(name => [name, data[name]?.totalCount ?? NaN] as const),
    asOf: asOf === null ? clock.now() : Date.parse(asOf),
  }
}
