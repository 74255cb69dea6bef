/** From an event to the change of an object that it tells of. */
import { type EventRow, payloadOf, subjectOf } from '../model/events.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Change } from '../store/follow.ts'

const collectionOf: Readonly<Record<string, CollectionName>> = {
  EMPLOYEE: 'employees',
  ACCOUNT: 'accounts',
  APP: 'apps',
  BROWSER: 'browsers',
  BROWSER_EXTENSION: 'browserExtensions',
  FINDING: 'findings',
}

/**
 * The collection of the objects that such events are about: every DETECTION event is about a detection, whatever its
 * kind. Undefined for events that are about no object of Push's API.
 */
export const collectionOfEvent = ({
  category,
  object,
}: Pick<EventRow, 'category' | 'object'>): CollectionName | undefined => {
  if (category === 'DETECTION') return 'detections'
  return category === 'ENTITY' && Object.hasOwn(collectionOf, object)
    ? collectionOf[object]
    : undefined
}

/** The change that the event tells of; undefined where it tells of none. `at`: when it happened, in milliseconds by
 * our clock. */
export const changeOf = (event: EventRow, at: number): Change | undefined => {
  const collection = collectionOfEvent(event)
  const { type } = event
  if (collection === undefined) return undefined
  if (type !== 'CREATE' && type !== 'UPDATE' && type !== 'DELETE') return undefined
  return { collection, type, object: subjectOf(payloadOf(event)), at, occurredAt: event.occurredAt }
}
