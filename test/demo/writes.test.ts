import { describe, expect, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { ask, standInForTest } from '../support/stand-in.ts'

type Fields = Readonly<Record<string, unknown>>

const send = (standIn: StandIn, request: string, body?: unknown) => {
  const [method = '', path = ''] = request.split(' ')
  return ask<Fields>(standIn, path, { method, ...(body === undefined ? {} : { body }) })
}

/** Ids of rows to write to, as the paths below name them. */
const idsOf = ({ data }: StandIn): Readonly<Record<string, string>> => ({
  employee: data.employees[0]?.id ?? '',
  other: data.employees[1]?.id ?? '',
  account: data.accounts[0]?.id ?? '',
  app: data.apps[0]?.id ?? '',
  detection: data.detections[0]?.id ?? '',
  vanished: '00000000-0000-4000-8000-000000000000',
})

const fill = (text: string, ids: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '')

describe('a write', () => {
  test.each<readonly [string, Fields]>([
    ['PATCH /employees/{employee}', { licensed: false }],
    ['PATCH /apps/{app}', { approvalStatus: 'UNDER_REVIEW' }],
    ['PATCH /apps/{app}', { approvalStatus: null, sensitivityLevel: 'LOW', notes: 'ağ 🎈' }],
    ['PATCH /apps/{app}', { sensitivityLevel: null, notes: null, ownerId: null }],
    ['PATCH /apps/{app}', { ownerId: '{employee}' }],
    ['PATCH /detections/{detection}', { archived: true, classification: 'FALSE_POSITIVE' }],
    ['PATCH /detections/{detection}', { archived: false, classification: null }],
  ])('%s %j changes the object, for lists and reads by id too', async (request, wanted) => {
    const standIn = await standInForTest()
    const ids = idsOf(standIn)
    const path = fill(request, ids).slice('PATCH '.length)
    const changes = JSON.parse(fill(JSON.stringify(wanted), ids)) as Fields
    const before = await send(standIn, `GET ${path}`)
    const { status, body } = await send(standIn, fill(request, ids), changes)
    expect(status).toBe(200)
    expect(body).toMatchObject(changes)
    expect((await send(standIn, `GET ${path}`)).body).toEqual({ ...before.body, ...changes })
    const list = await ask(standIn, path.slice(0, path.lastIndexOf('/')))
    expect(list.body.result.find(({ id }) => id === body['id'])).toMatchObject(changes)
  })

  test('to a detection answers without employee and events', async () => {
    const standIn = await standInForTest()
    const request = fill('PATCH /detections/{detection}', idsOf(standIn))
    const { body } = await send(standIn, request, { archived: true })
    expect(body).not.toHaveProperty('events')
    expect(body).not.toHaveProperty('employee')
    expect(standIn.data.detections[0]?.events.length).toBeGreaterThan(0)
  })

  test.each([
    ['PATCH /employees/{employee}', { licensed: 'yes' }],
    ['PATCH /employees/{employee}', { email: 'a@example.com' }],
    ['PATCH /employees/{employee}', {}],
    ['PATCH /employees/{employee}', []],
    ['PATCH /employees/{employee}', 'not JSON {'],
    ['PATCH /employees/{employee}', undefined],
    ['PATCH /apps/{app}', { approvalStatus: 'PERHAPS' }],
    ['PATCH /apps/{app}', { approvalStatus: 'APPROVED', sensitivityLevel: 'EXTREME' }],
    ['PATCH /apps/{app}', { ownerId: 'nobody' }],
    ['PATCH /apps/{app}', { notes: 5 }],
    ['PATCH /apps/{app}', { constructor: 5 }],
    ['PATCH /detections/{detection}', { archived: null }],
    ['PATCH /detections/{detection}', { severity: 'LOW' }],
    ['POST /employees/{employee}/merge', { employeeId: 'nobody' }],
    ['POST /employees/{employee}/merge', undefined],
    ['POST /employees/{employee}/groups', { groups: [] }],
    ['POST /employees/{employee}/groups', { groups: [5] }],
    ['DELETE /employees/{employee}/groups', { groups: 'all-staff' }],
    ['DELETE /accounts/{account}/loginMethods', { loginMethod: 'TELEPATHY' }],
    ['DELETE /accounts/{account}/loginMethods', undefined],
  ])('%s %j is refused and changes nothing', async (request, body) => {
    const standIn = await standInForTest()
    const before = JSON.stringify(standIn.data)
    const reply = await send(standIn, fill(request, idsOf(standIn)), body)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ message: expect.any(String) as string })
    expect(JSON.stringify(standIn.data)).toBe(before)
  })

  test.each([
    ['PATCH /employees/{vanished}', { licensed: true }],
    ['PATCH /apps/{vanished}', { notes: null }],
    ['PATCH /detections/{vanished}', { archived: true }],
    ['POST /employees/{vanished}/merge', { employeeId: 'x' }],
    ['POST /employees/{vanished}/groups', { groups: ['a'] }],
    ['DELETE /accounts/{vanished}', undefined],
    ['DELETE /accounts/{vanished}/loginMethods', { loginMethod: 'OIDC' }],
  ])('%s finds nothing', async (request, body) => {
    const standIn = await standInForTest()
    expect((await send(standIn, fill(request, idsOf(standIn)), body)).status).toBe(404)
  })

  test('leaves the data that the stand-in started with alone', async () => {
    const standIn = await standInForTest()
    const before = JSON.stringify(standIn.origin)
    await send(standIn, fill('DELETE /accounts/{account}', idsOf(standIn)))
    await send(standIn, fill('PATCH /apps/{app}', idsOf(standIn)), { notes: 'changed' })
    expect(JSON.stringify(standIn.origin)).toBe(before)
  })
})

