import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEvents, type Events } from '../../src/events/events.ts'
import { compileStored } from '../../src/filter/compile.ts'
import { everything, type Filter } from '../../src/filter/filter.ts'
import { readFilter } from '../../src/filter/read-filter.ts'
import type { OrderKey } from '../../src/filter/order.ts'
import { createOrder } from '../../src/filter/order.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { EventRow, NewEvent } from '../../src/model/events.ts'
import type { PageQuery, EventSortKey } from '../../src/events/events.ts'
import { openSharedEvents } from '../support/shared-events.ts'

const texts = [
  'a',
  'A',
  'b@x.com',
  'B@X.COM',
  'K',
  '\u212a',
  'straße',
  'é',
  'e\u0301',
  '',
  '*',
  '%_',
]
const orNull = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null })

const made: fc.Arbitrary<NewEvent> = fc.record({
  id: fc.uuid(),
  connector: fc.constantFrom('default', 'other'),
  category: fc.constantFrom('ENTITY', 'ACTIVITY', 'NEW'),
  object: fc.constantFrom('LOGIN', 'login', 'ACCOUNT'),
  type: orNull(['CREATE', 'UPDATE', 'ODD']),
  objectName: orNull(texts),
  description: orNull(texts),
  occurredAt: fc.integer({ min: -5, max: 5 }),
  receivedAt: fc.constantFrom(0.25, 1, 1.5),
  entityId: orNull(texts),
  employeeId: orNull(['1', '2']),
  accountId: orNull(['1', '2']),
  appId: fc.constant(null),
  appType: fc.constant(null),
  browserId: fc.constant(null),
  email: orNull(texts),
  sourceIpAddress: orNull(['10.0.0.1', '::A', '::a']),
  url: orNull(texts),
  inferred: fc.subarray(['category', 'timestamp']),
  body: fc.constant('{}'),
})

const text = fc.oneof(
  fc.record({ eq: fc.constantFrom(...texts), caseSensitive: fc.boolean() }),
  fc.record({ in: fc.array(fc.constantFrom(...texts)), caseSensitive: fc.boolean() }),
  fc.record({ ne: fc.constantFrom(...texts) }),
  fc.record({ notIn: fc.array(fc.constantFrom(...texts)) }),
  fc.record({ contains: fc.constantFrom(...texts) }),
  fc.record({ like: fc.constantFrom('*a*', '?', '%_', 'K*') }),
  fc.record({ isNull: fc.boolean() }),
)
const moment = fc
  .integer({ min: -6, max: 6 })
  .chain(at =>
    fc.constantFrom(
      { eq: at },
      { ne: at },
      { gt: at },
      { gte: at + 0.25 },
      { lt: at },
      { lte: at },
    ),
  )
const id = fc.constantFrom(
  { eq: '1' },
  { ne: '1' },
  { in: ['1', '2'] },
  { notIn: ['2'] },
  { isNull: true },
)
const leaf: fc.Arbitrary<object> = fc.oneof(
  ...['email', 'object', 'description', 'url', 'sourceIpAddress', 'connectorAlias'].map(field =>
    text.map(of => ({ [field]: of })),
  ),
  moment.map(occurredAt => ({ occurredAt })),
  moment.map(receivedAt => ({ receivedAt })),
  id.map(employeeId => ({ employeeId })),
  fc
    .constantFrom<object>(
      { category: { eq: 'UNRECOGNIZED' } },
      { category: { notIn: ['ENTITY', 'UNRECOGNIZED'] } },
      { type: { ne: 'CREATE' } },
      { type: { eq: 'UNRECOGNIZED' } },
      { typeRaw: { eq: 'odd' } },
      { employee: {} },
    )
    .filter(of => !('employee' in of)),
)
const { filter } = fc.letrec<{ filter: object }>(tie => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('filter').map(not => ({ not })),
    fc.array(tie('filter'), { maxLength: 3 }).map(and => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map(or => ({ or })),
    fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })),
  ),
}))

