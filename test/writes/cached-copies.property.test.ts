/** Whatever mix of changes through the graph, changes in Push that webhooks tell, and readings: what is served is what Push has. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { delivery, post } from '../support/deliveries.ts'
import { MUTATIONS, startWriting, WEBHOOK_SECRET, type Writing } from '../support/writing.ts'

let writing: Writing
beforeAll(async () => {
  writing = await startWriting({
    scale: 0.02,
    switches: { maxPage: 10 },
    // Nothing is read again for its age alone.
    environment: { PUSHGRAPH_MAX_AGE_S: '3600', PUSHGRAPH_STALE_S: '3600' },
  })
})
afterAll(() => writing.stop())
beforeEach(() => writing.standIn.set({ faults: undefined }))

const ALL = `{
  detections(first: 1000, orderBy: [{ field: ID }]) { totalCount nodes { id archived classification } }
  archived: detections(filter: { archived: { eq: true } }) { totalCount }
  apps(first: 1000, orderBy: [{ field: ID }]) { nodes { id approvalStatus: approvalStatusRaw ownerId notes } }
  owned: apps(filter: { owner: { licensed: { eq: true } } }) { totalCount }
  employees(first: 1000, orderBy: [{ field: ID }]) { nodes { id licensed } groups(by: [LICENSED]) { keys count } }
  accounts(first: 1000, orderBy: [{ field: ID }]) { totalCount nodes { id loginMethods { oidcLogin } } }
}`

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))

/** The same answer, from the stand-in's data. */
const expected = () => {
  const { detections, apps, employees, accounts } = writing.standIn.data
  const licensed = new Set(employees.filter(of => of.licensed).map(({ id }) => id))
  const groups = [true, false]
    .map(is => ({
      keys: [String(is)],
      count: employees.filter(of => of.licensed === is).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || ((a.keys[0] ?? '') < (b.keys[0] ?? '') ? -1 : 1))
  return {
    detections: {
      totalCount: detections.length,
      nodes: byId(detections).map(({ id, archived, classification }) => ({
        id,
        archived,
        classification,
      })),
    },
    archived: { totalCount: detections.filter(({ archived }) => archived).length },
    apps: {
      nodes: byId(apps).map(({ id, approvalStatus, ownerId, notes }) => ({
        id,
        approvalStatus,
        ownerId,
        notes,
      })),
    },
    owned: {
      totalCount: apps.filter(({ ownerId }) => ownerId !== null && licensed.has(ownerId)).length,
    },
    employees: {
      nodes: byId(employees).map(({ id, licensed: is }) => ({ id, licensed: is })),
      groups,
    },
    accounts: {
      totalCount: accounts.length,
      nodes: byId(accounts).map(({ id, loginMethods }) => ({
        id,
        loginMethods: { oidcLogin: loginMethods.oidcLogin },
      })),
    },
  }
}

const idIn = (collection: 'detections' | 'apps' | 'employees' | 'accounts', n: number): string =>
  writing.standIn.data[collection].at(n % writing.standIn.data[collection].length)?.id ?? ''

/** Push tells of an object as it is now. */
const tell = async (
  object: string,
  category: string,
  collection: 'detections' | 'apps' | 'employees',
  id: string,
) => {
  const found = writing.standIn.data[collection].find(row => row.id === id)
  const event = { object, category, type: 'UPDATE', new: found, old: found }
  events += 1
  const timestamp = Math.floor(Date.now() / 1_000)
  await post(writing.url, delivery({ id: `told ${events}`, timestamp, ...event }), {
    secret: WEBHOOK_SECRET,
  })
}
let events = 0

type Step = () => Promise<unknown>

const few = fc.nat(3)
const word = fc.constantFrom('A', 'B', null)
const flag = fc.boolean()

const write = fc.oneof(
  fc.tuple(few, flag, word).map(([n, archived, classification]): Step => async () => {
    const input = { id: idIn('detections', n), archived, classification }
    const { data } = await writing.ask(MUTATIONS.updateDetection, { input })
    expect(data.updateDetection.detection).toMatchObject(input)
  }),
  fc
    .tuple(few, fc.constantFrom('APPROVED', 'UNDER_REVIEW', null), fc.option(few))
    .map(([n, approvalStatus, owner]): Step => async () => {
      const ownerId = owner === null ? null : idIn('employees', owner)
      const input = { id: idIn('apps', n), approvalStatus, ownerId }
      const { data } = await writing.ask(MUTATIONS.updateApp, { input })
      expect(data.updateApp.app).toMatchObject(input)
    }),
  fc.tuple(few, flag).map(([n, licensed]): Step => async () => {
    const input = { id: idIn('employees', n), licensed }
    await writing.ask(MUTATIONS.updateEmployee, { input })
  }),
  few.map((n): Step => async () => {
    const input = { id: idIn('accounts', n), loginMethod: 'OIDC' }
    await writing.ask(MUTATIONS.removeAccountLoginMethod, { input })
  }),
  few.map((n): Step => async () => {
    await writing.ask(MUTATIONS.deleteAccount, { input: { id: idIn('accounts', n) } })
  }),
)

const elsewhere = fc.oneof(
  fc.tuple(few, flag, word).map(([n, archived, classification]): Step => async () => {
    const id = idIn('detections', n)
    writing.standIn.update('detections', id, { archived, classification })
    await tell('PHISHING', 'DETECTION', 'detections', id)
  }),
  fc.tuple(few, fc.constantFrom('APPROVED', null)).map(([n, approvalStatus]): Step => async () => {
    const id = idIn('apps', n)
    writing.standIn.update('apps', id, { approvalStatus })
    await tell('APP', 'ENTITY', 'apps', id)
  }),
  fc.tuple(few, flag).map(([n, licensed]): Step => async () => {
    const id = idIn('employees', n)
    writing.standIn.update('employees', id, { licensed })
    await tell('EMPLOYEE', 'ENTITY', 'employees', id)
  }),
)

const read: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  () => writing.ask(ALL),
  () => writing.ask(ALL, {}, { 'cache-control': 'no-cache' }),
  () => writing.ask(`{ detection(id: "${idIn('detections', 0)}") { events { id } } }`),
)

const answers = fc.constantFrom('object' as const, 'empty' as const, 'nothing' as const)

test('one after another: each answer is Push’s state, without asking again', async () => {
  await fc.assert(
    fc.asyncProperty(
      answers,
      fc.array(fc.oneof(write, write, elsewhere, read), { maxLength: 6 }),
      async (writeAnswers, steps) => {
        writing.standIn.set({ writeAnswers })
        await writing.ask(ALL)
        for (const step of steps) {
          await step()
          const { data, errors, requests } = await writing.ask(ALL)
          expect(errors).toEqual([])
          expect(data).toEqual(expected())
          expect(requests).toBe(0)
        }
      },
    ),
    { numRuns: 15 },
  )
})

test('side by side: once all is quiet, the answer is Push’s state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(write, write, read), { minLength: 2, maxLength: 6 }),
      async steps => {
        writing.standIn.set({ writeAnswers: 'object' })
        await writing.ask(ALL)
        await Promise.allSettled(steps.map(step => step()))
        const { data, requests } = await writing.ask(ALL)
        expect(data).toEqual(expected())
        expect(requests).toBe(0)
      },
    ),
    { numRuns: 15 },
  )
})

test('a list that was asked for before a change does not bring back what was', async () => {
  const id = idIn('detections', 0)
  writing.standIn.update('detections', id, { classification: 'BEFORE' })
  let hold = (): void => undefined
  const held = new Promise<void>(resolve => (hold = resolve))
  // The stand-in makes its answer before it is late with it.
  writing.standIn.set({
    faults: ({ method, route }) => {
      if (method !== 'GET' || route !== '/detections') return undefined
      hold()
      return { kind: 'slow', delayMs: 150 }
    },
  })
  const noCache = { 'cache-control': 'no-cache' }
  const reading = writing.ask(
    '{ detections(first: 1000) { nodes { id classification } } }',
    {},
    noCache,
  )
  await held
  const input = { id, classification: 'AFTER' }
  const gone = idIn('accounts', 0)
  await Promise.all([
    writing.ask(MUTATIONS.updateDetection, { input }),
    writing.ask(MUTATIONS.deleteAccount, { input: { id: gone } }),
  ])
  const { data } = await reading
  expect(data.detections.nodes).toContainEqual(input)
  expect((await writing.ask(ALL)).data).toEqual(expected())
})
