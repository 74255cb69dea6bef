/** What a tenant takes in the database, all of it read, and what a stored event takes. */
import { ask } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { figure } from '../report/table.ts'
import type { Part } from './part.ts'
import { type BenchDatabase, startReplica, type Surroundings, unlimited } from './surroundings.ts'

const ALL = `{
  employees { totalCount } accounts { totalCount } apps { totalCount } browsers { totalCount }
  browserExtensions { totalCount } findings { totalCount } detections { totalCount }
}`

/** By how their tables are called. */
const kinds = {
  answers: '^answer',
  'known rows': '^known_',
  'facts and sizes': '^key_',
} as const

/** `stored`: a database with nothing but so many events. */
export const measureSizes = async (
  surroundings: Surroundings,
  stored: { readonly database: BenchDatabase; readonly events: number },
): Promise<Part> => {
  const standIn = await startStandIn(1, { latencyMs: 5, rate: 1_000, burst: 1_000 })
  const database = await surroundings.create()
  try {
    const replica = await startReplica(standIn, database, unlimited)
    const { data, errors } = await ask(replica.url, { query: ALL })
    await replica.stop()
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    const counts = Object.values(data as Readonly<Record<string, { totalCount: number }>>)
    const objects = counts.reduce((sum, { totalCount }) => sum + totalCount, 0)
    const tenant = await Promise.all(
      Object.entries(kinds).map(async ([what, tables]) => ({
        what,
        bytes: await weigh(database, tables),
      })),
    )
    const bytesOfEvent = (await weigh(stored.database, '^event')) / stored.events
    return {
      table: {
        title: `What a tenant with ${figure(objects)} objects takes in the database, all of it read`,
        columns: ['what', 'MB', 'bytes an object', 'GB for 1,000 tenants'],
        rows: [
          ...tenant.map(({ what, bytes }) => [
            what,
            figure(bytes / 1e6),
            figure(bytes / objects),
            figure(bytes / 1e6),
          ]),
          ['1,000 stored events', figure(bytesOfEvent / 1e3), figure(bytesOfEvent), ''],
        ],
      },
      figures: { objects, tenant, bytesOfEvent },
      missed: [],
    }
  } finally {
    await standIn.stop()
  }
}

/** Bytes of those tables, with their indexes; what an empty one takes is left in. */
const weigh = async (database: BenchDatabase, tables: string): Promise<number> => {
  const [found] = await database.query(
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relname ~ '${tables}'`,
  )
  return Number(found?.['bytes'])
}
