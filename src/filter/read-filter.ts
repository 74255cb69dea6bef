/**
 * From the coerced value of a GraphQL filter argument to a filter. An absent operator is absent; an explicit null is
 * refused with the path that leads to it. What comes back is flat, without constants and without double negation.
 */
import { BadInputError } from '../errors.ts'
import {
  everything,
  and,
  not,
  nothing,
  or,
  ELEMENT,
  type Filter,
  type FilterScope,
  type NumberRange,
} from './filter.ts'
import { createAllowance, defaultLimits, type FilterLimits } from './limits.ts'
import { operandsOf, type Comparable, type Operand } from './operands.ts'
import { readComparison } from './read-comparison.ts'
import { passesAbsent } from './absent.ts'
import { readCount } from './read-count.ts'
import { membersOf, readBoolean, readList, refuse, type InputTerms } from './read-input.ts'

export interface ReadOptions {
  /** The operation's start in milliseconds; asked for only where `within` or `olderThan` reckons from it. */
  now(): number
  readonly limits?: Partial<FilterLimits>
  /** Where the filter stands among the arguments; `filter` where absent. */
  readonly path?: string
}

/**
 * The filter that the input stands for; undefined (no argument) passes everything.
 *
 * @throws {BadInputError} with the path of the operator: on an explicit null, a value that cannot be compared, or a
 *   filter beyond the limits.
 */
export const readFilter = (scope: FilterScope, input: unknown, options: ReadOptions): Filter => {
  if (input === undefined) return everything
  const allowance = createAllowance({ ...defaultLimits, ...options.limits })
  return readObject(operandsOf(scope), input, options.path ?? 'filter', 1, {
    moment: options,
    allowance,
  })
}

const readObject = (
  operands: ReadonlyMap<string, Operand>,
  input: unknown,
  path: string,
  level: number,
  reading: InputTerms,
): Filter => {
  reading.allowance.object(level, path)
  const inner = (value: unknown, at: string): Filter =>
    readObject(operands, value, at, level + 1, reading)
  const parts = membersOf(input, path).map(([name, value]) => {
    const at = `${path}.${name}`
    switch (name) {
      case 'and':
        return and(readList(value, at, inner))
      case 'or':
        return or(readList(value, at, inner))
      case 'not':
        return not(inner(value, at))
    }
    const operand = operands.get(name)
    if (operand === undefined) throw new BadInputError(`${at} is no field to filter by`, at)
    return readOperand(operand, value, at, level, reading)
  })
  return and(parts)
}

const readOperand = (
  operand: Operand,
  input: unknown,
  path: string,
  level: number,
  reading: InputTerms,
): Filter => {
  const related = (scope: FilterScope, value: unknown, at: string): Filter =>
    readObject(operandsOf(scope), value, at, level + 1, reading)
  switch (operand.kind) {
    case 'value':
      return readComparison(operand.field, operand.of, input, path, reading)
    case 'values':
      return readValues(operand.field, operand.of, input, path, reading)
    case 'members':
      return readObject(operand.of, input, path, level + 1, reading)
    case 'objects':
      return readQuantified(input, path, reading, operand.field, (quantifier, value, at) =>
        quantifier === 'count'
          ? readCount(value, at, reading, (range, where) =>
              list(
                operand.field,
                operand.scope,
                range,
                where === undefined ? everything : related(operand.scope, where, `${at}.where`),
              ),
            )
          : list(operand.field, operand.scope, quantifier, related(operand.scope, value, at)),
      )
    case 'exists':
      reading.allowance.comparison(path)
      return readBoolean(input, path) ? everything : nothing
    case 'toOne': {
      reading.allowance.comparison(path)
      const { link } = operand
      const of = related(link.to, input, path)
      const present: Filter = of.kind === 'nothing' ? nothing : { kind: 'toOne', link, of }
      if (!passesAbsent(input)) return present
      return or([present, not({ kind: 'toOne', link, of: everything })])
    }
    case 'toMany':
      return and(
        membersOf(input, path).map(([name, value]) => {
          const at = `${path}.${name}`
          reading.allowance.comparison(at)
          if (name === 'count')
            return readCount(value, at, reading, (range, where) =>
              toMany(
                operand.relation,
                range,
                where === undefined
                  ? everything
                  : related(operand.relation.to, where, `${at}.where`),
              ),
            )
          if (name !== 'some' && name !== 'every' && name !== 'none')
            return refuse(at, 'an operator')
          return toMany(operand.relation, name, related(operand.relation.to, value, at))
        }),
      )
    default:
      return operand satisfies never
  }
}

