/** What a timeline will read from Push, as far as its arguments say: for the demand of its operation. */
import type { CollectionName } from '../../model/rows.ts'
import type { Need } from '../planning/need.ts'
import { type Below, searchNeedsOf, stepPath } from '../search/needs.ts'
import { kindsAsked, needsDetectionEvents, listsAround, type TimelineKindName } from './kinds.ts'
import { searchOf } from './value-content.ts'

type Kinds = readonly TimelineKindName[] | null | undefined

/** What stands around each object of the collection. `below`: what is selected of each of those objects. */
export const objectTimelineNeeds = (
  collection: CollectionName,
  kinds: Kinds,
  path: string,
  below: Below,
): readonly Need[] => {
  const asked = kindsAsked(kinds)
  const details = detailsNeed(path)
  const own = collection === 'detections' && asked.has('DETECTION_EVENT') ? [details] : []
  return [
    ...own,
    ...listsAround(collection, asked).map((surrounding): Need => {
      const { to, foreignField } = surrounding.relation
      const withEvents = to === 'detections' && needsDetectionEvents(asked, surrounding)
      return {
        kind: 'children',
        path: stepPath(path, to),
        collection: to,
        field: foreignField,
        first: Infinity,
        whole: false,
        then: [...(withEvents ? [details] : []), ...below(to)],
      }
    }),
  ]
}

/** What a search for the value needs. `below`: what is selected of each object that is found. */
export const valueTimelineNeeds = (
  value: string,
  kinds: Kinds,
  path: string,
  below: Below,
): readonly Need[] => {
  const asked = kindsAsked(kinds)
  if (asked.size === 0) return []
  const withEvents = asked.has('DETECTION_EVENT')
  return searchNeedsOf(
    () => searchOf(value, kinds),
    path,
    to => [...(withEvents && to === 'detections' ? [detailsNeed(path)] : []), ...below(to)],
  )
}

const detailsNeed = (path: string): Need => ({
  kind: 'details',
  path: stepPath(path, 'detections'),
  collection: 'detections',
  first: 1,
  whole: false,
  then: [],
})
