import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageQuery } from '../../../src/events/events.ts'
import { everything, type Filter } from '../../../src/filter/filter.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { TOLERANCE_SECONDS } from '../../../src/model/events.ts'
import type { Query } from '../../../src/postgres/connecting/pools.ts'
import { conditionOf } from '../../../src/postgres/events/conditions.ts'
import { createQuestions } from '../../../src/postgres/events/questions.ts'
import { createRetainedEvents } from '../../../src/postgres/events/retained.ts'
import { createStatementValues } from '../../../src/postgres/events/statement-values.ts'
import { createStoredReading } from '../../../src/postgres/events/stored-reading.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { termsOf } from '../../support/question-terms.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const EVENTS = 30_000
const START = 1_700_000_000

let shared: SharedEvents
beforeAll(async () => {
  shared = await openSharedEvents()
  const { query } = shared.database
  await query('write', 'SELECT event_make_part($1::bigint, $2::bigint)', [START, 604_800])
  await query(
    'write',
    `INSERT INTO event (sequence, connector, id, category, object, object_key, occurred_at, happened_at,
        received_at, employee_id, email, email_key, body_bytes)
      SELECT n, CASE WHEN n % 4 = 0 THEN 'other' ELSE 'default' END, 'e' || n, 'ACTIVITY', 'LOGIN', 'login',
          ${START} + n, ${START} + n, ${START} + n, 'p' || n % 100, 'p' || n % 100 || '@x', 'p' || n % 100 || '@x', 2
        FROM generate_series(1, ${EVENTS}) AS n`,
  )
  await query(
    'write',
    `INSERT INTO event_body SELECT n, ${START} + n, '{}' FROM generate_series(1, ${EVENTS}) AS n`,
  )
  await query('write', 'VACUUM (ANALYZE) event, event_body')
})
afterAll(() => shared.close())

const newest = (filter: Filter, connectors = ['default']): PageQuery => ({
  ...{ list: 'events', parts: [{ connectors, filter }], ordering: 'newest' },
  ...{ from: undefined, until: undefined, backward: false, limit: 51 },
})
const ofEmployees = (...values: string[]): Filter => ({ kind: 'in', field: 'employeeId', values })
const describedAs = (value: string): Filter => ({
  ...{ kind: 'text', field: 'description', op: 'eq', caseSensitive: false },
  value,
})

/** What is planned on the connection that reads, where one question comes after another. */
const planned = async (): Promise<readonly string[]> =>
  (await shared.database.query('read', 'SELECT statement FROM pg_prepared_statements')).map(of =>
    String(of['statement']),
  )

test('pages of whole lists, and those of one value of an index, stay planned and show what is there; others are planned for their values', async () => {
  const read = async (page: PageQuery): Promise<readonly number[]> =>
    (await shared.events.page(page, termsOf('a'))).map(({ place }) => place.sequence)
  const newestOf = (isWanted: (n: number) => boolean): readonly number[] =>
    Array.from({ length: EVENTS }, (_, n) => EVENTS - n)
      .filter(isWanted)
      .slice(0, 51)
  const isOther = (n: number): boolean => n % 4 === 0
  for (let times = 0; times < 4; times += 1) {
    expect(await read(newest(everything))).toEqual(newestOf(n => !isOther(n)))
    expect(await read(newest(everything, ['other']))).toEqual(newestOf(isOther))
    for (const of of [times + 1, times + 33])
      expect(await read(newest(ofEmployees(`p${of}`)))).toEqual(
        newestOf(n => !isOther(n) && n % 100 === of),
      )
    await read(newest(ofEmployees('p7', 'p8')))
    await read(newest(describedAs('x')))
  }
  const found = await planned()
  expect(found).toHaveLength(2)
  for (const statement of found) expect(statement).toContain('ORDER BY occurred_at DESC')
  expect(found.filter(each => /employee_id = \$\d+::text/.test(each))).toHaveLength(1)
})

test('what is counted over all is counted in an index', async () => {
  const sql = `SELECT count(*) FROM event WHERE connector = ANY ('{default}'::text[])`
  const plan = (await shared.database.query('read', `EXPLAIN ${sql}`)).map(of => of['QUERY PLAN'])
  expect(plan.join('\n')).toMatch(/Index Only Scan using event_\d+_occurred_at_connector/)
})

test('an event is looked up by its URL in an index, of which one takes the beginning alone', async () => {
  const { values, bind } = createStatementValues()
  const filter: Filter = { kind: 'compare', field: 'url', op: 'eq', value: 'https://x' }
  const { sql } = conditionOf('events', [{ connectors: ['default'], filter }], bind)
  const plan = await shared.database.query(
    'read',
    `EXPLAIN SELECT * FROM event WHERE ${sql}`,
    values,
  )
  expect(plan.map(of => of['QUERY PLAN']).join('\n')).toMatch(
    /Index Scan (on|using) event_\d+_left/,
  )
})

