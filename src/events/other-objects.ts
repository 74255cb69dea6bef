/**
 * The accounts and apps that come by webhook alone, as their events last left them. Field by field the newest
 * event wins, so that deliveries may come in any order; they stay when the events themselves have gone.
 */
import type { DatabaseSync } from 'node:sqlite'
import { isMembers, type Members, type NewEvent, payloadOf, subjectOf } from '../model/events.ts'
import type { Field } from '../model/collection.ts'
import { storedLists } from '../model/stored.ts'
import { isUnixTime } from '../model/values.ts'
import { columnOf } from './schema.ts'

export interface OtherObjects {
  /** Takes in what the event says, where it is about such an object. */
  apply(event: NewEvent): void
}

const kinds = {
  ACCOUNT_OTHER: { table: 'other_account', fields: storedLists.otherAccounts.fields },
  APP_OTHER: { table: 'other_app', fields: storedLists.otherApps.fields },
} as const

export const createOtherObjects = (database: DatabaseSync): OtherObjects => ({
  apply: event => {
    const table = otherTableOf(event)
    if (table === undefined) return
    const known = database
      .prepare(`SELECT times, gone_at FROM ${table} WHERE connector = ? AND id = ?`)
      .get(event.connector, event.entityId)
    const columns = columnsAfter(event, known)
    const names = Object.keys(columns)
    const updates = names.slice(2).map(column => `${column} = excluded.${column}`)
    database
      .prepare(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
          ON CONFLICT (connector, id) DO UPDATE SET ${updates.join(', ')}`,
      )
      .run(...Object.values(columns))
  },
})

/** The table of the object that the event is about; undefined where it is about no such object. */
export const otherTableOf = (event: NewEvent): 'other_account' | 'other_app' | undefined => {
  const isOfOne = event.category === 'ENTITY' && event.entityId !== null
  return isOfOne && Object.hasOwn(kinds, event.object)
    ? kinds[event.object as keyof typeof kinds].table
    : undefined
}

/** What is known of an object beside its fields. */
export interface KnownOther {
  /** When each field was last told of, as JSON. */
  readonly times?: unknown
  readonly gone_at?: unknown
}

/** The columns that an event about such an object sets, of the connector and the id first, beside what is known. */
export const columnsAfter = (
  event: NewEvent,
  known: KnownOther | undefined,
): Readonly<Record<string, string | number | null>> => {
  const { fields } = kinds[event.object as keyof typeof kinds]
  const subject = subjectOf(payloadOf(event)) ?? {}
  const values = new Map(
    Object.entries(fields).flatMap(([name, field]): [string, string | number | null][] => {
      const value = name === 'id' ? undefined : valueIn(subject, field)
      return value === undefined ? [] : [[columnOf(name), value]]
    }),
  )
  const times = readTimes(known?.times)
  for (const column of [...values.keys()])
    if ((times[column] ?? -Infinity) > event.occurredAt) values.delete(column)
    else times[column] = event.occurredAt
  return {
    connector: event.connector,
    id: event.entityId,
    ...Object.fromEntries(values),
    times: JSON.stringify(times),
    gone_at: goneAfter(event, known?.gone_at, times),
  }
}

/** When the object was deleted, unless a later event has changed it since. */
const goneAfter = (
  event: NewEvent,
  knownGoneAt: unknown,
  times: Readonly<Record<string, number>>,
): number | null => {
  const goneAt = typeof knownGoneAt === 'number' ? knownGoneAt : null
  if (event.type !== 'DELETE') return goneAt !== null && goneAt > event.occurredAt ? goneAt : null
  const latest = Math.max(-Infinity, ...Object.values(times))
  return latest > event.occurredAt ? goneAt : Math.max(event.occurredAt, goneAt ?? -Infinity)
}

const readTimes = (text: unknown): Record<string, number> =>
  typeof text === 'string' ? (JSON.parse(text) as Record<string, number>) : {}

/** What the object says of a field; undefined where it says nothing that the field could hold. */
const valueIn = (subject: Members, { from, kind }: Field): string | number | null | undefined => {
  const [outer = '', inner] = from.split('.')
  const names = outer === 'oauthAppId' ? ['oauthAppId', 'appId'] : [outer]
  const name = names.find(each => Object.hasOwn(subject, each))
  const found = name === undefined ? undefined : subject[name]
  const value =
    inner === undefined || found === null
      ? found
      : isMembers(found) && Object.hasOwn(found, inner)
        ? found[inner]
        : undefined
  if (value === null) return null
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined
    case 'seconds':
      return isUnixTime(value) ? Math.floor(value) : undefined
    default:
      return typeof value === 'string' ? value : undefined
  }
}
