/** Push's objects as its API spells them: what the stand-in holds and sends. `?` may be missing altogether. */
import type { CollectionName } from '../../model/rows.ts'

export interface PushEmployee {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly department: string | null
  readonly location: string | null
  readonly licensed: boolean
  readonly chatopsEnabled: boolean
  readonly groups?: readonly string[]
  readonly creationTimestamp: number
}

export interface PushLoginMethods {
  readonly passwordLogin: boolean
  readonly lastPasswordLoginTimestamp?: number
  readonly oidcLogin: string | null
  readonly samlLogin: string | null
  readonly oktaSwaLogin: boolean
  readonly vendorSsoLogin?: string | null
  readonly fedCmLogin?: string | null
}

export interface PushAccount {
  readonly id: string
  readonly employeeId: string
  readonly appType: string
  readonly appId: string
  readonly email: string
  readonly mfaRegistered: boolean | null
  readonly mfaMethods: readonly string[] | null
  readonly passwordId: string | null
  readonly loginMethods: PushLoginMethods
  readonly creationTimestamp: number
  readonly lastUsedTimestamp: number | null
}

export interface PushApp {
  readonly id: string
  readonly type: string
  readonly approvalStatus: string | null
  readonly sensitivityLevel: string | null
  readonly ownerId: string | null
  readonly notes: string | null
  readonly website?: string
  readonly description?: string
  readonly friendlyName?: string
  readonly labels?: readonly string[]
  readonly creationTimestamp: number
}

export interface PushBrowser {
  readonly id: string
  readonly employeeId: string
  readonly email: string
  readonly version: string
  readonly tokenType: string
  readonly isActive: boolean
  readonly browser: string
  readonly os: string
  readonly extensionVersion: string
  readonly profileEmail?: string
  readonly profileSyncEnabled?: boolean
  readonly language?: string
  readonly creationTimestamp: number
  readonly lastOnlineTimestamp: number
}

export interface PushBrowserExtension {
  readonly id: string
  /** The store's id: 32 letters from a to p, the same for every tenant. */
  readonly extensionId: string
  readonly employeeId: string
  readonly browserId: string
  readonly name: string
  readonly description: string
  readonly deploymentMode?: string
  readonly permissions?: readonly string[]
  readonly hostPermissions?: readonly string[]
  readonly enabled?: boolean
}

export interface PushFinding {
  readonly id: string
  readonly type: string
  readonly state: string
  readonly employeeId: string | null
  readonly passwordId: string | null
  readonly accountId: string | null
  readonly appType: string | null
  readonly appId: string | null
  readonly weakPasswordReasons?: readonly string[]
  readonly employee?: PushEmployee
  readonly creationTimestamp: number
}

export interface PushDetectionEvent {
  readonly id: string
  readonly creationTimestamp: number
  readonly detectionEventType: string
  readonly accountId: string | null
  readonly appType: string | null
  readonly phishingToolIndicator: string | null
  readonly controlMode: string
  readonly description: string
  readonly clonedLoginPageIndicator: string | null
  readonly response: string
  readonly email: string
  readonly url: string
  readonly referrerUrl: string | null
  readonly clonedLoginPageUrls: readonly string[]
  readonly sourceIpAddress: string
  /** Most often JSON; Push promises no more than a text. */
  readonly metadata: string
  readonly experimental: boolean
}

/** As held; a list may leave `events` out, and only an answer by id embeds `employee`. */
export interface PushDetection {
  readonly id: string
  readonly employeeId: string
  readonly browserId: string
  readonly severity: string
  readonly detectionType: string
  readonly response: string
  readonly archived: boolean
  readonly classification: string | null
  readonly creationTimestamp: number
  readonly lastActivityTimestamp?: number
  readonly detectionLink?: string
  readonly events: readonly PushDetectionEvent[]
}

/** Push's object of each collection. */
export interface PushRows {
  employees: PushEmployee
  accounts: PushAccount
  apps: PushApp
  browsers: PushBrowser
  browserExtensions: PushBrowserExtension
  findings: PushFinding
  detections: PushDetection
}

/** All objects of one tenant, in the order in which lists give them. */
export type PushData = { readonly [Name in CollectionName]: readonly PushRows[Name][] }
