/** How many rows of a stored list there are, be it for each group of them. */
import type { Counted, CountQuery, QuestionTerms, Selection, Value } from '../../events/events.ts'
import { createTallies, type HeldGroups, MOST_GROUPS, nothingHeld } from '../../events/counting.ts'
import { tables } from '../../events/schema.ts'
import type { DatabaseRow } from '../connecting/pools.ts'
import { columnNamed, conditionOf } from './conditions.ts'
import { expressionOf } from './dimensions.ts'
import { presentIn } from './found-rows.ts'
import type { Questions } from './questions.ts'
import type { RetainedEvents } from './retained.ts'
import { createStatementValues } from './statement-values.ts'
import { eachPassing, testColumns } from './tested-rows.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'

type Asking = Pick<Questions, 'ask' | 'askAtOnce'>

export const countStoredRows = async (
  questions: Asking,
  retained: RetainedEvents,
  selection: Selection,
  terms: QuestionTerms | undefined,
): Promise<number> => {
  const groups = await countStoredGroups(
    questions,
    retained,
    { ...selection, by: [], first: undefined },
    terms,
  )
  return groups[0]?.count ?? 0
}

/** How many rows share the same values; the most frequent first where not all are asked for. */
export const countStoredGroups = async (
  questions: Asking,
  retained: RetainedEvents,
  { list, parts, by, first }: CountQuery,
  terms: QuestionTerms | undefined,
  held: HeldGroups = nothingHeld(),
): Promise<readonly Counted[]> => {
  const { values, bind } = createStatementValues()
  const { sql: condition, test } = conditionOf(list, parts, bind)
  const keys = by.map((dimension, index) => `${expressionOf(dimension)} AS key_${index}`)
  const names = keys.map((_, index) => `key_${index}`)
  const from = `FROM ${tables[list]} WHERE ${presentIn(list, retained, bind)} AND ${condition}`
  const tallies = createTallies(undefined, held)
  const tally = (row: DatabaseRow): boolean => {
    const count = Number(row['count'])
    if (count > 0)
      tallies.add(
        names.map(name => row[name] as Value),
        count,
      )
    return true
  }
  try {
    if (test === undefined) {
      const ranked =
        first === undefined ? '' : ` ORDER BY ${['count(*) DESC', ...names].join(', ')}`
      // One more than can be told is enough to say so.
      const sql = `SELECT ${[...keys, 'count(*)::float8 AS count'].join(', ')} ${from}
        ${groupBy(names)}${ranked} LIMIT ${first ?? MOST_GROUPS + 1}`
      for (const row of await questions.ask(terms, query => query(sql, values))) tally(row)
      return await allOf(tallies.ranked(undefined))
    }
    // Rows that the test cannot tell apart are tested once.
    const tested = testColumns(test, columnNamed)
    const sql = `SELECT ${[...keys, ...tested, 'count(*)::float8 AS count'].join(', ')} ${from}
      ${groupBy([...names, ...tested.map((_, index) => `test_${index}`)])}`
    return await questions.askAtOnce(terms, async query => {
      await eachPassing(query, sql, values, test, tally)
      return allOf(tallies.ranked(first))
    })
  } finally {
    tallies.end()
  }
}

const groupBy = (names: readonly string[]): string =>
  names.length === 0 ? '' : `GROUP BY ${names.join(', ')}`

/** What the work comes to; others have their turns meanwhile. */
const allOf = async <Result>(work: Generator<undefined, Result, unknown>): Promise<Result> => {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    await nextTurn()
  }
}
