/** What objects are called in sentences for people: by the names that they have, and by none of their ids. */
import { collections } from '../../model/collections.ts'
import { appName, type CollectionName, type Row, type Rows } from '../../model/rows.ts'
import { spokenAppType, spokenOf } from '../../model/enums.ts'

/** `browser extension` for `browserExtensions`. */
export const nameOfType = (collection: CollectionName): string =>
  collections[collection].type.replaceAll(/(?<!^)[A-Z]/g, ' $&').toLowerCase()

/** `the account ann@example.com at Slack`. What may not be told is null in the row, and left out. */
export const nameOfObject = (collection: CollectionName, row: Row): string => {
  const name = ownNames[collection]?.(row)
  return name === undefined || name === ''
    ? `the ${nameOfType(collection)}`
    : `the ${nameOfType(collection)} ${name}`
}

type NameOf<Name extends CollectionName> = (row: Rows[Name]) => string

const ownNames = {
  employees: ({ email, firstName, lastName }) =>
    email || [firstName, lastName].filter(Boolean).join(' '),
  accounts: ({ email, appType }) => joined(email, at(appType)),
  apps: appName,
  browsers: ({ browser, os, email, profileEmail }) =>
    joined(`${spokenOf(browser)} on ${spokenOf(os)}`, of(email ?? profileEmail)),
  browserExtensions: ({ name, extensionId }) => name ?? extensionId,
  findings: ({ type, appType }) => joined(quoted(type), at(appType)),
  detections: ({ detectionType, severity }) =>
    `${quoted(detectionType)} of ${severity.toLowerCase()} severity`,
} satisfies Partial<{ [Name in CollectionName]: NameOf<Name> }> as Partial<
  Readonly<Record<CollectionName, (row: Row) => string>>
>

const at = (appType: string | null): string | null =>
  appType ? `at ${spokenAppType(appType)}` : null
const of = (email: string | null): string | null => (email ? `of ${email}` : null)
const quoted = (word: string): string => `“${spokenOf(word)}”`

const joined = (...parts: readonly (string | null)[]): string => parts.filter(Boolean).join(' ')
