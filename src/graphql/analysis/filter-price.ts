/** What a filter costs, from the argument as GraphQL coerced it. */
import { FILTERED_ROW } from './weights.ts'

/** In microseconds. */
export interface FilterPrice {
  /** Reading it, once. */
  readonly once: number
  /** Trying it on one row. */
  readonly perRow: number
}

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
const quantifiers: ReadonlySet<string> = new Set(['some', 'every', 'none', 'any', 'all'])

/** The price of the `filter` argument of a list. */
export const priceOfFilter = (filter: unknown): FilterPrice => {
  let [once, perRow] = [0, FILTERED_ROW]
  const add = (name: string, value: unknown, times: number): void => {
    if (Array.isArray(value) && (name === 'in' || name === 'notIn'))
      once += READ_VALUE * value.length
    else if (Array.isArray(value)) {
      for (const part of value) add(name, part, times)
      return
    } else if (typeof value === 'object' && value !== null) {
      const inner = quantifiers.has(name) ? times * ELEMENTS : times
      for (const [member, of] of Object.entries(value)) add(member, of, inner)
      return
    }
    once += READ
    perRow += times * (comparisons[name] ?? OTHER_COMPARISON)
  }
  add('filter', filter, 1)
  return { once, perRow }
}
