/**
 * From a filter to a way of reading: what Push can be asked for, and what that costs. Nothing is read here, and the
 * whole filter is checked again on every row that a way brings, so a parameter that Push ignores, widens or bounds
 * differently costs time, never truth.
 */
import type { Compare, Filter } from '../../filter/filter.ts'
import { conjuncts } from '../../filter/filter.ts'
import { collections, type Pushdown } from '../../model/collections.ts'
import type { ToOne } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type Cost, isBetter } from './cost.ts'
import type { Statistics } from './statistics.ts'
import { scanCost } from './scan-cost.ts'
import { selectivity, shareSince } from './selectivity.ts'
import { pagesOf } from './presumed-sizes.ts'

export type AccessPath =
  /** The whole collection is in the store, or is read into it. */
  | { readonly kind: 'store' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The rows of each of those values, by a parameter that asks for one. */
  | { readonly kind: 'equal'; readonly field: string; readonly values: readonly string[] }
  /** The rows after a moment (UNIX seconds), by a parameter. */
  | { readonly kind: 'range'; readonly field: string; readonly seconds: number }
  /** The rows of those e-mail addresses, by a parameter that matches part of an address. */
  | { readonly kind: 'emails'; readonly field: string; readonly values: readonly string[] }
  /** First the objects that a link leads to, then the rows of each of those that pass. */
  | { readonly kind: 'semiJoin'; readonly link: ToOne; readonly of: Filter }

export interface Plan {
  readonly accessPath: AccessPath
  /** The parts of the filter that Push is asked for. */
  readonly pushed: readonly Filter[]
  /** The parts that only we check. */
  readonly residual: readonly Filter[]
  readonly cost: Cost
  /** Rows that are expected to pass, out of the whole collection. */
  readonly rows: number
}

export interface PlanRequest {
  readonly collection: CollectionName
  readonly filter: Filter
  /** Rows that suffice; undefined where only all that pass will do (a count, an order, a page from the end). */
  readonly enough: number | undefined
  /** The collection is read whole in this operation anyway. */
  readonly scanned: boolean
}

/** The cheapest way to the rows that pass. */
export const plan = (ask: PlanRequest, known: Statistics): Plan => {
  const parts = conjuncts(ask.filter)
  const all = known.rows(ask.collection)
  const covered = known.covered(ask.collection)
  const guess = (): number =>
    all * parts.reduce((share, part) => share * selectivity(part, known, ask.collection), 1)
  const seen = covered || parts.length === 0 ? undefined : known.passing(ask.collection, ask.filter)
  const rows = seen === undefined ? guess() : Math.min(all, seen)
  const readAll = (kind: 'store' | 'scan', cost: Cost): Plan => ({
    accessPath: { kind },
    pushed: [],
    residual: parts,
    cost,
    rows,
  })
  const free: Cost = { requests: 0, depth: 0 }
  // What no row passes needs none.
  if (ask.filter.kind === 'nothing')
    return {
      accessPath: { kind: 'ids', ids: [] },
      pushed: parts,
      residual: [],
      cost: free,
      rows: 0,
    }
  if (covered) return readAll('store', free)
  const pages = pagesOf(all, known.pageSize)
  // A walk stops when it has enough; how soon depends on how many rows pass.
  const walked =
    ask.enough === undefined || rows <= 0
      ? pages
      : Math.min(pages, Math.ceil((pages * ask.enough) / Math.max(rows, 1e-9)))
  const scan = readAll('scan', { requests: Math.max(1, walked), depth: Math.max(1, walked) })
  if (ask.scanned) return scan
  let best = scan
  for (const part of parts) {
    const accessPath = wayOf(ask.collection, part, known)
    const cost =
      accessPath === undefined ? undefined : costOf(ask.collection, accessPath, part, known)
    if (accessPath === undefined || cost === undefined || !isBetter(cost, best.cost, known.terms))
      continue
    best = {
      accessPath,
      pushed: [part],
      residual: parts.filter(other => other !== part),
      cost,
      rows,
    }
  }
  return best
}

/** How Push can be asked for the rows that pass this part, and perhaps others; undefined where it cannot. */
const wayOf = (name: CollectionName, part: Filter, known: Statistics): AccessPath | undefined => {
  switch (part.kind) {
    case 'compare':
      return part.op === 'eq'
        ? exactWay(name, part.field, [part.value], known)
        : afterWay(name, part, known)
    case 'in':
      return exactWay(name, part.field, part.values, known)
    case 'text':
      if (part.op !== 'eq') return undefined
      return part.caseSensitive
        ? textWay(name, part.field, [part.value], known)
        : emailWay(name, part.field, [part.value], known)
    case 'textIn':
      return part.caseSensitive
        ? textWay(name, part.field, part.values, known)
        : emailWay(name, part.field, part.values, known)
    case 'toOne':
      return parameterOf(name, part.link.idField, 'eq', 'exact') !== undefined &&
        known.bySlice(name, part.link.idField)
        ? { kind: 'semiJoin', link: part.link, of: part.of }
        : undefined
    default:
      return undefined
  }
}

const exactWay = (
  name: CollectionName,
  field: string,
  values: readonly (string | number | boolean)[],
  known: Statistics,
): AccessPath | undefined => {
  const texts = [...new Set(values.map(String))]
  if (field === 'id') return known.byId(name) ? { kind: 'ids', ids: texts } : undefined
  return parameterOf(name, field, 'eq', 'exact') !== undefined && known.bySlice(name, field)
    ? { kind: 'equal', field, values: texts }
    : undefined
}

/**
 * A text that no other text is held to be equal to: beyond ASCII there are several ways to write the same, and a K, a
 * semicolon and a grave accent have twins there (the Kelvin sign, the Greek question mark, the varia).
 */
const isWrittenOneWay = (text: string): boolean => /^[ -~]*$/.test(text) && !/[K;`]/.test(text)

const textWay = (
  name: CollectionName,
  field: string,
  values: readonly string[],
  known: Statistics,
): AccessPath | undefined =>
  values.every(isWrittenOneWay) ? exactWay(name, field, values, known) : undefined

const afterWay = (
  name: CollectionName,
  part: Compare,
  known: Statistics,
): AccessPath | undefined => {
  const isLower = part.op === 'gt' || part.op === 'gte'
  return isLower &&
    typeof part.value === 'number' &&
    parameterOf(name, part.field, 'gt', 'narrow') !== undefined &&
    known.byParameter(name, part.field)
    ? { kind: 'range', field: part.field, seconds: part.value }
    : undefined
}

/** Letters beyond ASCII fold in ways that Push may not know; such an address is looked for among all. */
const isPlainAddress = (value: string): boolean => /^[\x21-\x7e]{3,}$/.test(value)

const emailWay = (
  name: CollectionName,
  field: string,
  values: readonly string[],
  known: Statistics,
): AccessPath | undefined =>
  field === 'email' &&
  parameterOf(name, field, 'eq', 'narrow') !== undefined &&
  known.byParameter(name, field) &&
  values.every(isPlainAddress)
    ? { kind: 'emails', field, values: [...new Set(values.map(value => value.toLowerCase()))] }
    : undefined

/** The parameter for a comparison, where Push documents one or it is used in the field. */
export const parameterOf = (
  name: CollectionName,
  field: string,
  operator: Pushdown['operator'],
  strength: Pushdown['strength'],
): string | undefined =>
  collections[name].pushdown.find(
    push =>
      push.field === field &&
      push.operator === operator &&
      push.strength === strength &&
      push.trusted,
  )?.parameter

const costOf = (
  name: CollectionName,
  accessPath: AccessPath,
  part: Filter,
  known: Statistics,
): Cost => {
  switch (accessPath.kind) {
    case 'store':
      return { requests: 0, depth: 0 }
    case 'scan': {
      const pages = pagesOf(known.rows(name), known.pageSize)
      return { requests: pages, depth: pages }
    }
    case 'ids': {
      const missing = accessPath.ids.filter(id => !known.has(name, id)).length
      return { requests: missing, depth: Math.min(1, missing) }
    }
    case 'equal': {
      const missing = accessPath.values.filter(
        value => !known.hasSlice(name, accessPath.field, value),
      ).length
      return { requests: missing, depth: Math.min(1, missing) }
    }
    case 'emails': {
      const missing = accessPath.values.filter(
        value => !known.hasSlice(name, `${accessPath.field} folded`, value),
      ).length
      if (missing === 0) return { requests: 0, depth: 0 }
      // Whether the parameter minds letter case takes one more request to learn.
      return {
        requests: missing + (known.isLearnt(name, accessPath.field) ? 0 : 2),
        depth: known.isLearnt(name, accessPath.field) ? 1 : 3,
      }
    }
    case 'range': {
      const rows =
        known.passing(name, part) ?? known.rows(name) * shareSince(accessPath.seconds, known)
      const pages = pagesOf(rows, known.pageSize)
      return { requests: pages, depth: pages }
    }
    case 'semiJoin': {
      const inner = plan(
        {
          collection: accessPath.link.to,
          filter: accessPath.of,
          enough: undefined,
          scanned: false,
        },
        known,
      )
      // Nothing else waits for that scan: its pages are read side by side where that can be.
      const before =
        inner.accessPath.kind === 'scan' ? scanCost(accessPath.link.to, known, true) : inner.cost
      const slices = Math.max(1, Math.round(inner.rows))
      return { requests: before.requests + slices, depth: before.depth + 1 }
    }
    default:
      return accessPath satisfies never
  }
}
