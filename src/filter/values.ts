/** How the value of a field is found on a row. Most stand there under the field's name; some are made of the row. */
import { computedOf } from '../model/collection-lookups.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { isStored } from '../model/stored.ts'
import type { FilterScope } from './filter.ts'

/** The rows around a row, of the same connector. Answered from what has been read; nothing here waits. */
export interface Surroundings {
  readonly connectorAlias: string
  /** The row with that id, undefined where there is none. */
  one<To extends CollectionName>(collection: To, id: string): Rows[To] | undefined
  /** The rows whose field holds that value. */
  many<To extends CollectionName>(
    collection: To,
    foreignField: string,
    value: string,
  ): Iterable<Rows[To]>
  /** A number that changes whenever an answer of `one` or `many`, or a row they gave, may have changed. */
  version(): number
}

/** A row by the names of its fields. */
export type FieldValues = Readonly<Record<string, unknown>>

/** The value where it is reckoned from the row; undefined for a field that simply stands there. */
export const derived = (
  scope: FilterScope,
  field: string,
  around: Pick<Surroundings, 'connectorAlias'>,
): ((row: FieldValues) => unknown) | undefined => {
  if (field === 'connectorAlias') return () => around.connectorAlias
  if (scope === 'detectionEvents' || isStored(scope)) return undefined
  // The caller's scope says which rows they are.
  return computedOf(scope)[field] as ((row: FieldValues) => string) | undefined
}
