/** What a webhook tells, as every room knows it: one row for each event, whatever its kind. */
import { collectionNames, collections } from './collections.ts'
import type { CollectionName } from './rows.ts'
import { parseJson } from './well-formed.ts'

/**
 * The time at which Push signed may differ from ours by this much, in either direction: 35 minutes. No event says that it
 * happened later than so long after it came.
 */
export const TOLERANCE_SECONDS = 2_100

/** A member of an event's body, by its name as Push sent it. */
export type Members = Readonly<Record<string, unknown>>

/** An event as it is read from a delivery. Texts that a body does not hold are null. */
export interface EventFacts {
  /** Push's id of the event: the same however often it is sent. */
  readonly id: string
  /** ENTITY, ACTIVITY, CONTROL, AUDIT, DETECTION, or a word that is new. */
  readonly category: string
  /** What it is about, such as ACCOUNT or LOGIN; the list grows. */
  readonly object: string
  /** CREATE, UPDATE or DELETE of an object; null for what is no change. */
  readonly type: string | null
  readonly objectName: string | null
  readonly description: string | null
  /** UNIX seconds: when it happened. */
  readonly occurredAt: number
  /** The object that was created, changed or deleted. */
  readonly entityId: string | null
  readonly employeeId: string | null
  readonly accountId: string | null
  readonly appId: string | null
  /** Push's word for the service, which leads to the app where no id does. */
  readonly appType: string | null
  readonly browserId: string | null
  /** Of the account or the employee it is about, else of the actor. */
  readonly email: string | null
  readonly sourceIpAddress: string | null
  readonly url: string | null
  /** The members of the envelope that Push did not send, or not so that they can be right: what stands for them was inferred. */
  readonly inferred: readonly string[]
  /** The body as sent, a JSON object. */
  readonly body: string
}

/** An event on its way into the file. */
export interface NewEvent extends EventFacts {
  /** The alias of the connector that it was sent to. */
  readonly connector: string
  /** UNIX seconds, to the millisecond: when the first send of it arrived. */
  readonly receivedAt: number
}

/** A stored event. */
export interface EventRow extends NewEvent {
  /** Grows with every event stored: the order of arrival. */
  readonly sequence: number
}

/** A place in the order of arrival: an event, or where one was. */
export interface EventPlace {
  readonly sequence: number
  /** When that event arrived, in UNIX seconds; 0 before all of them. */
  readonly receivedAt: number
}

/** The whole body as an object, its texts well-formed; the members of a change are `new` and `old`, those of an actor `actor`. */
export const payloadOf = ({ body }: Pick<EventFacts, 'body'>): Members => parseJson(body) as Members

/** A member that is an object of its own; undefined where it is anything else. */
export const objectIn = (members: Members | undefined, name: string): Members | undefined => {
  if (members === undefined || !Object.hasOwn(members, name)) return undefined
  const value = members[name]
  return isMembers(value) ? value : undefined
}

/** Whether the value is an object, and neither a list nor null. */
export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The object that the event is about, as it leaves it: `new`, and `old` of what was deleted. Push also sends a
 * creation with its object in `old`.
 */
export const subjectOf = (payload: Members): Members | undefined =>
  objectIn(payload, 'new') ?? objectIn(payload, 'old')

const namings = collectionNames.map(name => ({ name, ...collections[name].webhook }))

const byObject: ReadonlyMap<string, CollectionName> = new Map(
  namings.flatMap(({ object, name }) => (object === null ? [] : [[object, name]])),
)

const byCategory: ReadonlyMap<string, CollectionName> = new Map(
  namings.flatMap(({ category, object, name }) => (object === null ? [[category, name]] : [])),
)

/**
 * The collection of the objects that such events are about: every DETECTION event is about a detection, whatever its
 * kind. Undefined for events that are about no object of Push's API.
 */
export const collectionOfEvent = ({
  category,
  object,
}: Pick<EventRow, 'category' | 'object'>): CollectionName | undefined =>
  category === 'ENTITY' ? byObject.get(object) : byCategory.get(category)

/** UNIX seconds from 1973 to the year 5138, also with a fraction: what lies beyond is no time, or one in another unit. */
export const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1e8 && value < 1e11

/** A login lies no later than this beyond the time of its event (seconds): the clocks of browsers differ. */
const LATEST_LOGIN_S = 2_100

/**
 * Whole UNIX seconds: when it happened. A login says when it was made, which may be minutes before the time of its event;
 * the time of every other event is that of what it tells.
 */
export const happenedAt = (
  { category, object, occurredAt }: Pick<EventFacts, 'category' | 'object' | 'occurredAt'>,
  payload: () => Members,
): number => {
  if (category !== 'ACTIVITY' || object !== 'LOGIN') return occurredAt
  const madeAt = objectIn(payload(), 'new')?.['loginTimestamp']
  return isMoment(madeAt) && madeAt <= occurredAt + LATEST_LOGIN_S ? Math.floor(madeAt) : occurredAt
}

/** The type in the graph of such an event. */
export const eventTypeOf = ({ category, object }: Pick<EventRow, 'category' | 'object'>) => {
  switch (category) {
    case 'ENTITY':
      return 'EntityEvent'
    case 'DETECTION':
      return 'DetectionChangeEvent'
    case 'ACTIVITY':
      return object === 'LOGIN' ? 'LoginEvent' : 'OtherEvent'
    case 'CONTROL':
      return 'ControlEvent'
    case 'AUDIT':
      return 'AuditEvent'
    default:
      return 'OtherEvent'
  }
}

/** The same with the body as an object, which is read when it is first asked for. */
export const withPayload = <Item extends { readonly row: EventRow }>(
  item: Item,
): Item & { readonly payload: () => Members } => {
  let payload: Members | undefined
  return { ...item, payload: () => (payload ??= payloadOf(item.row)) }
}
