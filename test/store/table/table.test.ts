import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Account, Detection } from '../../../src/model/rows.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'

const account = (id: string, given: Partial<Account> = {}): Account =>
  rowOf('accounts', { id, ...given })
const detection = (given: Partial<Detection> = {}): Detection => rowOf('detections', given)
const accounts = () => createTable('accounts', 'epoch')

describe('a row', () => {
  test('is the newest copy, whatever order the copies come in', () => {
    const table = accounts()
    table.put(account('a', { email: 'second@example.com' }), 200)
    table.put(account('a', { email: 'first@example.com' }), 100)
    expect(table.get('a')?.email).toBe('second@example.com')
    expect(table.readAt('a')).toBe(200)
    table.put(account('a', { email: 'third@example.com' }), 300)
    expect(table.get('a')?.email).toBe('third@example.com')
    expect(table.readAt('a')).toBe(300)
  })

  test('is the later of two copies read in the same millisecond', () => {
    const table = accounts()
    table.put(account('a', { email: 'first@example.com' }), 100)
    table.put(account('a', { email: 'second@example.com' }), 100)
    expect(table.get('a')?.email).toBe('second@example.com')
  })

  test('stays gone when a copy comes that was read before it was found missing', () => {
    const table = accounts()
    table.put(account('a'), 100)
    table.remove('a')
    table.missing('a', 200)
    table.put(account('a'), 150)
    expect(table.get('a')).toBeUndefined()
    expect(table.absent('a')).toBe(200)
    table.put(account('a'), 250)
    expect(table.get('a')?.id).toBe('a')
    expect(table.absent('a')).toBeUndefined()
  })

  test('stays gone when a copy comes that is older than the whole collection without it', () => {
    const table = accounts()
    table.whole = 200
    table.put(account('a'), 150)
    expect(table.get('a')).toBeUndefined()
    table.put(account('a'), 200)
    expect(table.get('a')?.id).toBe('a')
  })

  test('stays as it is for whoever holds it, while the table has the new one everywhere', () => {
    const table = accounts()
    table.put(account('a', { email: 'old@example.com', appId: 'app' }), 100)
    table.put(account('b', { email: 'b@example.com', appId: 'app' }), 100)
    for (const id of ['a', 'b']) table.place(id)
    const emailsOf = (rows: readonly { readonly email: string | null }[]) =>
      rows.map(({ email }) => email)
    const [held, frozen] = [table.get('a'), table.frozen()]
    const byApp = table.by('appId', 'app')
    expect(table.by('email', 'old@example.com')).toHaveLength(1)
    table.put(account('a', { email: 'new@example.com', appId: 'app' }), 200)

    expect(held?.email).toBe('old@example.com')
    expect(emailsOf(frozen.rows)).toEqual(['old@example.com', 'b@example.com'])
    expect(frozen.at(0)?.email).toBe('old@example.com')
    expect(emailsOf(byApp)).toEqual(['old@example.com', 'b@example.com'])

    expect(table.get('a')?.email).toBe('new@example.com')
    expect(emailsOf(table.frozen().rows)).toEqual(['new@example.com', 'b@example.com'])
    expect(emailsOf(table.by('appId', 'app'))).toEqual(['new@example.com', 'b@example.com'])
    expect(table.by('email', 'old@example.com')).toEqual([])
    expect(emailsOf(table.by('email', 'new@example.com'))).toEqual(['new@example.com'])
  })

  test('that is read again as it was is the same object, read later', () => {
    const table = accounts()
    table.put(account('a', { email: 'a@example.com' }), 100)
    const held = table.get('a')
    table.put(account('a', { email: 'a@example.com' }), 200)
    expect(table.get('a')).toBe(held)
    expect(table.readAt('a')).toBe(200)
  })
})

describe('the details that lists leave out', () => {
  const events = [detectionEvent({ id: 'e' })]

  test('stay while nothing has happened to the detection since', () => {
    const table = createTable('detections', 'epoch')
    table.put(detection({ lastActivityAt: 5, events }), 100, true)
    table.put(detection({ lastActivityAt: 5, response: 'BLOCKED' }), 200)
    expect(table.get('1')).toMatchObject({ response: 'BLOCKED', events: [{ id: 'e' }] })
    expect(table.detailedAt('1')).toBe(100)
  })

  test('go when something has happened, so that they are asked for again', () => {
    const table = createTable('detections', 'epoch')
    table.put(detection({ lastActivityAt: 5, events }), 100, true)
    table.put(detection({ lastActivityAt: 6 }), 200)
    expect(table.get('1')?.events).toBeNull()
    expect(table.detailedAt('1')).toBe(0)
  })

  test('go after a quarter of an hour where Push does not say when something last happened', () => {
    const table = createTable('detections', 'epoch')
    table.put(detection({ events }), 100, true)
    table.put(detection(), 900_100)
    expect(table.get('1')?.events).toHaveLength(1)
    table.put(detection(), 900_101)
    expect(table.get('1')?.events).toBeNull()
    expect(table.detailedAt('1')).toBe(0)
  })

  test('are taken from a list that has them', () => {
    const table = createTable('detections', 'epoch')
    table.put(detection({ lastActivityAt: 5, events }), 100, true)
    table.put(detection({ lastActivityAt: 5, events: [] }), 200)
    expect(table.get('1')?.events).toEqual([])
  })
})

