/**
 * The tables of the shared database, made and changed by whoever comes first. Replicas of two versions stand side by side
 * for the length of a deployment: each step leaves whatever those before it need, and says which version that is.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseUnusable } from './failures.ts'
import { serverStanding, unfitness } from './fitness.ts'
import type { Pools, Query } from './pools.ts'

export interface Migration {
  /** Programs whose newest step is this one or later can work with the tables that it leaves. */
  readonly worksFrom: number
  readonly sql: string
}

const folder = new URL('../migrations/', import.meta.url)

const readStep = (step: number): string =>
  readdirSync(new URL(`${step}/`, folder))
    .sort()
    .map(file => readFileSync(new URL(`${step}/${file}`, folder), 'utf8'))
    .join('\n')

/** Each leads from the version of its place to the next. */
export const databaseSteps: readonly Migration[] = [{ worksFrom: 1, sql: readStep(1) }]

export interface SchemaStanding {
  /** The version of the tables; 0 where there are none. */
  readonly version: number
  /** The oldest version of a program that can work with them. */
  readonly worksFrom: number
}

const MADE = `CREATE TABLE IF NOT EXISTS pushgraph_schema (
  version int PRIMARY KEY, works_from int NOT NULL, made_at timestamptz NOT NULL DEFAULT now()
)`

/** What is changed of a large table may take its time, and whoever waits for the lock waits as long. */
const LONGEST_STEP_MS = 3_600_000
/** "PUSH": whoever changes the tables holds it. */
const LOCK = 0x50555348

/** What the tables of that database are like. */
export const schemaStanding = async (query: Query): Promise<SchemaStanding> => {
  const [there] = await query("SELECT to_regclass('pushgraph_schema') IS NOT NULL AS there")
  if (there?.['there'] !== true) return { version: 0, worksFrom: 0 }
  const [found] = await query<{
    readonly version: number | null
    readonly works_from: number | null
  }>('SELECT max(version) AS version, max(works_from) AS works_from FROM pushgraph_schema')
  return { version: found?.version ?? 0, worksFrom: found?.works_from ?? 0 }
}

/**
 * Brings the tables to the newest version, one step after another and each whole; how many steps that took.
 *
 * @throws {DatabaseUnusable} where a newer version made them otherwise than this one can work with, and where none can be made
 */
export const migrate = async (
  pools: Pick<Pools, 'transaction'>,
  steps: readonly Migration[] = databaseSteps,
): Promise<number> => {
  for (let taken = 0; ; taken += 1) {
    const went = await pools.transaction(
      'write',
      async query => {
        // What its user may take for a question is too little to change a large table.
        await query('SET LOCAL statement_timeout = 0')
        await query('SELECT pg_advisory_xact_lock($1)', [LOCK])
        const { version, worksFrom } = await schemaStanding(query)
        if (worksFrom > steps.length) throw newerTables(version)
        const step = steps[version]
        if (step === undefined) return false
        const server = await serverStanding(query)
        const flaw = unfitness(server)
        // A standby may be about to take over: it says itself that it only reads.
        if (flaw !== undefined && server?.standby !== true)
          throw new DatabaseUnusable(`The database will not do: ${flaw}`)
        await query(MADE)
        await query(step.sql)
        await query('INSERT INTO pushgraph_schema (version, works_from) VALUES ($1, $2)', [
          version + 1,
          step.worksFrom,
        ])
        return true
      },
      { timeoutMs: LONGEST_STEP_MS },
    )
    if (!went) return taken
  }
}

const newerTables = (version: number): DatabaseUnusable =>
  new DatabaseUnusable(
    `The tables of the database are those of a newer version of Pushgraph (theirs is ${version}), which this one cannot work with. Run that version.`,
  )
