/**
 * What we know of Push's lists, as one table: where a collection is read, how each field is spelt upstream and
 * what it holds, which field leads to which other object, and which questions Push can answer itself.
 * The decoder, the store's indexes, the filters, the group dimensions and the planner all read it.
 * Source: Push Security REST API v1 (https://pushsecurity.com/help/rest-api).
 */
import type { CollectionName, DetectionEvent, Rows } from './rows.ts'
import type { EnumName } from './enums.ts'

/** What a field holds: `seconds` is a UNIX time, `id` an opaque text compared as it stands. */
export type FieldKind =
  'id' | 'string' | 'boolean' | 'seconds' | 'enum' | 'strings' | 'enums' | 'objects'

export interface Field {
  readonly kind: FieldKind
  /** Where it stands in Push's object, with dots; the field's own name where absent. */
  readonly from: string
  /** A row without it cannot be read. Only what Push documents as always present. */
  readonly required: boolean
  /** The closed enumeration of kinds `enum` and `enums`. */
  readonly enum?: EnumName
  /** Few distinct values over many rows: one copy of each text is kept. */
  readonly shared: boolean
}

/** A field that holds the id of an object of another collection (or a word that objects share, for `passwordId`). */
export interface Link {
  readonly field: string
  readonly to: CollectionName
}

/**
 * How one comparison can be put to Push. `exact`: Push returns just the rows that match. `narrow`: it may return
 * more, so every row is checked again. Both are claims of the documentation until an answer has confirmed them.
 */
export interface Pushdown {
  readonly field: string
  readonly operator: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'
  readonly parameter: string
  readonly strength: 'exact' | 'narrow'
  /** Documented or used in the field; the others are asked only once a probe has shown that they filter. */
  readonly trusted: boolean
}

/** A field, and the parameter by which Push is asked for values of it. */
export type ByParameter = Pick<Pushdown, 'field' | 'parameter'>

export interface Collection<Name extends CollectionName = CollectionName> {
  readonly name: Name
  /** The GraphQL type of one object. */
  readonly type: string
  readonly path: string
  readonly fields: { readonly [field in keyof Rows[Name] & string]: Field }
  readonly links: readonly Link[]
  readonly pushdown: readonly Pushdown[]
}

type Options = Partial<Omit<Field, 'kind'>>

const field =
  (kind: FieldKind, defaults: Options = {}) =>
  (from = '', options: Options = {}): Field => ({
    kind,
    required: false,
    shared: false,
    ...defaults,
    ...options,
    from,
  })

const id = field('id', { required: true })
const optionalId = field('id')
const text = field('string')
const word = field('string', { shared: true })
const flag = field('boolean')
const seconds = field('seconds')
const strings = field('strings', { shared: true })
const enumeration = (name: EnumName, options: Options = {}): Field =>
  field('enum', { enum: name, shared: true })('', options)
const enumerations = (name: EnumName): Field => field('enums', { enum: name, shared: true })()

const required = { required: true } as const
const created = seconds('creationTimestamp', required)

const narrow = (
  of: string,
  operator: Pushdown['operator'],
  parameter: string,
  trusted = true,
): Pushdown => ({ field: of, operator, parameter, strength: 'narrow', trusted })

const exact = (of: string, parameter = of, trusted = true): Pushdown => ({
  field: of,
  operator: 'eq',
  parameter,
  strength: 'exact',
  trusted,
})

const createdAfter = (trusted: boolean): Pushdown =>
  narrow('createdAt', 'gt', 'creationTimestampAfter', trusted)

const define = <Name extends CollectionName>(collection: Collection<Name>): Collection<Name> => ({
  ...collection,
  fields: named(collection.fields),
})

const named = <Fields extends Readonly<Record<string, Field>>>(fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, of]) => [name, of.from === '' ? { ...of, from: name } : of]),
  ) as Fields

