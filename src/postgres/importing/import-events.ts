/** The events, changes and known rows of an embedded file, taken over with their numbers, so that cursors go on. */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../model/clock.ts'
import type { Database } from '../connecting/database.ts'
import type { Query } from '../connecting/pools.ts'
import { createEventParts } from '../events/event-parts.ts'
import { batchesOf, putRows, type SourceRow } from './copy-rows.ts'

/** The database has events of its own, or those of another folder: their numbers would be given twice. */
export class NotEmpty extends Error {
  constructor() {
    super(
      'The database has events already that did not come from this folder. Take an empty one: the numbers of events, by which cursors go on, can be taken over into that alone.',
    )
    this.name = 'NotEmpty'
    Object.assign(this, { stack: undefined })
  }
}

export interface ImportedEvents {
  readonly events: number
  readonly changes: number
  readonly rows: number
}

export interface ImportEventsOptions {
  readonly database: Pick<Database, 'query' | 'transaction'>
  readonly clock: Clock
  readonly retentionDays: number
  /** Told how many events are over, now and then. */
  readonly onProgress?: (events: number) => void
}

/** One batch, with all that hangs on it. */
const BATCH = { timeoutMs: 60_000 }

/**
 * One that was broken off goes on where it was when it is begun again; undefined where all was taken over before.
 *
 * @throws {NotEmpty} {DatabaseUnavailable}
 */
export const importEvents = async (
  source: DatabaseSync,
  options: ImportEventsOptions,
): Promise<ImportedEvents | undefined> => {
  const { database } = options
  const store = source.prepare('SELECT * FROM store').get() as SourceRow
  if (!(await claimStore(database, String(store['identity'])))) return undefined
  const events = await copyEvents(source, options)
  for (const table of ['other_account', 'other_app'] as const)
    await copyAll(source, database, table, 'sequence')
  const changes = await copyAll(source, database, 'change', 'sequence')
  await copyAll(source, database, 'known_list', 'id')
  const rows = await copyAll(source, database, 'known_row', 'sequence')
  for (const { id } of source.prepare('SELECT id FROM known_list').all())
    await copyWhole(source, database, 'known_whole', `list = ${Number(id)}`)
  await copyWhole(source, database, 'sink_place')
  await database.transaction(
    'write',
    async query => {
      // A replica may have put some past their time meanwhile: what was taken over since may have come after that.
      await query(
        `UPDATE event_store SET given = $1, purged = $2, gone = $3, importing = false,
          over_late = over_late OR over_at > 0`,
        [givenTo(source, 'event'), store['purged'], store['gone']],
      )
      await query(
        `UPDATE history SET given = $1, changes_purged = $2, changes_gone = $3, changes_bytes = $4, rows_bytes = $5,
          cut_at = $6`,
        [
          givenTo(source, 'change'),
          ...['changes_purged', 'changes_gone', 'changes_bytes', 'rows_bytes', 'cut_at'].map(
            name => store[name],
          ),
        ],
      )
      for (const [table, column] of numbered)
        await query(
          `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), max(${column})) FROM ${table} HAVING count(*) > 0`,
        )
    },
    BATCH,
  )
  await database.query('write', LEARN, [], LEARNING)
  return { events, changes, rows }
}

/** Else the database would plan without knowing what there is until it comes to look by itself; what is not ours it leaves out. */
const LEARN = 'VACUUM (ANALYZE) event, event_body, event_id, change, known_row'
const LEARNING = { timeoutMs: 600_000 }

const numbered = [
  ['other_account', 'sequence'],
  ['other_app', 'sequence'],
  ['known_list', 'id'],
  ['known_row', 'sequence'],
] as const

/** The events there are those of this file from now on; false where they were before. Nothing else is stored until they are all there. */
const claimStore = (database: Pick<Database, 'transaction'>, identity: string): Promise<boolean> =>
  database.transaction('write', async query => {
    const [there] = await query<{
      readonly identity: string
      readonly given: number
      readonly importing: boolean
    }>('SELECT identity, given, importing FROM event_store FOR UPDATE')
    if (there?.identity === identity) return there.importing
    const [history] = await query<{ readonly given: number }>('SELECT given FROM history')
    if (there === undefined || there.importing || there.given > 0 || (history?.given ?? 0) > 0)
      throw new NotEmpty()
    await query('UPDATE event_store SET identity = $1, importing = true', [identity])
    // Sinks of replicas that ran here before stand at the beginning of nothing: from there they would send all that comes now. What
    // those knew of rows has numbers that are given once more.
    for (const table of ['sink_place', 'known_row', 'known_whole', 'known_list'])
      await query(`DELETE FROM ${table}`)
    return true
  })

const givenTo = (source: DatabaseSync, table: string): number =>
  Number(source.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(table)?.['seq'] ?? 0)

const copyEvents = async (
  source: DatabaseSync,
  { database, clock, retentionDays, onProgress }: ImportEventsOptions,
): Promise<number> => {
  const parts = createEventParts(database, { clock, retentionDays })
  let over = 0
  const sql = `SELECT event.*, event_body.body FROM event LEFT JOIN event_body USING (sequence)
    WHERE sequence > ? ORDER BY sequence LIMIT ?`
  for (const batch of batchesOf(source, sql, ({ sequence }) => sequence ?? 0, 0)) {
    await parts.ready(batch.map(row => ({ occurredAt: Number(row['occurred_at']) })))
    await database.transaction('write', query => putEvents(query, batch), BATCH)
    over += batch.length
    onProgress?.(over)
  }
  return over
}

const putEvents = async (query: Query, batch: readonly SourceRow[]): Promise<void> => {
  // The unique one first: of those that are there already nothing else is put in.
  const known = await query<{ readonly sequence: number }>(
    'SELECT sequence FROM event_id WHERE sequence = ANY ($1::bigint[])',
    [batch.map(({ sequence }) => sequence)],
  )
  const there = new Set(known.map(({ sequence }) => sequence))
  const fresh = batch
    .filter(({ sequence }) => !there.has(Number(sequence)))
    .map(row => {
      const body = typeof row['body'] === 'string' ? row['body'] : '{}'
      return { ...row, body, body_bytes: Buffer.byteLength(body) }
    })
  if (fresh.length === 0) return
  await putRows(query, 'event_id', fresh)
  await putRows(query, 'event', fresh)
  await putRows(query, 'event_body', fresh)
}

/** How many there were. */
const copyAll = async (
  source: DatabaseSync,
  database: Pick<Database, 'transaction'>,
  table: 'other_account' | 'other_app' | 'change' | 'known_list' | 'known_row',
  key: string,
): Promise<number> => {
  let over = 0
  const sql = `SELECT * FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`
  for (const batch of batchesOf(source, sql, row => row[key] ?? 0, 0)) {
    await database.transaction('write', query => putRows(query, table, batch), BATCH)
    over += batch.length
  }
  return over
}

/** Few for each list or sink: all for which that holds. */
const copyWhole = async (
  source: DatabaseSync,
  database: Pick<Database, 'transaction'>,
  table: 'known_whole' | 'sink_place',
  condition = 'true',
): Promise<void> => {
  const rows = source.prepare(`SELECT * FROM ${table} WHERE ${condition}`).all()
  if (rows.length > 0)
    await database.transaction('write', query => putRows(query, table, rows), BATCH)
}
