/** The accounts and apps that come by webhook alone, kept in the database as their events last left them. */
import { columnsAfter, otherTableOf, type KnownOther } from '../../events/other-objects.ts'
import { columnOf } from '../../events/schema.ts'
import { folded } from '../../filter/letters.ts'
import { isText } from '../../filter/order.ts'
import type { NewEvent } from '../../model/events.ts'
import { fieldsOf } from '../../model/stored.ts'
import type { Query } from '../connecting/pools.ts'
import { storable } from './statement-values.ts'

const lists = { other_account: 'otherAccounts', other_app: 'otherApps' } as const
type OtherTable = keyof typeof lists

/** Whether the event is about such an object. */
export const isOfOther = (event: NewEvent): boolean => otherTableOf(event) !== undefined

/** Takes in what those events say. Whoever calls it holds the store, so that nobody else does at the same time. */
export const applyToOthers = async (query: Query, events: readonly NewEvent[]): Promise<void> => {
  for (const [table, about] of Map.groupBy(events, otherTableOf))
    if (table !== undefined) await applyTo(table, query, about)
}

type OtherColumns = KnownOther & Readonly<Record<string, unknown>>

const applyTo = async (
  table: OtherTable,
  query: Query,
  events: readonly NewEvent[],
): Promise<void> => {
  const stored = events.map(event => ({
    ...event,
    connector: storable(event.connector),
    entityId: storable(event.entityId),
  }))
  const rows = new Map<string, OtherColumns>()
  const known = await query<OtherColumns>(
    `SELECT * FROM ${table} WHERE (connector, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [stored.map(({ connector }) => connector), stored.map(({ entityId }) => entityId)],
  )
  for (const row of known) rows.set(nameOf(row['connector'], row['id']), row)
  const changed = new Set<string>()
  for (const event of stored) {
    const name = nameOf(event.connector, event.entityId)
    rows.set(name, { ...rows.get(name), ...columnsAfter(event, rows.get(name)) })
    changed.add(name)
  }
  const columns = columnsOf(table)
  await query(
    `INSERT INTO ${table} (${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::${table}, $1::json)
      ON CONFLICT (connector, id) DO UPDATE SET ${columns.map(column => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify([...changed].map(name => toStored(table, rows.get(name) ?? {})))],
  )
}

const nameOf = (connector: unknown, id: unknown): string => JSON.stringify([connector, id])

const textsOf = (table: OtherTable): readonly string[] =>
  Object.keys(fieldsOf(lists[table]))
    .filter(field => isText(lists[table], field))
    .map(columnOf)

const columnsOf = (table: OtherTable): readonly string[] => [
  'connector',
  ...Object.keys(fieldsOf(lists[table])).map(columnOf),
  ...textsOf(table).map(column => `${column}_key`),
  'times',
  'gone_at',
]

/** Beside each text it is kept in the form in which texts are compared. */
const toStored = (table: OtherTable, row: Readonly<Record<string, unknown>>): object => {
  const keys = textsOf(table).map(column => {
    const text = row[column]
    return [`${column}_key`, typeof text === 'string' ? folded.of(text) : null] as const
  })
  return storable({ ...row, ...Object.fromEntries(keys) })
}
