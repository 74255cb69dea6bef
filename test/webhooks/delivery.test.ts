import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { delivery, sample, sampleNames, LATER } from '../support/deliveries.ts'

const read = (bytes: Uint8Array | string) =>
  readDelivery(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, LATER)

const event = (bytes: Uint8Array) => {
  const found = readDelivery(bytes, LATER)
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

/** The event of a body that came at that moment. */
const arrived = (body: object, at = 1_757_405_000) => {
  const found = readDelivery(Buffer.from(JSON.stringify(body)), at)
  if (!found.ok) throw new Error(found.problem)
  return found.event
}

describe('an envelope that lacks something', () => {
  const whole = { id: '1', timestamp: 1_757_404_720, object: 'LOGIN', category: 'ACTIVITY' }
  const without = (...names: readonly string[]) =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))

  it.each([
    ['LOGIN', 'ACTIVITY'],
    ['ACCOUNT', 'ENTITY'],
    ['APP_OTHER', 'ENTITY'],
    ['BROWSER_EXTENSION', 'ENTITY'],
    ['FINDING', 'ENTITY'],
    ['PHISHING', 'DETECTION'],
    ['PASSWORD_PHISHING', 'CONTROL'],
    ['APP_BANNER', 'CONTROL'],
    ['APP_BANNER_CONFIGURED', 'AUDIT'],
    ['LICENSE_ASSIGNED', 'AUDIT'],
    ['SOMETHING_NEW', 'UNRECOGNIZED'],
  ])('says that of %s the category is %s', (object, category) => {
    expect(arrived({ ...without('category'), object })).toMatchObject({
      category,
      inferred: ['category'],
    })
  })

  it.each([
    ['the login itself', { new: { loginTimestamp: 1_757_404_700.5 } }, 1_757_404_700],
    [
      'the latest time of the object',
      { type: 'UPDATE', new: { creationTimestamp: 1.7e9, lastUsedTimestamp: 1_757_404_000 } },
      1_757_404_000,
    ],
    ['its creation', { type: 'CREATE', new: null, old: { creationTimestamp: 1.7e9 } }, 1.7e9],
    [
      'not its creation where it was changed',
      { type: 'UPDATE', new: { creationTimestamp: 1.7e9 } },
      1_757_405_000,
    ],
    ['no time of the future', { new: { loginTimestamp: 4_070_908_800 } }, 1_757_405_000],
    ['no time in milliseconds', { new: { loginTimestamp: 1_757_404_700_000 } }, 1_757_405_000],
    ['the arrival where there is nothing else', {}, 1_757_405_000],
  ])('takes for its time %s', (_, own, occurredAt) => {
    expect(arrived({ ...without('timestamp'), ...own })).toMatchObject({
      occurredAt,
      inferred: ['timestamp'],
    })
  })

  it.each([
    ['a text', 'now'],
    ['null', null],
    ['milliseconds', 1_757_404_720_000],
    ['a time beyond the calendar', 1e300],
    ['more than 35 minutes beyond the arrival', 1_757_405_000 + 2_101],
    ['a year to come', 4_070_908_800],
  ])('counts as come now where its time is %s', (_, timestamp) => {
    expect(arrived({ ...whole, timestamp })).toMatchObject({
      occurredAt: 1_757_405_000,
      inferred: ['timestamp'],
    })
  })

  it('keeps a time up to 35 minutes beyond the arrival, and cuts fractions', () => {
    expect(arrived({ ...whole, timestamp: 1_757_405_000 + 2_100 })).toMatchObject({
      occurredAt: 1_757_407_100,
      inferred: [],
    })
    expect(arrived({ ...whole, timestamp: 1_757_404_720.9 })).toMatchObject({
      occurredAt: 1_757_404_720,
      inferred: [],
    })
  })

  it('has an id by its body, whatever the white space between its words', () => {
    const body = { ...without('id'), description: 'a  "b\\" : c' }
    const first = read(JSON.stringify(body))
    const again = read(JSON.stringify(body, null, 2))
    const other = read(JSON.stringify({ ...body, description: 'a "b\\" : c' }))
    if (!first.ok || !again.ok || !other.ok) throw new Error('unreadable')
    expect(first.event).toMatchObject({
      id: expect.stringMatching(/^sha256-[0-9a-f]{64}$/) as string,
      inferred: ['id'],
    })
    expect(again.event.id).toBe(first.event.id)
    expect(other.event.id).not.toBe(first.event.id)
  })

  it.each([
    ['empty', ''],
    ['a number', 1],
    ['half a letter', '\ud800'],
    ['a zero letter', 'a\0b'],
    ['too long', 'x'.repeat(513)],
  ])('has an id by its body where its own is %s', (_, id) => {
    expect(arrived({ ...whole, id })).toMatchObject({
      id: expect.stringMatching(/^sha256-/) as string,
      inferred: ['id'],
    })
  })

  it('leads to nothing by an id that is too long to be one, and has no type that is too long for a word', () => {
    const long = 'é'.repeat(257)
    const own = { ...whole, type: long.slice(128), new: { employeeId: long, accountId: 'acc' } }
    expect(arrived({ ...own, object: 'EMPLOYEE', category: 'ENTITY' })).toMatchObject({
      ...{ type: null, employeeId: null, accountId: 'acc', inferred: [] },
    })
    expect(arrived({ ...own, new: { employeeId: long.slice(1) } })).toMatchObject({
      employeeId: long.slice(1),
    })
  })

  it('is an event whatever it lacks, says what, and is the same when it is sent again', () => {
    const names = [
      'id',
      'object',
      'category',
      'timestamp',
      'version',
      'type',
      'friendlyName',
      'old',
      'new',
      'actor',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...sampleNames),
        fc.subarray(names),
        fc.nat(1e6),
        (name, left, later) => {
          const sent = JSON.parse(sample(name).toString('utf8')) as Record<string, unknown>
          for (const member of left) Reflect.deleteProperty(sent, member)
          const first = arrived(sent, 1_800_000_000)
          expect([...first.inferred].sort()).toEqual(
            left
              .filter(member => ['id', 'object', 'category', 'timestamp'].includes(member))
              .sort(),
          )
          expect(arrived(sent, 1_800_000_000 + later).id).toBe(first.id)
        },
      ),
    )
  })
})

describe('a body that cannot be stored', () => {
  it.each([
    ['no JSON', sample('invalid-json.txt')],
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    [
      'a hundred thousand levels',
      `{"id":"1","timestamp":1,"object":"A","category":"B","new":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
  ])('is refused with %s, without repeating it', (_, bytes) => {
    const found = read(bytes)
    expect(found.ok).toBe(false)
    if (!found.ok) expect(found.problem).toMatch(/^[A-Za-z0-9" ,-]+$/)
  })

  it.each([
    [1_000, true],
    [1_001, false],
  ])('is told from one of %i levels, the last that are taken being a thousand', (levels, ok) => {
    const inner = levels - 1
    expect(read(`{"id":"1","new":${'['.repeat(inner)}${']'.repeat(inner)}}`).ok).toBe(ok)
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
