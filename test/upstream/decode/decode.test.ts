import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { detectionEventFields } from '../../../src/model/detection-events.ts'
import type { Fault } from '../../../src/upstream/decode/decode.ts'
import { createDecoders } from '../../../src/upstream/decode/decode.ts'
import { createInterner } from '../../../src/upstream/decode/interner.ts'

const decoders = createDecoders(createInterner())

/** The documentation's own example of `GET /detections/{id}`. */
const example = {
  id: 'c478966c-f927-411c-b919-179832d3d50c',
  employeeId: '37cda962-7e78-49bc-8721-1becd16276a3',
  employee: {
    id: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
    email: 'john.hill@example.com',
    firstName: 'John',
    lastName: 'Hill',
    department: 'Security Engineering',
    location: 'New York',
    licensed: true,
    chatopsEnabled: true,
    creationTimestamp: 1698669223,
  },
  browserId: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
  severity: 'LOW',
  detectionType: 'PHISHING',
  response: 'BLOCKED',
  creationTimestamp: 1698604061,
  archived: true,
  classification: 'FALSE_POSITIVE',
  events: [
    {
      id: 'c478966c-f927-411c-b919-179832d3d50c',
      creationTimestamp: 1698604061,
      detectionEventType: 'PHISHING_TOOL_DETECTED',
      accountId: '37cda962-7e78-49bc-8721-1becd16276a3',
      appType: 'PUSH_SECURITY',
      phishingToolIndicator: 'AITM_TOOL_EVILGINX_01',
      controlMode: 'INFORM',
      description: 'Phishing attempt detected',
      clonedLoginPageIndicator: 'MICROSOFT_01',
      response: 'BLOCKED',
      email: 'john.hill@example.com',
      url: 'https://example.com/phishing',
      referrerUrl: 'https://mail.google.com',
      clonedLoginPageUrls: ['https://example.com/phishing'],
      sourceIpAddress: '8.158.25.38',
      metadata:
        '{"source_type": "Telegram", "breach_type": "Stealer Malware Logs", "breach_publication_date": "2025-04-01"}',
      experimental: false,
    },
  ],
}

const account = {
  id: 'a1',
  employeeId: 'e1',
  appType: 'ATLASSIAN',
  appId: 'p1',
  email: 'john.hill@example.com',
  mfaRegistered: true,
  mfaMethods: ['APP_TOTP', 'SOMETHING_NEW'],
  passwordId: null,
  loginMethods: {
    passwordLogin: false,
    oidcLogin: 'GOOGLE_WORKSPACE',
    samlLogin: null,
    oktaSwaLogin: false,
  },
  creationTimestamp: 1698604061,
  lastUsedTimestamp: 1698604099,
  somethingNew: { nobody: 'knows' },
}

const samples: Readonly<Record<string, unknown>> = { boolean: true, seconds: 1 }

const read = <Name extends keyof typeof decoders>(name: Name, sent: unknown) => {
  const fault: Fault = { path: '', reason: '' }
  const row = decoders[name](sent, fault)
  return row ?? `${fault.path} ${fault.reason}`
}

describe('decoding', () => {
  it("reads the vendor's example of a detection field by field", () => {
    const [event] = example.events
    expect(read('detections', example)).toEqual({
      id: example.id,
      employeeId: example.employeeId,
      browserId: example.browserId,
      severity: 'LOW',
      detectionType: 'PHISHING',
      response: 'BLOCKED',
      archived: true,
      classification: 'FALSE_POSITIVE',
      createdAt: 1698604061,
      lastActivityAt: null,
      detectionLink: null,
      events: [
        {
          id: event?.id,
          createdAt: 1698604061,
          detectionEventType: 'PHISHING_TOOL_DETECTED',
          accountId: event?.accountId,
          appType: 'PUSH_SECURITY',
          phishingToolIndicator: 'AITM_TOOL_EVILGINX_01',
          controlMode: 'INFORM',
          description: 'Phishing attempt detected',
          clonedLoginPageIndicator: 'MICROSOFT_01',
          response: 'BLOCKED',
          email: 'john.hill@example.com',
          url: 'https://example.com/phishing',
          referrerUrl: 'https://mail.google.com',
          clonedLoginPageUrls: ['https://example.com/phishing'],
          sourceIpAddress: '8.158.25.38',
          metadata: event?.metadata,
          experimental: false,
        },
      ],
    })
  })

  it('keeps words that are new, drops members that are, and reads nested members', () => {
    expect(read('accounts', account)).toEqual({
      id: 'a1',
      employeeId: 'e1',
      appType: 'ATLASSIAN',
      appId: 'p1',
      email: 'john.hill@example.com',
      mfaRegistered: true,
      mfaMethods: ['APP_TOTP', 'SOMETHING_NEW'],
      passwordId: null,
      passwordLogin: false,
      lastPasswordLoginAt: null,
      oidcLogin: 'GOOGLE_WORKSPACE',
      samlLogin: null,
      oktaSwaLogin: false,
      vendorSsoLogin: null,
      fedCmLogin: null,
      createdAt: 1698604061,
      lastUsedAt: 1698604099,
    })
  })

  it.each(collectionNames)('gives %s all fields in one order, whatever was sent', name => {
    const least: object = Object.fromEntries(
      Object.values(collections[name].fields)
        .filter(({ required }) => required)
        .map(({ from, kind }): [string, unknown] => [from, samples[kind] ?? 'text'])
        .reverse(),
    )
    const row = read(name, least)
    expect(Object.keys(row)).toEqual(Object.keys(collections[name].fields))
    const optional = Object.entries(collections[name].fields).filter(([, of]) => !of.required)
    for (const [field] of optional) expect(row).toHaveProperty(field, null)
  })

  it('gives events all their fields in one order too', () => {
    const detection = read('detections', example) as unknown as { events: object[] }
    expect(Object.keys(detection.events[0] ?? {})).toEqual(Object.keys(detectionEventFields))
  })

  it.each([
    { case: 'absent', employeeId: undefined, gives: example.employee.id },
    { case: 'null', employeeId: null, gives: example.employee.id },
    { case: 'there', employeeId: 'e1', gives: 'e1' },
  ])(
    'takes the embedded employee where a detection’s employeeId is not there: $case',
    ({ employeeId, gives }) => {
      expect(read('detections', { ...example, employeeId })).toMatchObject({ employeeId: gives })
    },
  )

  it('tells events that were left out from none', () => {
    expect(read('detections', { ...example, events: undefined })).toMatchObject({ events: null })
    expect(read('detections', { ...example, events: [] })).toMatchObject({ events: [] })
    const bare = { ...example, employee: null, employeeId: undefined }
    expect(read('detections', bare)).toMatchObject({ employeeId: null })
  })

  it.each([
    { seconds: 1698604061.9, gives: 1698604061 },
    { seconds: 0, gives: 0 },
    { seconds: -1, gives: -1 },
    { seconds: 253_402_300_799, gives: 253_402_300_799 },
  ])('reads $seconds as whole seconds', ({ seconds, gives }) => {
    expect(read('accounts', { ...account, lastUsedTimestamp: seconds })).toMatchObject({
      lastUsedAt: gives,
    })
  })
})

