/** What the demo tenant's webhooks told before it was started. */
import { describe, expect, test } from 'vitest'
import { createData } from '../../src/demo/data.ts'
import { createPast } from '../../src/demo/past.ts'
import { payloadOf } from '../../src/model/events.ts'
import { toOcsfOfWebhook } from '../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createCheck } from '../support/ocsf/check-event.ts'

const NOW = Date.UTC(2026, 0, 20) / 1_000
const DAY = 86_400
const data = createData({ seed: 1, scale: 0.1, now: NOW })
const past = (days = 30) => [...createPast(data, days)]

const read = (body: Buffer, at: number) => {
  const delivery = readDelivery(body, at)
  if (!delivery.ok) throw new Error(delivery.problem)
  return delivery.event
}

describe('the past of the demo tenant', () => {
  const events = past().map(({ at, body }) => read(body, at))

  test('is told in the order of time, of these days alone, each event once', () => {
    const times = events.map(({ occurredAt }) => occurredAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(NOW - 30 * DAY)
    expect(times.at(-1)).toBeLessThan(NOW)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    // Something to show in every week.
    const weeks = new Set(times.map(time => Math.floor((NOW - time) / (7 * DAY))))
    expect([...weeks].sort()).toEqual([0, 1, 2, 3, 4])
  })

  test('is the same for the same tenant, and says that it is made up', () => {
    expect(past().map(({ body }) => body.toString())).toEqual(events.map(({ body }) => body))
    for (const event of events) expect(payloadOf(event)['madeUp']).toBe(true)
    expect(past(2).length).toBeLessThan(past(10).length)
  })

  test('tells of the objects as Push’s lists have them', () => {
    const findings = new Map(data.findings.map(row => [row.id, row]))
    const accounts = new Set(data.accounts.map(({ id }) => id))
    let checked = 0
    for (const { object, type, entityId, accountId, body } of events) {
      const { new: now } = payloadOf({ body })
      if (object === 'LOGIN' || object === 'ACCOUNT') expect(accounts).toContain(accountId)
      if (object !== 'FINDING') continue
      const { state, ...row } = { ...findings.get(entityId ?? '') }
      expect(now).toEqual({ ...row, state: type === 'CREATE' ? 'OPEN' : 'RESOLVED' })
      if (type === 'UPDATE') expect(state).toBe('RESOLVED')
      checked += 1
    }
    expect(checked).toBeGreaterThan(50)
  })

  test('has events of OCSF, joinings of groups among them', () => {
    const check = createCheck('1.8.0')
    const made = events.map(event => {
      const row = { ...event, connector: 'demo', receivedAt: event.occurredAt, sequence: 1 }
      return toOcsfOfWebhook['1.8.0']({ row, payload: payloadOf(row) }).json()
    })
    expect(
      made.flatMap(event => check(JSON.parse(JSON.stringify(event)) as object as never)),
    ).toEqual([])
    expect(new Set(made.map(event => event['class_uid']))).toEqual(
      new Set([2003, 2004, 3002, 3004, 3006]),
    )
  })
})

test('there are people with findings and no browser, and accounts of people who left', () => {
  const whole = createData({ seed: 1, scale: 1, now: NOW })
  const browsing = new Set(whole.browsers.map(({ employeeId }) => employeeId))
  const found = new Set(whole.findings.map(({ employeeId }) => employeeId))
  const without = whole.employees.filter(({ id }) => !browsing.has(id))
  expect(without.length).toBeGreaterThan(20)
  expect(without.filter(({ id }) => found.has(id)).length).toBeGreaterThan(10)
  const known = new Set(whole.employees.map(({ id }) => id))
  const left = Map.groupBy(
    whole.accounts.filter(({ employeeId }) => !known.has(employeeId)),
    ({ employeeId }) => employeeId,
  )
  expect([...left.values()].filter(accounts => accounts.length > 2).length).toBeGreaterThan(5)
  expect([whole.accounts.length, whole.browsers.length]).toEqual([12_000, 1_500])
})

test('a small tenant has a past too', () => {
  for (const scale of [0.01, 0.02])
    expect([...createPast(createData({ seed: 7, scale, now: NOW }), 30)].length).toBeGreaterThan(0)
})
