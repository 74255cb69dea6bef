/**
 * From a filter to an access path: what Push can be asked for, and what that costs. Nothing is read here, and the
 * whole filter is checked again on every row that comes, so a parameter that Push ignores, widens or bounds
 * differently costs time, never truth.
 */
import { type Compare, conjuncts, type Filter } from '../../filter/filter.ts'
import type { ByParameter } from '../../model/collection.ts'
import { parameterOf } from '../../model/collection-lookups.ts'
import type { ToOne } from '../../model/relations.ts'
import { rememberFor } from '../../model/remember.ts'
import type { CollectionName } from '../../model/rows.ts'
import { atOnce, type Cost, free, inTurn, isBetter } from './cost.ts'
import type { Statistics } from './statistics.ts'
import { scanCost } from './scan-cost.ts'
import { selectivity, shareSince } from './selectivity.ts'
import { pagesOf } from './presumed-sizes.ts'

/** How the rows of a plan are read. */
export type AccessPath =
  /** The whole collection is in the store, or is read into it. */
  { readonly kind: 'store' } | { readonly kind: 'scan' } | NarrowPath

/** A path that reads fewer rows than all. */
export type NarrowPath =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The rows of each of those values, by a parameter that asks for one. */
  | (ByParameter & { readonly kind: 'equal'; readonly values: readonly string[] })
  /** The rows after a moment (UNIX seconds), by a parameter. */
  | (ByParameter & { readonly kind: 'range'; readonly seconds: number })
  /** The rows of those e-mail addresses, by a parameter that matches part of an address. */
  | (ByParameter & { readonly kind: 'emails'; readonly values: readonly string[] })
  /** First the objects that a link leads to, then the rows of each of those that pass, by a parameter. */
  | {
      readonly kind: 'semiJoin'
      readonly link: ToOne
      readonly parameter: string
      readonly of: Filter
    }

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

/** The cheapest access path to the rows that pass. */
export const plan = (ask: PlanRequest, known: Statistics): Plan => {
  const { collection, filter, enough } = ask
  const parts = conjuncts(filter)
  // What no row passes needs none.
  if (filter.kind === 'nothing')
    return {
      accessPath: { kind: 'ids', ids: [] },
      pushed: parts,
      residual: [],
      cost: free,
      rows: 0,
    }
  const all = known.rows(collection)
  const covered = known.covered(collection)
  const seen = covered || parts.length === 0 ? undefined : known.passing(collection, filter)
  const rows =
    seen === undefined
      ? all * parts.reduce((share, part) => share * selectivity(part, known, collection), 1)
      : Math.min(all, seen)
  const readAll = (kind: 'store' | 'scan', cost: Cost): Plan => ({
    accessPath: { kind },
    pushed: [],
    residual: parts,
    cost,
    rows,
  })
  if (covered) return readAll('store', free)
  const pages = pagesOf(all, known.pageSize)
  // A walk stops when it has enough; how soon depends on how many rows pass.
  const walked =
    enough === undefined || rows <= 0
      ? pages
      : Math.min(pages, Math.ceil((pages * enough) / Math.max(rows, 1e-9)))
  const scan = readAll('scan', inTurn(Math.max(1, walked)))
  if (ask.scanned) return scan
  let best = scan
  for (const part of parts) {
    const accessPath = narrowPathOf(collection, part, known)
    if (accessPath === undefined) continue
    const cost = costOf(collection, accessPath, part, known)
    if (!isBetter(cost, best.cost, known.terms)) continue
    const residual = parts.filter(other => other !== part)
    best = { accessPath, pushed: [part], residual, cost, rows }
  }
  return best
}

/** How Push can be asked for the rows that pass this part, and perhaps others; undefined where it cannot. */
const narrowPathOf = (
  name: CollectionName,
  part: Filter,
  known: Statistics,
): NarrowPath | undefined => {
  switch (part.kind) {
    case 'compare':
      return part.op === 'eq'
        ? equalPath(name, part.field, [part.value], known)
        : rangePath(name, part, known)
    case 'in':
      return equalPath(name, part.field, part.values, known)
    case 'text':
      if (part.op !== 'eq') return undefined
      return part.caseSensitive
        ? textPath(name, part.field, [part.value], known)
        : emailsPath(name, part.field, [part.value], known)
    case 'textIn':
      return part.caseSensitive
        ? textPath(name, part.field, part.values, known)
        : emailsPath(name, part.field, part.values, known)
    case 'toOne': {
      const { link, of } = part
      const parameter = equalParameter(name, link.idField, known)
      return parameter === undefined ? undefined : { kind: 'semiJoin', link, parameter, of }
    }
    case 'all':
    case 'nothing':
    case 'and':
    case 'or':
    case 'not':
    case 'isNull':
    case 'isEmpty':
    case 'unrecognized':
    case 'version':
    case 'list':
    case 'toMany':
      return undefined
    default:
      return part satisfies never
  }
}

