/** One of Push's controls that acted while an employee browsed: what was opened, and what became of it. */
import { isMembers, type Members } from '../../model/events.ts'
import { INFORMATIONAL, READ } from '../fitting/projection.ts'
import { APPLICATION, hostOf } from '../projections/app.ts'
import { actionOf, dispositionOf } from '../projections/detection.ts'
import { type Code, given, inWords, lookUp, type OcsfObject, other } from '../fitting/values.ts'
import { actingOf, client, destinationOf, requestOf, sourceOf, unmappedEmployee } from './client.ts'
import { reads, type Parsed } from './reading.ts'
import {
  type Input,
  messageOf,
  oldAndActorOf,
  type Reported,
  reported,
  webhook,
} from './webhook-event.ts'

const control = {
  ...client,
  employee: 'members',
  appType: 'text',
  url: 'text',
  referrerUrl: 'text',
  mode: 'text',
  action: 'text',
  reason: 'text',
} as const

const readControl = reads(control)

export interface Control extends Reported<Parsed<typeof control>> {
  /** The notice that was shown, a member of its own named after the control. */
  readonly notice: Notice | undefined
}

interface Notice {
  readonly told: Parsed<typeof notice>
  readonly rest: Members
}

const notice = { title: 'text', subtext: 'text', mode: 'text' } as const

const readNotice = reads(notice)

export const controlOf = (input: Input): Control => {
  const { others, ...read } = reported(input, readControl)
  const [name, shown] =
    Object.entries(others).find(
      (entry): entry is [string, Members] =>
        isMembers(entry[1]) && Object.hasOwn(entry[1], 'title'),
    ) ?? []
  if (name === undefined || shown === undefined) return { ...read, others, notice: undefined }
  const { [name]: _, ...rest } = others
  return { ...read, others: rest, notice: readNotice(shown) }
}

const SUCCESS = 1
const FAILURE = 2

export const controlProjection = webhook<Control>({
  className: 'web_resources_activity',
  activity: () => READ,
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: input => {
      if (input.event.row.object.includes('UNABLE_TO_ENFORCE')) return FAILURE
      const { action } = responseOf(input)
      if (action === undefined) return undefined
      return action === DENIED ? FAILURE : action === MODIFIED ? undefined : SUCCESS
    },
    status_detail: ({ said }) => said.reason,
    message: messageOf,
    action_id: input => responseOf(input).action,
    disposition_id: input => responseOf(input).disposition,
    policy: input => policyOf(input),
    actor: ({ said }) => actingOf(said.employee),
    web_resources: input => [resourceOf(input)],
    http_request: ({ said }) => requestOf(said),
    dst_endpoint: ({ said }) => destinationOf(said.url),
    src_endpoint: ({ said }) => sourceOf(said),
  },
  unmapped: input => ({
    mode: modeOf(input),
    action: input.said.action,
    reason: input.said.reason,
    browser: input.said.browser,
    app_type: input.said.url === null ? null : input.said.appType,
    employee: unmappedEmployee(input.said.employee),
    ...oldAndActorOf(input),
  }),
  others: ({ others }) => others,
})

/** What the employee met: the address, else the app. Of some controls neither is told, though one there was. */
const resourceOf = ({ said }: Control): OcsfObject => {
  if (said.url !== null)
    return { name: hostOf(said.url) ?? said.url, type: 'URL', url_string: said.url }
  return said.appType === null
    ? { name: 'Unknown web resource' }
    : { name: said.appType, type: APPLICATION }
}

const policyOf = ({ event, notice: shown }: Control): OcsfObject => {
  const { object } = event.row
  const type = inWords(object)
  if (shown === undefined) return { name: lookUp(policies, object) ?? type }
  const { title, subtext, mode } = shown.told
  return { name: title ?? type, desc: subtext, type, data: given({ mode, ...shown.rest }) }
}

const policies: Readonly<Record<string, string>> = { BLOCKED_URL_VISITED: 'URL blocking' }

/** Where a notice was shown its mode is that of the control. */
const modeOf = ({ said, notice: shown }: Control): string | null =>
  said.mode ?? shown?.told.mode ?? null

const ALLOWED = 1
const DENIED = 2
const OBSERVED = 3
const MODIFIED = 4

/** OCSF's dispositions. */
const BLOCKED = 2
const APPROVED = 8
const DELAYED = 14
const LOGGED = 17
const ALERT = 19

interface Response {
  readonly action: Code | undefined
  readonly disposition: Code | undefined
}

/** What a control that says no mode does by its name. */
const namedAfter: Readonly<Record<string, string>> = {
  BLOCKED_URL_VISITED: 'BLOCK',
  BROWSER_EXTENSION_BLOCKED: 'BLOCK',
}

const responseOf = (input: Control): Response =>
  toResponse(modeOf(input) ?? lookUp(namedAfter, input.event.row.object) ?? null, input.said.action)

/** What was done and what came of it, by the mode of a control and what the employee did with its notice. */
export const toResponse = (mode: string | null, action: string | null): Response => {
  // What is blocked stays blocked, also where the employee asks for it.
  if (mode === 'BLOCK') return { action: DENIED, disposition: BLOCKED }
  switch (action) {
    case 'ACKNOWLEDGED':
      return { action: ALLOWED, disposition: ALLOWED }
    case 'SUBMITTED_REASON':
      return { action: ALLOWED, disposition: APPROVED }
    case 'IGNORED':
      return mode === 'WARN' || mode === null
        ? { action: ALLOWED, disposition: ALERT }
        : byMode(mode)
    case 'DISPLAYED':
    case null:
      return byMode(mode)
    default:
      return { action: other(action), disposition: other(action) }
  }
}

const byMode = (mode: string | null): Response => {
  const shown = lookUp(banners, mode)
  return shown ?? { action: actionOf(mode), disposition: dispositionOf(mode) }
}

/** An inform banner hinders nobody; the others wait for the employee. */
const banners: Readonly<Record<string, Response>> = {
  INFORM: { action: OBSERVED, disposition: LOGGED },
  ACKNOWLEDGE: { action: MODIFIED, disposition: DELAYED },
  REASON: { action: MODIFIED, disposition: DELAYED },
}