describe('an object that cannot be read', () => {
  it.each([
    {
      because: 'a required member is missing',
      change: { email: undefined },
      says: 'email is missing',
    },
    { because: 'a required member is null', change: { email: null }, says: 'email is missing' },
    { because: 'its id is empty', change: { id: '' }, says: 'id is not a text that is not empty' },
    {
      because: 'its id is a number',
      change: { id: 7 },
      says: 'id is not a text that is not empty',
    },
    { because: 'a text is a number', change: { email: 7 }, says: 'email is not a text' },
    {
      because: 'a flag is a text',
      change: { mfaRegistered: 'yes' },
      says: 'mfaRegistered is not true or false',
    },
    {
      because: 'a time is a text',
      change: { lastUsedTimestamp: '2026' },
      says: 'lastUsedTimestamp is not a time in UNIX seconds',
    },
    {
      because: 'a time is in milliseconds',
      change: { creationTimestamp: 1698604061000 },
      says: 'creationTimestamp is not a time in UNIX seconds',
    },
    {
      because: 'a list is a text',
      change: { mfaMethods: 'APP_TOTP' },
      says: 'mfaMethods is not a list of texts',
    },
    {
      because: 'a list holds a number',
      change: { mfaMethods: ['U2F', 7] },
      says: 'mfaMethods[1] is not a text',
    },
    {
      because: 'what should be an object is none',
      change: { loginMethods: 'OIDC' },
      says: 'loginMethods is not an object',
    },
    {
      because: 'a nested member is wrong',
      change: { loginMethods: { oidcLogin: 7 } },
      says: 'loginMethods.oidcLogin is not a text',
    },
  ])('is none, with the path and a reason, when $because', ({ change, says }) => {
    expect(read('accounts', { ...account, ...change })).toBe(says)
  })

  it.each([null, [], 'text', 7, true])('is none when it is %j', sent => {
    expect(read('accounts', sent)).toBe(' is not an object')
  })

  it('is told by the path of the event within the detection', () => {
    const events = [example.events[0], { ...example.events[0], url: 7 }]
    expect(read('detections', { ...example, events })).toBe('events[1].url is not a text')
    const missing = [{ ...example.events[0], id: undefined }]
    expect(read('detections', { ...example, events: missing })).toBe('events[0].id is missing')
    expect(read('detections', { ...example, events: [7] })).toBe('events[0] is not an object')
    expect(read('detections', { ...example, events: 7 })).toBe('events is not a list of objects')
  })

  it('never makes the decoder throw, and never shows in the reason', () => {
    const secret = 'n3ver-shown'
    const junk = fc.oneof(fc.jsonValue(), fc.constant(secret))
    fc.assert(
      fc.property(
        fc.constantFrom(...collectionNames),
        fc.record(
          Object.fromEntries(
            [...Object.keys(account), ...Object.keys(example)].map(name => [name, junk]),
          ),
          { requiredKeys: [] },
        ),
        (name, sent) => {
          const fault: Fault = { path: '', reason: '' }
          if (decoders[name](sent, fault) === undefined)
            expect(`${fault.path} ${fault.reason}`).not.toContain(secret)
        },
      ),
    )
  })
})

describe('equal words', () => {
  it('and equal lists are one copy, frozen', () => {
    const copies = createDecoders(createInterner())
    const fault = { path: '', reason: '' }
    // Texts made at run time: literals would be one copy anyway.
    const again = () => JSON.parse(JSON.stringify(account)) as unknown
    const one = copies.accounts(again(), fault)
    const other = copies.accounts(again(), fault)
    expect(one?.mfaMethods).toBe(other?.mfaMethods)
    expect(Object.isFrozen(one?.mfaMethods)).toBe(true)
    const detection = copies.detections(example, fault)
    expect(Object.isFrozen(detection?.events)).toBe(true)
  })
})
