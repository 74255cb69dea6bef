import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { delivery, sample, sampleNames } from '../support/deliveries.ts'

const read = (bytes: Uint8Array | string) =>
  readDelivery(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)

const event = (bytes: Uint8Array) => {
  const found = readDelivery(bytes)
  if (!found.ok) throw new Error(found.problem)
  return found.event
}

describe('a delivery', () => {
  it.each(sampleNames)('is read from the sample %s, its body kept as it came', name => {
    const bytes = sample(name)
    const sent = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
    expect(event(bytes)).toMatchObject({
      id: sent['id'],
      object: sent['object'],
      category: sent['category'],
      type: sent['type'] ?? null,
      objectName: sent['friendlyName'],
      description: sent['description'],
      occurredAt: sent['timestamp'],
      body: bytes.toString('utf8'),
    })
  })

  it.each([
    [
      'LOGIN-1',
      {
        entityId: null,
        employeeId: 'emp1',
        accountId: 'acc1',
        appId: 'app1',
        email: 'test.user@example.com',
        sourceIpAddress: '10.10.10.10',
        url: 'https://example.com/authorize',
      },
    ],
    ['EMPLOYEE-DELETE-1', { entityId: 'abc', employeeId: 'abc', email: 'test.user@example.com' }],
    ['BROWSER-UPDATE-1', { entityId: 'abc', browserId: 'abc', employeeId: 'emp_1' }],
    // A creation whose object stands in `old`.
    [
      'FINDING-CREATE-2',
      { entityId: 'abc', employeeId: 'emp_1', accountId: 'acc_1', appId: 'app_1' },
    ],
    ['APP_OTHER-DELETE-1', { entityId: 'abc', appId: null }],
    ['PHISHING-CREATE-1', { entityId: 'abc', employeeId: 'emp1', browserId: 'browser1' }],
    [
      'PHISHING_TOOL_DETECTED-1',
      {
        entityId: null,
        employeeId: 'emp1',
        email: 'test.user@example.com',
        url: 'https://example.dev/',
      },
    ],
    [
      'ADMIN_LOADED_DATA-1',
      { employeeId: null, email: 'test.user@example.com', sourceIpAddress: '203.0.113.58' },
    ],
  ])('of %s leads to what it is about', (name, links) => {
    expect(event(sample(name))).toMatchObject(links)
  })

  it('takes an oauth id for no app of Push, and snake case for an employee', () => {
    const other = { id: 'e', object: 'APP_OTHER', category: 'ENTITY', new: { id: 'o', appId: 'x' } }
    expect(event(delivery(other)).appId).toBeNull()
    const group = { object: 'EMPLOYEE_REMOVED_FROM_GROUP', category: 'AUDIT' }
    expect(event(delivery({ id: 'g', ...group, new: { employee_id: 'e1' } })).employeeId).toBe('e1')
  })

  it('is taken with words that are new', () => {
    expect(event(delivery({ id: '1', object: 'NEW_THING', category: 'NEW_KIND' }))).toMatchObject({
      object: 'NEW_THING',
      category: 'NEW_KIND',
    })
  })
})

describe('a body that cannot be stored', () => {
  it.each([
    ['no JSON', sample('invalid-json.txt')],
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no id', '{"timestamp":1,"object":"A","category":"B"}'],
    ['an empty id', '{"id":"","timestamp":1,"object":"A","category":"B"}'],
    ['a number for an id', '{"id":1,"timestamp":1,"object":"A","category":"B"}'],
    ['a zero letter in the id', '{"id":"a\\u0000b","timestamp":1,"object":"A","category":"B"}'],
    ['half a letter in the id', '{"id":"\\ud800","timestamp":1,"object":"A","category":"B"}'],
    ['an id too long', `{"id":"${'x'.repeat(513)}","timestamp":1,"object":"A","category":"B"}`],
    ['a time beyond the calendar', '{"id":"1","timestamp":1e300,"object":"A","category":"B"}'],
    ['a time beyond numbers', '{"id":"1","timestamp":1e999,"object":"A","category":"B"}'],
    ['a time in milliseconds', '{"id":"1","timestamp":1757404720000,"object":"A","category":"B"}'],
    ['no object', '{"id":"1","timestamp":1,"category":"B"}'],
    ['no category', '{"id":"1","timestamp":1,"object":"A"}'],
    [
      'a hundred thousand levels',
      `{"id":"1","timestamp":1,"object":"A","category":"B","new":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
  ])('is refused with %s, without repeating it', (_, bytes) => {
    const found = read(bytes)
    expect(found.ok).toBe(false)
    if (!found.ok) expect(found.problem).toMatch(/^[A-Za-z0-9" ,-]+$/)
  })

  it('is told from one whose texts hold brackets', () => {
    const text = `${'['.repeat(1_000)}\\"${'{'.repeat(1_000)}`
    expect(
      read(`{"id":"1","timestamp":1,"object":"A","category":"B","description":"${text}"}`).ok,
    ).toBe(true)
  })
})

describe('a hostile body', () => {
  it('never crashes the reader, and what it takes can be written and read again', () => {
    const hostile = fc.oneof(
      fc.json({ noUnicodeString: false }),
      fc.jsonValue().map(value =>
        JSON.stringify({
          id: '1',
          timestamp: 1,
          object: 'A',
          category: 'B',
          new: value,
          actor: value,
        }),
      ),
      fc.uint8Array().map(bytes => Buffer.from(bytes).toString('latin1')),
    )
    fc.assert(
      fc.property(hostile, body => {
        const found = read(body)
        if (!found.ok) return
        expect(JSON.parse(found.event.body)).toEqual(JSON.parse(body))
        for (const value of Object.values(found.event))
          if (typeof value === 'string') expect(value.isWellFormed()).toBe(true)
      }),
    )
  })

  it('has no say over anything but itself: __proto__ and repeated members', () => {
    const body =
      '{"id":"1","id":"2","timestamp":1,"object":"A","category":"ENTITY","__proto__":{"type":"CREATE","new":{"id":"x"}},"new":{"__proto__":{"employeeId":"e"}}}'
    const found = read(body)
    expect(found).toMatchObject({
      ok: true,
      event: { id: '2', type: null, employeeId: null, entityId: null },
    })
    expect(({} as Record<string, unknown>)['type']).toBeUndefined()
  })
})
