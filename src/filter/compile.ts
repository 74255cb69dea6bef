/**
 * From a filter to a function of one row. Each operator becomes a closure made for its field and its constant, so
 * that a row is never looked at through the filter's data again.
 */
import { enums } from '../model/enums.ts'
import { rememberFor } from '../model/remember.ts'
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import type { StoredName, StoredRows } from '../model/stored.ts'
import {
  ELEMENT,
  type Compare,
  type Filter,
  type FilterScope,
  type ListFilter,
  type NumberRange,
} from './filter.ts'
import { cased, folded } from './letters.ts'
import { cheapestFirst, ownNanosecondsPerRow } from './cost.ts'
import { RememberedAnswers } from './remembered-answers.ts'
import { textInTest, textTest, type TextTest } from './text-tests.ts'
import { derived, type FieldValues, type Surroundings } from './values.ts'
import { versionTest } from './versions.ts'

/**
 * Breaks off a test that takes long, since relations may lead from one row to all others. Asked again for the same
 * row, the test goes on from what it had found out.
 */
export interface Pause {
  /** Called before about so much work; what it throws ends the test. */
  spend(nanoseconds: number): void
  /** Called when something was found out that is not looked for again while `version` stands still. */
  found(): void
  /** Whether the row is asked about once more, as its test was broken off. */
  isAgain(): boolean
}

/** Whatever it takes. */
const never: Pause = { spend: () => undefined, found: () => undefined, isAgain: () => false }

/**
 * Whether a row passes. Answers stay right while the data change; the rows around a row are asked for anew, save
 * where `version` says that nothing has changed.
 */
export const compile = <Name extends CollectionName>(
  filter: Filter,
  collection: Name,
  around: Surroundings,
  pause = never,
): ((row: Rows[Name]) => boolean) => build(filter, placeOf(collection, around, pause))

/** The same for a row of a stored list. */
export const compileStored = <Name extends StoredName>(
  filter: Filter,
  list: Name,
  around: Surroundings,
): ((row: StoredRows[Name]) => boolean) => build(filter, placeOf(list, around, never))

/** Of a row, or of the value or object that an element of a list is. */
type Test = (value: unknown) => boolean

interface Place {
  readonly scope: FilterScope
  readonly around: Surroundings
  readonly pause: Pause
  /** Reached through a relation: the same row may be asked about many times. */
  readonly related: boolean
  readonly answers: RememberedAnswers
}

const placeOf = (scope: FilterScope, around: Surroundings, pause: Pause): Place => ({
  ...{ scope, around, pause, related: false },
  answers: new RememberedAnswers(() => around.version()),
})

const build = (filter: Filter, place: Place): Test => {
  const of = (inner: Filter): Test => build(inner, place)
  switch (filter.kind) {
    case 'all':
      return () => true
    case 'nothing':
      return () => false
    case 'and':
      return every(cheapestFirst(filter.of).map(of))
    case 'or':
      return some(cheapestFirst(filter.of).map(of))
    case 'not': {
      const test = of(filter.of)
      return row => !test(row)
    }
    case 'isNull':
      return onField(filter.field, place, value => value === null || value === undefined)
    case 'compare':
      return onField(filter.field, place, comparison(filter))
    case 'in': {
      const values = setOf(filter.values)
      return onField(filter.field, place, value => values.has(value))
    }
    case 'text': {
      const letters = filter.caseSensitive ? cased : folded
      return onField(filter.field, place, onText(textTest(filter.op, filter.value, letters)))
    }
    case 'textIn': {
      const letters = filter.caseSensitive ? cased : folded
      return onField(filter.field, place, onText(textInTest(filter.values, letters)))
    }
    case 'version':
      return onField(filter.field, place, onText(versionTest(filter.op, filter.value)))
    case 'unrecognized': {
      const known: ReadonlySet<string> = new Set(enums[filter.enum])
      return onField(filter.field, place, value => typeof value === 'string' && !known.has(value))
    }
    case 'isEmpty':
      return onField(filter.field, place, value => Array.isArray(value) && value.length === 0)
    case 'list':
      return onField(filter.field, place, elements(filter, place))
    case 'toOne':
      return toOne(filter, place)
    case 'toMany':
      return rememberedIfAsked(toMany(filter, place), place)
    default:
      return filter satisfies never
  }
}

/** Made once for all lists with that filter, of which each may have thousands of values. */
const setOf = rememberFor((values: readonly string[]): ReadonlySet<unknown> => new Set(values))

const onField = (field: string, { scope, around }: Place, test: Test): Test => {
  if (field === ELEMENT) return test
  const value = derived(scope, field, around)
  return value === undefined
    ? row => test((row as FieldValues)[field])
    : row => test(value(row as FieldValues))
}

