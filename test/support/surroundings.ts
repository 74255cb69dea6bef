/** What filters see around a row: its connector and related rows, from lists in memory. */
import type { Surroundings } from '../../src/filter/values.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'
import type { Dataset } from './reference-filter.ts'

/** A connector that holds just those rows. */
export const surroundingsOf = (
  data: Partial<Dataset>,
  connectorAlias = 'default',
): Surroundings => {
  const rowsOf = <Name extends CollectionName>(name: Name): readonly Rows[Name][] =>
    data[name] ?? []
  return {
    connectorAlias,
    one: (name, id) => rowsOf(name).find(row => row.id === id),
    many: (name, field, value) =>
      rowsOf(name).filter(row => (row as unknown as Record<string, unknown>)[field] === value),
    version: () => 0,
  }
}
