/** What an envelope leaves out and can be told from the rest: its category, its time, its id. */
import { hash } from 'node:crypto'
import { collectionNames, collections } from '../model/collections.ts'
import { UNRECOGNIZED } from '../model/enums.ts'
import { isMoment, type Members, objectIn, subjectOf } from '../model/events.ts'

const objects: Readonly<Record<string, readonly string[]>> = {
  ENTITY: [
    ...collectionNames.flatMap(name => collections[name].webhook.object ?? []),
    'ACCOUNT_OTHER',
    'APP_OTHER',
  ],
  ACTIVITY: ['LOGIN'],
  DETECTION: ['PHISHING', 'STOLEN_CREDENTIALS', 'BLOCKED_URL', 'MALWARE_DELIVERY'],
  CONTROL: [
    'APP_BANNER',
    'BLOCKED_URL_VISITED',
    'BROWSER_EXTENSION_BLOCKED',
    'BROWSER_EXTENSION_ENABLED',
    'BROWSER_EXTENSION_UNABLE_TO_ENFORCE_BLOCKED_STATE',
    'BROWSER_EXTENSION_UNABLE_TO_ENFORCE_ENABLED_STATE',
    'CLONED_LOGIN_PAGE_DETECTED',
    'MALICIOUS_BROWSER_EXTENSION_DETECTED',
    'MALICIOUS_COPY_PASTE_DETECTED',
    'MFA_ENFORCEMENT',
    'PASSWORD_PHISHING',
    'PHISHING_TOOL_DETECTED',
    'SSO_PASSWORD_USED',
    'STOLEN_CREDENTIALS_DETECTED',
    'STRONG_PASSWORD_ENFORCEMENT',
  ],
  AUDIT: [
    'ACCOUNT_LOGIN_METHOD_REMOVED',
    'ADMIN_ACCEPTED_INVITATION',
    'ADMIN_ENABLED_MFA',
    'ADMIN_LOADED_DATA',
    'ADMIN_LOGGED_IN',
    'ADMIN_REMOVED',
    'API_KEY_ADDED',
    'API_KEY_REMOVED',
    'APP_APPROVAL_STATUS_UPDATED',
    'APP_BANNER_CONFIGURED',
    'APP_LABELS_ADDED',
    'CONTROL_RULE_ADDED',
    'CONTROL_RULE_REMOVED',
    'EMPLOYEE_ADDED_TO_GROUP',
    'EMPLOYEE_REMOVED_FROM_GROUP',
    'LICENSE_ASSIGNED',
    'MALICIOUS_BROWSER_EXTENSION_DETECTION_EXCLUDED_EXTENSIONS_REMOVED',
    'STOLEN_CREDENTIALS_ADDED',
    'STOLEN_CREDENTIALS_REMOVED',
  ],
}

const categories: ReadonlyMap<string, string> = new Map(
  Object.entries(objects).flatMap(([category, of]) => of.map(object => [object, category])),
)

/** The category of the events about that object; UNRECOGNIZED where nobody knows. */
export const categoryOf = (object: string): string => categories.get(object) ?? UNRECOGNIZED

/**
 * When it happened (UNIX seconds), by the latest of the times that the object has of itself, up to `latest`; undefined
 * where it has none. When it was made says so of its creation alone.
 */
export const momentIn = (payload: Members, latest: number): number | undefined => {
  const { type } = payload
  const isCreation =
    type === 'CREATE' || (typeof type !== 'string' && objectIn(payload, 'old') === undefined)
  const moments = Object.entries(subjectOf(payload) ?? {}).flatMap(([name, value]) =>
    /timestamp$/i.test(name) &&
    (name !== 'creationTimestamp' || isCreation) &&
    isMoment(value) &&
    value <= latest
      ? [value]
      : [],
  )
  return moments.length === 0 ? undefined : Math.max(...moments)
}

/** An id that the same body has however often it is sent, also with other white space between its words. */
export const idOf = (body: string): string =>
  `sha256-${hash('sha256', body.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1'), 'hex')}`
