/**
 * What we know of Push's lists, as one table: where a collection is read, how each field is spelt upstream and what it
 * holds, which field leads to which other object, which questions Push can answer itself, how webhooks name its
 * objects, and where a search looks. What the rooms do with a collection follows from its entry.
 * Source: Push Security REST API v1 (https://pushsecurity.com/help/rest-api).
 */
import {
  type Collection,
  created,
  createdAfter,
  define,
  enumeration,
  enumerations,
  exact,
  flag,
  id,
  link,
  narrow,
  objects,
  optionalId,
  type Pushdown,
  required,
  seconds,
  strings,
  text,
  word,
} from './collection.ts'
import { appName, type CollectionName, type Row } from './rows.ts'

const table = {
  employees: define('employees', {
    type: 'Employee',
    path: '/employees',
    otherKey: 'email',
    size: { usualRows: 1_000, bytesPerRow: 420 },
    ownTime: null,
    webhook: { category: 'ENTITY', object: 'EMPLOYEE', idField: 'employeeId' },
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
    mainAttributes: ['email', 'department', 'location', 'licensed', 'groups'],
    search: {
      EMPLOYEE_ID: { first: ['id'] },
      EMAIL_ADDRESS: {
        text: ['email'],
        follow: ['accounts', 'browsers', 'findings', 'detections'],
      },
      DOMAIN: { addressHost: ['email'] },
    },
  }),
  accounts: define('accounts', {
    type: 'Account',
    path: '/accounts',
    otherKey: null,
    size: { usualRows: 12_000, bytesPerRow: 420 },
    ownTime: null,
    webhook: { category: 'ENTITY', object: 'ACCOUNT', idField: 'accountId' },
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
    links: [link('employeeId', 'employees', 'accounts'), link('appId', 'apps', 'accounts')],
    peers: { name: 'passwordPeers', field: 'passwordId', of: 'accounts' },
    pushdown: [
      exact('employeeId'),
      exact('appType'),
      exact('passwordId'),
      // Push's `email` matches part of an address, and nobody outside knows whether it minds letter case.
      narrow('email', 'eq', 'email'),
      narrow('lastUsedAt', 'gt', 'lastUsedTimestampAfter'),
      narrow('lastUsedAt', 'lt', 'lastUsedTimestampBefore'),
    ],
    mainAttributes: ['email', 'mfaRegistered'],
    search: {
      ACCOUNT_ID: { first: ['id'], follow: ['employee', 'app'] },
      // No object has this id; the accounts that share the password are what it names.
      PASSWORD_ID: { first: ['passwordId'], follow: ['employee'] },
      EMPLOYEE_ID: { id: ['employeeId'] },
      // Not `appType` as APP_NAME: any word may be an app's name, and only two pages of apps tell.
      APP_ID: { id: ['appId'] },
      EMAIL_ADDRESS: {
        text: ['email'],
        follow: ['employee', 'findings', 'DetectionEvent.account'],
      },
      DOMAIN: { addressHost: ['email'] },
    },
  }),
  apps: define('apps', {
    type: 'App',
    path: '/apps',
    otherKey: 'type',
    size: { usualRows: 300, bytesPerRow: 600 },
    ownTime: null,
    webhook: { category: 'ENTITY', object: 'APP', idField: 'appId' },
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
    computed: { name: appName },
    links: [link('ownerId', 'employees', 'ownedApps')],
    pushdown: [createdAfter(true)],
    mainAttributes: ['name', 'type', 'approvalStatus', 'sensitivityLevel', 'labels'],
    search: {
      APP_ID: { first: ['id'], follow: ['owner'] },
      APP_NAME: { text: ['name', 'type'], follow: ['owner', 'accounts', 'findings'] },
      EMPLOYEE_ID: { id: ['ownerId'] },
      DOMAIN: { urlHost: ['website'], follow: ['owner'] },
      URL: { url: ['website'], follow: ['owner'] },
    },
  }),
  browsers: define('browsers', {
    type: 'Browser',
    path: '/browsers',
    otherKey: null,
    size: { usualRows: 1_500, bytesPerRow: 350 },
    ownTime: null,
    webhook: { category: 'ENTITY', object: 'BROWSER', idField: 'browserId' },
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
    links: [link('employeeId', 'employees', 'browsers')],
    pushdown: [narrow('lastOnlineAt', 'gt', 'lastOnlineTimestampAfter')],
    mainAttributes: ['browser', 'os', 'isActive'],
    search: {
      BROWSER_ID: { first: ['id'], follow: ['employee'] },
      EMPLOYEE_ID: { id: ['employeeId'] },
      EMAIL_ADDRESS: { text: ['email', 'profileEmail'], follow: ['employee'] },
      DOMAIN: { addressHost: ['email', 'profileEmail'] },
    },
  }),
  browserExtensions: define('browserExtensions', {
    type: 'BrowserExtension',
    path: '/browserExtensions',
    otherKey: null,
    size: { usualRows: 2_000, bytesPerRow: 350 },
    ownTime: null,
    webhook: {
      category: 'ENTITY',
      object: 'BROWSER_EXTENSION',
      idField: 'entityId',
      // Webhooks name an extension by its id in the browser's store, and whose it is.
      namedBy: { field: 'extensionId', within: 'employeeId' },
    },
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
      link('employeeId', 'employees', 'browserExtensions'),
      link('browserId', 'browsers', 'browserExtensions'),
    ],
    // `permissions` and `hostPermissions` exist too; how Push wants an array spelt is not known, so they stay ours.
    pushdown: [
      exact('extensionId'),
      exact('employeeId'),
      exact('browserId'),
      exact('deploymentMode'),
      exact('enabled'),
    ],
    mainAttributes: [],
    search: {
      // Nobody documents that a browser extension can be read by its id.
      EXTENSION_ID: { last: ['id'], id: ['extensionId'], follow: ['employee', 'browser'] },
      EMPLOYEE_ID: { id: ['employeeId'] },
      BROWSER_ID: { id: ['browserId'] },
    },
  }),
  findings: define('findings', {
    type: 'Finding',
    path: '/findings',
    otherKey: null,
    size: { usualRows: 6_000, bytesPerRow: 350 },
    ownTime: 'createdAt',
    webhook: { category: 'ENTITY', object: 'FINDING', idField: 'entityId' },
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
      link('employeeId', 'employees', 'findings'),
      link('accountId', 'accounts', 'findings'),
      link('appId', 'apps', 'findings'),
    ],
    peers: { name: 'passwordPeers', field: 'passwordId', of: 'accounts' },
    pushdown: [createdAfter(true)],
    mainAttributes: [],
    search: {
      FINDING_ID: { first: ['id'], follow: ['employee', 'account', 'app'] },
      EMPLOYEE_ID: { id: ['employeeId'] },
      ACCOUNT_ID: { id: ['accountId'] },
      APP_ID: { id: ['appId'] },
      PASSWORD_ID: { id: ['passwordId'] },
    },
  }),
  detections: define('detections', {
    type: 'Detection',
    path: '/detections',
    otherKey: null,
    // With their events.
    size: { usualRows: 500, bytesPerRow: 3_000 },
    ownTime: 'createdAt',
    webhook: { category: 'DETECTION', object: null, idField: 'entityId' },
    fields: {
      id: id(),
      // The list may embed the employee and leave the id out.
      employeeId: optionalId('', { shared: true, orFrom: 'employee.id' }),
      browserId: optionalId('', { shared: true }),
      severity: enumeration('DetectionSeverity', required),
      detectionType: enumeration('DetectionType', required),
      response: word(),
      archived: flag('', required),
      classification: word(),
      createdAt: created,
      lastActivityAt: seconds('lastActivityTimestamp'),
      detectionLink: text(),
      events: objects(),
    },
    links: [
      link('employeeId', 'employees', 'detections'),
      link('browserId', 'browsers', 'detections'),
    ],
    pushdown: [
      createdAfter(true),
      exact('severity', false),
      exact('archived', false),
      exact('detectionType', false),
    ],
    mainAttributes: [],
    search: {
      DETECTION_ID: { first: ['id'], follow: ['employee', 'browser'] },
      EMPLOYEE_ID: { id: ['employeeId'] },
      BROWSER_ID: { id: ['browserId'] },
      DOMAIN: { follow: ['employee', 'browser'] },
      URL: { follow: ['employee', 'browser'] },
      IP_ADDRESS: { follow: ['employee', 'browser'] },
    },
  }),
} satisfies { readonly [Name in CollectionName]: Collection<Name> }

export const collections: { readonly [Name in CollectionName]: Collection<Name> } = table

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

/** Push's words for objects of its lists in webhooks of the category ENTITY. */
export type EntityWord = NonNullable<(typeof table)[CollectionName]['webhook']['object']>

/** The root fields of the graph that give one object, such as `browserExtension`, and the collection that it is of. */
export const singles: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames.map(name => {
    const { type } = collections[name]
    return [type.charAt(0).toLowerCase() + type.slice(1), name]
  }),
)

type Computed = Readonly<Record<string, (row: Row) => string>>

const NOTHING: Computed = {}

/** How the values of its computed fields are made of a row, by their names. */
export const computedOf = (name: CollectionName): Computed =>
  (collections[name].computed as Computed | undefined) ?? NOTHING
