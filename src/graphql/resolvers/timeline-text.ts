/** What happened, in a sentence for people. */
import type { ObjectTimelineItem } from '../../loaders/loaders.ts'
import { changedValue } from '../../model/plain-values.ts'
import { collections } from '../../model/collections.ts'
import { collectionOfEvent, type EventRow } from '../../model/events.ts'
import { holdsAddress, WITHHELD } from '../../model/personal.ts'
import type { ChangeRow } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isPrimitive } from '../../model/values.ts'
import { redactedRow } from '../personal/redacted-rows.ts'

/** Of an event what Push says of it, else what kind it is of; of a change what has become of what. */
export const sentenceOf = ({ kind, item }: ObjectTimelineItem): string =>
  kind === 'EVENT'
    ? (item.row.description ?? ofEvent(item.row))
    : ofChange(item.row, {
        old: changedValue(item.row, 'old'),
        new: changedValue(item.row, 'new'),
      })

/** The same for callers who may not know whom it is about: what may name a person differs, and that is all that is said. */
export const sentenceWithoutPersons = ({ kind, item }: ObjectTimelineItem): string => {
  if (kind === 'EVENT') {
    const text = ofEvent(item.row)
    return holdsAddress(text) ? WITHHELD : text
  }
  const { row } = item
  // Values that may not be told are null on both sides.
  return ofChange(row, {
    old: changedValue(row, 'old', redactedRow),
    new: changedValue(row, 'new', redactedRow),
  })
}

const became: Readonly<Record<string, string>> = {
  CREATE: 'was created',
  UPDATE: 'was updated',
  DELETE: 'was deleted',
}

const ofEvent = (event: EventRow): string => {
  const collection = collectionOfEvent(event)
  const how = event.type === null ? undefined : became[event.type]
  if (collection !== undefined && how !== undefined) return `The ${nameOf(collection)} ${how}.`
  const words = event.object.toLowerCase().replaceAll('_', ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}

const ofChange = (
  { kind, field, collection }: ChangeRow,
  values: { readonly old: unknown; readonly new: unknown },
): string => {
  const name = nameOf(collection)
  if (kind === 'CREATED') return `The ${name} came.`
  if (kind === 'DELETED') return `The ${name} went.`
  const [old, now] = [wordsOf(values.old), wordsOf(values.new)]
  // Of a field that is known no more, or whose values may not be told, it is all the same.
  const isSaid = old !== undefined && now !== undefined && old !== now
  const how = isSaid ? ` from ${old} to ${now}` : ''
  return `${field ?? 'Something'} of the ${name} changed${how}.`
}

/** `browser extension` for `browserExtensions`. */
const nameOf = (collection: CollectionName): string =>
  collections[collection].type.replaceAll(/(?<!^)[A-Z]/g, ' $&').toLowerCase()

/** A longer text is told by its beginning. */
const LONGEST = 80

/** The value in words; undefined for what is too much for a sentence. */
const wordsOf = (value: unknown): string | undefined => {
  if (value === null || value === '') return 'nothing'
  if (Array.isArray(value)) {
    if (value.some(each => typeof each === 'object' && each !== null)) return undefined
    return value.length === 0 ? 'nothing' : shortened(value.join(', '))
  }
  return isPrimitive(value) ? shortened(String(value)) : undefined
}

const shortened = (text: string): string => {
  const points = [...text]
  return points.length <= LONGEST ? text : `${points.slice(0, LONGEST).join('')}…`
}