describe('the order', () => {
  test('keeps every position while other rows come and go', () => {
    const table = accounts()
    for (const id of ['a', 'b', 'c']) {
      table.put(account(id), 100)
      table.place(id)
    }
    table.remove('b')
    table.put(account('d'), 200)
    table.place('d')
    expect(table.positionOf('c')).toBe(2)
    expect(table.positionOf('d')).toBe(3)
    expect(table.at(1)).toBeUndefined()
    expect([...table.frozen().rows].map(({ id }) => id)).toEqual(['a', 'c', 'd'])
  })

  test('gives a row that comes back a new position after all others', () => {
    const table = accounts()
    for (const id of ['a', 'b']) {
      table.put(account(id), 100)
      table.place(id)
    }
    table.remove('a')
    table.put(account('a'), 200)
    expect(table.positionOf('a')).toBeUndefined()
    table.place('a')
    expect([...table.frozen().rows].map(({ id }) => id)).toEqual(['b', 'a'])
  })

  test('knows from which page a position came, and how many rows of it before', () => {
    const table = accounts()
    const place = (id: string): void => {
      table.put(account(id), 100)
      table.place(id)
    }
    table.turnPage({ offset: 0 })
    for (const id of ['a', 'b', 'c']) place(id)
    table.turnPage({ token: 'nothing new there', sent: 3 })
    table.turnPage({ token: 'two', sent: 3 })
    for (const id of ['d', 'e']) place(id)
    expect([0, 2, 3, 4].map(position => table.origin(position))).toEqual([
      { page: { offset: 0 }, index: 0 },
      { page: { offset: 0 }, index: 2 },
      { page: { token: 'two', sent: 3 }, index: 0 },
      { page: { token: 'two', sent: 3 }, index: 1 },
    ])
    expect(accounts().origin(0)).toBeUndefined()
  })
})

describe('a sweep', () => {
  test('drops the rows not seen since, and the slices read before', () => {
    const table = accounts()
    table.put(account('old', { employeeId: 'e' }), 99)
    table.put(account('new', { employeeId: 'e' }), 100)
    table.cover('employeeId', 'e', 100)
    table.cover('employeeId', 'f', 101)
    table.sweep(100)
    expect([...table.values()].map(({ id }) => id)).toEqual(['new'])
    expect(table.by('employeeId', 'e').map(({ id }) => id)).toEqual(['new'])
    expect(table.slice('employeeId', 'e')).toBeUndefined()
    expect(table.slice('employeeId', 'f')).toBe(101)
  })
})

describe('ids known not to exist', () => {
  test('are remembered up to a number, the newest of them', () => {
    const table = accounts()
    for (let n = 0; n <= 10_000; n += 1) table.missing(`id ${n}`, n)
    expect(table.absent('id 0')).toBeUndefined()
    expect(table.absent('id 1')).toBe(1)
    expect(table.absent('id 10000')).toBe(10_000)
  })
})

describe('slices', () => {
  test('are remembered up to a number, the newest of them', () => {
    const table = accounts()
    for (let n = 0; n <= 10_000; n += 1) table.cover('employeeId', `id ${n}`, n + 1)
    expect(table.slice('employeeId', 'id 0')).toBeUndefined()
    expect(table.slice('employeeId', 'id 1')).toBe(2)
  })

  test('remember what of them could not be read', () => {
    const table = accounts()
    const unreadable = [{ path: 'result[0].id', reason: 'is missing' }]
    table.cover('employeeId', 'e', 100, unreadable)
    expect(table.sliceGaps('employeeId', 'e')).toEqual(unreadable)
    table.cover('employeeId', 'e', 200)
    expect(table.sliceGaps('employeeId', 'e')).toEqual([])
  })
})

/** What the table promises, in the plainest form. */
interface Model {
  readonly rows: Map<string, { row: Account; readAt: number }>
  readonly gone: Map<string, number>
  order: string[]
  whole: number
}

