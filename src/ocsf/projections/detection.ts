import type { DetectionEvent } from '../../model/rows.ts'
import { parseJson } from '../../model/well-formed.ts'
import {
  accountOf,
  CLOSE,
  type Collected,
  CREATE,
  type Loose,
  type Projection,
  readByRest,
  UPDATE,
} from '../fitting/projection.ts'
import {
  type Code,
  codeOf,
  given,
  inWords,
  lookUp,
  ms,
  type OcsfObject,
} from '../fitting/values.ts'
import { hostOf } from './app.ts'
import { BROWSER } from './browser.ts'
import { type Person, userOf } from './employee.ts'
import { AFFECTED } from './finding.ts'

type Detection = Collected<'detections'>
type Row = Detection['row']

/** What a detection must tell to be one; a webhook may leave out the rest. */
export type DetectionFacts = Loose<Row> & Pick<Row, 'id' | 'detectionType'>

export const detection: Projection<Detection> = {
  className: 'detection_finding',
  activity: ({ row }) => (row.archived ? CLOSE : row.classification === null ? CREATE : UPDATE),
  time: ({ row }) => Math.round(row.createdAt * 1000),
  metadata: readByRest('DETECTION', {
    state: row => `${row.archived} ${row.classification ?? ''}`,
    originalTime: row => row.createdAt,
  }),
  parts: detectionPartsOf(
    ({ row, links }: Detection) => ({ row, employee: links?.employee }),
    ({ row }) =>
      `Push Security detected: ${inWords(row.detectionType)}${row.response === null ? '' : ` (${inWords(row.response).toLowerCase()})`}.`,
  ),
  unmapped: ({ row }) => ({ response: row.response }),
}

/** What a detection has wherever it is told of; `read` gives it, with the employee as far as known. */
export function detectionPartsOf<Input>(
  read: (input: Input) => {
    readonly row: DetectionFacts
    readonly employee?: Person | null | undefined
  },
  message: (input: Input) => unknown,
): Projection<Input>['parts'] {
  const of =
    (tell: (row: DetectionFacts) => unknown) =>
    (input: Input): unknown =>
      tell(read(input).row)
  return {
    severity_id: of(row => codeOf(severities, row.severity) ?? 0),
    status_id: of(row => statusOf(row)),
    message,
    action_id: of(row => actionOf(row.response)),
    disposition_id: of(row => dispositionOf(row.response)),
    is_alert: of(row => row.archived !== true),
    verdict_id: of(row => codeOf(verdicts, row.classification)),
    start_time: of(row => momentOf(row, Math.min)),
    end_time: of(row => momentOf(row, Math.max)),
    finding_info: of(row => detectionInfoOf(row)),
    actor: input => {
      const { row, employee } = read(input)
      return row.employeeId === null ? undefined : { user: userOf(row.employeeId, employee) }
    },
    device: of(row =>
      row.browserId === null ? undefined : { uid: row.browserId, type_id: BROWSER },
    ),
    evidences: of(row => notEmpty(row.events?.map(event => evidenceOf(event, row)))),
    resources: of(row => notEmpty(accountsOf(row))),
  }
}

/** What more than the detection tells, as a list gives it: its own events, which lists leave out, and its employee. */
export const readForDetection = {
  details: [
    'start_time',
    'end_time',
    'evidences',
    'resources',
    'observables',
    'unmapped',
    'finding_info.desc',
    'finding_info.analytic',
    'finding_info.related_events',
    'finding_info.related_events_count',
  ],
  links: [
    'actor.user.name',
    'actor.user.email_addr',
    'actor.user.full_name',
    'observables',
    'unmapped',
  ],
}

const severities = { INFORMATIONAL: 1, LOW: 2, MEDIUM: 3, HIGH: 4, CRITICAL: 5 }

const NEW = 1
const IN_PROGRESS = 2
const ARCHIVED = 5

/** Archived as a false positive is Suppressed, as a true one Resolved. */
const statusOf = ({ archived, classification }: DetectionFacts): Code => {
  if (archived !== true) return classification === null ? NEW : IN_PROGRESS
  return lookUp({ FALSE_POSITIVE: 3, TRUE_POSITIVE: 4 }, classification) ?? ARCHIVED
}

const verdicts = {
  FALSE_POSITIVE: 1,
  TRUE_POSITIVE: 2,
  SUSPICIOUS: 4,
  BENIGN: 5,
  TEST: 6,
  DUPLICATE: 10,
}

