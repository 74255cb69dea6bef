/** A tenant of whose objects events and changes are stored: some tell the same as the rows, and some do not. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Events } from '../../../src/events/events.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { EventRow, NewEvent } from '../../../src/model/events.ts'
import type { LearntBy } from '../../../src/model/row-changes.ts'
import type { CollectionName, Row } from '../../../src/model/rows.ts'
import type { Graph } from '../../support/graph.ts'
import { isGone, isNow } from '../../support/notices.ts'
import { storedEvent } from '../../support/rows.ts'
import type { Known, ToldChange } from './naive-timeline.ts'

/** Stores them, and gives all that there is to tell of. */
export const fillTenant = async (graph: Graph, events: Events): Promise<Known> => {
  const { data } = graph.standIn
  for (const { id, events: seen, employeeId } of data.detections) {
    const others = data.accounts.filter(one => one.employeeId === employeeId).slice(0, 2)
    // Accounts beside the one that was attacked, one that nobody knows, and none.
    const more = [...others.map(one => one.id), 'unknown', null].flatMap((accountId, n) =>
      seen.slice(0, 1).map(event => ({ ...event, id: `${event.id} ${n}`, accountId })),
    )
    graph.standIn.update('detections', id, { events: [...seen, ...more] })
  }
  const lists = collectionNames.map(name => `${name}(first: 0) { totalCount }`).join(' ')
  expect((await graph.run(`{ ${lists} }`)).errors).toEqual([])
  await events.noted()
  const stored: EventRow[] = []
  let ms = Math.ceil(Date.now())
  /** Each tells of a moment of its own, after all was read, and none of one that is still to come. */
  const nextMs = async (): Promise<number> => {
    ms += 1
    while (Date.now() < ms) await nextTurn()
    return ms
  }
  const append = async (of: Partial<NewEvent>): Promise<EventRow> => {
    const receivedAt = (await nextMs()) / 1_000
    const row = await events.append(
      storedEvent({ id: `event ${stored.length}`, receivedAt, ...of }),
    )
    if (row === null) throw new Error('It was stored before')
    stored.push(row)
    return row
  }
  const table = <Name extends CollectionName>(name: Name): readonly Row[] => [
    ...(graph.store.connector('default')?.table(name).values() ?? []),
  ]
  const note = async (
    name: CollectionName,
    row: Row,
    learntFrom: LearntBy = 'READ',
  ): Promise<number> => {
    const at = await nextMs()
    events.note('default', isNow(name, row, at, learntFrom))
    return at
  }
  for (const [n, one] of data.accounts.entries()) {
    const { id, employeeId, appId, creationTimestamp, lastUsedTimestamp: used } = one
    // Of some, nobody knows whose they are: those are in no timeline of the employee.
    const ids = { accountId: id, employeeId: n % 9 === 0 ? null : employeeId, appId }
    const own = { ...ids, entityId: id, email: one.email }
    if (n % 5 === 0) await append({ ...own, type: 'CREATE', occurredAt: creationTimestamp + 5 })
    if (n % 7 === 0) await append({ ...own, occurredAt: creationTimestamp })
    const login = { ...ids, category: 'ACTIVITY', object: 'LOGIN', type: null }
    const sourceIpAddress = `203.0.113.${n % 4}`
    if (used !== null && n % 3 === 0)
      await append({
        ...{ ...login, sourceIpAddress, occurredAt: used + (n % 2), email: one.email },
        body: JSON.stringify({ new: { loginTimestamp: used } }),
      })
    if (used !== null && n % 4 === 0)
      await append({ ...login, sourceIpAddress, occurredAt: used - 60, body: '{"new":{}}' })
    // What happens in the same second to something else says nothing of the account.
    if (used !== null && n % 11 === 0)
      await append({ ...ids, object: 'FINDING', entityId: `finding ${n}`, occurredAt: used })
  }
  for (const [n, { id, creationTimestamp: at, ...of }] of data.findings.entries())
    if (n % 3 === 0) {
      const { employeeId, accountId, appId } = of
      const links = { entityId: id, employeeId, accountId, appId }
      await append({ ...links, object: 'FINDING', type: 'CREATE', occurredAt: at + (n % 2) })
    }
  for (const [n, { id, employeeId, creationTimestamp: at }] of data.detections.entries())
    if (n % 2 === 0) {
      const of = { category: 'DETECTION', object: 'PHISHING', entityId: id, employeeId }
      await append({ ...of, type: n % 4 === 0 ? 'CREATE' : 'UPDATE', occurredAt: at })
    }
  for (const [n, one] of data.browsers.entries())
    if (n % 2 === 0) {
      const { id, employeeId, lastOnlineTimestamp: occurredAt } = one
      const of = { object: 'BROWSER', entityId: id, browserId: id, employeeId }
      await append({ ...of, type: n % 4 === 0 ? 'CREATE' : 'UPDATE', occurredAt })
    }
  for (const [n, row] of table('accounts').entries()) {
    if (!('lastUsedAt' in row)) continue
    if (n % 6 === 0) {
      await note('accounts', {
        ...row,
        mfaRegistered: !row.mfaRegistered,
        lastUsedAt: 1_600_000_000,
      })
      await note('accounts', row)
    }
    if (n % 8 === 0) {
      const at = await note('accounts', { ...row, mfaMethods: ['U2F'] }, 'EVENT')
      const of = { accountId: row.id, entityId: row.id, employeeId: row.employeeId }
      if (n % 16 === 0) await append({ ...of, occurredAt: 1_700_000_000, receivedAt: at / 1_000 })
      await note('accounts', row)
    }
  }
  for (const name of ['employees', 'findings', 'browserExtensions', 'browsers'] as const)
    for (const [n, row] of table(name).entries())
      if (n % 5 === 0) {
        events.note('default', isGone(name, row.id, await nextMs()))
        await note(name, row)
      }
  await events.noted()
  const { data: told, errors } = await graph.run(`{ changes(first: 1000) { pageInfo { hasNextPage }
    nodes { id collection objectId kind field new at learntFrom } } }`)
  expect(errors).toEqual([])
  expect(told.changes.pageInfo.hasNextPage).toBe(false)
  const changes = (told.changes.nodes as (Omit<ToldChange, 'at'> & { at: string })[]).map(
    change => ({
      ...change,
      // `BROWSER_EXTENSIONS` is `browserExtensions`.
      collection: change.collection
        .toLowerCase()
        .replace(/_./, found => found.slice(1).toUpperCase()) as CollectionName,
      at: Date.parse(change.at),
    }),
  )
  expect(stored.length).toBeGreaterThan(100)
  expect(changes.length).toBeGreaterThan(100)
  return { data, events: stored, changes }
}