type Step =
  | { readonly kind: 'put'; id: string; employee: string; password: string | null; at: number }
  | { readonly kind: 'remove'; id: string }
  | { readonly kind: 'missing'; id: string; at: number }
  | { readonly kind: 'place'; id: string }
  | { readonly kind: 'sweep'; at: number }
  | { readonly kind: 'ask'; field: 'employeeId' | 'passwordId' | 'appId'; value: string }

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const words = fc.constantFrom('x', 'y', 'z')
const times = fc.integer({ min: 1, max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id: ids,
      employee: words,
      password: fc.option(words),
      at: times,
    }),
  },
  fc.record({ kind: fc.constant('remove' as const), id: ids }),
  fc.record({ kind: fc.constant('missing' as const), id: ids, at: times }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('place' as const), id: ids }) },
  fc.record({ kind: fc.constant('sweep' as const), at: times }),
  fc.record({
    kind: fc.constant('ask' as const),
    field: fc.constantFrom('employeeId' as const, 'passwordId' as const, 'appId' as const),
    value: words,
  }),
)

const apply = (model: Model, action: Step): void => {
  const drop = (id: string): void => {
    model.rows.delete(id)
    model.order = model.order.filter(other => other !== id)
  }
  switch (action.kind) {
    case 'put': {
      const { id, employee: employeeId, password: passwordId, at } = action
      const old = model.rows.get(id)
      if (old !== undefined ? old.readAt > at : at < Math.max(model.gone.get(id) ?? 0, model.whole))
        return
      model.rows.set(id, {
        row: account(id, { employeeId, passwordId, appId: employeeId }),
        readAt: at,
      })
      model.gone.delete(id)
      return
    }
    case 'remove':
      drop(action.id)
      return
    case 'missing':
      drop(action.id)
      model.gone.set(action.id, action.at)
      return
    case 'place':
      if (model.rows.has(action.id) && !model.order.includes(action.id)) model.order.push(action.id)
      return
    case 'sweep':
      for (const [id, { readAt }] of [...model.rows]) if (readAt < action.at) drop(id)
      model.whole = Math.max(model.whole, action.at)
      return
    case 'ask':
      return
    default:
      action satisfies never
  }
}

test('equals a plain model after any operations in any order, indexes and order included', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const table = accounts()
      const model: Model = { rows: new Map(), gone: new Map(), order: [], whole: 0 }
      for (const action of steps) {
        const version = table.version
        const before = JSON.stringify([...model.rows])
        apply(model, action)
        switch (action.kind) {
          case 'put': {
            const { id, employee: employeeId, password: passwordId, at } = action
            table.put(account(id, { employeeId, passwordId, appId: employeeId }), at)
            break
          }
          case 'remove':
            table.remove(action.id)
            break
          case 'missing':
            table.remove(action.id)
            table.missing(action.id, action.at)
            break
          case 'place':
            table.place(action.id)
            break
          case 'sweep':
            table.sweep(action.at)
            table.whole = Math.max(table.whole ?? 0, action.at)
            break
          case 'ask':
            break
        }
        if (JSON.stringify([...model.rows]) !== before)
          expect(table.version).toBeGreaterThan(version)

        const rows = [...model.rows.values()]
        expect(table.size).toBe(rows.length)
        expect(new Map([...table.values()].map(row => [row.id, { ...row }]))).toEqual(
          new Map(rows.map(({ row }) => [row.id, row])),
        )
        for (const { row, readAt } of rows) expect(table.readAt(row.id)).toBe(readAt)
        expect([...table.frozen().rows].map(({ id }) => id)).toEqual(model.order)
        const positions = model.order.map(id => table.positionOf(id) ?? -1)
        expect(positions).toEqual([...positions].sort((a, b) => a - b))
        for (const [index, id] of model.order.entries())
          expect(table.at(positions[index] ?? -1)?.id).toBe(id)
        for (const id of ['a', 'b', 'c', 'd', 'e']) {
          expect(table.get(id)?.id).toBe(model.rows.get(id)?.row.id)
          expect(table.absent(id)).toBe(model.gone.get(id))
          if (!model.order.includes(id)) expect(table.positionOf(id)).toBeUndefined()
        }
        // A question makes an index; from then on every step must keep it right.
        if (action.kind === 'ask' || steps.indexOf(action) > 5)
          for (const field of ['employeeId', 'passwordId', 'appId'] as const)
            for (const value of ['x', 'y', 'z'])
              expect(
                table
                  .by(field, value)
                  .map(({ id }) => id)
                  .sort(),
              ).toEqual(
                rows
                  .filter(({ row }) => row[field] === value)
                  .map(({ row }) => row.id)
                  .sort(),
              )
      }
    }),
    { numRuns: 300 },
  )
})