const onText =
  (test: TextTest): Test =>
  value =>
    typeof value === 'string' && test(value)

/** Only a value of the constant's own type passes: null is less than 1 to JavaScript. */
const comparison = ({ op, value: wanted }: Compare): Test => {
  switch (op) {
    case 'eq':
      return value => value === wanted
    case 'gt':
      return value => typeof value === typeof wanted && (value as typeof wanted) > wanted
    case 'gte':
      return value => typeof value === typeof wanted && (value as typeof wanted) >= wanted
    case 'lt':
      return value => typeof value === typeof wanted && (value as typeof wanted) < wanted
    case 'lte':
      return value => typeof value === typeof wanted && (value as typeof wanted) <= wanted
    default:
      return op satisfies never
  }
}

const elements = (filter: ListFilter, place: Place): Test => {
  const inside: Place =
    filter.element === 'value' ? place : { ...place, scope: filter.element, related: true }
  const test = build(filter.of, inside)
  const { quantifier } = filter
  switch (quantifier) {
    case 'any':
      return list => Array.isArray(list) && list.some(test)
    case 'all':
      return list => Array.isArray(list) && list.every(test)
    case 'none':
      return list => Array.isArray(list) && !list.some(test)
    default:
      return list => Array.isArray(list) && areSoMany(list, test, quantifier)
  }
}

const toOne = ({ link, of }: Extract<Filter, { kind: 'toOne' }>, place: Place): Test => {
  const { around } = place
  const { idField, to } = link
  const test = related(of, to, place)
  return row => {
    const id = (row as FieldValues)[idField]
    if (typeof id !== 'string') return false
    const target = around.one(to, id)
    return target !== undefined && test(target)
  }
}

const toMany = (
  { relation, quantifier, of }: Extract<Filter, { kind: 'toMany' }>,
  place: Place,
): Test => {
  const { around } = place
  const { to, foreignField, ownField, exceptSelf } = relation
  const test = related(of, to, place)
  if (typeof quantifier === 'object')
    return row => {
      const own = (row as FieldValues)[ownField]
      const targets = typeof own === 'string' ? around.many(to, foreignField, own) : []
      const self = exceptSelf ? (row as FieldValues)['id'] : undefined
      return areSoMany(targets, target => (target as Row).id !== self && test(target), quantifier)
    }
  const passes = quantifier !== 'every'
  /** Whether one of the related rows passes, or, for `every`, fails. */
  const found: Test = row => {
    const own = (row as FieldValues)[ownField]
    if (typeof own !== 'string') return false
    for (const target of around.many(to, foreignField, own)) {
      if (exceptSelf && target.id === (row as FieldValues)['id']) continue
      if (test(target) === passes) return true
    }
    return false
  }
  return quantifier === 'some' ? found : row => !found(row)
}

/** Whether so many of them pass; no more of them are looked at than tell. */
const areSoMany = (of: Iterable<unknown>, test: Test, { least, most }: NumberRange): boolean => {
  let passing = 0
  for (const each of of) {
    if (!test(each)) continue
    passing += 1
    if (passing > most) return false
    if (passing >= least && most === Infinity) return true
  }
  return passing >= least
}

/** Beyond it, looking up what a related row was found to be is quicker than testing it again. */
const QUICK_NS = 500

/** The test of the rows that a relation leads to. */
const related = (of: Filter, to: CollectionName, place: Place): Test => {
  const { pause } = place
  const nanoseconds = ownNanosecondsPerRow(of)
  const own = build(of, { ...place, scope: to, related: true })
  const test: Test = row => {
    pause.spend(nanoseconds)
    return own(row)
  }
  return nanoseconds > QUICK_NS ? remembered(to, test, place) : test
}

const remembered = (scope: FilterScope, test: Test, { answers, pause }: Place): Test =>
  answers.of(scope, test, () => pause.found())

/** Most rows of the list itself are asked about once: what is found out of one counts where that takes several turns. */
const rememberedIfAsked = (test: Test, place: Place): Test => {
  const known = remembered(place.scope, test, place)
  return place.related ? known : row => (place.pause.isAgain() ? known(row) : test(row))
}

const every = (tests: readonly Test[]): Test => {
  const [a, b, c, ...others] = tests
  if (a === undefined) return () => true
  if (b === undefined) return a
  if (c === undefined) return row => a(row) && b(row)
  if (others.length === 0) return row => a(row) && b(row) && c(row)
  return row => tests.every(test => test(row))
}

const some = (tests: readonly Test[]): Test => {
  const [a, b, c, ...others] = tests
  if (a === undefined) return () => false
  if (b === undefined) return a
  if (c === undefined) return row => a(row) || b(row)
  if (others.length === 0) return row => a(row) || b(row) || c(row)
  return row => tests.some(test => test(row))
}
