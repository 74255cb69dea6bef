import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Rows } from '../../src/model/rows.ts'
import type { SinkSettings } from '../../src/model/sinks/sink.ts'
import type { PlacedItem } from '../../src/sinks/batch.ts'
import { createSinkSource } from '../../src/sinks/source.ts'
import { directoryForTest } from '../support/directory.ts'
import { rowOf, storedEvent } from '../support/rows.ts'
import { type AskedTask, noteAsked } from '../support/sinks/asked-lists.ts'
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
  /** What was asked, with what came. */
  const asked: AskedTask[] = []
  const ending = new AbortController()
  const source = createSinkSource({
    settings,
    lists: noteAsked(events, asked),
    inTurn: async step => step(),
    signal: ending.signal,
  })
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
  return { folder, file, events, source, drain, asked, ending }
}

const employee = (id: string, given: Partial<Rows['employees']> = {}): Rows['employees'] => ({
  ...rowOf('employees', { id }),
  ...given,
})

/** Has the file know that row as it is now: as it became when the last of what is planted of it changed. */
const know = (folder: string, rows: readonly Rows['employees'][]): void => {
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 })
  database.exec(
    "INSERT INTO known_list (id, connector, collection, told_at) VALUES (1, 'acme', 'employees', 0)",
  )
  const insert = database.prepare(
    'INSERT INTO known_row (list, object_id, first_at, at, row) VALUES (1, ?, 0, ?, ?)',
  )
  for (const row of rows) insert.run(row.id, AT + 60, JSON.stringify(row))
  database.close()
}

/** Has the next number of that table be behind that one, as after a database was lost. */
const leap = (folder: string, table: string, to: number): void => {
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 })
  database.exec(`UPDATE sqlite_sequence SET seq = ${to} WHERE name = '${table}'`)
  database.close()
}

interface Detected {
  readonly actor: { readonly user: { readonly uid: string; readonly email_addr?: string } }
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

test('a row is as it is known now where nobody knows any more what it was then', async () => {
  const { folder, file, drain } = await open({})
  know(folder, [employee('e1', { department: 'third' })])
  file.plant([changed('e1', { field: 'department', old: 'first', new: 'second' })])
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 })
  database.exec(`UPDATE store SET cut_at = ${AT + 60}`)
  database.close()
  const [item] = (await drain('changes')).flat()
  expect(JSON.parse(item?.item.line ?? '{}')).toMatchObject({
    user: { uid: 'e1', ldap_person: { department: 'third' } },
  })
})

