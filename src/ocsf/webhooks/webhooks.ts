/** Which event becomes an event of which class. */
import { createProject, type OcsfEvent } from '../fitting/event.ts'
import type { OcsfVersion } from '../fitting/facts.ts'
import type { Projection } from '../fitting/projection.ts'
import { lookUp } from '../fitting/values.ts'
import {
  adminAccountChange,
  adminChange,
  adminChangeOf,
  adminLogin,
  adminLoginOf,
} from './admin.ts'
import { audit, auditOf } from './audit.ts'
import { baseEvent } from './base-event.ts'
import { controlDetection, controlDetectionOf } from './control-detection.ts'
import { controlOf, controlProjection } from './control.ts'
import { detectionChange, detectionChangeOf } from './detection-change.ts'
import { entityChange, entityChangeOf } from './entity-change.ts'
import { findingChange, findingChangeOf, findingChangeOfOne } from './finding-change.ts'
import { membership, membershipOf, membershipOfUser } from './membership.ts'
import { loginOf, loginProjection } from './login.ts'
import { type Input, inputOf, type WebhookEvent } from './webhook-event.ts'

/** Events that are projected alike. */
export interface WebhookKind {
  readonly name: string
  /** The first of them that the version has a place for. */
  readonly projections: readonly {
    readonly className: Projection<never>['className']
    readonly parts: object
  }[]
  /** The event; undefined where the input lacks what the class demands. */
  readonly in: (version: OcsfVersion) => (input: Input) => OcsfEvent | undefined
}

const kind = <Of extends Input>(
  name: string,
  read: (input: Input) => Of | undefined,
  projections: readonly Projection<Of>[],
): WebhookKind => ({
  name,
  projections,
  in: version => {
    const project = createProject(projections, version)
    return input => {
      const of = read(input)
      return of === undefined ? undefined : project(of)
    }
  },
})

const kinds = {
  finding: kind('finding', findingChangeOf, [findingChange, findingChangeOfOne]),
  membership: kind('membership', membershipOf, [membership, membershipOfUser]),
  entity: kind('entity', entityChangeOf, [entityChange]),
  detection: kind('detection', detectionChangeOf, [detectionChange]),
  login: kind('login', loginOf, [loginProjection]),
  control: kind('control', controlOf, [controlProjection]),
  controlDetection: kind('controlDetection', controlDetectionOf, [controlDetection]),
  adminChange: kind('adminChange', adminChangeOf, [adminChange, adminAccountChange]),
  adminLogin: kind('adminLogin', adminLoginOf, [adminLogin]),
  audit: kind('audit', auditOf, [audit]),
  base: kind('base', input => input, [baseEvent]),
} satisfies Readonly<Record<string, WebhookKind>>

/** All kinds of event. */
export const webhookKinds: readonly WebhookKind[] = Object.values(kinds)

type KindName = keyof typeof kinds

/** Controls that see an attack; the others act upon what an employee does. */
const detecting: Readonly<Record<string, KindName>> = {
  CLONED_LOGIN_PAGE_DETECTED: 'controlDetection',
  SSO_PASSWORD_USED: 'controlDetection',
  PASSWORD_PHISHING: 'controlDetection',
  PHISHING_TOOL_DETECTED: 'controlDetection',
  STOLEN_CREDENTIALS_DETECTED: 'controlDetection',
  MALICIOUS_COPY_PASTE_DETECTED: 'controlDetection',
  MALICIOUS_BROWSER_EXTENSION_DETECTED: 'controlDetection',
}

const ofAdmins: Readonly<Record<string, KindName>> = {
  ADMIN_ACCEPTED_INVITATION: 'adminChange',
  ADMIN_ENABLED_MFA: 'adminChange',
  ADMIN_REMOVED: 'adminChange',
  ADMIN_LOGGED_IN: 'adminLogin',
}

/** The kinds that an event may be of, the best first: it is of the first that it tells enough for. */
const kindsOf = ({ row: { category, object } }: WebhookEvent): readonly KindName[] => {
  switch (category) {
    case 'ENTITY':
      if (object === 'FINDING') return ['finding', 'base']
      return object === 'EMPLOYEE' ? ['membership', 'entity', 'base'] : ['entity', 'base']
    case 'DETECTION':
      return ['detection', 'base']
    case 'ACTIVITY':
      return object === 'LOGIN' ? ['login', 'base'] : ['base']
    case 'CONTROL':
      return [lookUp(detecting, object) ?? 'control']
    case 'AUDIT': {
      const own = lookUp(ofAdmins, object)
      return own === undefined ? ['audit'] : [own, 'audit']
    }
    default:
      return ['base']
  }
}

/** The projection of every webhook event to that version. */
export const createWebhookProject = (
  version: OcsfVersion,
): ((event: WebhookEvent) => OcsfEvent) => {
  const projects = Object.fromEntries(
    Object.entries(kinds).map(([name, of]) => [name, of.in(version)]),
  ) as Readonly<Record<KindName, (input: Input) => OcsfEvent | undefined>>
  return event => {
    const input = inputOf(event)
    for (const name of kindsOf(event)) {
      const found = projects[name](input)
      if (found !== undefined) return found
    }
    throw new Error(`An event of ${event.row.category} is of no kind`)
  }
}
