/** How many rows of a stored list there are, be it for each group of them, added up window by window. */
import type { DatabaseSync } from 'node:sqlite'
import { GatewayError, LimitError } from '../errors.ts'
import { compareCodePoints } from '../filter/letters.ts'
import { dimensionSql } from './buckets.ts'
import { BestRows } from './best-rows.ts'
import { createJudge } from './judge.ts'
import type { Counted, CountQuery, Selection, Value } from './queries.ts'
import type { ReadingFile } from './row-tests.ts'
import { tables } from './schema.ts'
import { join, type SqlCondition } from './to-sql.ts'
import { scanPath, tableBy } from './windows.ts'
import { eachWindow, type QuestionWork } from './question-work.ts'

/** How many rows there are up to the sequence `newest`. */
export function* countRows(
  file: ReadingFile,
  selection: Selection,
  newest: number,
): QuestionWork<number> {
  let count = 0
  yield* tallyWindows(file, { ...selection, by: [] }, newest, (_, n) => {
    count += n
  })
  return count
}

/** How many rows share the same values; the most frequent first where not all are asked for. */
export function* tallyGroups(
  file: ReadingFile,
  query: CountQuery,
  newest: number,
  held = nothingHeld(),
  most: MostGroups = MOST,
): QuestionWork<readonly Counted[]> {
  const tallies = createTallies(most, held)
  try {
    yield* tallyWindows(file, query, newest, tallies.add)
    return yield* tallies.ranked(query.first)
  } finally {
    tallies.end()
  }
}

/** What all questions that are asked side by side hold until they are answered: its memory is one. */
export interface HeldGroups {
  questions: number
  groups: number
  characters: number
}

type MostGroups = Pick<HeldGroups, 'groups' | 'characters'>

export const nothingHeld = (): HeldGroups => ({ questions: 0, groups: 0, characters: 0 })

/** Groups that are kept at most, by one question and by all side by side, and characters of their keys. */
export const MOST_GROUPS = 200_000
const MOST = { groups: MOST_GROUPS, characters: 16_777_216 }
/** The same that every question may keep, whatever others do; where they are very many, their share of half as much as all may. */
const FEW = { groups: 5_000, characters: 524_288 }
/** Groups compared between two turns of others. */
const COMPARED_AT_ONCE = 2_000

export interface Tallies {
  /** So many more rows have these values. @throws {LimitError} where there are too many groups */
  add(keys: readonly Value[], count: number): void
  /** The `first` most frequent ones in their order, or all of them in any. */
  ranked(first: number | undefined): Generator<undefined, readonly Counted[], unknown>
  /** They are held no more. */
  end(): void
}

/** Adds up groups that are met in parts. */
export const createTallies = (most: MostGroups = MOST, held = nothingHeld()): Tallies => {
  const tallies = new Map<string, { readonly keys: readonly Value[]; count: number }>()
  let characters = 0
  held.questions += 1
  const hasMany = (): boolean =>
    tallies.size > Math.min(FEW.groups, most.groups / (2 * held.questions)) ||
    characters > Math.min(FEW.characters, most.characters / (2 * held.questions))
  return {
    add: (keys, n) => {
      const name = JSON.stringify(keys)
      const known = tallies.get(name)
      if (known !== undefined) {
        known.count += n
        return
      }
      characters += name.length
      tallies.set(name, { keys, count: n })
      held.groups += 1
      held.characters += name.length
      if (tallies.size > most.groups) tooMany('groups', tallies.size, most.groups)
      if (characters > most.characters) tooMany('characters of groups', characters, most.characters)
      const isBeyond = held.groups > most.groups || held.characters > most.characters
      if (isBeyond && hasMany()) tooManyAtOnce(held, most)
    },
    ranked: function* (first) {
      if (first === undefined) return [...tallies.values()]
      const best = new BestRows<Counted>(first, mostFirst)
      let compared = 0
      for (const tally of tallies.values()) {
        best.add(tally)
        compared += 1
        if (compared % COMPARED_AT_ONCE === 0) yield
      }
      return best.rows
    },
    end: () => {
      held.questions -= 1
      held.groups -= tallies.size
      held.characters -= characters
    },
  }
}

const tooManyAtOnce = (held: HeldGroups, most: MostGroups): never => {
  const [what, value, max] =
    held.groups > most.groups
      ? ['groups', held.groups, most.groups]
      : ['characters of groups', held.characters, most.characters]
  throw new LimitError(
    'Questions that are asked at the same time count too many groups: ask again when they are answered, or for fewer with a filter or other dimensions',
    { limit: `${what} ${AT_ONCE}`, value, max },
  )
}