test('a detection names whom it concerns, as far as that is known', async () => {
  const { folder, file, drain } = await open({ types: ['detections'] })
  know(folder, [employee('e1', { email: 'ann@example.com' })])
  const detected = (id: string, employeeId: string): PlantedChange => {
    const row = rowOf('detections', { id, employeeId })
    return changed(id, { collection: 'detections', kind: 'CREATED', field: null, new: row })
  }
  file.plant([detected('d1', 'e1'), detected('d2', 'nobody')])
  const items = (await drain('changes')).flat().map(({ item }) => JSON.parse(item.line) as Detected)
  expect(items.map(({ actor }) => [actor.user.uid, actor.user.email_addr])).toEqual([
    ['e1', 'ann@example.com'],
    ['nobody', undefined],
  ])
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
  expect(first?.flaw).toBe('Nothing could be made of it (TypeError)')
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

test('what others send is passed stretch by stretch, and a leap in the numbers at once', async () => {
  const { folder, file, source, asked } = await open({ ocsf: undefined })
  file.plant(Array.from({ length: 25_000 }, () => changed('e1', { connector: 'globex' })))
  file.plant([changed('e1', {})])
  leap(folder, 'change', 5_000_000_000)
  const [last = 0] = file.plant([changed('e2', {})])
  const until = await source.newest('changes')
  expect([last, until]).toEqual([5_000_000_001, 5_000_000_001])
  const reached: number[] = []
  const ids: string[] = []
  for (let from = 0; from < until;) {
    const found = await source.read('changes', { connectors: ['acme'], from, until })
    reached.push((from = found.reached))
    ids.push(...found.items.map(({ item }) => item.id.split('-').at(-1) ?? ''))
  }
  expect(ids).toEqual(['25001', '5000000001'])
  expect(reached).toEqual([10_000, 20_000, 5_000_000_001])
  expect(asked.length).toBeLessThan(20)
})

test('a change whose rows end one stretch and begin the next one is one item', async () => {
  const { folder, file, drain } = await open({})
  know(folder, [employee('e1'), employee('e2')])
  const others = (length: number) =>
    Array.from({ length }, () => changed('e1', { connector: 'globex' }))
  const fields = (objectId: string) =>
    ['department', 'location', 'firstName'].map(field => changed(objectId, { field }))
  file.plant([...others(9_990), ...fields('e1'), ...others(6), ...fields('e2'), ...others(10_000)])
  const items = (await drain('changes')).flat()
  expect(items.map(({ sequence }) => sequence)).toEqual([9_993, 10_002])
})

test('no more rows are looked up than go together', async () => {
  const { folder, file, drain, asked } = await open({
    batch: { items: 1, bytes: 3_000_000 },
  })
  const ids = Array.from({ length: 30 }, (_, number) => `e${number}`)
  know(
    folder,
    ids.map(id => employee(id)),
  )
  file.plant(ids.map(id => changed(id, { field: 'department' })))
  expect((await drain('changes')).flat()).toHaveLength(30)
  expect(asked.filter(({ task }) => task === 'rowThen')).toHaveLength(30)
})

test('large events are read by about as many as go together', async () => {
  const { events, drain, asked } = await open({
    ocsf: undefined,
    batch: { items: 500, bytes: 400_000 },
  })
  const append = async (id: string, bytes: number): Promise<void> => {
    const body = JSON.stringify({ text: 'x'.repeat(bytes) })
    await events.append(storedEvent({ id, connector: 'acme', body }))
  }
  for (let number = 0; number < 60; number += 1) await append(`large-${number}`, 100_000)
  for (let number = 0; number < 300; number += 1) await append(`small-${number}`, 10)
  const batches = await drain('events')
  expect(batches.flat()).toHaveLength(360)
  const pages = asked.filter(({ task }) => task === 'page')
  expect(pages.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(500)
  // With small ones they grow again.
  expect(Math.max(...pages.map(({ rows }) => rows))).toBe(100)
})

test('it is asked on the account of the sink, and ends with it', async () => {
  const { file, source, drain, asked, ending, folder, events } = await open({ since: 3_600_000 })
  know(folder, [employee('e1')])
  file.plant([changed('e1', { field: 'department' })])
  await events.append(storedEvent({ id: 'e1', connector: 'acme' }))
  await drain('changes')
  await drain('events')
  for (const stream of ['events', 'changes'] as const) await source.beginning(stream, 0)
  expect(new Set(asked.map(({ caller }) => caller))).toEqual(new Set(['(sink siem)']))
  expect(new Set(asked.map(({ task }) => task)).size).toBe(9)
  ending.abort()
  await expect(drain('events')).rejects.toThrow('its caller left')
})

test('where all that was stored has gone, a sink begins behind it, and nothing of that counts as lost', async () => {
  const { file, events, source } = await open({ since: 'now', ocsf: undefined })
  const sequences = file.plant([changed('e1', {}), changed('e2', {})])
  file.purge(sequences.at(-1) ?? 0)
  const from = await source.beginning('changes', 0)
  file.plant([changed('e3', {})])
  const found = await source.read('changes', { connectors: ['acme'], from, until: 3 })
  expect([from, found.lost, found.items.length]).toEqual([2, 0, 1])

  await events.append(storedEvent({ id: 'e1', connector: 'acme' }))
  file.purgeEvents('e1')
  expect(await source.beginning('events', 0)).toBe(1)
})

test('what was deleted is told once, also where it is looked for again', async () => {
  const { file, source } = await open({ ocsf: undefined })
  const sequences = file.plant([changed('e1', {}), changed('e2', {}), changed('e3', {})])
  const lost = async (): Promise<number> =>
    (await source.read('changes', { connectors: ['acme'], from: 0, until: 3 })).lost
  file.purge(sequences[0] ?? 0)
  expect([await lost(), await lost()]).toEqual([1, 0])
  file.purge(sequences[2] ?? 0)
  expect([await lost(), await lost()]).toEqual([2, 0])
})

test('a sink that begins now has what was stored since it was begun, though it found its place later', async () => {
  const { events, source } = await open({ since: 'now', ocsf: undefined })
  for (const receivedAt of [10, 20, 30])
    await events.append(storedEvent({ id: `e${receivedAt}`, connector: 'acme', receivedAt }))
  expect(await source.beginning('events', 20_000)).toBe(1)
  expect(await source.beginning('events', 40_000)).toBe(3)
})
