/** The ids by which a request asks for a document: in Apollo's protocol, or as its `documentId`. */
import { BadInputError } from '../../errors.ts'
import { isMembers } from '../../model/events.ts'

/** What a request asks, as members of its body or of its address. */
export type AskedMembers = Readonly<Record<string, unknown>>

/** `doc_id` is what Relay's own example sends. */
const ID_MEMBERS = ['documentId', 'doc_id'] as const

const HASHES = 'persistedQuery'

/** What stands in every request that asks by an id, as alternatives of a regular expression. */
export const ID_NAMES = [...ID_MEMBERS, HASHES].join('|')

/**
 * The ids; undefined where it asks by its text alone, as most do. In an address, extensions are the text of an object.
 *
 * @throws {BadInputError} where an id cannot be read
 */
export const askedIds = (
  asked: AskedMembers,
  inAddress: boolean,
): readonly string[] | undefined => {
  const { documentId = null, doc_id = null, extensions = null } = asked
  if (documentId === null && doc_id === null && extensions === null) return undefined
  const ids = ID_MEMBERS.flatMap(name => readId(asked[name] ?? null, name))
  const hashes = membersOf(extensions, inAddress)?.[HASHES] ?? null
  if (hashes !== null) ids.push(readHash(hashes))
  return ids.length === 0 ? undefined : ids
}

/** The same question with the text in place of its ids. */
export const withText = (asked: AskedMembers, text: string, inAddress: boolean): AskedMembers => {
  const { documentId: _, doc_id: __, extensions, ...rest } = asked
  const { [HASHES]: ___, ...others } = membersOf(extensions, inAddress) ?? {}
  const isBare = Object.keys(others).length === 0
  return {
    ...rest,
    query: text,
    ...(isBare ? {} : { extensions: inAddress ? JSON.stringify(others) : others }),
  }
}

const readId = (value: unknown, name: string): readonly string[] => {
  if (value === null) return []
  if (typeof value === 'string' && value !== '') return [value]
  throw new BadInputError(`"${name}" must be one text, the id of a document`, name)
}

const readHash = (persisted: unknown): string => {
  const { version, sha256Hash } = isMembers(persisted) ? persisted : {}
  if (version !== 1)
    throw new BadInputError(
      'Unsupported persisted query version: "extensions.persistedQuery.version" must be 1',
      `extensions.${HASHES}.version`,
    )
  if (typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash
  throw new BadInputError(
    '"extensions.persistedQuery.sha256Hash" must be the hash of a document',
    `extensions.${HASHES}.sha256Hash`,
  )
}

const membersOf = (value: unknown, inAddress: boolean): AskedMembers | undefined => {
  if (!inAddress || typeof value !== 'string') return isMembers(value) ? value : undefined
  try {
    const read: unknown = JSON.parse(value)
    return isMembers(read) ? read : undefined
  } catch {
    return undefined
  }
}
