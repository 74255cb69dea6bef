/** What Push's words for detections become, by the captions that OCSF 1.8 prints beside its numbers. */
import { describe, expect, test } from 'vitest'
import { payloadOf } from '../../src/model/events.ts'
import type { Rows } from '../../src/model/rows.ts'
import { defaultVersion, toOcsf, toOcsfOfWebhook } from '../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { detectionEvent, rowOf } from '../support/rows.ts'
import { LATER } from '../support/deliveries.ts'

type Json = Readonly<Record<string, unknown>>

const detection = (given: Partial<Rows['detections']>): Json =>
  toOcsf[defaultVersion].detections({ row: rowOf('detections', given), readAt: 0 }).json()

describe('a detection', () => {
  test.each([
    ['INFORMATIONAL', 1, 'Informational'],
    ['LOW', 2, 'Low'],
    ['MEDIUM', 3, 'Medium'],
    ['HIGH', 4, 'High'],
    ['CRITICAL', 5, 'Critical'],
    ['APOCALYPTIC', 99, 'APOCALYPTIC'],
    // The caption of 99 itself is taken for no word at all.
    ['Other', 99, 'OTHER'],
  ])('of the severity %s is %i, %s', (word, severity_id, severity) => {
    expect(detection({ severity: word })).toMatchObject({ severity_id, severity })
  })

  test.each([
    ['BLOCKED', 'Denied', 'Blocked'],
    ['BLOCK', 'Denied', 'Blocked'],
    ['WARNED', 'Observed', 'Alert'],
    ['WARN', 'Observed', 'Alert'],
    ['EMPLOYEE_WARNED', 'Observed', 'Alert'],
    // Who went on past a warning was let through.
    ['EMPLOYEE_IGNORED_WARNING', 'Allowed', 'Alert'],
    ['MONITORED', 'Observed', 'Detected'],
    ['MONITOR', 'Observed', 'Detected'],
    ['DETECTED', 'Observed', 'Detected'],
    ['INFORM', 'Observed', 'Detected'],
    ['OFF', 'Observed', 'Logged'],
    ['ALLOWED', 'Allowed', 'Allowed'],
    ['VAPORIZED', 'VAPORIZED', 'VAPORIZED'],
  ])(
    'whose response was %s has the action %s and the disposition %s',
    (word, action, disposition) => {
      expect(detection({ response: word })).toMatchObject({ action, disposition })
    },
  )

  test.each([
    [false, null, 'New', 'Create', true],
    [false, 'TRUE_POSITIVE', 'In Progress', 'Update', true],
    [true, null, 'Archived', 'Close', false],
    [true, 'FALSE_POSITIVE', 'Suppressed', 'Close', false],
    [true, 'TRUE_POSITIVE', 'Resolved', 'Close', false],
    [true, 'BENIGN', 'Archived', 'Close', false],
  ] as const)(
    'archived: %s, classified as %s, is %s',
    (archived, classification, status, activity_name, is_alert) => {
      const event = detection({
        archived,
        classification: classification,
      })
      expect(event).toMatchObject({ status, activity_name, is_alert })
    },
  )

  test.each([
    ['FALSE_POSITIVE', 'False Positive'],
    ['TRUE_POSITIVE', 'True Positive'],
    ['SUSPICIOUS', 'Suspicious'],
    ['BENIGN', 'Benign'],
    ['TEST', 'Test'],
    ['DUPLICATE', 'Duplicate'],
  ])('classified as %s has the verdict %s', (word, verdict) => {
    expect(detection({ classification: word })).toMatchObject({ verdict })
  })

  test('lasts from the first of its events to the last, in milliseconds, in whatever order they come', () => {
    const events = [300, 100, 200].map(at =>
      detectionEvent({ id: `${at}`, createdAt: 1_700_000_000 + at }),
    )
    expect(detection({ createdAt: 1_700_000_050, events })).toMatchObject({
      time: 1_700_000_050_000,
      start_time: 1_700_000_100_000,
      end_time: 1_700_000_300_000,
    })
    expect(detection({ events: [] })).not.toHaveProperty('start_time')
  })
})

describe('a detection that a webhook tells of', () => {
  const told = (members: object): Json => {
    const body = JSON.stringify({
      id: '1',
      timestamp: 1_700_000_000,
      object: 'PHISHING',
      category: 'DETECTION',
      type: 'UPDATE',
      new: { id: 'd', detectionType: 'PHISHING', ...members },
    })
    const delivery = readDelivery(Buffer.from(body), LATER)
    if (!delivery.ok) throw new Error(delivery.problem)
    const row = { ...delivery.event, connector: 'default', receivedAt: 1_700_000_000, sequence: 1 }
    return toOcsfOfWebhook[defaultVersion]({ row, payload: payloadOf(row) }).json()
  }
  const seen = {
    id: 'e1',
    creationTimestamp: 1_700_000_000,
    detectionEventType: 'PHISHING_TOOL_DETECTED',
    email: 'ann@example.com',
  }

  test('is of the employee who stands in it, where another id stands beside', () => {
    const event = told({ employeeId: 'other', employee: { id: 'right' }, events: [seen] })
    expect(event).toMatchObject({
      actor: { user: { uid: 'right' } },
      evidences: [{ user: { uid: 'right' } }],
      unmapped: { employee_id: 'other' },
    })
  })

  test('has all of its events as evidence, or, where one cannot be read, none: they stay as they came', () => {
    expect(told({ events: [seen] })).toMatchObject({ evidences: [{ uid: 'e1' }] })
    for (const broken of [{ id: 'e2' }, 'e2', { ...seen, id: 'e2', unheardOf: true }]) {
      const event = told({ events: [seen, broken] })
      expect(event).not.toHaveProperty('evidences')
      expect((event['unmapped'] as { events: unknown[] }).events).toHaveLength(2)
    }
  })
})

describe('a control', () => {
  const classOf = (object: string): unknown => {
    const body = JSON.stringify({
      id: '1',
      timestamp: 1_700_000_000,
      object,
      category: 'CONTROL',
      new: { url: 'https://x.example/', mode: 'BLOCK' },
    })
    const delivery = readDelivery(Buffer.from(body), LATER)
    if (!delivery.ok) throw new Error(delivery.problem)
    const row = { ...delivery.event, connector: 'default', receivedAt: 1_700_000_000, sequence: 1 }
    return toOcsfOfWebhook[defaultVersion]({ row, payload: payloadOf(row) }).json()['class_name']
  }

  test.each([
    'CLONED_LOGIN_PAGE_DETECTED',
    'SSO_PASSWORD_USED',
    'PASSWORD_PHISHING',
    'PHISHING_TOOL_DETECTED',
    'STOLEN_CREDENTIALS_DETECTED',
    'MALICIOUS_COPY_PASTE_DETECTED',
    'MALICIOUS_BROWSER_EXTENSION_DETECTED',
  ])('that saw an attack, %s, is a detection', object => {
    expect(classOf(object)).toBe('Detection Finding')
  })

  test.each(['BLOCKED_URL_VISITED', 'APP_BANNER_SHOWN', 'SOMETHING_NEW'])(
    'that acted upon what an employee did, %s, is an activity',
    object => {
      expect(classOf(object)).toBe('Web Resources Activity')
    },
  )
})
