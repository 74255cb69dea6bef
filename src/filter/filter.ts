/**
 * A caller's question as data: what is read from GraphQL arguments, split by the planner, and compiled for rows.
 * Filters are immutable, finite and two-valued: a row passes or it does not.
 */
import type { EnumName } from '../model/enums.ts'
import type { ToMany, ToOne } from '../model/relations.ts'
import type { ListName } from '../model/stored.ts'

/** What a filter speaks of: the rows of a list, or the events inside a detection. */
export type FilterScope = ListName | 'detectionEvents'

/** In the filter of a list's elements, the field that stands for the element itself. */
export const ELEMENT = ''

export type Filter =
  | LeafFilter
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | ListFilter
  /** The link leads to a row, and that row passes. */
  | { readonly kind: 'toOne'; readonly link: ToOne; readonly of: Filter }
  | {
      readonly kind: 'toMany'
      readonly relation: ToMany
      readonly quantifier: 'some' | 'every' | 'none' | NumberRange
      readonly of: Filter
    }

/** So many objects pass: `least` at least, and no more than `most`. */
export interface NumberRange {
  readonly least: number
  readonly most: number
}

/** A filter with no other inside. Whoever walks through filters names it last, so that no new kind is passed over. */
export type LeafFilter =
  /** Every row passes. */
  | { readonly kind: 'all' }
  /** No row passes. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'isNull'; readonly field: string }
  | Compare
  /** The field equals one of the values, exactly as they stand. Null never does. */
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly string[] }
  | TextCompare
  | TextIn
  | VersionCompare
  /** The word is none of the enumeration's. Null never is. */
  | { readonly kind: 'unrecognized'; readonly field: string; readonly enum: EnumName }
  /** The list is there and has no element. */
  | { readonly kind: 'isEmpty'; readonly field: string }

/** Compares an id, a word, a boolean, or a moment in UNIX seconds, exactly as it stands. Null never passes. */
export interface Compare {
  readonly kind: 'compare'
  readonly field: string
  readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'
  readonly value: string | number | boolean
  /** The duration before the operation's start from which `value` was reckoned; it names the question. */
  readonly ago?: string
}

/** Compares a text after NFC and, unless `caseSensitive`, after simple case folding. Null never passes. */
export interface TextCompare {
  readonly kind: 'text'
  readonly field: string
  readonly op: 'eq' | 'contains' | 'startsWith' | 'endsWith' | 'like'
  /** As the caller wrote it, save that a pattern of `like` never has `**`. */
  readonly value: string
  readonly caseSensitive: boolean
}

/** The text equals one of the values, each compared like `TextCompare` does. */
export interface TextIn {
  readonly kind: 'textIn'
  readonly field: string
  readonly values: readonly string[]
  readonly caseSensitive: boolean
}

/** Compares dotted numbers part by part; what is no such version never passes. */
export interface VersionCompare {
  readonly kind: 'version'
  readonly field: string
  readonly op: 'gt' | 'gte' | 'lt' | 'lte'
  /** Itself one. */
  readonly value: string
}

/** Asks the elements of a list. A null list never passes; an empty one passes `all` and `none`. */
export interface ListFilter {
  readonly kind: 'list'
  readonly field: string
  /** What an element is: a value (`of` calls it ELEMENT), or an object with fields of its own. */
  readonly element: 'value' | 'detectionEvents'
  readonly quantifier: 'any' | 'all' | 'none' | NumberRange
  readonly of: Filter
}

export const everything: Filter = { kind: 'all' }
export const nothing: Filter = { kind: 'nothing' }

/** All of them hold; flat, without constants. No part at all: everything passes. */
export const and = (parts: readonly Filter[]): Filter => join('and', parts, everything, nothing)

/** At least one of them holds; flat, without constants. No part at all: nothing passes. */
export const or = (parts: readonly Filter[]): Filter => join('or', parts, nothing, everything)

/** The opposite, also for null: `not` has two values. */
export const not = (filter: Filter): Filter => {
  switch (filter.kind) {
    case 'all':
      return nothing
    case 'nothing':
      return everything
    case 'not':
      return filter.of
    default:
      return { kind: 'not', of: filter }
  }
}

/** The parts that must all hold; a filter that is no `and` is its only part, and `all` has none. */
export const conjuncts = (filter: Filter): readonly Filter[] =>
  filter.kind === 'and' ? filter.of : filter.kind === 'all' ? [] : [filter]

const join = (
  kind: 'and' | 'or',
  parts: readonly Filter[],
  neutral: Filter,
  decisive: Filter,
): Filter => {
  const flat = parts
    .flatMap(part => (part.kind === kind ? part.of : [part]))
    .filter(part => part.kind !== neutral.kind)
  if (flat.some(part => part.kind === decisive.kind)) return decisive
  const [only, ...others] = flat
  if (only === undefined) return neutral
  return others.length === 0 ? only : { kind, of: flat }
}
