/** The tables of the event file, version by version: a file of an older version is brought up to the newest. */
import { readFileSync } from 'node:fs'
import type { StoredName } from '../model/stored.ts'

/** Each step leads from the version of its place to the next; a step that was released is never changed. */
export const migrations: readonly string[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(version =>
  readFileSync(new URL(`migrations/${version}.sql`, import.meta.url), 'utf8'),
)

export const tables: Readonly<Record<StoredName, string>> = {
  events: 'event',
  otherAccounts: 'other_account',
  otherApps: 'other_app',
  changes: 'change',
}

/** The moment by whose order the newest rows come first, and its column; without one, the sequence tells. */
export const timeFields: Partial<Readonly<Record<StoredName, string>>> = {
  events: 'occurredAt',
  changes: 'at',
}
export const timeColumns: Partial<Readonly<Record<StoredName, 'occurred_at' | 'at'>>> = {
  events: 'occurred_at',
  changes: 'at',
}

/** `employeeId` is in the column `employee_id`. */
export const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** The column with the text as filters compare it, where there is one: then an index can answer. */
export const keyColumnOf = (list: StoredName, field: string): string | undefined =>
  list === 'events' && ['object', 'email', 'sourceIpAddress'].includes(field)
    ? `${columnOf(field)}_key`
    : undefined