/** The parameter that asks for the rows of one value, where Push filters by it. */
const equalParameter = (
  name: CollectionName,
  field: string,
  known: Statistics,
): string | undefined => {
  const parameter = parameterOf(name, field, 'eq', 'exact')
  return parameter !== undefined && known.bySlice(name, field) ? parameter : undefined
}

const equalPath = (
  name: CollectionName,
  field: string,
  of: readonly (string | number | boolean)[],
  known: Statistics,
): NarrowPath | undefined => {
  const values = [...new Set(of.map(String))]
  // Push has something else where half a letter was replaced.
  if (values.some(value => value.includes('\ufffd'))) return undefined
  if (field === 'id') return known.byId(name) ? { kind: 'ids', ids: values } : undefined
  const parameter = equalParameter(name, field, known)
  return parameter === undefined ? undefined : { kind: 'equal', field, parameter, values }
}

/**
 * A text that no other text is held to be equal to: beyond ASCII the same can be written in several forms, and a K, a
 * semicolon and a grave accent have twins there (the Kelvin sign, the Greek question mark, the varia).
 */
const hasOneSpelling = (text: string): boolean => /^[ -~]*$/.test(text) && !/[K;`]/.test(text)

const textPath = (
  name: CollectionName,
  field: string,
  values: readonly string[],
  known: Statistics,
): NarrowPath | undefined =>
  values.every(hasOneSpelling) ? equalPath(name, field, values, known) : undefined

const rangePath = (
  name: CollectionName,
  { field, op, value }: Compare,
  known: Statistics,
): NarrowPath | undefined => {
  if ((op !== 'gt' && op !== 'gte') || typeof value !== 'number') return undefined
  const parameter = parameterOf(name, field, 'gt', 'narrow')
  return parameter !== undefined && known.byParameter(name, parameter)
    ? { kind: 'range', field, parameter, seconds: value }
    : undefined
}

/** Letters beyond ASCII fold as Push may not know it; such an address is looked for among all. */
const isPlainAddress = (value: string): boolean => /^[\x21-\x7e]{3,}$/.test(value)

/** The addresses in one spelling, each once; undefined where Push cannot be asked for all of them. */
const plainAddresses = rememberFor((values: readonly string[]): readonly string[] | undefined =>
  values.every(isPlainAddress) ? [...new Set(values.map(value => value.toLowerCase()))] : undefined,
)

const emailsPath = (
  name: CollectionName,
  field: string,
  of: readonly string[],
  known: Statistics,
): NarrowPath | undefined => {
  if (field !== 'email') return undefined
  const parameter = parameterOf(name, field, 'eq', 'narrow')
  if (parameter === undefined || !known.byParameter(name, parameter)) return undefined
  const values = plainAddresses(of)
  if (values === undefined) return undefined
  return { kind: 'emails', field, parameter, values }
}

const costOf = (
  name: CollectionName,
  accessPath: NarrowPath,
  part: Filter,
  known: Statistics,
): Cost => {
  switch (accessPath.kind) {
    case 'ids':
      return atOnce(accessPath.ids.filter(id => !known.has(name, id)).length)
    case 'equal': {
      const { field, values } = accessPath
      return atOnce(values.filter(value => !known.hasSlice(name, field, value)).length)
    }
    case 'emails': {
      const { field, parameter, values } = accessPath
      const folded = `${field} folded`
      const missing = values.filter(value => !known.hasSlice(name, folded, value)).length
      if (missing === 0 || known.isLearnt(name, parameter)) return atOnce(missing)
      // Whether the parameter minds letter case takes two more requests to learn.
      return { requests: missing + 2, depth: 3 }
    }
    case 'range': {
      const rows =
        known.passing(name, part) ?? known.rows(name) * shareSince(accessPath.seconds, known)
      return inTurn(pagesOf(rows, known.pageSize))
    }
    case 'semiJoin': {
      const { link, of } = accessPath
      const ask = { collection: link.to, filter: of, enough: undefined, scanned: false }
      const { accessPath: inner, cost, rows } = plan(ask, known)
      // Nothing else waits for that scan: its pages are read side by side where that can be.
      const before = inner.kind === 'scan' ? scanCost(link.to, known, true) : cost
      const slices = Math.max(1, Math.round(rows))
      return { requests: before.requests + slices, depth: before.depth + 1 }
    }
    default:
      return accessPath satisfies never
  }
}
