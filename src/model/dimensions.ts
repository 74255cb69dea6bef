/**
 * What rows can be grouped by, as one table: each field, the main attributes of the object that a link leads to,
 * and the connector. The schema's dimension enumerations and the counting of groups both read it.
 */
import { computedOf } from './collection-lookups.ts'
import { collectionNames, collections } from './collections.ts'
import { relations, type ToOne } from './relations.ts'
import { fieldsOf, isStored, type ListName, storedLists, storedNames } from './stored.ts'

/** A stretch of time in UTC; a week begins on Monday (ISO 8601). */
export type TimeBucket = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH'

export const buckets: readonly TimeBucket[] = ['HOUR', 'DAY', 'WEEK', 'MONTH']

/** The alias of the row's connector, or a field of the row or of the object that `through` leads to. */
export type Dimension =
  | { readonly kind: 'connector' }
  | {
      readonly kind: 'field'
      /** A field of the collection, be it computed. */
      readonly field: string
      readonly through?: ToOne
      /** Only with a time, and always there: moments themselves are no dimension. */
      readonly bucket?: TimeBucket
    }

/** The name of a field as a value of an enumeration: `mfaRegistered` is `MFA_REGISTERED`. */
export const upperSnake = (name: string): string =>
  name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()

/** The sort key of how many objects a list has: `FINDINGS_COUNT` for `findings`. */
export const numberKey = (list: string): string => `${upperSnake(list)}_COUNT`

/** A row's own field wins over an attribute of a link where the names meet (`APP_TYPE` of an account). */
function* listDimensions(name: ListName): Generator<[string, Dimension]> {
  yield ['CONNECTOR', { kind: 'connector' }]
  const links: readonly ToOne[] = isStored(name) ? storedLists[name].links : relations[name].toOne
  for (const link of links)
    for (const field of collections[link.to].mainAttributes)
      yield [upperSnake(`${link.name}_${field}`), { kind: 'field', field, through: link }]

  for (const field of isStored(name) ? [] : Object.keys(computedOf(name)))
    yield [upperSnake(field), { kind: 'field', field }]
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
export const dimensions = Object.fromEntries(
  [...collectionNames, ...storedNames].map(name => [name, new Map(listDimensions(name))]),
) as unknown as Readonly<Record<ListName, ReadonlyMap<string, Dimension>>>
