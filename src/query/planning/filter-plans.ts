/** How rows that pass a filter are got: what is planned for a filter stands for all lists of the operation that have it. */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'
import { plan, type Plan } from './plan.ts'
import type { Statistics } from './statistics.ts'

/** `enough`: as many rows as will do; all of them where undefined. */
export type FilterPlans = (
  collection: CollectionName,
  filter: Filter,
  enough: number | undefined,
) => Plan

/** `scan`: collections that are read whole anyway. */
export const createFilterPlans = ({
  known,
  scan,
}: {
  readonly known: Statistics
  readonly scan: ReadonlySet<CollectionName>
}): FilterPlans => {
  const plans = new Map<Filter, Map<string, Plan>>()
  return (collection, filter, enough) => {
    let ofFilter = plans.get(filter)
    if (ofFilter === undefined) plans.set(filter, (ofFilter = new Map<string, Plan>()))
    const key = `${collection} ${enough ?? 'all'}`
    let planned = ofFilter.get(key)
    if (planned === undefined) {
      planned = plan({ collection, filter, enough, scanned: scan.has(collection) }, known)
      ofFilter.set(key, planned)
    }
    return planned
  }
}
