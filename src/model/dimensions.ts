/**
 * What rows can be grouped by, as one table: each field, the main attributes of the object that a link leads to,
 * and the connector. The schema's dimension enumerations and the counting of groups both read it.
 */
import type { ToOne } from './relations.ts'
import { relations } from './relations.ts'
import type { CollectionName } from './rows.ts'
import { fieldsOf, isStored, type ListName, storedLists } from './stored.ts'

/** A stretch of time in UTC; a week begins on Monday (ISO 8601). */
export type TimeBucket = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH'

export const buckets: readonly TimeBucket[] = ['HOUR', 'DAY', 'WEEK', 'MONTH']

/** The alias of the row's connector, or a field of the row or of the object that `through` leads to. */
export type Dimension =
  | { readonly kind: 'connector' }
  | {
      readonly kind: 'field'
      /** A field of the collection, or `name` of an app. */
      readonly field: string
      readonly through?: ToOne
      /** Only with a time, and always there: moments themselves are no dimension. */
      readonly bucket?: TimeBucket
    }

/** What tells objects apart best when rows that lead to them are grouped. */
const mainAttributes: Readonly<Partial<Record<CollectionName, readonly string[]>>> = {
  employees: ['email', 'department', 'location', 'licensed', 'groups'],
  accounts: ['email', 'mfaRegistered'],
  apps: ['name', 'type', 'approvalStatus', 'sensitivityLevel', 'labels'],
  browsers: ['browser', 'os', 'isActive'],
}

/** The name of a field as a value of an enumeration: `mfaRegistered` is `MFA_REGISTERED`. */
export const upperSnake = (name: string): string =>
  name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()

/** A row's own field wins over an attribute of a link where the names meet (`APP_TYPE` of an account). */
function* listDimensions(name: ListName): Generator<[string, Dimension]> {
  yield ['CONNECTOR', { kind: 'connector' }]
  const links: readonly ToOne[] = isStored(name) ? storedLists[name].links : relations[name].toOne
  for (const link of links)
    for (const field of mainAttributes[link.to] ?? [])
      yield [upperSnake(`${link.name}_${field}`), { kind: 'field', field, through: link }]

  if (name === 'apps') yield ['NAME', { kind: 'field', field: 'name' }]
  for (const [field, { kind }] of Object.entries(fieldsOf(name))) {
    if (kind === 'objects') continue
    if (kind !== 'seconds') yield [upperSnake(field), { kind: 'field', field }]
    else
      for (const bucket of buckets)
        yield [
          upperSnake(`${field.replace(/At$/, '')}_${bucket.toLowerCase()}`),
          { kind: 'field', field, bucket },
        ]
  }
}

/** The dimensions of each list by their name in the graph. */
export const dimensions: Readonly<Record<ListName, ReadonlyMap<string, Dimension>>> = {
  employees: new Map(listDimensions('employees')),
  accounts: new Map(listDimensions('accounts')),
  apps: new Map(listDimensions('apps')),
  browsers: new Map(listDimensions('browsers')),
  browserExtensions: new Map(listDimensions('browserExtensions')),
  findings: new Map(listDimensions('findings')),
  detections: new Map(listDimensions('detections')),
  events: new Map(listDimensions('events')),
  otherAccounts: new Map(listDimensions('otherAccounts')),
  otherApps: new Map(listDimensions('otherApps')),
}
