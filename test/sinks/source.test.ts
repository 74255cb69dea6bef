import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Rows } from '../../src/model/rows.ts'
import type { SinkSettings } from '../../src/model/sinks/sink.ts'
import { createSinkSource, type PlacedItem } from '../../src/sinks/source.ts'
import { directoryForTest } from '../support/directory.ts'
import { rowOf, storedEvent } from '../support/rows.ts'
import { sinkSettings } from '../support/sinks/sink-store.ts'
import { changeFileIn, openStored, type PlantedChange } from '../support/stored-changes.ts'

const AT = 1_767_225_600

const open = async (given: Partial<SinkSettings>) => {
  const folder = directoryForTest()
  const file = await changeFileIn(folder)
  const events = await openStored(folder)
  onTestFinished(async () => {
    file.close()
    await events.close()
  })
  const settings = sinkSettings(given)
  const source = createSinkSource({ settings, lists: events, inTurn: async step => step() })
  /** All that is stored, a batch after the other. */
  const drain = async (stream: 'events' | 'changes') => {
    const batches: (readonly PlacedItem[])[] = []
    const until = await source.newest(stream)
    for (let from = 0; from < until;) {
      const found = await source.read(stream, { connectors: ['acme'], from, until })
      expect(found.reached).toBeGreaterThan(from)
      from = found.reached
      if (found.items.length > 0) batches.push(found.items)
    }
    return batches
  }
  return { folder, file, events, source, drain }
}

const employee = (id: string, given: Partial<Rows['employees']> = {}): Rows['employees'] => ({
  ...rowOf('employees', { id }),
  ...given,
})

/** Has the file know that row, as it is now. */
const know = (folder: string, rows: readonly Rows['employees'][]): void => {
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 })
  database.exec(
    "INSERT INTO known_list (id, connector, collection, told_at) VALUES (1, 'acme', 'employees', 0)",
  )
  const insert = database.prepare(
    'INSERT INTO known_row (list, object_id, first_at, at, row) VALUES (1, ?, 0, 0, ?)',
  )
  for (const row of rows) insert.run(row.id, JSON.stringify(row))
  database.close()
}

const changed = (objectId: string, given: PlantedChange): PlantedChange => ({
  ...{ connector: 'acme', collection: 'employees', objectId, at: AT },
  ...given,
})

test('batches have no more items, and no more bytes, than go together', async () => {
  const { events, drain } = await open({
    ocsf: undefined,
    batch: { items: 7, bytes: 100_000 },
  })
  for (let number = 0; number < 250; number += 1)
    await events.append(storedEvent({ id: `e${number}`, connector: 'acme' }))
  const body = JSON.stringify({ text: 'x'.repeat(60_000) })
  for (const id of ['large-1', 'large-2', 'large-3'])
    await events.append(storedEvent({ id, connector: 'acme', body }))
  const batches = await drain('events')
  expect(Math.max(...batches.map(({ length }) => length))).toBe(7)
  expect(batches.flat().map(({ item }) => item.id)).toEqual([
    ...Array.from({ length: 250 }, (_, number) => `e${number}`),
    ...['large-1', 'large-2', 'large-3'],
  ])
  for (const batch of batches) {
    const bytes = batch.reduce((sum, { item }) => sum + Buffer.byteLength(item.line), 0)
    expect(batch.length === 1 || bytes <= 100_000).toBe(true)
  }
  expect(batches.slice(-2).map(({ length }) => length)).toEqual([1, 1])
})

test('a row that changed is one item for each moment, as it was known then, wherever pages end', async () => {
  const { folder, file, drain } = await open({ batch: { items: 500, bytes: 1_000_000 } })
  // Of each employee two fields at one moment, one at a later one: 100 changes are read at once.
  const ids = Array.from({ length: 70 }, (_, number) => `e${number}`)
  know(
    folder,
    ids.map(id => employee(id, { department: 'third', location: 'second' })),
  )
  const field = (objectId: string, name: string, old: string, now: string, at: number) =>
    changed(objectId, { field: name, old, new: now, at })
  file.plant(
    ids.flatMap(id => [
      field(id, 'department', 'first', 'second', AT),
      field(id, 'location', 'first', 'second', AT),
      field(id, 'department', 'second', 'third', AT + 60),
    ]),
  )
  const items = (await drain('changes')).flat()
  const told = items.map(({ item }) => JSON.parse(item.line) as { user: { uid: string } })
  const person = (department: string) => ({
    class_name: 'User Inventory Info',
    user: { ldap_person: { department, office_location: 'second' } },
  })
  expect(told.map(({ user }) => user.uid)).toEqual(ids.flatMap(id => [id, id]))
  for (const [index, event] of told.entries())
    expect(event).toMatchObject(person(index % 2 === 0 ? 'second' : 'third'))
  expect(new Set(items.map(({ item }) => item.id)).size).toBe(140)
  expect(items[0]?.item).toMatchObject({
    connector: 'acme',
    time: AT * 1_000,
    severity: 1,
    className: 'user_inventory',
  })
})

test('of lists that are not sent, of other connectors, and of rows that nobody knows any more there is nothing', async () => {
  const { folder, file, drain, source } = await open({ types: ['employees'] })
  know(folder, [employee('e1')])
  file.plant([
    ...Array.from({ length: 150 }, () => changed('a1', { collection: 'accounts' })),
    ...Array.from({ length: 150 }, () => changed('forgotten', { field: 'department' })),
    changed('e1', { connector: 'globex', kind: 'CREATED', field: null, new: employee('e1') }),
    changed('e2', { kind: 'CREATED', field: null, new: employee('e2') }),
    changed('e2', { kind: 'DELETED', field: null, old: employee('e2'), at: AT + 1 }),
  ])
  const items = (await drain('changes')).flat()
  expect(items.map(({ item }) => item.className)).toEqual(['user_inventory', 'entity_management'])
  const until = await source.newest('changes')
  const rest = { connectors: ['acme'], from: until - 1, until }
  expect((await source.read('changes', rest)).items).toHaveLength(1)
})

test('what no event of OCSF can be made of is plain, with why, and keeps nothing behind it', async () => {
  const { file, drain } = await open({})
  const broken = { ...employee('e1'), groups: 5 }
  file.plant([
    changed('e1', { kind: 'CREATED', field: null, new: broken }),
    changed('e2', { kind: 'CREATED', field: null, new: employee('e2') }),
  ])
  const [first, second] = (await drain('changes')).flat()
  expect(first?.flaw).toBe('No event of OCSF could be made of it')
  expect(JSON.parse(first?.item.line ?? '')).toMatchObject({ objectId: 'e1', kind: 'CREATED' })
  expect([second?.flaw, second?.item.className]).toEqual([undefined, 'user_inventory'])
})

test('plain changes are the lines of an export of changes, one for each field', async () => {
  const { file, events, drain } = await open({ ocsf: undefined })
  const [first = 0] = file.plant([
    changed('e1', { field: 'department', old: 'first', new: 'second' }),
    changed('e1', { field: 'location', old: null, new: 'second' }),
  ])
  const items = (await drain('changes')).flat()
  expect(items.map(({ item }) => item.id)).toEqual([
    `${events.identity}-${first}`,
    `${events.identity}-${first + 1}`,
  ])
  expect(JSON.parse(items[0]?.item.line ?? '')).toMatchObject({
    connector: 'acme',
    collection: 'EMPLOYEES',
    objectId: 'e1',
    field: 'department',
    old: 'first',
    new: 'second',
    cursor: expect.any(String),
  })
})