const ALLOWED = 1
const DENIED = 2
const OBSERVED = 3

/** What was done (action), and what came of it (disposition). */
const responses: Readonly<Record<'action' | 'disposition', Readonly<Record<string, number>>>> = {
  action: {
    BLOCKED: DENIED,
    BLOCK: DENIED,
    WARNED: OBSERVED,
    WARN: OBSERVED,
    EMPLOYEE_WARNED: OBSERVED,
    EMPLOYEE_IGNORED_WARNING: ALLOWED,
    MONITORED: OBSERVED,
    MONITOR: OBSERVED,
    DETECTED: OBSERVED,
    INFORM: OBSERVED,
    OFF: OBSERVED,
    ALLOWED,
  },
  disposition: {
    BLOCKED: 2,
    BLOCK: 2,
    WARNED: 19,
    WARN: 19,
    EMPLOYEE_WARNED: 19,
    EMPLOYEE_IGNORED_WARNING: 19,
    MONITORED: 15,
    MONITOR: 15,
    DETECTED: 15,
    INFORM: 15,
    OFF: 17,
    ALLOWED: 1,
  },
}

/** What Push did, by its word for its response or for the mode of a control. */
export const actionOf = (word: string | null): Code | undefined => codeOf(responses.action, word)

/** What came of it. */
export const dispositionOf = (word: string | null): Code | undefined =>
  codeOf(responses.disposition, word)

/** The first or last moment of the events. */
const momentOf = (
  { events }: DetectionFacts,
  choose: (...moments: number[]) => number,
): number | undefined =>
  events === null || events.length === 0
    ? undefined
    : choose(...events.map(({ createdAt }) => createdAt)) * 1000

export const detectionInfoOf = (row: DetectionFacts): OcsfObject => {
  const [first] = row.events ?? []
  const rule =
    first?.phishingToolIndicator ?? first?.clonedLoginPageIndicator ?? first?.detectionEventType
  return {
    uid: row.id,
    title: inWords(row.detectionType),
    desc: first?.description,
    types: [row.detectionType],
    src_url: row.detectionLink,
    created_time: ms(row.createdAt),
    last_seen_time: ms(row.lastActivityAt),
    analytic: rule === undefined ? undefined : { name: rule, type_id: 1 },
    related_events: notEmpty(
      row.events?.map(event => ({
        uid: event.id,
        type_name: event.detectionEventType,
        title: inWords(event.detectionEventType),
        created_time: ms(event.createdAt),
      })),
    ),
    related_events_count: row.events?.length,
  }
}

const evidenceOf = (event: DetectionEvent, { employeeId }: DetectionFacts): OcsfObject => ({
  uid: event.id,
  name: event.detectionEventType,
  url: event.url === null ? undefined : { url_string: event.url, hostname: hostOf(event.url) },
  http_request: { referrer: event.referrerUrl },
  src_endpoint: { ip: event.sourceIpAddress },
  user:
    event.email === null && event.accountId === null
      ? undefined
      : {
          uid: employeeId,
          name: event.email,
          email_addr: event.email,
          account: accountOf(event.accountId, event.email, event.appType),
        },
  data: given({
    // Of some events nothing else is known.
    detectionEventType: event.detectionEventType,
    description: event.description,
    appType: event.appType,
    controlMode: event.controlMode,
    response: event.response,
    phishingToolIndicator: event.phishingToolIndicator,
    clonedLoginPageIndicator: event.clonedLoginPageIndicator,
    clonedLoginPageUrls: event.clonedLoginPageUrls,
    experimental: event.experimental,
    metadata: parsed(event.metadata),
  }),
})

/** The value of a text that most often holds JSON, or the text. */
const parsed = (text: string | null): unknown => {
  if (text === null) return null
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** The accounts at risk, each once. */
const accountsOf = ({ events, employeeId }: DetectionFacts): readonly OcsfObject[] => {
  const accounts = new Map<string, OcsfObject>()
  for (const { accountId, email, appType } of events ?? [])
    if (accountId !== null && !accounts.has(accountId))
      accounts.set(accountId, {
        uid: accountId,
        name: email,
        type: 'Account',
        role_id: AFFECTED,
        owner: { uid: employeeId, account: accountOf(accountId, email, appType) },
      })
  return [...accounts.values()]
}

const notEmpty = (list: readonly OcsfObject[] | undefined): readonly OcsfObject[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list
