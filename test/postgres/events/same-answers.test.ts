/** What the database answers beside what the file does, which other tests judge. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ConnectorFilter,
  type CountQuery,
  type EventSortKey,
  type Events,
  openEvents,
  type PageQuery,
} from '../../../src/events/events.ts'
import { readFilter } from '../../../src/filter/read-filter.ts'
import type { OrderKey } from '../../../src/filter/order.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { dimensions } from '../../../src/model/dimensions.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import type { Notice } from '../../../src/model/known-rows.ts'
import { fieldsOf, type StoredName } from '../../../src/model/stored.ts'
import { isGone, isNow } from '../../support/notices.ts'
import { rowOf } from '../../support/rows.ts'
import { filterInputs, madeUpText, NOW_SECONDS } from '../../support/random-filters.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: null, freq: 3 })
const id = fc.constantFrom('1', '2', '3', 'a', 'A')
const connector = fc.constantFrom('default', 'other', 'third')
const moment = fc.oneof(
  fc.integer({ min: NOW_SECONDS - 40 * 86_400, max: NOW_SECONDS }),
  fc.constantFrom(0, -1, -86_401, NOW_SECONDS, 253_402_300_799),
)

const subject = fc.record(
  {
    id,
    employeeId: orNull(id),
    otherAppId: orNull(id),
    appId: orNull(id),
    email: orNull(madeUpText),
    name: orNull(madeUpText),
    domain: orNull(madeUpText),
    hidden: orNull(fc.boolean()),
    creationTimestamp: orNull(moment),
    loginMethods: orNull(
      fc.record({ passwordLogin: orNull(fc.boolean()), oidcLogin: orNull(madeUpText) }),
    ),
  },
  { requiredKeys: ['id'] },
)

const made: fc.Arbitrary<NewEvent> = fc
  .record({
    id: fc.uuid(),
    connector,
    category: fc.constantFrom('ENTITY', 'ACTIVITY', 'NEW_WORD'),
    object: fc.oneof(
      fc.constantFrom('LOGIN', 'APP_OTHER', 'APP_OTHER', 'ACCOUNT_OTHER', 'ACCOUNT_OTHER'),
      madeUpText,
    ),
    type: orNull(fc.constantFrom('CREATE', 'UPDATE', 'NEW_WORD', 'caf\u00e9')),
    objectName: orNull(madeUpText),
    description: orNull(madeUpText),
    occurredAt: moment,
    receivedAt: fc.integer({ min: 0, max: 9 }).map(eighths => NOW_SECONDS + eighths / 8),
    employeeId: orNull(id),
    accountId: orNull(id),
    appId: orNull(id),
    appType: orNull(id),
    browserId: orNull(id),
    email: orNull(madeUpText),
    sourceIpAddress: orNull(madeUpText),
    url: orNull(madeUpText),
    inferred: fc.subarray(['category', 'timestamp']),
    new: subject,
  })
  .map(({ new: object, ...event }) => ({
    ...event,
    entityId: object.id,
    body: JSON.stringify({ new: object }),
  }))

const lists = ['events', 'otherAccounts', 'otherApps', 'changes'] as const

const partsOf = (list: StoredName): fc.Arbitrary<readonly ConnectorFilter[]> =>
  fc.array(
    fc.record({
      connectors: fc.subarray(['default', 'other', 'third', 'none'], { minLength: 1 }),
      filter: filterInputs(list, 2).map(input =>
        readFilter(list, input, { now: () => NOW_SECONDS * 1_000 }),
      ),
    }),
    { minLength: 1, maxLength: 2 },
  )

const orderings = (list: StoredName): fc.Arbitrary<PageQuery['ordering']> => {
  const key: fc.Arbitrary<OrderKey> = fc.record({
    field: fc.constantFrom(
      ...Object.keys(fieldsOf(list)),
      ...(list === 'events' ? ['happenedAt'] : []),
    ),
    direction: fc.constantFrom('ASC', 'DESC'),
  })
  return fc.oneof(
    fc.constantFrom('newest' as const, 'arrival' as const),
    fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: ({ field }) => field }),
  )
}

interface Asked {
  readonly page: Omit<PageQuery, 'from' | 'until'>
  readonly ends: readonly [number, number]
  readonly by: CountQuery['by']
  readonly first: number | undefined
}

const asked: fc.Arbitrary<Asked> = fc.constantFrom(...lists).chain(list =>
  fc.record({
    page: fc.record({
      list: fc.constant(list),
      parts: partsOf(list),
      ordering: orderings(list),
      backward: fc.boolean(),
      limit: fc.integer({ min: 1, max: 40 }),
    }),
    ends: fc.tuple(fc.nat(30), fc.nat(60)),
    by: fc
      .uniqueArray(fc.constantFrom(...dimensions[list].values()), { maxLength: 3 })
      .map(all => all.filter(of => of.kind === 'connector' || of.through === undefined)),
    first: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  }),
)

const notices: fc.Arbitrary<Notice> = fc
  .record({
    of: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ id, email: madeUpText, mfaRegistered: fc.boolean() }),
      },
      id,
    ),
    learntFrom: fc.constantFrom('READ' as const, 'EVENT' as const),
  })
  .map(({ of, learntFrom }) =>
    typeof of === 'string'
      ? isGone('accounts', of, 0, learntFrom)
      : isNow('accounts', rowOf('accounts', of), 0, learntFrom),
  )

let shared: SharedEvents
let file: Events
beforeAll(async () => {
  shared = await openSharedEvents(undefined, { retentionDays: 365 })
  file = await openEvents({ path: ':memory:', retentionDays: 365, clock: systemClock })
  for (const event of fc.sample(made, { numRuns: 250, seed: 11 }))
    for (const events of [shared.events, file]) await events.append(event)
  for (const [index, notice] of fc.sample(notices, { numRuns: 80, seed: 12 }).entries())
    for (const events of [shared.events, file]) {
      const at = NOW_SECONDS * 1_000 + index * 7_777_777
      events.note(index % 3 === 0 ? 'other' : 'default', { ...notice, at } as Notice)
      await events.noted()
    }
})
afterAll(async () => {
  await shared.close()
  await file.close()
})

/** Objects that events tell of are numbered by each for itself. */
const unnumbered = (found: Awaited<ReturnType<Events['page']>>, list: StoredName) =>
  found.map(({ connector: of, row, place }) => ({
    connector: of,
    row,
    keys: place.keys,
    sequence: list.startsWith('other') ? null : place.sequence,
  }))

