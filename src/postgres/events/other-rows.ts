/** The accounts and apps that come by webhook alone, kept in the database as their events last left them. */
import { columnsAfter, otherTableOf, type KnownOther } from '../../events/other-objects.ts'
import { folded } from '../../filter/letters.ts'
import { isText } from '../../filter/order.ts'
import type { NewEvent } from '../../model/events.ts'
import { fieldsOf, type StoredName } from '../../model/stored.ts'
import { columnOf } from '../../events/schema.ts'
import type { Query } from '../connecting/pools.ts'
import { storable } from './statement-values.ts'

/** Takes in what those events say. Whoever calls it holds the store, so that nobody else does at the same time. */
export const applyToOthers = async (query: Query, events: readonly NewEvent[]): Promise<void> => {
  for (const event of events) {
    const table = otherTableOf(event)
    if (table === undefined) continue
    const key = [storable(event.connector), storable(event.entityId)]
    const [known] = await query<KnownOther>(
      `SELECT times, gone_at FROM ${table} WHERE connector = $1 AND id = $2`,
      key,
    )
    const columns = withKeys(lists[table], columnsAfter(event, known))
    const names = Object.keys(columns)
    const updates = names.slice(2).map(column => `${column} = excluded.${column}`)
    await query(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})
        ON CONFLICT (connector, id) DO UPDATE SET ${updates.join(', ')}`,
      Object.values(columns).map(storable),
    )
  }
}

/** Whether the event is about such an object. */
export const isOfOther = (event: NewEvent): boolean => otherTableOf(event) !== undefined

const lists = { other_account: 'otherAccounts', other_app: 'otherApps' } as const

/** Beside each text, it is kept in the form in which texts are compared. */
const withKeys = (
  list: StoredName,
  columns: Readonly<Record<string, string | number | null>>,
): Readonly<Record<string, string | number | null>> => {
  const texts = Object.keys(fieldsOf(list)).filter(field => isText(list, field))
  const keys = texts.flatMap(field => {
    const column = columnOf(field)
    const text = columns[column]
    if (text === undefined) return []
    return [[`${column}_key`, typeof text === 'string' ? folded.of(text) : null] as const]
  })
  return { ...columns, ...Object.fromEntries(keys) }
}