const readValues = (
  field: string,
  of: Comparable,
  input: unknown,
  path: string,
  reading: InputTerms,
): Filter =>
  readQuantified(input, path, reading, field, (quantifier, value, at) =>
    quantifier === 'count'
      ? refuse(at, 'an operator')
      : list(field, 'value', quantifier, readComparison(ELEMENT, of, value, at, reading)),
  )

type Quantifier = 'any' | 'all' | 'none'

/** A list of objects goes by the words of a relation, though it can be null like a list of values. */
const quantifiers: Readonly<Record<string, Quantifier | 'count'>> = {
  count: 'count',
  any: 'any',
  all: 'all',
  none: 'none',
  some: 'any',
  every: 'all',
}

const readQuantified = (
  input: unknown,
  path: string,
  reading: InputTerms,
  field: string,
  readElements: (quantifier: Quantifier | 'count', value: unknown, at: string) => Filter,
): Filter => {
  const isNull: Filter = { kind: 'isNull', field }
  const parts = membersOf(input, path).map(([name, value]): Filter => {
    const at = `${path}.${name}`
    reading.allowance.comparison(at)
    if (name === 'isNull') return readBoolean(value, at) ? isNull : not(isNull)
    if (name === 'isEmpty')
      return readBoolean(value, at)
        ? { kind: 'isEmpty', field }
        : list(field, 'value', 'any', everything)
    const quantifier = quantifiers[name]
    if (quantifier === undefined) return refuse(at, 'an operator')
    return readElements(quantifier, value, at)
  })
  return and(parts)
}

const list = (
  field: string,
  element: 'value' | 'detectionEvents',
  quantifier: Quantifier | NumberRange,
  of: Filter,
): Filter => {
  const isThere = not({ kind: 'isNull', field })
  if (typeof quantifier === 'object') {
    const known = knownNumber(quantifier, of)
    if (known !== undefined) return known ? isThere : nothing
    return { kind: 'list', field, element, quantifier, of }
  }
  if (quantifier === 'any' && of.kind === 'nothing') return nothing
  if (quantifier === 'all' && of.kind === 'all') return isThere
  if (quantifier === 'none' && of.kind === 'nothing') return isThere
  // Both ask for a list without elements.
  if (quantifier === 'all' && of.kind === 'nothing') return { kind: 'isEmpty', field }
  if (quantifier === 'none' && of.kind === 'all') return { kind: 'isEmpty', field }
  return { kind: 'list', field, element, quantifier, of }
}

const toMany = (
  relation: Extract<Filter, { kind: 'toMany' }>['relation'],
  quantifier: 'some' | 'every' | 'none' | NumberRange,
  of: Filter,
): Filter => {
  if (typeof quantifier === 'object') {
    const known = knownNumber(quantifier, of)
    if (known !== undefined) return known ? everything : nothing
    return { kind: 'toMany', relation, quantifier, of }
  }
  if (quantifier === 'some' && of.kind === 'nothing') return nothing
  if (quantifier === 'every' && of.kind === 'all') return everything
  if (quantifier === 'none' && of.kind === 'nothing') return everything
  return { kind: 'toMany', relation, quantifier, of }
}

/** Whether that holds of every list; undefined where lists differ. */
const knownNumber = ({ least, most }: NumberRange, of: Filter): boolean | undefined => {
  if (least > most || most < 0) return false
  if (least <= 0 && (most === Infinity || of.kind === 'nothing')) return true
  return of.kind === 'nothing' ? false : undefined
}
