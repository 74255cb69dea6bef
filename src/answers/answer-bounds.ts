/** How much is kept in the file, and what goes: what is too old, too much, or of a connector that is gone. */
import type { DatabaseSync } from 'node:sqlite'
import type { AnswersUsage } from './contract.ts'
import type { AnswerSeals } from './sealing.ts'
import type { Spared } from './tidying.ts'
import { usageOf } from './usage.ts'

export interface AnswerBounds {
  /** How many answers of that tenant can be read, and when the oldest was asked for (ms); undefined for none. */
  kept(tenant: string): { readonly answers: number; readonly oldestAt: number } | undefined
  usage(): ReadonlyMap<string, AnswersUsage>
  /**
   * Deletes up to `most` of the answers asked for before that moment, but none that can be read of those that are
   * spared; and as many of those that are not sealed though they should be. How many there were.
   */
  expire(before: number, spared: Spared, most: number): number
  /** Deletes up to `most` of the oldest while there is more than `maxBytes`; how many there were. */
  evict(maxBytes: number, most: number): number
  /** Deletes up to `most` answers of that connector; how many there were. */
  forgetConnector(connector: string, most: number): number
}

export const createAnswerBounds = (database: DatabaseSync, seals: AnswerSeals): AnswerBounds => {
  const bytesInUse = createMeasure(database)
  const readable = JSON.stringify(seals.all.map(({ id }) => id))
  const count = database.prepare(
    `SELECT count(*) AS answers, min(asked_at) AS oldest_at FROM answer
      WHERE tenant = ? AND seal IN (SELECT value FROM json_each(?))`,
  )
  const countByConnector = database.prepare(
    'SELECT connector, list, count(*) AS answers, sum(bytes) AS bytes FROM answer GROUP BY connector, list',
  )
  const deleteOld = database.prepare(
    `DELETE FROM answer WHERE id IN (SELECT id FROM answer
      WHERE asked_at < ?1 AND (seal NOT IN (SELECT value FROM json_each(?3))
        OR connector NOT IN (SELECT value FROM json_each(?2)) AND NOT EXISTS (
          SELECT 1 FROM json_each(?5) WHERE value ->> 'connector' = connector AND value ->> 'list' = list
            AND asked_at BETWEEN value ->> 'from' AND value ->> 'until'
        )) ORDER BY asked_at LIMIT ?4)`,
  )
  const deleteOpen = database.prepare(
    "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE seal = '' LIMIT ?)",
  )
  const deleteOldest = database.prepare(
    'DELETE FROM answer WHERE id = (SELECT id FROM answer ORDER BY asked_at LIMIT 1)',
  )
  const deleteOfConnector = database.prepare(
    'DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE connector = ? LIMIT ?)',
  )

  return {
    kept: tenant => {
      const counted = count.get(tenant, readable)
      const answers = Number(counted?.['answers'] ?? 0)
      return answers === 0 ? undefined : { answers, oldestAt: Number(counted?.['oldest_at']) }
    },
    usage: () =>
      usageOf(
        countByConnector.all().map(row => ({
          connector: String(row['connector']),
          list: String(row['list']),
          answers: Number(row['answers']),
          bytes: Number(row['bytes']),
        })),
      ),
    expire: (before, { connectors, answers }, most) => {
      const [whole, needed] = [JSON.stringify(connectors), JSON.stringify(answers)]
      const old = deleteOld.run(before, whole, readable, most, needed).changes
      const open = seals.first.id === '' ? 0 : deleteOpen.run(most).changes
      return Number(old) + Number(open)
    },
    evict: (maxBytes, most) => {
      let gone = 0
      while (gone < most && bytesInUse() > maxBytes && deleteOldest.run().changes > 0) gone += 1
      return gone
    },
    forgetConnector: (connector, most) => Number(deleteOfConnector.run(connector, most).changes),
  }
}

/** Tells how many bytes of the file are in use; what is free in it serves what comes next. */
const createMeasure = (database: DatabaseSync): (() => number) => {
  const reader = (name: string): (() => number) => {
    const statement = database.prepare(`PRAGMA ${name}`)
    return () => Number(statement.get()?.[name])
  }
  const [pages, free, pageBytes] = [
    reader('page_count'),
    reader('freelist_count'),
    reader('page_size'),
  ]
  return () => (pages() - free()) * pageBytes()
}
