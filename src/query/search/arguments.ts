/** What a search is asked for, read from its arguments. */
import { BadInputError } from '../../errors.ts'
import { collectionNames } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ObservableKind } from '../../model/observables.ts'
import { kindsOf } from './kinds.ts'
import { refanged } from './spelling.ts'

export interface SearchValueArguments {
  readonly value: string
  /** What the value may be; whatever it looks like where absent. */
  readonly kinds?: readonly ObservableKind[] | null | undefined
  /** The collections to find objects of, and whether to find stored events; all where absent. */
  readonly types?: readonly (CollectionName | 'events')[] | null | undefined
}

export interface SearchQuery {
  /** As it is written where nobody need be afraid of it: a defanged address is what it stands for. */
  readonly value: string
  /** What the value may be. */
  readonly kinds: readonly ObservableKind[]
  /** The collections whose objects are wanted. */
  readonly types: ReadonlySet<CollectionName>
  /** Those of them to whose objects links are followed. */
  readonly linked: ReadonlySet<CollectionName>
  /** Stored events are wanted. */
  readonly events: boolean
  /** Links are followed that begin at them. */
  readonly fromEvents: boolean
  /** The caller named the types. */
  readonly typesNamed: boolean
}

/** Longer than any id, name or address; a URL alone may be longer, and is no use beyond what browsers take. */
const MAX_VALUE = 500
const MAX_URL = 2_048

/** @throws BadInputError when the value cannot be looked for. */
export const readSearchQuery = ({ value, kinds, types }: SearchValueArguments): SearchQuery => {
  const given = value.toWellFormed().trim()
  if (given === '') throw new BadInputError('"value" must not be blank', 'value')
  const text = given.length > MAX_URL ? given : readSpelling(given, kinds)
  const mayBe = kinds ?? kindsOf(text)
  const limit = mayBe.includes('URL') ? MAX_URL : MAX_VALUE
  if (text.length > limit)
    throw new BadInputError(`"value" must have at most ${limit} characters`, 'value')
  const wanted = new Set(collectionNames.filter(name => types?.includes(name) ?? true))
  return {
    value: text,
    kinds: [...new Set(mayBe)],
    types: wanted,
    linked: wanted,
    events: types?.includes('events') ?? true,
    fromEvents: types?.includes('events') ?? true,
    typesNamed: types !== null && types !== undefined,
  }
}

const addressKinds: readonly ObservableKind[] = ['EMAIL_ADDRESS', 'DOMAIN', 'URL', 'IP_ADDRESS']

/**
 * Whether that search would look for a person: for an address of any kind, be it of a site that somebody visited, or for
 * a value that can be nothing else, whatever it is said to be. A name of an app may look like a domain.
 */
export const searchesPersons = ({ value, kinds }: SearchValueArguments): boolean => {
  const text = refanged(
    value
      .slice(0, MAX_URL + 1)
      .toWellFormed()
      .trim(),
  )
  const looksLike = kindsOf(text)
  const isAddress = (kind: ObservableKind): boolean => addressKinds.includes(kind)
  return (kinds ?? looksLike).some(isAddress) || looksLike.every(isAddress)
}

/** What stands for an address is read as that; brackets in the name of an app are left alone. */
const readSpelling = (
  text: string,
  kinds: readonly ObservableKind[] | null | undefined,
): string => {
  const plain = refanged(text)
  if (plain === text) return text
  if (kinds !== null && kinds !== undefined)
    return kinds.some(kind => addressKinds.includes(kind)) ? plain : text
  const [form] = kindsOf(plain)
  // "Meet [at] work" is no address of anybody.
  const isAddress = form !== undefined && addressKinds.includes(form)
  return isAddress && (form !== 'EMAIL_ADDRESS' || /@.*\./.test(plain)) ? plain : text
}
