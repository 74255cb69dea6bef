/**
 * What of Push's objects names a person, for those who may not know: the members of an event's body, closed by default.
 * Whatever is not listed here is left out, and so is a text that is not of the form which its member has.
 */
import { isMembers, type Members } from './events.ts'

/** What a member holds that names nobody. */
type Form =
  /** A word of a set that Push keeps. */
  | 'word'
  | 'id'
  /** A version or a language. */
  | 'tag'
  /** Yes or no, a number, a moment. */
  | 'plain'
  /** By which one may group: any text but an address. */
  | 'text'
  /** An object, or a list of some, of members that are listed themselves. */
  | 'members'
  /** What names a person or may: it is null. */
  | 'personal'

const words = [
  ...['version', 'object', 'category', 'type', 'state', 'severity', 'detectionType', 'response'],
  ...['classification', 'tokenType', 'browser', 'os', 'approvalStatus', 'sensitivityLevel'],
  ...['deploymentMode', 'appType', 'mode', 'action', 'indicator', 'clonedLoginPageType'],
  ...['loginType', 'identityProvider', 'passwordManager', 'role', 'source', 'method'],
  ...['loginMethod', 'requestSupportStatus', 'detectionEventType', 'phishingToolIndicator'],
  ...['clonedLoginPageIndicator', 'controlMode', 'oidcLogin', 'samlLogin', 'vendorSsoLogin'],
  ...['fedCmLogin', 'mfaMethods', 'weakPasswordReasons', 'permissions'],
]

const ids = [
  ...['id', 'employeeId', 'employee_id', 'accountId', 'appId', 'browserId', 'passwordId'],
  ...['ownerId', 'otherAppId', 'ruleId', 'extensionId', 'oauthAppId'],
]

const tags = ['extensionVersion', 'language']

const plain = [
  ...['timestamp', 'creationTimestamp', 'lastUsedTimestamp', 'lastOnlineTimestamp'],
  ...['lastActivityTimestamp', 'loginTimestamp', 'lastPasswordLoginTimestamp', 'count'],
  ...['licensed', 'chatopsEnabled', 'mfaRegistered', 'passwordLogin', 'oktaSwaLogin'],
  ...['isActive', 'profileSyncEnabled', 'archived', 'hidden', 'workApp', 'enabled'],
  ...['passwordManuallyTyped', 'weakPassword', 'leakedPassword', 'experimental'],
  'allowReasonSubmission',
]

const texts = ['department', 'location']

const members = [
  ...['new', 'old', 'actor', 'employee', 'employees', 'loginMethods', 'events', 'apps'],
  ...['excludedExtensions', 'appBanner', 'strongPasswordEnforcement'],
]

/** Named so that whoever reads an event sees that there is such a member. */
const personal = [
  ...['friendlyName', 'description', 'email', 'firstName', 'lastName', 'groups', 'group', 'name'],
  ...['profileEmail', 'notes', 'labels', 'website', 'domain', 'url', 'referrerUrl', 'loginUrl'],
  ...['clonedLoginPageUrls', 'detectionLink', 'sourceIpAddress', 'userAgent', 'reason'],
  ...['metadata', 'title', 'subtext', 'buttonText', 'apiKeyName', 'apiKeyCreatedBy'],
  ...['accountEmail', 'inviter', 'target', 'hostPermissions', 'query', 'arguments'],
]

const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  ...words.map(name => [name, 'word'] as const),
  ...ids.map(name => [name, 'id'] as const),
  ...tags.map(name => [name, 'tag'] as const),
  ...plain.map(name => [name, 'plain'] as const),
  ...texts.map(name => [name, 'text'] as const),
  ...members.map(name => [name, 'members'] as const),
  ...personal.map(name => [name, 'personal'] as const),
])

/** An @, also as URLs write it and as analysts defang it, with something on both sides. */
const address = /\S(?:[@＠﹫]|%40|&#64;)\S|[[({]\s*(?:at|@)\s*[\])}]/i

/** Whether an e-mail address may stand in the text. */
export const holdsAddress = (text: string): boolean => address.test(text)

/** What stands in the place of a text that must be there and may not be told. */
export const WITHHELD = 'WITHHELD'

const patterns = {
  // Browsers' versions are words of numbers, too.
  word: /^[A-Z0-9_.]{1,64}$/i,
  id: /^[\w.:-]{1,128}$/,
  tag: /^[\w.+-]{1,32}$/,
} as const

/**
 * The same without what names a person: known members that do are null, unknown ones are gone, and so is whatever does
 * not hold what its member should.
 */
export const withoutPersons = (of: Members): Members => within(of, 0)

/** Objects within objects; no event has more than a few. */
const MAX_LEVELS = 10

const within = (of: Members, level: number): Members => {
  const kept: [string, unknown][] = []
  for (const [name, value] of Object.entries(of)) {
    const form = forms.get(name)
    if (form === undefined) continue
    const told = value === null ? null : toldOf(form, value, level)
    if (told !== undefined) kept.push([name, told])
  }
  return Object.fromEntries(kept)
}

/** The value as it may be told; undefined where it is left out. */
const toldOf = (form: Form, value: unknown, level: number): unknown => {
  switch (form) {
    case 'personal':
      return null
    case 'plain':
      return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
    case 'text':
      return typeof value === 'string' && !holdsAddress(value) ? value : undefined
    case 'members':
      if (level >= MAX_LEVELS) return undefined
      if (Array.isArray(value)) return value.filter(isMembers).map(each => within(each, level + 1))
      return isMembers(value) ? within(value, level + 1) : undefined
    case 'word':
    case 'id':
    case 'tag': {
      const fits = (text: unknown): boolean => typeof text === 'string' && patterns[form].test(text)
      if (Array.isArray(value)) return value.filter(fits)
      return fits(value) ? value : undefined
    }
    default:
      return form satisfies never
  }
}

/** Whether every member that the path leads through (with dots) is known, so that its very name tells nothing. */
export const isKnownPath = (path: string): boolean => path.split('.').every(name => forms.has(name))
