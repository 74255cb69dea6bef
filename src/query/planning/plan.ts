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
import type { Known } from './statistics.ts'
import { scanCost } from './scan-cost.ts'
import { selectivity, shareSince } from './selectivity.ts'
import { pagesOf } from './presumed-sizes.ts'

export type Way =
  /** The whole collection is in the store, or is read into it. */
  | { readonly kind: 'store' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The rows of each of those values, by a parameter that asks for one. */
  | { readonly kind: 'slices'; readonly field: string; readonly values: readonly string[] }
  /** The rows after a moment (UNIX seconds), by a parameter. */
  | { readonly kind: 'after'; readonly field: string; readonly seconds: number }
  /** The rows of those e-mail addresses, by a parameter that matches part of an address. */
  | { readonly kind: 'emails'; readonly field: string; readonly values: readonly string[] }
  /** First the objects that a link leads to, then the rows of each of those that pass. */
  | { readonly kind: 'through'; readonly link: ToOne; readonly of: Filter }

export interface Plan {
  readonly way: Way
  /** The parts of the filter that Push is asked for. */
  readonly pushed: readonly Filter[]
  /** The parts that only we check. */
  readonly residual: readonly Filter[]
  readonly cost: Cost
  /** Rows that are expected to pass, out of the whole collection. */
  readonly rows: number
}

export interface Ask {
  readonly collection: CollectionName
  readonly filter: Filter
  /** Rows that suffice; undefined where only all that pass will do (a count, an order, a page from the end). */
  readonly enough: number | undefined
  /** The collection is read whole in this operation anyway. */
  readonly scanned: boolean
}

/** The cheapest way to the rows that pass. */
export const plan = (ask: Ask, known: Known): Plan => {
  const parts = conjuncts(ask.filter)
  const all = known.rows(ask.collection)
  const covered = known.covered(ask.collection)
  const guess = (): number =>
    all * parts.reduce((share, part) => share * selectivity(part, known, ask.collection), 1)
  const seen = covered || parts.length === 0 ? undefined : known.passing(ask.collection, ask.filter)
  const rows = seen === undefined ? guess() : Math.min(all, seen)
  const readAll = (kind: 'store' | 'scan', cost: Cost): Plan => ({
    way: { kind },
    pushed: [],
    residual: parts,
    cost,
    rows,
  })
  const free: Cost = { requests: 0, chain: 0 }
  // What no row passes needs none.
  if (ask.filter.kind === 'nothing')
    return { way: { kind: 'ids', ids: [] }, pushed: parts, residual: [], cost: free, rows: 0 }
  if (covered) return readAll('store', free)
  const pages = pagesOf(all, known.pageSize)
  // A walk stops when it has enough; how soon depends on how many rows pass.
  const walked =
    ask.enough === undefined || rows <= 0
      ? pages
      : Math.min(pages, Math.ceil((pages * ask.enough) / Math.max(rows, 1e-9)))
  const scan = readAll('scan', { requests: Math.max(1, walked), chain: Math.max(1, walked) })
  if (ask.scanned) return scan
  let best = scan
  for (const part of parts) {
    const way = wayOf(ask.collection, part, known)
    const cost = way === undefined ? undefined : costOf(ask.collection, way, part, known)
    if (way === undefined || cost === undefined || !isBetter(cost, best.cost, known.terms)) continue
    best = { way, pushed: [part], residual: parts.filter(other => other !== part), cost, rows }
  }
  return best
}

/** How Push can be asked for the rows that pass this part, and perhaps others; undefined where it cannot. */
const wayOf = (name: CollectionName, part: Filter, known: Known): Way | undefined => {
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
        ? { kind: 'through', link: part.link, of: part.of }
        : undefined
    default:
      return undefined
  }
}

const exactWay = (
  name: CollectionName,
  field: string,
  values: readonly (string | number | boolean)[],
  known: Known,
): Way | undefined => {
  const texts = [...new Set(values.map(String))]
  if (field === 'id') return known.byId(name) ? { kind: 'ids', ids: texts } : undefined
  return parameterOf(name, field, 'eq', 'exact') !== undefined && known.bySlice(name, field)
    ? { kind: 'slices', field, values: texts }
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
  known: Known,
): Way | undefined =>
  values.every(isWrittenOneWay) ? exactWay(name, field, values, known) : undefined

const afterWay = (name: CollectionName, part: Compare, known: Known): Way | undefined => {
  const isLower = part.op === 'gt' || part.op === 'gte'
  return isLower &&
    typeof part.value === 'number' &&
    parameterOf(name, part.field, 'gt', 'narrow') !== undefined &&
    known.byParameter(name, part.field)
    ? { kind: 'after', field: part.field, seconds: part.value }
    : undefined
}

/** Letters beyond ASCII fold in ways that Push may not know; such an address is looked for among all. */
const isPlainAddress = (value: string): boolean => /^[\x21-\x7e]{3,}$/.test(value)

const emailWay = (
  name: CollectionName,
  field: string,
  values: readonly string[],
  known: Known,
): Way | undefined =>
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

const costOf = (name: CollectionName, way: Way, part: Filter, known: Known): Cost => {
  switch (way.kind) {
    case 'store':
      return { requests: 0, chain: 0 }
    case 'scan': {
      const pages = pagesOf(known.rows(name), known.pageSize)
      return { requests: pages, chain: pages }
    }
    case 'ids': {
      const missing = way.ids.filter(id => !known.has(name, id)).length
      return { requests: missing, chain: Math.min(1, missing) }
    }
    case 'slices': {
      const missing = way.values.filter(value => !known.hasSlice(name, way.field, value)).length
      return { requests: missing, chain: Math.min(1, missing) }
    }
    case 'emails': {
      const missing = way.values.filter(
        value => !known.hasSlice(name, `${way.field} folded`, value),
      ).length
      if (missing === 0) return { requests: 0, chain: 0 }
      // Whether the parameter minds letter case takes one more request to learn.
      return {
        requests: missing + (known.isLearnt(name, way.field) ? 0 : 2),
        chain: known.isLearnt(name, way.field) ? 1 : 3,
      }
    }
    case 'after': {
      const rows = known.passing(name, part) ?? known.rows(name) * shareSince(way.seconds, known)
      const pages = pagesOf(rows, known.pageSize)
      return { requests: pages, chain: pages }
    }
    case 'through': {
      const inner = plan(
        { collection: way.link.to, filter: way.of, enough: undefined, scanned: false },
        known,
      )
      // Nothing else waits for that scan: its pages are read side by side where that can be.
      const before = inner.way.kind === 'scan' ? scanCost(way.link.to, known, true) : inner.cost
      const slices = Math.max(1, Math.round(inner.rows))
      return { requests: before.requests + slices, chain: before.chain + 1 }
    }
    default:
      return way satisfies never
  }
}