describe('an employee', () => {
  test('gains and loses groups', async () => {
    const standIn = await standInForTest()
    const path = fill('/employees/{employee}/groups', idsOf(standIn))
    const before = standIn.data.employees[0]?.groups ?? []
    const added = await send(standIn, `POST ${path}`, { groups: ['new', 'ночь'] })
    expect(added.body['groups']).toEqual([...before, 'new', 'ночь'])
    expect((await send(standIn, `POST ${path}`, ['new'])).body['groups']).toHaveLength(
      before.length + 2,
    )
    const removed = await send(standIn, `DELETE ${path}`, { groups: ['new', 'ночь', 'never'] })
    expect(removed.body['groups']).toEqual(before)
  })

  test('takes over all that belonged to the one merged into it', async () => {
    const standIn = await standInForTest()
    const { employee = '', other = '' } = idsOf(standIn)
    const countOf = (id: string) =>
      (['accounts', 'browsers', 'findings', 'detections'] as const).map(
        name => standIn.data[name].filter(row => row.employeeId === id).length,
      )
    const [mine, theirs] = [countOf(employee), countOf(other)]
    expect(theirs[0]).toBeGreaterThan(0)
    const { body } = await send(standIn, `POST /employees/${employee}/merge`, { employeeId: other })
    expect(body['id']).toBe(employee)
    expect(countOf(employee)).toEqual(mine.map((count, index) => count + (theirs[index] ?? 0)))
    expect((await send(standIn, `GET /employees/${other}`)).status).toBe(404)
    const again = await send(standIn, `POST /employees/${employee}/merge`, { employeeId: employee })
    expect(again.status).toBe(400)
  })
})

describe('an account', () => {
  test('can be deleted, with or without a body in the answer', async () => {
    const standIn = await standInForTest()
    const [first, second] = standIn.data.accounts.map(({ id }) => id)
    expect(await send(standIn, `DELETE /accounts/${first}`)).toMatchObject({
      status: 200,
      body: {},
    })
    expect((await send(standIn, `GET /accounts/${first}`)).status).toBe(404)
    standIn.set({ deleteStatus: 204 })
    const reply = await send(standIn, `DELETE /accounts/${second}`)
    expect(reply.status).toBe(204)
    expect(reply.body).toBeUndefined()
    expect((await send(standIn, `DELETE /accounts/${second}`)).status).toBe(404)
  })

  test.each([
    ['OIDC', { oidcLogin: null }],
    ['SAML', { samlLogin: null }],
    ['OKTA_SWA', { oktaSwaLogin: false }],
    ['FEDCM', { fedCmLogin: null }],
    ['USERNAME_PASSWORD', { passwordLogin: false }],
  ])('loses the login method %s', async (loginMethod, gone) => {
    const standIn = await standInForTest()
    const { account = '' } = idsOf(standIn)
    standIn.update('accounts', account, {
      passwordId: 'secret',
      loginMethods: {
        passwordLogin: true,
        lastPasswordLoginTimestamp: 1,
        oidcLogin: 'GITHUB',
        samlLogin: 'OKTA',
        oktaSwaLogin: true,
        fedCmLogin: 'GOOGLE_WORKSPACE',
      },
    })
    const path = `/accounts/${account}/loginMethods`
    const { status, body } = await send(standIn, `DELETE ${path}`, { loginMethod })
    expect(status).toBe(200)
    expect(body['loginMethods']).toMatchObject(gone)
    expect(body['passwordId']).toBe(loginMethod === 'USERNAME_PASSWORD' ? null : 'secret')
    const left = body['loginMethods'] as Fields
    expect('lastPasswordLoginTimestamp' in left).toBe(loginMethod !== 'USERNAME_PASSWORD')
    expect(standIn.data.accounts[0]).toEqual(body)
  })
})
