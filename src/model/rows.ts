/**
 * The rows as every room knows them: Push's objects with our field names. Times are UNIX seconds (UTC), an
 * absent or null member is `null`, words of enumerations stand as sent. The store holds one copy of each.
 */
import { parseJson } from './well-formed.ts'

export interface Employee {
  readonly id: string
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly department: string | null
  readonly location: string | null
  readonly licensed: boolean
  readonly chatopsEnabled: boolean | null
  readonly groups: readonly string[] | null
  readonly createdAt: number
}

export interface Account {
  readonly id: string
  readonly employeeId: string
  readonly appType: string
  readonly appId: string
  readonly email: string
  readonly mfaRegistered: boolean | null
  readonly mfaMethods: readonly string[] | null
  readonly passwordId: string | null
  // The members of Push's `loginMethods`, flat.
  readonly passwordLogin: boolean | null
  readonly lastPasswordLoginAt: number | null
  readonly oidcLogin: string | null
  readonly samlLogin: string | null
  readonly oktaSwaLogin: boolean | null
  readonly vendorSsoLogin: string | null
  readonly fedCmLogin: string | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface App {
  readonly id: string
  readonly type: string
  readonly approvalStatus: string | null
  readonly sensitivityLevel: string | null
  readonly ownerId: string | null
  readonly notes: string | null
  readonly website: string | null
  readonly description: string | null
  readonly friendlyName: string | null
  readonly labels: readonly string[] | null
  readonly createdAt: number
}

export interface Browser {
  readonly id: string
  readonly employeeId: string | null
  readonly email: string | null
  readonly version: string | null
  readonly tokenType: string
  readonly isActive: boolean
  readonly browser: string
  readonly os: string
  readonly extensionVersion: string | null
  readonly profileEmail: string | null
  readonly profileSyncEnabled: boolean | null
  readonly language: string | null
  readonly createdAt: number
  readonly lastOnlineAt: number | null
}

export interface BrowserExtension {
  readonly id: string
  readonly extensionId: string
  readonly employeeId: string | null
  readonly browserId: string | null
  readonly name: string | null
  readonly description: string | null
  readonly deploymentMode: string | null
  readonly permissions: readonly string[] | null
  readonly hostPermissions: readonly string[] | null
  readonly enabled: boolean | null
}

export interface Finding {
  readonly id: string
  readonly type: string
  readonly state: string
  readonly employeeId: string | null
  readonly passwordId: string | null
  readonly accountId: string | null
  readonly appType: string | null
  readonly appId: string | null
  readonly weakPasswordReasons: readonly string[] | null
  readonly createdAt: number
}

export interface Detection {
  readonly id: string
  readonly employeeId: string | null
  readonly browserId: string | null
  readonly severity: string
  readonly detectionType: string
  readonly response: string | null
  readonly archived: boolean
  readonly classification: string | null
  readonly createdAt: number
  readonly lastActivityAt: number | null
  readonly detectionLink: string | null
  /** Null where this copy came from a list that leaves them out. */
  readonly events: readonly DetectionEvent[] | null
}

export interface DetectionEvent {
  readonly id: string
  readonly createdAt: number
  readonly detectionEventType: string
  readonly accountId: string | null
  readonly appType: string | null
  readonly phishingToolIndicator: string | null
  readonly controlMode: string | null
  readonly description: string | null
  readonly clonedLoginPageIndicator: string | null
  readonly response: string | null
  readonly email: string | null
  readonly url: string | null
  readonly referrerUrl: string | null
  readonly clonedLoginPageUrls: readonly string[] | null
  readonly sourceIpAddress: string | null
  /** A text that most often holds JSON. */
  readonly metadata: string | null
  readonly experimental: boolean | null
}

/** The row type of each collection. */
export interface Rows {
  employees: Employee
  accounts: Account
  apps: App
  browsers: Browser
  browserExtensions: BrowserExtension
  findings: Finding
  detections: Detection
}

export type CollectionName = keyof Rows

/** A row of one of the collections; all have an `id`. */
export type Row = Rows[CollectionName]

/** The name of an app for people: `friendlyName`, else `type`. */
export const appName = (app: Pick<App, 'friendlyName' | 'type'>): string =>
  app.friendlyName ?? app.type

/** The value of a detection event's `metadata`, a text that most often holds JSON; null where it does not. */
export const metadataValue = (text: string | null): unknown => {
  if (text === null) return null
  try {
    return parseJson(text)
  } catch {
    return null
  }
}