const around = (connectorAlias: string) => ({
  connectorAlias,
  one: () => undefined,
  many: () => [],
  version: () => 0,
})

const ask = (of: Filter, more: Partial<PageQuery> = {}): PageQuery => ({
  list: 'events',
  parts: [{ connectors: ['default', 'other'], filter: of }],
  ordering: 'arrival',
  from: undefined,
  until: undefined,
  backward: false,
  limit: 1_000,
  ...more,
})

interface Kept {
  readonly events: Events
  close(): Promise<void>
}

const makers: readonly { where: string; open: () => Promise<Kept>; share: number }[] = [
  {
    where: 'the file',
    open: async () => {
      const events = await openEvents({
        path: ':memory:',
        retentionDays: 365_000,
        clock: systemClock,
      })
      return { events, close: events.close }
    },
    share: 1,
  },
  { where: 'the shared database', open: () => openSharedEvents(), share: 0.5 },
]

describe.each(makers)('what $where finds', ({ open, share }) => {
  let kept: Kept
  let events: Events
  let rows: EventRow[]

  beforeAll(async () => {
    kept = await open()
    events = kept.events
    const sample = fc.sample(made, { numRuns: 300, seed: 7 })
    rows = (await Promise.all(sample.map(event => events.append(event)))).filter(
      row => row !== null,
    )
  })
  afterAll(() => kept.close())

  /** Those of the rows in memory that pass. */
  const passing = (of: Filter): EventRow[] => {
    const tests = new Map(
      ['default', 'other'].map(alias => [alias, compileStored(of, 'events', around(alias))]),
    )
    return rows.filter(row => tests.get(row.connector)?.(row) === true)
  }

  it('is what the same filter lets pass in memory', async () => {
    await fc.assert(
      fc.asyncProperty(filter, async input => {
        const of = readFilter('events', input, { now: () => 0 })
        const found = await events.page(ask(of))
        expect(found.map(({ place }) => place.sequence)).toEqual(
          passing(of).map(({ sequence }) => sequence),
        )
        expect(await events.count(ask(of))).toBe(found.length)
      }),
      { numRuns: 300 * share },
    )
  })

  it('are the rows as they went in', async () => {
    const found = await events.page(ask(everything))
    expect(found.map(({ row }) => row)).toEqual(rows)
  })

  it('comes in the order that is asked for, page by page in both directions', async () => {
    const key: fc.Arbitrary<OrderKey> = fc.record({
      field: fc.constantFrom('email', 'occurredAt', 'receivedAt', 'type', 'employeeId', 'url'),
      direction: fc.constantFrom('ASC', 'DESC'),
    })
    const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: of => of.field })
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        async (ordering, limit, backward) => {
          const { compare } = createOrder('events', ordering)
          // Rows that compare as equal are told apart by their ids there, and by their arrival here.
          const expected = rows.toSorted((a, b) => compare({ ...a, id: '' }, { ...b, id: '' }))
          const ids: string[] = []
          for (let from: EventSortKey | undefined; ;) {
            const page = await events.page(ask(everything, { ordering, limit, from, backward }))
            const found = page.map(({ row }) => (row as EventRow).id)
            ids.splice(backward ? 0 : ids.length, 0, ...found)
            const next = backward ? page[0] : page.at(-1)
            if (next === undefined) break
            from = next.place
          }
          expect(ids).toEqual(expected.map(({ id: of }) => of))
        },
      ),
      { numRuns: 40 * share },
    )
  })

  it('is counted as it would be in memory', async () => {
    const groups = await events.groups({
      ...ask(everything),
      by: [{ kind: 'connector' }, { kind: 'field', field: 'object' }],
      first: undefined,
    })
    const counted = new Map(groups.map(({ keys, count }) => [keys.join(), count]))
    const expected = Map.groupBy(rows, ({ connector, object }) => `${connector},${object}`)
    expect(counted).toEqual(new Map([...expected].map(([of, { length }]) => [of, length])))
  })
})