test('the newest of one address are read in their order: as many of it are expected as there are', async () => {
  const { values, bind } = createStatementValues()
  const filter: Filter = {
    ...{ kind: 'text', field: 'email', op: 'eq', caseSensitive: false },
    value: 'p7@x',
  }
  const { sql } = conditionOf('events', [{ connectors: ['default'], filter }], bind)
  const plan = await shared.database.query(
    'read',
    `EXPLAIN SELECT * FROM event WHERE ${sql} ORDER BY occurred_at DESC, sequence DESC LIMIT 51`,
    values,
  )
  const steps = plan.map(of => of['QUERY PLAN']).join('\n')
  expect(steps).toMatch(/Index Scan Backward using event_\d+_left/)
  expect(steps).not.toMatch(/\bSort +\(cost/)
})

test('where some are past their time, what is counted and shown of the others is still found in indexes', async () => {
  const over = { over_at: START + 20_000, over_came_at: START + 23_600, over_late: false }
  const { query } = shared.database
  await query('write', 'UPDATE event_store SET over_at = $1, over_came_at = $2', [
    over.over_at,
    over.over_came_at,
  ])
  // Each replica learns of it as it counts.
  expect((await shared.events.size()).stored.map(of => of.events)).toEqual([7_500, 2_501])
  const retained = createRetainedEvents()
  await retained.learn(() => Promise.resolve(over))
  const planOf = async (sql: string): Promise<string> => {
    const { values, bind } = createStatementValues()
    const where = `connector = ANY ('{default}'::text[]) AND ${retained.condition(bind)}`
    const plan = await query('read', `EXPLAIN ${sql.replace('WHERE', `WHERE ${where}`)}`, values)
    return plan.map(of => of['QUERY PLAN']).join('\n')
  }
  expect(await planOf('SELECT count(*) FROM event WHERE')).toMatch(
    /Index Only Scan using event_\d+_occurred_at_connector/,
  )
  for (const way of ['', ' DESC'])
    expect(
      await planOf(`SELECT * FROM event WHERE ORDER BY occurred_at${way}, sequence${way} LIMIT 50`),
    ).toMatch(/Index Scan (Backward )?using event_\d+_occurred_at_sequence/)
  // Were so few expected before a place as between two, all of them would be read and sorted for a page.
  const before = await shared.database.transaction('read', async ask => {
    await ask('SET LOCAL plan_cache_mode = force_generic_plan')
    const { values, bind } = createStatementValues()
    const where = `${retained.condition(bind)} AND occurred_at <= $2 AND object_key = 'login'`
    await ask(
      `PREPARE before (bigint, bigint) AS SELECT * FROM event WHERE ${where}
        ORDER BY occurred_at DESC, sequence DESC LIMIT 50`,
    )
    return ask(`EXPLAIN EXECUTE before (${values.join('')}, ${START + EVENTS})`)
  })
  const [, rows] =
    /Merge Append .* rows=(\d+)/.exec(before.map(of => of['QUERY PLAN']).join('\n')) ?? []
  expect(Number(rows)).toBeGreaterThan(1_000)
  const oldest = { ...newest(everything), backward: true }
  for (let times = 0; times < 8; times += 1)
    expect((await shared.events.page(oldest, termsOf('a'))).at(-1)?.place.sequence).toBe(20_001)
})

test('when the oldest came that is within its time is found without a look at those that are not', async () => {
  const { query } = shared.database
  const retained = createRetainedEvents()
  const over = { over_at: START + 20_000, over_came_at: START + 23_600, over_late: false }
  await retained.learn(() => Promise.resolve(over))
  const plans: string[] = []
  const explained: Query = async (sql, values) => {
    const plan = await query('read', `EXPLAIN (ANALYZE, TIMING OFF) ${sql}`, values)
    plans.push(...plan.map(of => String(of['QUERY PLAN'])))
    return query<never>('read', sql, values)
  }
  const { arrivals } = createStoredReading(
    {
      ...createQuestions(shared.database, systemClock),
      ask: (_, work) => work(explained),
    },
    retained,
  )
  expect(await arrivals()).toEqual({ oldestAt: START + 20_000, newestAt: START + EVENTS })
  const looked = plans.flatMap(line => /Removed by Filter: (\d+)/.exec(line)?.[1] ?? [])
  // What came so shortly before may tell of what was to come.
  expect(looked.reduce((sum, rows) => sum + Number(rows), 0)).toBeLessThanOrEqual(TOLERANCE_SECONDS)
})

test('what is stored and followed is looked up, though nobody knew how large its tables would be when that was planned', async () => {
  const { events, database, close } = await openSharedEvents()
  const storeAndFollow = async (id: number): Promise<void> => {
    const row = await events.append(eventOf(delivery({ id: String(id) })))
    expect(await events.after((row?.sequence ?? 0) - 1, 10)).toEqual([row])
  }
  /** Rows of events, bodies and ids that were looked at so far. */
  const looked = async (): Promise<number> => {
    // Each of the two connections that write keeps its counts to itself for a while.
    const told = 'SELECT pg_stat_force_next_flush(), pg_sleep(0.1)'
    await Promise.all([1, 2].map(() => database.query('write', told)))
    const [found] = await database.query(
      'write',
      `SELECT sum(seq_tup_read + idx_tup_fetch) AS rows FROM pg_stat_user_tables
        WHERE relname ~ '^event_(id|default|body|[0-9])'`,
    )
    return Number(found?.['rows'])
  }
  // By then it stays planned.
  for (let id = 0; id < 12; id += 1) await storeAndFollow(id)
  const many = Array.from({ length: 100 }, (_, n) => eventOf(delivery({ id: `many ${n}` })))
  await Promise.all(many.map(events.append))
  const before = await looked()
  for (let id = 20; id < 25; id += 1) await storeAndFollow(id)
  // The event and its body.
  expect((await looked()) - before).toBe(5 * 2)
  await close()
})
