/**
 * What an object was like when somebody looked at it, as a short text: a keyed hash of each field that counts, so that
 * the fields which have changed since can be named, and nobody learns a value from it.
 */
import { createHmac } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import type { Field } from '../model/collection.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { fieldOf } from '../model/values.ts'

/** The collections whose objects can be changed. */
export type WritableName = 'employees' | 'accounts' | 'apps' | 'detections'

/** What people go by when they decide, field by field. */
const compared: { readonly [Name in WritableName]: readonly (keyof Rows[Name] & string)[] } = {
  employees: ['email', 'firstName', 'lastName', 'department', 'location', 'licensed'],
  accounts: [
    ...(['employeeId', 'appId', 'email', 'mfaRegistered', 'mfaMethods', 'passwordId'] as const),
    ...(['passwordLogin', 'oidcLogin', 'samlLogin', 'oktaSwaLogin'] as const),
    ...(['vendorSsoLogin', 'fedCmLogin', 'lastUsedAt'] as const),
  ],
  apps: ['approvalStatus', 'sensitivityLevel', 'ownerId', 'notes'],
  detections: [
    ...(['employeeId', 'browserId', 'severity', 'detectionType', 'response'] as const),
    ...(['archived', 'classification', 'lastActivityAt'] as const),
  ],
}

/** Push may send them with an object and leave them out of its list: what was not told cannot have changed. */
const seldomTold: ReadonlySet<string> = new Set(['vendorSsoLogin', 'fedCmLogin', 'lastActivityAt'])

export interface Revisions {
  of<Name extends WritableName>(name: Name, row: Rows[Name]): string
  /**
   * The fields, as the graph calls them, in which the object differs from what it was.
   * @throws BadInputError where the text is no revision of that object
   */
  changedSince<Name extends WritableName>(
    name: Name,
    row: Rows[Name],
    revision: string,
  ): readonly string[]
}

/** Letters for each part: 24 bits. */
const LETTERS = 4
const NOTHING = '....'

/** Those of one secret. */
export const createRevisions = (secret: Uint8Array): Revisions => {
  const hash = (...of: readonly unknown[]): string =>
    createHmac('sha256', secret).update(JSON.stringify(of)).digest('base64url').slice(0, LETTERS)

  /** The first part says of which object it is. */
  const partsOf = (name: WritableName, row: Rows[WritableName]): readonly string[] => [
    hash(name, row.id),
    ...compared[name].map(field => {
      const value = fieldOf(row, field)
      return value === null ? NOTHING : hash(name, row.id, field, value)
    }),
  ]

  return {
    of: (name, row) => partsOf(name, row).join(''),
    changedSince: (name, row, revision) => {
      const [own, ...now] = partsOf(name, row)
      const [seen, ...before] = revision.match(/.{1,4}/g) ?? []
      if (seen !== own || before.length !== now.length)
        throw new BadInputError(
          'This is no revision of this object that this server gave: take `revision` of the object as you read it here',
          'input.ifUnchangedSince',
        )
      return compared[name].flatMap((field, at) => {
        const isUntold =
          seldomTold.has(field) && [before[at], now[at]].some(part => part === NOTHING)
        return before[at] === now[at] || isUntold ? [] : [pathOf(name, field)]
      })
    },
  }
}

/** As the graph calls it. */
const pathOf = (name: CollectionName, field: string): string => {
  const { from } = (collections[name].fields as Readonly<Record<string, Field>>)[field] ?? {}
  return from?.startsWith('loginMethods.') === true ? `loginMethods.${field}` : field
}
