/**
 * The rule of a search as two tables: in which fields each kind of value is looked for, and which links are followed
 * from the objects that hold it. Fields and links are spelt as in the graph, and as an answer gives them.
 */
import { collectionNames, collections } from '../../model/collections.ts'
import {
  detectionEventRelations,
  relations,
  type ToMany,
  type ToOne,
} from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ObservableKind } from './kinds.ts'
import type { Likeness } from './compare.ts'

/** The rows of a collection, or the events inside detections. */
export type Holder = CollectionName | 'detectionEvents'

/** A field in which a kind of value is looked for. */
export interface FieldRef {
  readonly kind: ObservableKind
  /** Type and field: `Account.email`. */
  readonly name: string
  readonly holder: Holder
  readonly field: string
  readonly as: Likeness
  /**
   * The value names this very object. `first`: Push may be asked for it directly, and where that finds it, the value
   * is of this kind and no other. `last`: only reading all of them shows it.
   */
  readonly names: 'first' | 'last' | undefined
}

/** A link that is followed from the objects in which a kind of value was found. */
export interface Hop {
  readonly kind: ObservableKind
  /** Type and field: `Employee.accounts`. */
  readonly via: string
  readonly from: Holder
  readonly to: CollectionName
  readonly link:
    | { readonly kind: 'one'; readonly of: ToOne }
    | { readonly kind: 'many'; readonly of: ToMany }
    /** From an object to the detections whose events name it in that field. */
    | { readonly kind: 'events'; readonly idField: string }
}

type Spelling = readonly [name: string, as: Likeness, names?: 'first' | 'last']

const fields: { readonly [Kind in ObservableKind]: readonly Spelling[] } = {
  EMAIL_ADDRESS: [
    ['Employee.email', 'text'],
    ['Account.email', 'text'],
    ['Browser.email', 'text'],
    ['Browser.profileEmail', 'text'],
    ['DetectionEvent.email', 'text'],
  ],
  EMPLOYEE_ID: [
    ['Employee.id', 'id', 'first'],
    ['Account.employeeId', 'id'],
    ['App.ownerId', 'id'],
    ['Browser.employeeId', 'id'],
    ['BrowserExtension.employeeId', 'id'],
    ['Finding.employeeId', 'id'],
    ['Detection.employeeId', 'id'],
  ],
  ACCOUNT_ID: [
    ['Account.id', 'id', 'first'],
    ['Finding.accountId', 'id'],
    ['DetectionEvent.accountId', 'id'],
  ],
  APP_ID: [
    ['App.id', 'id', 'first'],
    ['Account.appId', 'id'],
    ['Finding.appId', 'id'],
  ],
  // Not `Account.appType` and the like: any word may be an app's name, and two pages of apps are all that has to be read.
  APP_NAME: [
    ['App.name', 'text'],
    ['App.type', 'text'],
  ],
  BROWSER_ID: [
    ['Browser.id', 'id', 'first'],
    ['BrowserExtension.browserId', 'id'],
    ['Detection.browserId', 'id'],
  ],
  EXTENSION_ID: [
    // Nobody documents that a browser extension can be read by its id.
    ['BrowserExtension.id', 'id', 'last'],
    ['BrowserExtension.extensionId', 'id'],
  ],
  FINDING_ID: [['Finding.id', 'id', 'first']],
  DETECTION_ID: [
    ['Detection.id', 'id', 'first'],
    ['DetectionEvent.id', 'id', 'last'],
  ],
  PASSWORD_ID: [
    // No object has this id; the accounts that share the password are what it names.
    ['Account.passwordId', 'id', 'first'],
    ['Finding.passwordId', 'id'],
  ],
  DOMAIN: [
    ['App.website', 'urlHost'],
    ['DetectionEvent.url', 'urlHost'],
    ['DetectionEvent.referrerUrl', 'urlHost'],
    ['DetectionEvent.clonedLoginPageUrls', 'urlHost'],
    ['Employee.email', 'addressHost'],
    ['Account.email', 'addressHost'],
    ['Browser.email', 'addressHost'],
    ['Browser.profileEmail', 'addressHost'],
    ['DetectionEvent.email', 'addressHost'],
  ],
  URL: [
    ['App.website', 'url'],
    ['DetectionEvent.url', 'url'],
    ['DetectionEvent.referrerUrl', 'url'],
    ['DetectionEvent.clonedLoginPageUrls', 'url'],
  ],
  IP_ADDRESS: [['DetectionEvent.sourceIpAddress', 'ip']],
  // See `stored-events.ts`.
  EVENT_ID: [],
}

