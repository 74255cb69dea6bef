import { describe, expect, test } from 'vitest'
import { ask, standInForTest } from '../support/stand-in.ts'

type Fields = Readonly<Record<string, unknown>>

const vanished = '00000000-0000-4000-8000-000000000000'
const byId = ['employees', 'accounts', 'apps', 'browsers', 'findings', 'detections'] as const

describe('a key', () => {
  test('must be there, with the words that were seen live', async () => {
    const standIn = await standInForTest()
    expect(await ask(standIn, '/accounts', { key: null })).toMatchObject({
      status: 403,
      body: { message: 'Missing Authentication Token' },
    })
    expect(await ask(standIn, '/accounts', { key: 'wrong' })).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
    })
  })

  test('for reading alone may not write', async () => {
    const standIn = await standInForTest()
    const [app] = standIn.data.apps
    const path = `/apps/${app?.id}`
    const key = standIn.keys.readOnly
    expect((await ask(standIn, path, { key })).status).toBe(200)
    const refused = await ask(standIn, path, { method: 'PATCH', body: { notes: 'x' }, key })
    expect(refused.status).toBe(403)
    expect(standIn.data.apps[0]).toEqual(app)
  })

  test('may be one of the caller’s choice', async () => {
    const keys = { readOnly: 'r', full: 'f' }
    const standIn = await standInForTest({ keys })
    expect((await ask(standIn, '/apps', { key: 'r' })).status).toBe(200)
    expect(standIn.requests.map(({ key }) => key)).toEqual(['readOnly'])
  })
})

describe('an object by its id', () => {
  test.each(byId)('of %s is the whole object, bare', async name => {
    const standIn = await standInForTest()
    const row = standIn.data[name].at(3)
    const { status, body } = await ask<Fields>(standIn, `/${name}/${row?.id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject(JSON.parse(JSON.stringify(row)) as Fields)
  })

  test('of a detection brings its employee and events; the list does not', async () => {
    const standIn = await standInForTest()
    const detection = standIn.data.detections.find(({ id }) => {
      return !Object.values(standIn.origin.awkward).flat().includes(id)
    })
    const employee = standIn.data.employees.find(({ id }) => id === detection?.employeeId)
    const { body } = await ask<Fields>(standIn, `/detections/${detection?.id}`)
    expect(body).toEqual({ ...detection, employee })

    const listed = async () => {
      const { body } = await ask(standIn, '/detections')
      return body.result.find(({ id }) => id === detection?.id)
    }
    expect(await listed()).not.toHaveProperty('employee')
    expect(await listed()).not.toHaveProperty('events')
    standIn.set({ listDetails: true })
    expect(await listed()).toEqual({ ...detection, employee })
  })

  test('that is not there is 404, or 400', async () => {
    const standIn = await standInForTest()
    for (const id of [vanished, 'x', '%E0%A4%A']) {
      const { status, body } = await ask(standIn, `/accounts/${id}`)
      expect([id, status]).toEqual([id, 404])
      expect(body).toEqual({ message: expect.any(String) as string })
    }
    standIn.set({ unknownId: 400 })
    expect((await ask(standIn, `/accounts/${vanished}`)).status).toBe(400)
  })

  test('may not exist at all, or be forbidden, by collection', async () => {
    const standIn = await standInForTest({ switches: { byId: 'missing' } })
    const statuses = () =>
      Promise.all(
        byId.map(async name => {
          return (await ask(standIn, `/${name}/${standIn.data[name][0]?.id}`)).status
        }),
      )
    expect(await statuses()).toEqual(byId.map(() => 404))
    standIn.set({ byId: 'forbidden' })
    expect(await statuses()).toEqual(byId.map(() => 403))
    standIn.set({ byId: { accounts: 'missing', findings: 'forbidden' } })
    expect(await statuses()).toEqual([200, 404, 200, 200, 403, 200])
  })

  test('of a browser extension is documented nowhere', async () => {
    const standIn = await standInForTest()
    const path = `/browserExtensions/${standIn.data.browserExtensions[0]?.id}`
    expect((await ask(standIn, path)).status).toBe(404)
    standIn.set({ byId: 'works' })
    expect((await ask(standIn, path)).status).toBe(200)
  })
})

describe('a path or method that does not exist', () => {
  test.each([
    ['GET', '/', 404],
    ['GET', '/nothing', 404],
    ['GET', '/accounts/', 404],
    ['GET', '/accounts/x/loginMethods/y', 404],
    ['GET', '/accounts/x/groups', 404],
    ['GET', '/constructor', 404],
    ['POST', '/accounts', 405],
    ['PUT', '/apps/x', 405],
    ['DELETE', '/apps/x', 405],
    ['GET', '/employees/x/groups', 405],
    ['OPTIONS', '/accounts', 405],
  ])('%s %s is %d', async (method, path, status) => {
    const standIn = await standInForTest()
    const reply = await ask(standIn, path, { method })
    expect(reply.status).toBe(status)
    expect(reply.headers.has('allow')).toBe(status === 405)
  })

  test('lies outside /v1 too, also where others would steer', async () => {
    const standIn = await standInForTest()
    for (const path of ['/accounts', '/v2/accounts', '/__control', '/v1'])
      expect(
        (await fetch(new URL(path, standIn.url), { headers: { 'x-api-key': standIn.keys.full } }))
          .status,
      ).toBe(404)
  })
})
