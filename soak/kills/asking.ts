/** Asks one server for as long as it lives, and judges what it says. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../src/demo/tenant/random.ts'
import { type Judged, makeJudged } from './questions.ts'
import type { Truth } from './truth.ts'

export interface KillCounts {
  /** By `ok` or the code of the first error. */
  readonly results: Record<string, number>
  /** Whole answers that were compared with what the tenant was. */
  compared: number
  /** Those of them for which Push was asked nothing. */
  withoutRequest: number
  /** Those that rest on collections that follow their webhooks. */
  followed: number
  readonly flaws: string[]
}

interface JudgedAnswer {
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
  readonly extensions: {
    readonly pushgraph: {
      readonly complete: boolean
      readonly warnings: readonly unknown[]
      readonly asOf: string | null
      readonly requests: number
      readonly followed?: boolean
    }
  }
}

/** What may become of a question, though Push never fails: the machine may be busy. */
const FORESEEN = new Set(['ok', 'RATE_LIMITED', 'BUDGET_EXCEEDED', 'UPSTREAM_TIMEOUT'])

/** Beyond that rate a server refuses a caller. */
const BETWEEN_MS = 20

/** Rows that webhooks keep up to date are as new as the last of them, and that takes a moment to arrive. */
const ON_ITS_WAY_MS = 2_000

/** Asks at random until the server ends. */
export const askUntilKilled = async (
  url: string,
  truth: Truth,
  random: Random,
  counts: KillCounts,
  killed: AbortSignal,
): Promise<void> => {
  while (!killed.aborted) {
    const maxAge = random.chance(0.2) ? random.pick([0, 1, 5, 30]) : undefined
    try {
      await askJudged(url, makeJudged(truth, random), counts, maxAge)
      await pause(BETWEEN_MS)
    } catch (error) {
      // Whoever asks just now hears of the end before the one who brought it about.
      await pause(100)
      if (!killed.aborted) counts.flaws.push(`no answer though it lives: ${String(error)}`)
    }
  }
}

/** Asks it once; what of it is older than `maxAge` seconds is read again. */
export const askJudged = async (
  url: string,
  { query, variables, flaw }: Judged,
  counts: KillCounts,
  maxAge?: number,
): Promise<void> => {
  const asked = Date.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(maxAge === undefined ? {} : { 'cache-control': `max-age=${maxAge}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors, extensions } = (await response.json()) as JudgedAnswer
  const until = Date.now()
  const result = errors === undefined ? 'ok' : (errors[0]?.extensions?.code ?? '?')
  counts.results[result] = (counts.results[result] ?? 0) + 1
  const tell = (what: string): void => {
    counts.flaws.push(`${query} ${JSON.stringify(variables)}: ${what}`)
  }
  if (!FORESEEN.has(result)) tell(result)
  if (result !== 'ok') return
  const { complete, warnings, asOf, requests, followed } = extensions.pushgraph
  if (!complete || warnings.length > 0) return
  const from = asOf === null ? asked : Date.parse(asOf)
  counts.compared += 1
  if (requests === 0) counts.withoutRequest += 1
  if (followed === true) counts.followed += 1
  const wrong = flaw(data, { from: followed === true ? from - ON_ITS_WAY_MS : from, until })
  if (wrong !== undefined) tell(`as of ${until - from} ms ago, ${wrong}`)
}
