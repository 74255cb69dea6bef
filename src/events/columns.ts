/** Where the fields of the stored lists stand in the file. */
import type { StoredName } from '../model/stored.ts'

export const tables: Readonly<Record<StoredName, string>> = {
  events: 'event',
  otherAccounts: 'other_account',
  otherApps: 'other_app',
}

/** `employeeId` is in the column `employee_id`. */
export const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** The column with the text as filters compare it, where there is one: then an index can answer. */
export const keyColumnOf = (list: StoredName, field: string): string | undefined =>
  list === 'events' && ['object', 'email', 'sourceIpAddress'].includes(field)
    ? `${columnOf(field)}_key`
    : undefined