export const collections: { readonly [Name in CollectionName]: Collection<Name> } = {
  employees: define({
    name: 'employees',
    type: 'Employee',
    path: '/employees',
    fields: {
      id: id(),
      email: text('', required),
      firstName: word(),
      lastName: word(),
      department: word(),
      location: word(),
      licensed: flag('', required),
      chatopsEnabled: flag(),
      groups: strings(),
      createdAt: created,
    },
    links: [],
    pushdown: [createdAfter(false)],
  }),
  accounts: define({
    name: 'accounts',
    type: 'Account',
    path: '/accounts',
    fields: {
      id: id(),
      employeeId: id('', { shared: true }),
      appType: word('', required),
      appId: id('', { shared: true }),
      email: text('', { required: true, shared: true }),
      mfaRegistered: flag(),
      mfaMethods: enumerations('MfaMethod'),
      passwordId: optionalId('', { shared: true }),
      passwordLogin: flag('loginMethods.passwordLogin'),
      lastPasswordLoginAt: seconds('loginMethods.lastPasswordLoginTimestamp'),
      oidcLogin: word('loginMethods.oidcLogin'),
      samlLogin: word('loginMethods.samlLogin'),
      oktaSwaLogin: flag('loginMethods.oktaSwaLogin'),
      vendorSsoLogin: word('loginMethods.vendorSsoLogin'),
      fedCmLogin: word('loginMethods.fedCmLogin'),
      createdAt: created,
      lastUsedAt: seconds('lastUsedTimestamp'),
    },
    links: [
      { field: 'employeeId', to: 'employees' },
      { field: 'appId', to: 'apps' },
    ],
    pushdown: [
      exact('employeeId'),
      exact('appType'),
      exact('passwordId'),
      // Push's `email` matches part of an address, and nobody outside knows whether it minds letter case.
      narrow('email', 'eq', 'email'),
      narrow('lastUsedAt', 'gt', 'lastUsedTimestampAfter'),
      narrow('lastUsedAt', 'lt', 'lastUsedTimestampBefore'),
    ],
  }),
  apps: define({
    name: 'apps',
    type: 'App',
    path: '/apps',
    fields: {
      id: id(),
      type: word('', required),
      approvalStatus: enumeration('AppApprovalStatus'),
      sensitivityLevel: enumeration('AppSensitivityLevel'),
      ownerId: optionalId('', { shared: true }),
      notes: text(),
      website: text(),
      description: text(),
      friendlyName: text(),
      labels: strings(),
      createdAt: created,
    },
    links: [{ field: 'ownerId', to: 'employees' }],
    pushdown: [createdAfter(true)],
  }),
  browsers: define({
    name: 'browsers',
    type: 'Browser',
    path: '/browsers',
    fields: {
      id: id(),
      employeeId: optionalId('', { shared: true }),
      email: text('', { shared: true }),
      version: word(),
      tokenType: enumeration('BrowserTokenType', required),
      isActive: flag('', required),
      browser: enumeration('BrowserName', required),
      os: enumeration('OperatingSystem', required),
      extensionVersion: word(),
      profileEmail: text('', { shared: true }),
      profileSyncEnabled: flag(),
      language: word(),
      createdAt: created,
      lastOnlineAt: seconds('lastOnlineTimestamp'),
    },
    links: [{ field: 'employeeId', to: 'employees' }],
    pushdown: [narrow('lastOnlineAt', 'gt', 'lastOnlineTimestampAfter')],
  }),
  browserExtensions: define({
    name: 'browserExtensions',
    type: 'BrowserExtension',
    path: '/browserExtensions',
    fields: {
      id: id(),
      extensionId: id('', { shared: true }),
      employeeId: optionalId('', { shared: true }),
      browserId: optionalId('', { shared: true }),
      name: word(),
      description: word(),
      deploymentMode: enumeration('ExtensionDeploymentMode'),
      permissions: strings(),
      hostPermissions: strings(),
      enabled: flag(),
    },
    links: [
      { field: 'employeeId', to: 'employees' },
      { field: 'browserId', to: 'browsers' },
    ],
    // `permissions` and `hostPermissions` exist too; how Push wants an array spelt is not known, so they stay ours.
    pushdown: [
      exact('extensionId'),
      exact('employeeId'),
      exact('browserId'),
      exact('deploymentMode'),
      exact('enabled'),
    ],
  }),
  findings: define({
    name: 'findings',
    type: 'Finding',
    path: '/findings',
    fields: {
      id: id(),
      type: enumeration('FindingType', required),
      state: enumeration('FindingState', required),
      employeeId: optionalId('', { shared: true }),
      passwordId: optionalId('', { shared: true }),
      accountId: optionalId('', { shared: true }),
      appType: word(),
      appId: optionalId('', { shared: true }),
      weakPasswordReasons: enumerations('WeakPasswordReason'),
      createdAt: created,
    },
    links: [
      { field: 'employeeId', to: 'employees' },
      { field: 'accountId', to: 'accounts' },
      { field: 'appId', to: 'apps' },
    ],
    pushdown: [createdAfter(true)],
  }),
  detections: define({
    name: 'detections',
    type: 'Detection',
    path: '/detections',
    fields: {
      id: id(),
      employeeId: optionalId('', { shared: true }),
      browserId: optionalId('', { shared: true }),
      severity: enumeration('DetectionSeverity', required),
      detectionType: enumeration('DetectionType', required),
      response: word(),
      archived: flag('', required),
      classification: word(),
      createdAt: created,
      lastActivityAt: seconds('lastActivityTimestamp'),
      detectionLink: text(),
      events: field('objects')(),
    },
    links: [
      { field: 'employeeId', to: 'employees' },
      { field: 'browserId', to: 'browsers' },
    ],
    pushdown: [
      createdAfter(true),
      exact('severity', 'severity', false),
      exact('archived', 'archived', false),
      exact('detectionType', 'detectionType', false),
    ],
  }),
}

/** The fields of one event inside a detection. */
export const detectionEventFields: { readonly [field in keyof DetectionEvent]: Field } = named({
  id: id(),
  createdAt: created,
  detectionEventType: word('', required),
  accountId: optionalId('', { shared: true }),
  appType: word(),
  phishingToolIndicator: word(),
  controlMode: enumeration('ControlMode'),
  description: text(),
  clonedLoginPageIndicator: word(),
  response: word(),
  email: text('', { shared: true }),
  url: text(),
  referrerUrl: text(),
  clonedLoginPageUrls: strings(),
  sourceIpAddress: text(),
  metadata: text(),
  experimental: flag(),
})

/** The parameter for such a comparison of a field, where Push documents one or it is used in the field. */
export const parameterOf = (
  name: CollectionName,
  field: string,
  operator: Pushdown['operator'],
  strength: Pushdown['strength'],
): string | undefined =>
  collections[name].pushdown.find(
    push =>
      push.field === field &&
      push.operator === operator &&
      push.strength === strength &&
      push.trusted,
  )?.parameter

export const collectionNames = Object.keys(collections) as CollectionName[]
