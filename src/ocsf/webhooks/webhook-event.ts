/** A webhook event on its way to OCSF, and what the events of all kinds have in common. */
import { hash } from 'node:crypto'
import { type EventRow, happenedAt, isMoment, type Members } from '../../model/events.ts'
import type { Rows } from '../../model/rows.ts'
import { CLOSE, CREATE, type Projection, PRODUCT, UPDATE } from '../fitting/projection.ts'
import { uidOf } from '../fitting/uid.ts'
import { type Code, codeOf, ms, type OcsfObject, other, put } from '../fitting/values.ts'
import { inSnakeCase, membersInSnakeCase, reads, type Parsed } from './reading.ts'

/** A stored event with what is known around it. */
export interface WebhookEvent {
  readonly row: EventRow
  /** The body as an object. */
  readonly payload: Members
  /** Whether row and body have lost what names a person: who it was is then unknown, and the event of its class all the same. */
  readonly isRedacted?: boolean | undefined
  /** What the operator calls the tenant; absent where they gave it no name. */
  readonly tenant?: string | undefined
  /** Whether the body is to stand in `raw_data`, byte for byte. */
  readonly withRawData?: boolean | undefined
  /** The objects that it leads to, those that are known. */
  readonly links?:
    | {
        readonly employee?: Rows['employees'] | null
        readonly account?: Rows['accounts'] | null
        readonly app?: Rows['apps'] | null
      }
    | undefined
}

const envelope = {
  version: 'text',
  id: 'text',
  timestamp: 'moment',
  object: 'text',
  category: 'text',
  type: 'text',
  friendlyName: 'text',
  description: 'text',
  actor: 'members',
  new: 'members',
  old: 'members',
} as const

/** An event as its projection is given it: `told` is what Push says in every event. */
export interface Input {
  readonly event: WebhookEvent
  readonly told: Parsed<typeof envelope>
  /** What no event was known to have. */
  readonly rest: Members
}

const readEnvelope = reads(envelope)

export const inputOf = (event: WebhookEvent): Input => ({ event, ...readEnvelope(event.payload) })

/** What is told of what happened, beside the envelope, in the words of `Of`. */
export interface Reported<Of> extends Input {
  readonly said: Of
  /** Members of it that have no place. */
  readonly others: Members
}

/** The members of `new`, as the table says. */
export const reported = <Of>(
  input: Input,
  read: (members: Members | undefined) => { readonly told: Of; readonly rest: Members },
): Reported<Of> => {
  const { told, rest } = read(input.told.new ?? undefined)
  return { ...input, said: told, others: rest }
}

type Own<Of extends Input> = Omit<Projection<Of>, 'metadata' | 'dispensable' | 'time'> & {
  /** Members that have no place and are known by no name. */
  readonly others?: (input: Of) => Members
}

/** The projection of events of one kind, with all that the events of every kind have. */
export const webhook = <Of extends Input>({
  parts,
  unmapped,
  others,
  ...own
}: Own<Of>): Projection<Of> => {
  const secondsOf = ({ event }: Of): number => happenedAt(event.row, () => event.payload)
  return {
    ...own,
    time: input => Math.round(secondsOf(input) * 1000),
    metadata: (input, { typeUid, has }) => ({
      ...metadataOf(input),
      ...uidsOf(input.event.row.id, typeUid, has('original_event_uid')),
      original_time: String(originalTime(input, secondsOf(input))),
    }),
    parts: { ...parts, ...rawData },
    unmapped: input =>
      together(
        {
          category: input.told.category,
          friendly_name: input.told.friendlyName,
          inferred: input.event.row.inferred.length === 0 ? null : input.event.row.inferred,
          ...unmapped(input),
        },
        others?.(input) ?? {},
        input.rest,
      ),
    dispensable,
  }
}

/** The time as Push gave it, which may have a fraction, or be one that cannot be right. */
const originalTime = ({ event, told }: Input, seconds: number): number =>
  event.row.inferred.includes('timestamp')
    ? (told.timestamp ?? seconds)
    : exactly(seconds, told.new?.['loginTimestamp'], told.timestamp)

/** That second, with the fraction that one of these has. */
const exactly = (seconds: number, ...told: readonly unknown[]): number =>
  told.find((of): of is number => isMoment(of) && Math.floor(of) === seconds) ?? seconds

/** All of them in one object: whatever has the name of another has it with `other_` before. */
const together = (first: OcsfObject, ...more: readonly Members[]): OcsfObject => {
  const all: Record<string, unknown> = { ...first }
  for (const members of more)
    for (const [name, value] of Object.entries(membersInSnakeCase(members))) {
      let free = name
      while (all[free] !== undefined && all[free] !== null) free = `other_${free}`
      put(all, free, value)
    }
  return all
}

const metadataOf = ({ event, told }: Input): OcsfObject => {
  const { row, tenant } = event
  return {
    product: { name: PRODUCT, vendor_name: PRODUCT, feature: { name: 'Webhooks' } },
    event_code: row.type === null ? row.object : `${row.object}.${row.type}`,
    log_name: 'push_security_webhook',
    log_version: told.version,
    logged_time: ms(exactly(row.occurredAt, told.timestamp)),
    tenant_uid: tenant,
  }
}

/** Since 1.7 `uid` names the event of OCSF itself, and the id that Push gave it has a place beside it. */
const uidsOf = (id: string, typeUid: number, hasOriginal: boolean): OcsfObject =>
  hasOriginal ? { uid: uidOf(`${typeUid} ${id}`), original_event_uid: id } : { uid: id }

const SHA_256 = 3

const rawData: Projection<Input>['parts'] = {
  raw_data: ({ event }) => (event.withRawData === true ? event.row.body : undefined),
  raw_data_size: ({ event }) =>
    event.withRawData === true ? Buffer.byteLength(event.row.body) : undefined,
  raw_data_hash: ({ event }) =>
    event.withRawData === true
      ? { algorithm_id: SHA_256, value: hash('sha256', event.row.body, 'hex') }
      : undefined,
}

/** The body is there to be checked against its signature: in any other place it is of no use. */
const dispensable: ReadonlySet<string> = new Set(Object.keys(rawData))

/** The older state of an object, where the class has no place for it. */
export const oldOf = ({ told }: Input): OcsfObject => ({ old: inSnakeCase(told.old) })

/** The same with whoever did it. */
export const oldAndActorOf = (input: Input): OcsfObject => ({
  ...oldOf(input),
  actor: inSnakeCase(input.told.actor),
})

/** The sentence that comes with the event, else one of ours. */
export const messageOf = ({ told, event }: Input): string =>
  told.description ?? `Push Security told of ${event.row.object}.`

/** OCSF's activity for a change of a finding or detection, which may end with it; `other` where Push's word is new. */
export const changeActivityOf = ({ event }: Input, isOver: boolean): Code => {
  const { type } = event.row
  if (type === 'UPDATE') return isOver ? CLOSE : UPDATE
  return type === null ? UNKNOWN : (codeOf({ CREATE, DELETE: CLOSE }, type) ?? other(type))
}

const UNKNOWN = 0
