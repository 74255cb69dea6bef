/** Rows and events without what names a person, as the projections to OCSF are given them for callers without `pii`. */
import { personalFields } from '../../generated/personal.ts'
import { collections } from '../../model/collections.ts'
import { isKnownPath, holdsAddress, WITHHELD, withoutPersons } from '../../model/personal.ts'
import { changesTold, type Difference } from '../../model/changes.ts'
import { type EventRow, type Members, objectIn, payloadOf } from '../../model/events.ts'
import { isStored, type ListName, type ListRows, storedLists } from '../../model/stored.ts'

const typeOf = (name: ListName): string =>
  isStored(name) ? storedLists[name].type : collections[name].type

/** The row without its personal fields; texts that must be there are told unless they hold an address. */
export const redactedRow = <Name extends ListName>(
  name: Name,
  row: ListRows[Name],
): ListRows[Name] => {
  const found = redacted(typeOf(name), row)
  const events: unknown = found['events']
  if (name === 'detections' && Array.isArray(events))
    found['events'] = events.map((event: object) => redacted('DetectionEvent', event))
  return found as unknown as ListRows[Name]
}

/** An event whose body has lost its personal members, with that body as an object. */
export const redactedEvent = (
  row: EventRow,
): { readonly row: EventRow; readonly payload: Members } => {
  const payload = withoutPersons(payloadOf(row))
  return { row: { ...redactedRow('events', row), body: JSON.stringify(payload) }, payload }
}

const redacted = (type: string, row: object): Record<string, unknown> => {
  const personal = personalFields[type] ?? []
  return Object.fromEntries(
    Object.entries(row).map(([field, value]: [string, unknown]) => [
      field,
      personal.includes(field) ? null : tellable(value),
    ]),
  )
}

const tellable = (value: unknown): unknown => {
  if (typeof value === 'string') return holdsAddress(value) ? WITHHELD : value
  return Array.isArray(value) ? value.map(tellable) : value
}

/** What an event changed: of personal members only that they differ, of unknown ones nothing. */
export const redactedChanges = (type: string | null, payload: Members): readonly Difference[] => {
  const told = withoutPersons(payload)
  const [old, now] = [objectIn(told, 'old'), objectIn(told, 'new')]
  return changesTold(type, objectIn(payload, 'old'), objectIn(payload, 'new'))
    .filter(({ path }) => isKnownPath(path))
    .map(({ path }) => ({ path, old: at(old, path), new: at(now, path) }))
}

const at = (members: Members | undefined, path: string): unknown => {
  const [name = '', ...rest] = path.split('.')
  if (members === undefined) return null
  if (rest.length > 0) return at(objectIn(members, name), rest.join('.'))
  return Object.hasOwn(members, name) ? (members[name] ?? null) : null
}
