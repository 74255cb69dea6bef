import { CREATE } from '../fitting/projection.ts'
import { given, inWords, ms } from '../fitting/values.ts'
import { actingOf, client, requestOf, sourceOf, unmappedEmployee, urlOf } from './client.ts'
import { toResponse } from './control.ts'
import { reads, type Parsed } from './reading.ts'
import {
  type Input,
  messageOf,
  oldAndActorOf,
  type Reported,
  reported,
  webhook,
} from './webhook-event.ts'

const detected = {
  ...client,
  employee: 'members',
  indicator: 'text',
  mode: 'text',
  action: 'text',
  clonedLoginPageType: 'text',
  clonedLoginPageUrls: 'texts',
  url: 'text',
  referrerUrl: 'text',
  email: 'text',
  appType: 'text',
} as const

type Said = Parsed<typeof detected>
export type ControlDetection = Reported<Said>

const readDetected = reads(detected)

export const controlDetectionOf = (input: Input): ControlDetection => reported(input, readDetected)

const RULE = 1
const NEW = 1

/** A control of Push's saw an attack. */
export const controlDetection = webhook<ControlDetection>({
  className: 'detection_finding',
  activity: () => CREATE,
  parts: {
    // Push does not weigh what its controls see.
    severity_id: () => 0,
    status_id: () => NEW,
    message: messageOf,
    action_id: ({ said }) => toResponse(said.mode, said.action).action,
    disposition_id: ({ said }) => toResponse(said.mode, said.action).disposition,
    is_alert: ({ said }) => said.mode !== 'OFF',
    finding_info: input => {
      const { row } = input.event
      const rule = ruleOf(input)
      return {
        uid: row.id,
        title: inWords(row.object),
        desc: input.told.description,
        types: [row.object],
        created_time: ms(row.occurredAt),
        analytic: { name: rule, uid: rule, type_id: RULE },
      }
    },
    actor: ({ said }) => actingOf(said.employee),
    evidences: ({ event, said }) => [
      {
        uid: event.row.id,
        name: event.row.object,
        url: urlOf(said.url),
        http_request: requestOf({ userAgent: said.userAgent, referrerUrl: said.referrerUrl }),
        src_endpoint: sourceOf(said),
        user: actingOf(said.employee)?.user,
        data: given({
          // Of some nothing else is known.
          object: event.row.object,
          clonedLoginPageType: said.clonedLoginPageType,
          clonedLoginPageUrls: said.clonedLoginPageUrls,
          appType: said.appType,
          email: said.email,
        }),
      },
    ],
  },
  unmapped: input => ({
    mode: input.said.mode,
    action: input.said.action,
    browser: input.said.browser,
    employee: unmappedEmployee(input.said.employee),
    ...oldAndActorOf(input),
  }),
  others: ({ others }) => others,
})

/** The rule that saw it, as far as Push names it. */
const ruleOf = ({ event, said }: ControlDetection): string =>
  said.indicator ??
  (said.clonedLoginPageType === null
    ? event.row.object
    : `CLONED_LOGIN_PAGE_${said.clonedLoginPageType}`)
