/** The rows around a row: what relation filters and group dimensions look at. */
import type { Surroundings } from '../../filter/values.ts'
import { allOf, type Maybe, andThen } from '../../model/maybe.ts'
import { aliasOf } from '../operation/place.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Reader } from './reader.ts'

/** Sees to it that all rows of those collections are at hand. */
export const readAll = (names: readonly CollectionName[], reader: Reader): Maybe<void> =>
  andThen(allOf([...new Set(names)].map(name => reader.whole(name))), () => undefined)

/** The rows of those collections as a filter or a group dimension looks at them, once they are at hand. */
export const surroundingsOf = (
  reader: Reader,
  related: readonly CollectionName[],
): Surroundings => {
  const tables = [...new Set(related)].map(name => reader.store.table(name))
  return {
    connectorAlias: aliasOf(reader.alias),
    one: (name, id) => reader.store.table(name).get(id),
    many: (name, field, value) => reader.store.table(name).by(field, value),
    version: () => tables.reduce((sum, table) => sum + table.version, 0),
  }
}
