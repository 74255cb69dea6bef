import { isMembers, type Members } from '../../model/events.ts'
import type { DetectionEvent } from '../../model/rows.ts'
import { type DetectionFacts, detectionInfoOf, detectionPartsOf } from '../projections/detection.ts'
import { ms } from '../fitting/values.ts'
import { actingOf, unmappedEmployee } from './client.ts'
import { DELETED } from './finding-change.ts'
import { inSnakeCase, reads } from './reading.ts'
import { changeActivityOf, type Input, messageOf, webhook } from './webhook-event.ts'

export interface DetectionChange extends Input {
  readonly detection: DetectionFacts
  readonly employee: Members | null
  readonly others: Members
  /** The older state, where a newer one is told too. */
  readonly before: Members | null
}

const readDetection = reads({
  id: 'text',
  employeeId: 'text',
  browserId: 'text',
  severity: 'text',
  detectionType: 'text',
  response: 'text',
  archived: 'flag',
  classification: 'text',
  creationTimestamp: 'moment',
  lastActivityTimestamp: 'moment',
  detectionLink: 'text',
  employee: 'members',
})

/** The change; undefined where the detection has no id. */
export const detectionChangeOf = (input: Input): DetectionChange | undefined => {
  const { new: now, old } = input.told
  const { told, rest } = readDetection(now ?? old ?? undefined)
  const { id, employee, creationTimestamp, lastActivityTimestamp, ...row } = told
  if (id === null) return undefined
  const { events, others } = eventsIn(rest)
  const embedded = employee?.['id']
  return {
    ...input,
    detection: {
      ...row,
      id,
      // Where both are told and differ, the embedded employee is right.
      employeeId: typeof embedded === 'string' ? embedded : row.employeeId,
      detectionType: row.detectionType ?? input.event.row.object,
      createdAt: creationTimestamp,
      lastActivityAt: lastActivityTimestamp,
      events,
    },
    employee,
    others: otherEmployee(row.employeeId, embedded, others),
    before: now === null ? null : old,
  }
}

const plain = detectionPartsOf<DetectionChange>(
  ({ detection, event }) => ({ row: detection, employee: event.links?.employee }),
  messageOf,
)

export const detectionChange = webhook<DetectionChange>({
  className: 'detection_finding',
  activity: input => changeActivityOf(input, input.detection.archived === true),
  parts: {
    ...plain,
    // A deleted detection is in no other state.
    status_id: input => (isDeleted(input) ? DELETED : plain['status_id']?.(input)),
    is_alert: input => !isDeleted(input) && plain['is_alert']?.(input),
    actor: input => actingOf(input.employee) ?? plain['actor']?.(input),
    finding_info: ({ detection, event }) => ({
      ...detectionInfoOf(detection),
      modified_time: ms(event.row.occurredAt),
    }),
  },
  unmapped: ({ detection, employee, before, told }) => ({
    response: detection.response,
    employee: unmappedEmployee(employee),
    old: inSnakeCase(before),
    actor: inSnakeCase(told.actor),
  }),
  others: ({ others }) => others,
})

const isDeleted = ({ event }: DetectionChange): boolean => event.row.type === 'DELETE'

/** The documented example has another id beside the employee; it is kept. */
const otherEmployee = (id: string | null, embedded: unknown, others: Members): Members =>
  id === null || typeof embedded !== 'string' || id === embedded
    ? others
    : { ...others, employeeId: id }

const readDetectionEvent = reads({
  id: 'text',
  creationTimestamp: 'moment',
  detectionEventType: 'text',
  accountId: 'text',
  appType: 'text',
  phishingToolIndicator: 'text',
  controlMode: 'text',
  description: 'text',
  clonedLoginPageIndicator: 'text',
  response: 'text',
  email: 'text',
  url: 'text',
  referrerUrl: 'text',
  clonedLoginPageUrls: 'texts',
  sourceIpAddress: 'text',
  metadata: 'text',
  experimental: 'flag',
})

/** The detection's own events, where the webhook sends them whole and none holds anything that is new to us. */
const eventsIn = (
  rest: Members,
): { readonly events: readonly DetectionEvent[] | null; readonly others: Members } => {
  const { events, ...others } = rest
  if (!Array.isArray(events)) return { events: null, others: rest }
  const read = events.map((event: unknown) =>
    isMembers(event) ? toDetectionEvent(event) : undefined,
  )
  const whole = read.filter(event => event !== undefined)
  return whole.length === read.length ? { events: whole, others } : { events: null, others: rest }
}

const toDetectionEvent = (members: Members): DetectionEvent | undefined => {
  const { told, rest } = readDetectionEvent(members)
  const { id, creationTimestamp, detectionEventType, ...event } = told
  if (id === null || creationTimestamp === null || detectionEventType === null) return undefined
  if (Object.keys(rest).length > 0) return undefined
  return { ...event, id, createdAt: creationTimestamp, detectionEventType }
}
