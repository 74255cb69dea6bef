/** What happened, in a sentence for people. */
import type { ObjectTimelineItem } from '../../loaders/loaders.ts'
import { changedValue } from '../../model/plain-values.ts'
import { collectionOfEvent, type EventRow } from '../../model/events.ts'
import { holdsAddress, WITHHELD } from '../../model/personal.ts'
import type { ChangeRow } from '../../model/row-changes.ts'
import type { CollectionName, DetectionEvent, Row } from '../../model/rows.ts'
import { spokenAppType, spokenOf } from '../../model/enums.ts'
import { isPrimitive } from '../../model/values.ts'
import { redactedRow } from '../personal/redacted-rows.ts'
import { nameOfType, nameOfObject } from './object-names.ts'

/** Gives rows as they may be told. */
type Told = (name: CollectionName, row: Row) => Row

const asItIs: Told = (_name, row) => row

/** Of an event what Push says of it, else what kind it is of; of a change what has become of what. */
export const sentenceOf = (item: ObjectTimelineItem): string =>
  item.kind === 'EVENT'
    ? (item.item.row.description ?? ofEvent(item.item.row))
    : sentence(item, asItIs)

/** The same for callers who may not know whom it is about: what may name a person differs, and that is all that is said. */
export const sentenceWithoutPersons = (item: ObjectTimelineItem): string => {
  const text = item.kind === 'EVENT' ? ofEvent(item.item.row) : sentence(item, redactedRow)
  return holdsAddress(text) ? WITHHELD : text
}

const sentence = (item: Exclude<ObjectTimelineItem, { kind: 'EVENT' }>, told: Told): string => {
  if (item.kind === 'CHANGE') {
    const { item: of, object, isOwn } = item
    const { collection } = object
    const name = isOwn
      ? `the ${nameOfType(collection)}`
      : nameOfObject(collection, told(collection, withEvents(object.row, [])))
    // Values that may not be told are null on both sides.
    const values = {
      old: changedValue(of.row, 'old', told),
      new: changedValue(of.row, 'new', told),
    }
    return ofChange(of.row, name, values)
  }
  const seen = item.kind === 'DETECTION_EVENT' ? [item.detectionEvent] : []
  const row = told(item.collection, withEvents(item.row, seen))
  const name = nameOfObject(item.collection, row)
  switch (item.kind) {
    case 'EMPLOYEE_FIRST_SEEN':
    case 'ACCOUNT_FIRST_SEEN':
    case 'APP_FIRST_SEEN':
      return begun(`${name} was first seen.`)
    case 'ACCOUNT_LAST_USED':
      return begun(`${name} was last used.`)
    case 'BROWSER_FIRST_ONLINE':
      return begun(`${name} was first online.`)
    case 'BROWSER_LAST_ONLINE':
      return begun(`${name} was last online.`)
    case 'FINDING':
    case 'DETECTION':
      return `Push made ${name}.`
    case 'DETECTION_EVENT':
      return ofDetectionEvent('events' in row ? row.events?.[0] : undefined, name)
    default:
      return item satisfies never
  }
}

/** The row, of a detection with these events alone: each would be looked through for what may not be told. */
const withEvents = (row: Row, events: readonly DetectionEvent[]): Row =>
  'events' in row ? { ...row, events } : row

const ofDetectionEvent = (event: DetectionEvent | undefined, detection: string): string => {
  if (event === undefined) return begun(`${detection} went on.`)
  const { description, detectionEventType, appType, url, sourceIpAddress } = event
  if (description !== null) return description
  const where = [
    appType === null ? '' : ` at ${spokenAppType(appType)}`,
    url === null ? '' : ` on ${shortened(url)}`,
    sourceIpAddress === null ? '' : ` from ${sourceIpAddress}`,
  ]
  return `${spokenOf(detectionEventType)}${where.join('')}, in ${detection}.`
}

const became: Readonly<Record<string, string>> = {
  CREATE: 'was created',
  UPDATE: 'was updated',
  DELETE: 'was deleted',
}

const ofEvent = (event: EventRow): string => {
  const collection = collectionOfEvent(event)
  const how = event.type === null ? undefined : became[event.type]
  if (collection !== undefined && how !== undefined) return `The ${nameOfType(collection)} ${how}.`
  return `${begun(event.object.toLowerCase().replaceAll('_', ' '))}.`
}

const ofChange = (
  { kind, field }: ChangeRow,
  name: string,
  values: { readonly old: unknown; readonly new: unknown },
): string => {
  if (kind === 'CREATED') return begun(`${name} came.`)
  if (kind === 'DELETED') return begun(`${name} went.`)
  const [old, now] = [wordsOf(values.old), wordsOf(values.new)]
  // Of a field that is known no more, or whose values may not be told, it is all the same.
  const isSaid = old !== undefined && now !== undefined && old !== now
  const how = isSaid ? ` from ${old} to ${now}` : ''
  return `${field ?? 'Something'} of ${name} changed${how}.`
}

const begun = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

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
