/** From an event to the change of an object that it tells of. */
import { collectionOfEvent, type EventRow, payloadOf, subjectOf } from '../model/events.ts'
import type { Change } from '../store/table/follow.ts'

/** The change that the event tells of; undefined where it tells of none. `at`: when it happened, in milliseconds by
 * our clock. */
export const changeOf = (event: EventRow, at: number): Change | undefined => {
  const collection = collectionOfEvent(event)
  const { type } = event
  if (collection === undefined) return undefined
  if (type !== 'CREATE' && type !== 'UPDATE' && type !== 'DELETE') return undefined
  const isToldWhen = !event.inferred.includes('timestamp')
  const occurredAt = isToldWhen ? event.occurredAt : Math.floor(event.receivedAt)
  const toldAt = event.receivedAt * 1_000
  return { collection, type, object: subjectOf(payloadOf(event)), at, occurredAt, toldAt }
}
