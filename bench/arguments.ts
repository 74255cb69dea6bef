/** What `npm run bench` is called with. */
import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly help: boolean
  readonly only: string | undefined
  readonly runs: number
  readonly question: string | undefined
  readonly seconds: number
  readonly seed: number
  readonly tenants: number
  readonly full: boolean
  readonly before: string | undefined
}

/** What it may be called with, as `--help` says it. */
export const usage = (parts: readonly string[]): string => `npm run bench -- [options]

Measures what Pushgraph costs and how fast it is, beside the least possible and beside others. Writes
bench/results.json and docs/performance.md, and ends with exit code 1 where a promise is not kept.

  --only requests        one part, or several: --only serving,memory
  --only replicas:rate   one of those that belong together; replicas alone is all of them (a quarter of an hour)
  --full                 replicas, each as long as is promised: the database is away for ten minutes
  --before ../older      another checkout of Pushgraph, ready to run, beside this one: --only replicas:without
  --runs 1               other than 5 repetitions (3 where all parts run)
  --question search      of the reference questions, or hostile requests, only those with that word
  --seed 7               other generated hostile requests than those of seed 0: --only fair
  --tenants 20           how many tenants one server has (200)
  --seconds 60           how long deliveries are sent (60 alone, 20 where all parts run)
  --help                 this

The parts: ${parts.join(', ')}.
With --question, --tenants or --seed nothing is written: these are not the results that are kept.`

/** @throws {Error} where there is no such option, or a number is none */
export const readArguments = (given: readonly string[]): BenchArguments => {
  const { values } = parseArgs({
    args: [...given],
    options: {
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string' },
      question: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      tenants: { type: 'string' },
      full: { type: 'boolean', default: false },
      before: { type: 'string' },
    },
  })
  const { help, only, question, full, before } = values
  const isAll = only === undefined
  return {
    help,
    only,
    question,
    full,
    before,
    // All parts together are to take less than half an hour.
    runs: toCount('runs', values.runs, isAll ? 3 : 5),
    seconds: toCount('seconds', values.seconds, isAll ? 20 : 60),
    tenants: toCount('tenants', values.tenants, 200),
    seed: toCount('seed', values.seed, 0, 0),
  }
}

const toCount = (name: string, text: string | undefined, absent: number, least = 1): number => {
  if (text === undefined) return absent
  const count = Number(text)
  if (!Number.isInteger(count) || count < least)
    throw new Error(`--${name} ${text}: a whole number of at least ${least} is wanted`)
  return count
}
