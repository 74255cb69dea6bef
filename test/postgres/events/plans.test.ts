import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageQuery } from '../../../src/events/events.ts'
import { everything, type Filter } from '../../../src/filter/filter.ts'
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
        received_at, employee_id, body_bytes)
      SELECT n, CASE WHEN n % 4 = 0 THEN 'other' ELSE 'default' END, 'e' || n, 'ACTIVITY', 'LOGIN', 'login',
          ${START} + n, ${START} + n, ${START} + n, 'p' || n % 100, 2
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
const ofOne: Filter = { kind: 'in', field: 'employeeId', values: ['p7'] }

/** What is planned on the connection that reads, where one question comes after another. */
const planned = async (): Promise<readonly string[]> =>
  (await shared.database.query('read', 'SELECT statement FROM pg_prepared_statements')).map(of =>
    String(of['statement']),
  )

test('pages of whole lists stay planned, and show what is there; those of a filter are planned for its values', async () => {
  const read = async (page: PageQuery): Promise<readonly number[]> =>
    (await shared.events.page(page, termsOf('a'))).map(({ place }) => place.sequence)
  const newestOf = (isOther: boolean): readonly number[] =>
    Array.from({ length: EVENTS }, (_, n) => EVENTS - n)
      .filter(n => (n % 4 === 0) === isOther)
      .slice(0, 51)
  for (let times = 0; times < 4; times += 1) {
    expect(await read(newest(everything))).toEqual(newestOf(false))
    expect(await read(newest(everything, ['other']))).toEqual(newestOf(true))
    await read(newest(ofOne))
  }
  const found = await planned()
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('ORDER BY occurred_at DESC')
  expect(found[0]).not.toContain('employee_id = ANY')
})

test('what is counted over all is counted in an index', async () => {
  const sql = `SELECT count(*) FROM event WHERE connector = ANY ('{default}'::text[])`
  const plan = (await shared.database.query('read', `EXPLAIN ${sql}`)).map(of => of['QUERY PLAN'])
  expect(plan.join('\n')).toMatch(/Index Only Scan using event_\d+_occurred_at_connector/)
})
