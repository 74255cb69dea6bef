/**
 * Which object leads to which others, as one table: the links and lists of the graph, the relation filters, the
 * group dimensions and the demand of an operation all read it. A relation never leaves its connector.
 */
import type { CollectionName, DetectionEvent, Rows } from './rows.ts'

/** A link to one object: `row[idField]` is its id. It leads nowhere where that is null or names no row. */
export interface ToOne<Field extends string = string> {
  /** The field of the graph. */
  readonly name: string
  readonly idField: Field
  readonly to: CollectionName
}

/** A list of objects: the rows of `to` whose `foreignField` equals `row[ownField]`; empty where that is null. */
export interface ToMany<Field extends string = string> {
  /** The field of the graph. */
  readonly name: string
  readonly to: CollectionName
  readonly foreignField: string
  readonly ownField: Field
  /** The row itself would be among them, and is left out. */
  readonly exceptSelf: boolean
}

export interface Relations<Field extends string = string> {
  readonly toOne: readonly ToOne<Field>[]
  readonly toMany: readonly ToMany<Field>[]
}

const one = <Field extends string>(
  name: string,
  idField: Field,
  to: CollectionName,
): ToOne<Field> => ({ name, idField, to })

/** The rows of `to` that hold this row's id. */
const many = <To extends CollectionName>(
  name: string,
  to: To,
  foreignField: keyof Rows[To] & string,
): ToMany<'id'> => ({ name, to, foreignField, ownField: 'id', exceptSelf: false })

/** The accounts that share this row's password. */
const passwordPeers = (exceptSelf: boolean): ToMany<'passwordId'> => ({
  name: 'passwordPeers',
  to: 'accounts',
  foreignField: 'passwordId',
  ownField: 'passwordId',
  exceptSelf,
})

const employee = one('employee', 'employeeId', 'employees')

export const relations: {
  readonly [Name in CollectionName]: Relations<keyof Rows[Name] & string>
} = {
  employees: {
    toOne: [],
    toMany: [
      many('accounts', 'accounts', 'employeeId'),
      many('browsers', 'browsers', 'employeeId'),
      many('browserExtensions', 'browserExtensions', 'employeeId'),
      many('findings', 'findings', 'employeeId'),
      many('detections', 'detections', 'employeeId'),
      many('ownedApps', 'apps', 'ownerId'),
    ],
  },
  accounts: {
    toOne: [employee, one('app', 'appId', 'apps')],
    toMany: [many('findings', 'findings', 'accountId'), passwordPeers(true)],
  },
  apps: {
    toOne: [one('owner', 'ownerId', 'employees')],
    toMany: [many('accounts', 'accounts', 'appId'), many('findings', 'findings', 'appId')],
  },
  browsers: {
    toOne: [employee],
    toMany: [
      many('detections', 'detections', 'browserId'),
      many('browserExtensions', 'browserExtensions', 'browserId'),
    ],
  },
  browserExtensions: {
    toOne: [employee, one('browser', 'browserId', 'browsers')],
    toMany: [],
  },
  findings: {
    toOne: [employee, one('account', 'accountId', 'accounts'), one('app', 'appId', 'apps')],
    toMany: [passwordPeers(false)],
  },
  detections: {
    toOne: [employee, one('browser', 'browserId', 'browsers')],
    toMany: [],
  },
}

/** The links of one event inside a detection. */
export const detectionEventRelations: Relations<keyof DetectionEvent> = {
  toOne: [one('account', 'accountId', 'accounts')],
  toMany: [],
}
