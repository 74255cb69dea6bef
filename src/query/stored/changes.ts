/** Which changes a list of them gives. */
import { and, everything, type Filter } from '../../filter/filter.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { isGiven } from '../../model/values.ts'
import type { ListTerms } from '../list/read-arguments.ts'

/** What a list of changes is asked with, beside what any list is. */
export interface ChangesTerms extends ListTerms {
  /** UNIX seconds: what became known then or later. */
  readonly since?: number | null | undefined
  /** UNIX seconds: what became known before. */
  readonly until?: number | null | undefined
  readonly collections?: readonly CollectionName[] | null | undefined
}

/** The condition for the changes of that time, of objects of those lists. */
export const changesWithin = ({ since, until, collections }: ChangesTerms): Filter => {
  const at = 'at'
  return and([
    isGiven(since) ? { kind: 'compare', field: at, op: 'gte', value: since } : everything,
    isGiven(until) ? { kind: 'compare', field: at, op: 'lt', value: until } : everything,
    isGiven(collections) ? { kind: 'in', field: 'collection', values: collections } : everything,
  ])
}

/** The condition for the changes of that object, of that time. */
export const changesOfObject = (name: CollectionName, { id }: Row, terms: ChangesTerms): Filter =>
  and([
    changesWithin(terms),
    { kind: 'compare', field: 'objectId', op: 'eq', value: id },
    { kind: 'compare', field: 'collection', op: 'eq', value: name },
  ])