const sorted = (groups: Awaited<ReturnType<Events['groups']>>) =>
  groups.map(of => JSON.stringify(of)).sort()

describe('the database answers as the file does', () => {
  test('a page, also between two places, from either end', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ page, ends }) => {
        const whole = { ...page, from: undefined, until: undefined, limit: 1_000, backward: false }
        const places = async (events: Events) => (await events.page(whole)).map(of => of.place)
        const [here, there] = [await places(shared.events), await places(file)]
        const between = (of: readonly EventSortKey[]): PageQuery => {
          const [after, before] = [of[ends[0] - 1], of[ends[1]]]
          return {
            ...page,
            from: page.backward ? before : after,
            until: page.backward ? after : before,
          }
        }
        for (const [one, other] of [
          [{ ...whole }, { ...whole }],
          [between(here), between(there)],
        ] as const)
          expect(unnumbered(await shared.events.page(one), page.list)).toEqual(
            unnumbered(await file.page(other), page.list),
          )
      }),
      { numRuns: 150 },
    )
  })

  test('a count, and groups by fields and stretches of time', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ page: { list, parts }, by, first }) => {
        expect(await shared.events.count({ list, parts })).toBe(await file.count({ list, parts }))
        const groups = (events: Events) => events.groups({ list, parts, by, first })
        const [here, there] = [await groups(shared.events), await groups(file)]
        if (first === undefined) expect(sorted(here)).toEqual(sorted(there))
        else expect(here).toEqual(there)
      }),
      { numRuns: 150 },
    )
  })

  test('where an event stands among the others', async () => {
    const times = [-1, 0, NOW_SECONDS, NOW_SECONDS + 0.5, NOW_SECONDS + 1, NOW_SECONDS + 9]
    for (const at of times)
      expect(await shared.events.sequenceBefore(at)).toBe(await file.sequenceBefore(at))
    for (const sequence of [0, 1, 100, 250, 251])
      expect(await shared.events.standing(sequence)).toEqual(await file.standing(sequence))
    expect(await shared.events.newest()).toBe(await file.newest())
    expect(await shared.events.arrivals()).toEqual(await file.arrivals())
    expect(await shared.events.after(7, 20)).toEqual(await file.after(7, 20))
    for (const list of ['events', 'changes'] as const)
      for (const [after, until] of [
        [0, 250],
        [7, 8],
        [250, 300],
        [8, 7],
      ] as const) {
        const within = async (events: Events) =>
          (await events.connectorsWithin(list, after, until)).toSorted()
        expect(await within(shared.events)).toEqual(await within(file))
      }
    expect((await file.connectorsWithin('events', 0, 250)).length).toBeGreaterThan(1)
    expect(await file.connectorsWithin('events', 7, 8)).toHaveLength(1)
    const at = NOW_SECONDS + 100_000
    expect(await shared.events.changeBefore(at)).toBe(await file.changeBefore(at))
    expect(await shared.events.changesAfter(9, 20)).toEqual(await file.changesAfter(9, 20))
    expect((await file.changesAfter(9, 20)).length).toBeGreaterThan(10)
    expect((await shared.events.size()).stored).toEqual((await file.size()).stored)
  })
})
