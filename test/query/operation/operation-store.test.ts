import { describe, expect, test } from 'vitest'
import { AnswerValidity, sinceOf } from '../../../src/query/operation/answer-validity.ts'
import { createHeldTables } from '../../../src/query/operation/held-tables.ts'
import { operationStore } from '../../../src/query/operation/operation-store.ts'
import { type ConnectorStore, createStore, type Table } from '../../../src/store/store.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createFakeClient } from '../../support/fake-client.ts'

const MINUTE = 60_000

const clock = createFakeClock()
const freshness = { maxAgeMs: MINUTE, staleMs: 15 * MINUTE }

/** What a table that was read whole just now tells of itself. */
const wholeTable = (given: Partial<Table> = {}): Table =>
  ({
    collection: 'apps',
    epoch: 'first',
    version: 7,
    whole: clock.now(),
    wholeTookMs: 0,
    gaps: [],
    ...given,
  }) as Table

/** All that a store has today; what it can do does nothing here. */
const members = Object.entries(
  Object.getOwnPropertyDescriptors(
    createStore({
      connectors: [
        {
          alias: 'default',
          client: createFakeClient({ clock, lists: {} }),
          sizes: {
            get: () => undefined,
            set: () => undefined,
            seen: () => undefined,
            see: () => undefined,
          },
        },
      ],
      clock,
      maxBytes: 1e9,
      refresh: false,
    }).connector('default') as object,
  ),
)

/** A store with one table, and with what is added to it. */
const storeOf = (table: Table, added: object = {}): ConnectorStore => {
  const store = {}
  for (const [name, descriptor] of members)
    Object.defineProperty(
      store,
      name,
      typeof descriptor.value === 'function'
        ? { ...descriptor, value: () => undefined }
        : descriptor,
    )
  const fixed = { table: () => table, peek: () => table, refresher: { enabled: true } }
  for (const given of [fixed, added])
    Object.defineProperties(store, Object.getOwnPropertyDescriptors(given))
  return store as ConnectorStore
}

/** Whether an answer that rests on a whole table stands still when it has also asked that of the store. */
const stands = (
  ask: (store: Readonly<Record<string, unknown>>) => void,
  added?: object,
  { table = wholeTable(), isGrounded = true } = {},
): boolean => {
  const validity = new AnswerValidity({ clock, freshness })
  if (isGrounded) {
    const whole = wholeTable({ epoch: 'another' })
    validity.dependsOn(storeOf(whole), whole)
  }
  const store = operationStore(
    storeOf(table, added),
    sinceOf(clock.now(), freshness),
    validity,
    createHeldTables(),
  )
  validity.complete(() => undefined)
  ask(store as unknown as Readonly<Record<string, unknown>>)
  return validity.isStillValid()
}

const call = (name: string) => (store: Readonly<Record<string, unknown>>) => {
  const member = store[name]
  if (typeof member === 'function') (member as () => unknown).call(store)
}

/** They say how rows are best read, and no answer depends on them. */
const neutral = [
  'alias',
  'refresher',
  'pageSize',
  'latencyMs',
  'rateLimit',
  'expectedRows',
  'byId',
  'bySlice',
  'byParameter',
  'byOffset',
  'observed',
  'observe',
  'keeps',
]

describe('an answer that asked the store', () => {
  test('nothing more stands, and so does one that asked how rows are best read', () => {
    expect(stands(() => undefined)).toBe(true)
    expect(neutral.filter(name => !stands(call(name)))).toEqual([])
  })

  test.each(
    members.map(([name]) => name).filter(name => name !== 'table' && !neutral.includes(name)),
  )('for %s stands no longer', name => {
    expect(stands(call(name))).toBe(false)
  })

  test('something that was added and declares nothing stands no longer', () => {
    const added = { newest: () => 1 }
    expect(stands(call('newest'), added)).toBe(false)
    expect(stands(() => undefined, added)).toBe(true)
  })

  test('cannot ask it for what is no method', () => {
    const refused = 'What weather of a store says could change unnoticed: it has to be a method'
    for (const weather of [{ get: () => 'fine' }, { value: 'fine' }]) {
      const added = Object.defineProperty<object>({}, 'weather', weather)
      expect(() => stands(() => undefined, added)).toThrow(refused)
    }
  })

  test('for a table stands while that is whole and fresh', () => {
    expect(stands(call('table'), {}, { isGrounded: false })).toBe(true)
    expect(stands(call('table'))).toBe(true)
  })

  test.each<[what: string, given: Partial<Table>]>([
    ['not whole', { whole: undefined }],
    ['stale', { whole: clock.now() - MINUTE - 1 }],
    ['too old to be served', { whole: clock.now() - 16 * MINUTE }],
  ])('for a table that is %s stands no longer', (_what, given) => {
    expect(stands(call('table'), {}, { table: wholeTable(given) })).toBe(false)
  })

  test('is given what the store says', () => {
    const table = wholeTable()
    const added = {
      alias: 'other',
      newest: (...asked: readonly unknown[]) => asked,
    }
    const given: unknown[] = []
    stands(
      store => {
        const { newest, table: ask } = store as Record<string, (...asked: unknown[]) => unknown>
        given.push(store['alias'])
        given.push(newest?.call(store, 1, 2), ask?.call(store, 'apps'))
      },
      added,
      { table },
    )
    expect(given).toEqual(['other', [1, 2], table])
  })
})