/** The link of an event to its account, followed from the account to the detections. */
const ACCOUNT_TO_DETECTIONS = '< DetectionEvent.account'

// An object that holds the id of another is found by its own field above; a link is followed to those that hold none.
const links: { readonly [Kind in ObservableKind]: readonly string[] } = {
  EMAIL_ADDRESS: [
    'Employee.accounts',
    'Employee.browsers',
    'Employee.findings',
    'Employee.detections',
    'Account.employee',
    'Account.findings',
    ACCOUNT_TO_DETECTIONS,
    'Browser.employee',
  ],
  EMPLOYEE_ID: [],
  ACCOUNT_ID: ['Account.employee', 'Account.app'],
  APP_ID: ['App.owner'],
  APP_NAME: ['App.owner', 'App.accounts', 'App.findings'],
  BROWSER_ID: ['Browser.employee'],
  EXTENSION_ID: ['BrowserExtension.employee', 'BrowserExtension.browser'],
  FINDING_ID: ['Finding.employee', 'Finding.account', 'Finding.app'],
  DETECTION_ID: ['Detection.employee', 'Detection.browser'],
  PASSWORD_ID: ['Account.employee'],
  // The company's own domain is in every address: what hangs on all of them would be everything.
  DOMAIN: ['App.owner', 'Detection.employee', 'Detection.browser', 'DetectionEvent.account'],
  URL: ['App.owner', 'Detection.employee', 'Detection.browser', 'DetectionEvent.account'],
  IP_ADDRESS: ['Detection.employee', 'Detection.browser', 'DetectionEvent.account'],
  EVENT_ID: [],
}

/**
 * Kinds that an analyst looks for in the events of detections before all else. The events are read for them as far as
 * the operation's budget goes; for other kinds they are an addition, see `detection-events.ts`.
 */
export const livesInEvents: ReadonlySet<ObservableKind> = new Set(['DOMAIN', 'URL', 'IP_ADDRESS'])

/** Every field that a value of these kinds may be in, kind by kind. */
export const fieldRefsOf = (kinds: readonly ObservableKind[]): readonly FieldRef[] =>
  kinds.flatMap(kind =>
    fields[kind].map(([name, as, names]) => {
      const [type, field] = splitName(name)
      return { kind, name, holder: holderOf(type), field, as, names }
    }),
  )

/** Every link that is followed for these kinds. */
export const hopsOf = (kinds: readonly ObservableKind[]): readonly Hop[] =>
  kinds.flatMap(kind => links[kind].map(spelt => readHop(kind, spelt)))

const readHop = (kind: ObservableKind, spelt: string): Hop => {
  const via = spelt.replace('< ', '')
  const [type, name] = splitName(via)
  const holder = holderOf(type)
  const known = holder === 'detectionEvents' ? detectionEventRelations : relations[holder]
  const one: ToOne | undefined = known.toOne.find(link => link.name === name)
  const many: ToMany | undefined = known.toMany.find(link => link.name === name)
  if (one !== undefined && via !== spelt)
    return {
      kind,
      via,
      from: one.to,
      to: 'detections',
      link: { kind: 'events', idField: one.idField },
    }
  if (one !== undefined)
    return { kind, via, from: holder, to: one.to, link: { kind: 'one', of: one } }
  if (many !== undefined)
    return { kind, via, from: holder, to: many.to, link: { kind: 'many', of: many } }
  throw new Error(`The graph has no link ${via}`)
}

const splitName = (name: string): readonly [string, string] => {
  const [type = '', field = ''] = name.split('.')
  return [type, field]
}

const holderOf = (type: string): Holder => {
  if (type === 'DetectionEvent') return 'detectionEvents'
  const found = collectionNames.find(name => collections[name].type === type)
  if (found === undefined) throw new Error(`The graph has no type ${type}`)
  return found
}
