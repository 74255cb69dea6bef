/** Which events belong to the history of an object. */
import { and, type Filter, or } from '../../filter/filter.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'

/** The condition for the events about that object. */
export const historyOf = (name: CollectionName, row: Row): Filter => {
  const { idField, namedBy } = collections[name].webhook
  const byId = is(idField, row.id)
  if (name === 'apps')
    return or([
      byId,
      and([{ kind: 'isNull', field: idField }, is('appType', String(fieldOf(row, 'type')))]),
    ])
  if (idField !== 'entityId') return byId
  if (namedBy === undefined) return and([isAbout(name), byId])
  const named = is('entityId', String(fieldOf(row, namedBy.field)))
  const owner = fieldOf(row, namedBy.within)
  const whose = typeof owner === 'string' ? [is(namedBy.within, owner)] : []
  return and([isAbout(name), or([byId, and([named, ...whose])])])
}

/** The condition for the events about any object of that collection. */
export const isAbout = (name: CollectionName): Filter => {
  const { category, object } = collections[name].webhook
  return object === null ? is('category', category) : is('object', object)
}

const is = (field: string, value: string): Filter => ({ kind: 'compare', field, op: 'eq', value })
