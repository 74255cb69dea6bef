/** Which events belong to the history of an object. */
import { and, type Filter, or } from '../../filter/filter.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'

/** The condition for the events about any of those objects. */
export const historyOf = (name: CollectionName, rows: readonly Row[]): Filter => {
  const { idField, namedBy } = collections[name].webhook
  const byId = isOneOf(
    idField,
    rows.map(({ id }) => id),
  )
  if (name === 'apps') {
    const types = rows.map(row => String(fieldOf(row, 'type')))
    return or([byId, and([{ kind: 'isNull', field: idField }, isOneOf('appType', types)])])
  }
  if (idField !== 'entityId') return byId
  if (namedBy === undefined) return and([isAbout(name), byId])
  const byName = [...Map.groupBy(rows, row => String(fieldOf(row, namedBy.field)))].map(
    ([word, of]) => isNamed(word, namedBy.within, of),
  )
  return and([isAbout(name), or([byId, ...byName])])
}

/** Events that name their object by that word; where it is known whose the objects are, those of the same owners. */
const isNamed = (word: string, within: string, rows: readonly Row[]): Filter => {
  const owners = rows.map(row => fieldOf(row, within))
  const known = owners.filter(owner => typeof owner === 'string')
  const whose = known.length === owners.length ? [isOneOf(within, known)] : []
  return and([isOneOf('entityId', [word]), ...whose])
}

/** The condition for the events about any object of that collection. */
export const isAbout = (name: CollectionName): Filter => {
  const { category, object } = collections[name].webhook
  return object === null ? isOneOf('category', [category]) : isOneOf('object', [object])
}

/** Whether the field holds one of the values. */
export const isOneOf = (field: string, values: readonly string[]): Filter => {
  const [first, ...more] = new Set(values)
  return first !== undefined && more.length === 0
    ? { kind: 'compare', field, op: 'eq', value: first }
    : { kind: 'in', field, values: [...new Set(values)] }
}
