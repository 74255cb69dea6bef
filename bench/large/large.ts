/**
 * A tenant ten times as large, whose accounts take a minute of the whole limit to read: what does not fit the budget
 * is refused with the time to come back, then answered, and a dashboard that polls it is answered from then on.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, ask, type Server, startProduct } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

/**
 * Everything that lasts is a tenth of what it is in earnest, and the limit ten times as wide, so that ten minutes pass
 * in one.
 */
const FASTER = 10
const POLL_MS = 30_000 / FASTER
const POLLS = 20

const question = { query: '{ accounts { totalCount asOf } }' }

/** What 600 pages take at the limit: with a limit so much wider, a hundred at once are ten seconds of it. */
const LEAST_MS = 50_000

/** Who is sent away more often than this is not answered. */
const MOST_REFUSALS = 5

interface Refusal {
  readonly code: string | undefined
  readonly retryAfterMs: number
}

interface Poll {
  readonly ms: number
  /** Milliseconds since the oldest read that the answer rests on, had it been in earnest. */
  readonly ageMs: number
  readonly rows: number | undefined
}

export const measureLarge = async (): Promise<Section> => {
  const standIn = await startStandIn(10, {
    rate: 10 * FASTER,
    burst: 10 * FASTER,
    latencyMs: 120 / FASTER,
  })
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-large-'))
  const start = (environment: Readonly<Record<string, string>> = {}): Promise<Server> =>
    startProduct(standIn, {
      dataDirectory,
      environment: {
        PUSHGRAPH_RATE: String(10 * FASTER),
        PUSHGRAPH_BURST: String(10 * FASTER),
        PUSHGRAPH_MAX_WAIT_MS: String(25_000 / FASTER),
        PUSHGRAPH_MAX_AGE_S: String(60 / FASTER),
        PUSHGRAPH_STALE_S: String(900 / FASTER),
        ...environment,
      },
    })
  let product: Server | undefined
  try {
    // How large the tenant is, and that its pages can be read side by side, is known from earlier days.
    for (let day = 0; day < 2; day += 1) {
      product = await start({ PUSHGRAPH_MAX_REQUESTS: '10000', PUSHGRAPH_MAX_WAIT_MS: '60000' })
      await ask(product.url, question)
      await product.stop()
    }

    product = await start()
    await standIn.reset()
    const refusals: Refusal[] = []
    let answer = await ask(product.url, question)
    while (countOf(answer) === undefined && refusals.length < MOST_REFUSALS) {
      const { code, retryAfterMs = NaN } = answer.errors?.[0]?.extensions ?? {}
      refusals.push({ code, retryAfterMs: retryAfterMs * FASTER })
      await pause(retryAfterMs)
      answer = await ask(product.url, question)
    }
    const polls: Poll[] = []
    for (let poll = 0; poll < POLLS; poll++) polls.push(await pollOnce(product))
    const { requests, overLimit } = await standIn.statistics()
    return report({ refusals, rows: countOf(answer), polls, requests, refused: overLimit })
  } finally {
    await product?.stop()
    await standIn.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

const pollOnce = async ({ url }: Server): Promise<Poll> => {
  const start = performance.now()
  const answer = await ask(url, question)
  const ms = performance.now() - start
  const asOf = answer.extensions?.pushgraph?.asOf ?? null
  const ageMs = asOf === null ? NaN : (Date.now() - Date.parse(asOf)) * FASTER
  await pause(Math.max(0, POLL_MS - ms))
  return { ms, ageMs, rows: countOf(answer) }
}

const countOf = ({ data }: Answer): number | undefined =>
  (data as { readonly accounts: { readonly totalCount: number | null } | null } | undefined)
    ?.accounts?.totalCount ?? undefined

interface Course {
  readonly refusals: readonly Refusal[]
  /** What was answered in the end. */
  readonly rows: number | undefined
  readonly polls: readonly Poll[]
  readonly requests: number
  readonly refused: number
}

const report = ({ refusals, rows, polls, requests, refused }: Course): Section => {
  const answered = polls.filter(poll => poll.rows !== undefined)
  const figures = {
    refusals,
    rows: rows ?? null,
    polls: polls.length,
    pollsAnswered: answered.length,
    pollMs: median(answered.map(({ ms }) => ms)),
    worstPollMs: Math.max(...answered.map(({ ms }) => ms)),
    oldestMs: Math.max(...answered.map(({ ageMs }) => ageMs)),
    requests,
    refused,
  }
  return {
    title: 'A tenant ten times as large',
    method: [
      '`accounts { totalCount }` over 600 pages, cold, with a budget of 250 requests; asked again when it says so; then a',
      `dashboard that asks every 30 s for ten minutes. Everything runs ${FASTER} times as fast as in earnest (limit, latency, ages,`,
      'pauses); the times below are those in earnest, but for those of the polls.',
    ].join('\n'),
    tables: [
      {
        title: 'A tenant ten times as large',
        columns: ['what', 'came'],
        rows: [
          ['s that 600 pages take at the limit', figure(LEAST_MS / 1_000)],
          ...refusals.map(({ code, retryAfterMs }, index) => [
            `answer ${index + 1}`,
            `${code ?? 'no code'}, come back after ${figure(Math.round(retryAfterMs / 1_000))} s`,
          ]),
          [
            `answer ${refusals.length + 1}`,
            rows === undefined ? 'none' : `${figure(rows)} accounts`,
          ],
          ['polls answered', `${answered.length} of ${polls.length}`],
          ['ms of a poll, median', figure(figures.pollMs)],
          ['ms of a poll, worst', figure(figures.worstPollMs)],
          ['oldest answer, s', figure(Math.round(figures.oldestMs / 1_000))],
          ['requests in all', figure(requests)],
          ['429s', figure(refused)],
        ],
      },
    ],
    charts: [],
    figures,
    missed: [
      ...(refusals.length === 1 && refusals[0]?.code === 'BUDGET_EXCEEDED'
        ? []
        : [`large: ${refusals.length} refusals before the answer, not one`]),
      ...refusals
        .filter(({ retryAfterMs }) => retryAfterMs > LEAST_MS * 1.2)
        .map(
          ({ retryAfterMs }) =>
            `large: told to come back after ${Math.round(retryAfterMs / 1_000)} s, the limiter takes ${LEAST_MS / 1_000}`,
        ),
      ...(answered.length < polls.length
        ? [`large: ${polls.length - answered.length} of ${polls.length} polls not answered`]
        : []),
      ...(refused > 0 ? [`large: ${refused} requests refused with 429`] : []),
    ],
  }
}
