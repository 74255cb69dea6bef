/** Groups of an answer as what charts draw. */

export interface KeyedCount {
  readonly keys: readonly (string | null)[]
  readonly count: number
}

/** The counts of one colour, a number for each column. */
export interface Series {
  readonly name: string
  readonly counts: readonly number[]
  readonly total: number
}

export interface Columns {
  readonly columns: readonly string[]
  readonly series: readonly Series[]
}

/** What is beyond the colours that there are. */
export const OTHERS = 'OTHERS'

/**
 * Groups by two keys: the first names the column, in the order in which they came; the second the series, those of `order`
 * first and in that order, then the largest. Beyond `most` the smallest are added up as `OTHERS`.
 */
export const toColumns = (
  groups: readonly KeyedCount[],
  { order = [], most = 7 }: { readonly order?: readonly string[]; readonly most?: number } = {},
): Columns => {
  const columns = [...new Set(groups.map(({ keys }) => keys[0] ?? ''))]
  const counts = new Map<string, number[]>()
  for (const { keys, count } of groups) {
    const name = keys[1] ?? ''
    const own = counts.get(name) ?? columns.map(() => 0)
    counts.set(name, own)
    const place = columns.indexOf(keys[0] ?? '')
    own[place] = (own[place] ?? 0) + count
  }
  const all = [...counts]
    .map(([name, each]): Series => ({ name, counts: each, total: sumOf(each) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => rankOf(order, a.name) - rankOf(order, b.name) || b.total - a.total)
  if (all.length <= most) return { columns, series: all }
  const rest = all.slice(most - 1)
  const added = columns.map((_, place) => sumOf(rest.map(each => each.counts[place] ?? 0)))
  const others = { name: OTHERS, counts: added, total: sumOf(added) }
  return { columns, series: [...all.slice(0, most - 1), others] }
}

/** A bar for each column, of parts in the order of the series. */
export interface Stack {
  readonly name: string
  readonly count: number
  readonly parts: readonly { readonly count: number; readonly colour: string }[]
}

/** The longest first. */
export const toStacks = (
  { columns, series }: Columns,
  nameOf: (column: string, place: number) => string,
  colourOf: (series: string) => string,
): readonly Stack[] =>
  columns
    .map((column, place) => {
      const parts = series.map(({ name, counts }) => ({
        count: counts[place] ?? 0,
        colour: colourOf(name),
      }))
      const count = sumOf(parts.map(part => part.count))
      return { name: nameOf(column, place), count, parts }
    })
    .sort((a, b) => b.count - a.count)

/** A bar for each group, of the first of its keys. */
export const toBars = (
  groups: readonly KeyedCount[] | null | undefined,
  nameOf: (key: string | null) => string,
): readonly { readonly name: string; readonly count: number }[] =>
  (groups ?? []).map(({ keys, count }) => ({ name: nameOf(keys[0] ?? null), count }))

const rankOf = (order: readonly string[], name: string): number => {
  const place = order.indexOf(name)
  return place < 0 ? order.length : place
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

export interface Share {
  readonly name: string | null
  readonly part: number
  readonly whole: number
}

/** What part of each of `all` there is in `some`, the largest part of all first. */
export const toShares = (
  some: readonly KeyedCount[],
  all: readonly KeyedCount[],
): readonly Share[] => {
  const parts = new Map(some.map(({ keys, count }) => [keys[0] ?? null, count]))
  return all
    .map(({ keys, count }) => ({
      name: keys[0] ?? null,
      part: parts.get(keys[0] ?? null) ?? 0,
      whole: count,
    }))
    .sort((a, b) => b.part / b.whole - a.part / a.whole || b.part - a.part)
}

/** How often each word comes, the most frequent first. */
export const toCounts = (words: readonly (string | null)[]): readonly KeyedCount[] => {
  const counts = new Map<string | null, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .map(([word, count]) => ({ keys: [word], count }))
    .sort((a, b) => b.count - a.count)
}
