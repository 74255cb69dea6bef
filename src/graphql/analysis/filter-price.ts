/** What a filter costs, from the argument as GraphQL coerced it. */
import { FILTERED_ROW } from './weights.ts'

/** In microseconds. */
export interface FilterPrice {
  /** Reading it, once. */
  readonly once: number
  /** Trying it on one row. */
  readonly perRow: number
}

/** Prices of what stands in several filters, as the value of a variable does: it is walked through once. */
export type KnownPrices = Map<object, FilterPrice>

/** Comparisons that take longer than others; texts are folded, patterns looked for at each place. */
const comparisons: Readonly<Record<string, number>> = {
  contains: 0.1,
  startsWith: 0.05,
  endsWith: 0.05,
  like: 0.2,
  in: 0.05,
  notIn: 0.05,
}
const OTHER_COMPARISON = 0.01
/** To read one comparison, to plan by it and to compile it. */
const READ = 3
/** A value in a list of them. */
const READ_VALUE = 0.2
/** Each element of a list, or row of a relation: of few, one is enough to tell. */
const ELEMENTS = 3
const quantifiers: ReadonlySet<string> = new Set([
  ...['some', 'every', 'none', 'count', 'any', 'all'],
])

/** The price of the `filter` argument of a list. */
export const priceOfFilter = (filter: unknown, known: KnownPrices): FilterPrice => {
  const { once, perRow } = priceOf('filter', filter, known)
  return { once, perRow: FILTERED_ROW + perRow }
}

const priceOf = (name: string, value: unknown, known: KnownPrices): FilterPrice => {
  if (typeof value !== 'object' || value === null) return comparison(name, 0)
  const found = known.get(value)
  if (found !== undefined) return found
  const price = Array.isArray(value)
    ? name === 'in' || name === 'notIn'
      ? comparison(name, value.length)
      : together((value as unknown[]).map(part => priceOf(name, part, known)))
    : together(
        Object.entries(value).map(([member, of]) => {
          const inner = priceOf(member, of, known)
          return quantifiers.has(member) ? { ...inner, perRow: ELEMENTS * inner.perRow } : inner
        }),
      )
  known.set(value, price)
  return price
}

const comparison = (name: string, values: number): FilterPrice => ({
  once: READ + READ_VALUE * values,
  perRow: comparisons[name] ?? OTHER_COMPARISON,
})

const together = (parts: readonly FilterPrice[]): FilterPrice => {
  let [once, perRow] = [0, 0]
  for (const part of parts) [once, perRow] = [once + part.once, perRow + part.perRow]
  return { once, perRow }
}