const AT_ONCE = 'counted at the same time'

/** Whether a question was refused for what others keep, so that it may be asked again. */
export const isRefusedForOthers = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && String(error.fields?.['limit']).endsWith(AT_ONCE)

const tooMany = (limit: string, value: number, max: number): never => {
  throw new LimitError(
    `This counts more than ${max} ${limit}: ask for fewer with a filter or other dimensions`,
    { limit, value, max },
  )
}

const mostFirst = (a: Counted, b: Counted): number => {
  if (a.count !== b.count) return b.count - a.count
  for (const [index, key] of a.keys.entries()) {
    const other = b.keys[index] ?? null
    if (key === other) continue
    if (key === null || other === null) return key === null ? 1 : -1
    return typeof key === 'string' && typeof other === 'string'
      ? compareCodePoints(key, other)
      : Number(key) - Number(other)
  }
  return 0
}

type Tally = (keys: readonly Value[], count: number) => void

/** Calls `tally` for the groups of each window: the same group may come in many of them. */
function* tallyWindows(
  { database, tests }: ReadingFile,
  { by, ...selection }: Omit<CountQuery, 'first'>,
  newest: number,
  tally: Tally,
): QuestionWork<void> {
  const judge = createJudge(tests, selection)
  const table = tables[selection.list]
  const keys = by.map((dimension, index) => `${dimensionSql(dimension)} AS key_${index}`)
  const met = judge.access.overlapping ? new Uint8Array((newest >> 3) + 1) : undefined
  const isCovered =
    [...judge.fields].every(field => counted.has(field)) &&
    by.every(of => of.kind === 'connector' || counted.has(of.field))
  try {
    for (const path of judge.access.paths) {
      const isByTime = path.key === 'occurred_at' && path.equal === undefined
      const scan = scanPath(database, table, path, 'ASC')
      yield* eachWindow(scan, judge.isTested ? TESTED : WIDE, window => {
        const covered = isCovered && isByTime && window.wholeKeys
        const source = tableBy(table, covered ? 'event_counts' : window.index)
        const where = join('and', [
          window.condition,
          { sql: '+sequence <= ?', values: [newest] },
          judge.condition,
        ])
        if (met === undefined) countWindow(database, source, where, keys, tally)
        else countOneByOne(database, source, where, keys, met, tally)
        return true
      })
    }
  } finally {
    judge.end()
  }
}

/** Windows of rows that a test is called for, and of others. */
const TESTED = { first: 64, least: 16, most: 16_384 }
export const WIDE = { first: 2_048, least: 1_024, most: 65_536 }

/** What the index `event_counts` knows. */
const counted: ReadonlySet<string> = new Set([
  'occurredAt',
  'connectorAlias',
  'category',
  'object',
  'type',
])

const countWindow = (
  database: DatabaseSync,
  source: string,
  where: SqlCondition,
  keys: readonly string[],
  tally: Tally,
): void => {
  const names = keys.map((_, index) => `key_${index}`).join(', ')
  const statement = database.prepare(
    `SELECT ${[...keys, 'count(*)'].join(', ')} FROM ${source}
      WHERE ${where.sql}${names === '' ? '' : ` GROUP BY ${names}`}`,
  )
  statement.setReturnArrays(true)
  for (const row of statement.all(...where.values)) {
    const values = row as unknown as readonly Value[]
    const count = Number(values[keys.length])
    if (count > 0) tally(values.slice(0, keys.length), count)
  }
}

/** Counts rows that were not met before. */
const countOneByOne = (
  database: DatabaseSync,
  source: string,
  where: SqlCondition,
  keys: readonly string[],
  met: Uint8Array,
  tally: Tally,
): void => {
  const statement = database.prepare(
    `SELECT ${[...keys, 'sequence'].join(', ')} FROM ${source} WHERE ${where.sql}`,
  )
  statement.setReturnArrays(true)
  for (const row of statement.iterate(...where.values)) {
    const values = row as unknown as readonly Value[]
    if (isNew(met, Number(values[keys.length]))) tally(values.slice(0, keys.length), 1)
  }
}

/** Whether the sequence was not met before; it is now. */
const isNew = (met: Uint8Array, sequence: number): boolean => {
  const place = sequence >> 3
  const bit = 1 << (sequence & 7)
  const byte = met[place] ?? 0
  met[place] = byte | bit
  return (byte & bit) === 0
}
