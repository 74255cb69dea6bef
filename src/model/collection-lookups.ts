/** What the rooms look up in the table of collections. */
import type { Pushdown } from './collection.ts'
import { collectionNames, collections } from './collections.ts'
import type { CollectionName, Row } from './rows.ts'

/** The parameter for such a comparison of a field, where Push documents one or it is used in the field. */
export const parameterOf = (
  name: CollectionName,
  field: string,
  operator: Pushdown['operator'],
  strength: Pushdown['strength'],
): string | undefined =>
  collections[name].pushdown.find(
    push =>
      push.field === field &&
      push.operator === operator &&
      push.strength === strength &&
      push.trusted,
  )?.parameter

/** The root fields of the graph that give one object, such as `browserExtension`, and the collection that it is of. */
export const singles: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames.map(name => {
    const { type } = collections[name]
    return [type.charAt(0).toLowerCase() + type.slice(1), name]
  }),
)

type Computed = Readonly<Record<string, (row: Row) => string>>

const NOTHING: Computed = {}

/** How the values of its computed fields are made of a row, by their names. */
export const computedOf = (name: CollectionName): Computed =>
  (collections[name].computed as Computed | undefined) ?? NOTHING
