/** Objects to project: those of the demo tenant, awkward ones made by hand, and random ones. */
import fc from 'fast-check'
import { createData } from '../../../src/demo/data.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { detectionEventFields } from '../../../src/model/detection-events.ts'
import type { Field } from '../../../src/model/collection.ts'
import { enums } from '../../../src/model/enums.ts'
import type { CollectionName, Rows } from '../../../src/model/rows.ts'
import { fieldsOf, type ListRows, storedLists } from '../../../src/model/stored.ts'
import {
  type ObjectName,
  type OcsfEvent,
  type OcsfVersion,
  toOcsf,
} from '../../../src/ocsf/ocsf.ts'
import { createDecoders } from '../../../src/upstream/decode/decode.ts'
import { createInterner } from '../../../src/upstream/decode/interner.ts'
import { detectionEvent as event, rowOf as row } from '../rows.ts'

/** Every list whose objects are projected. */
export const objectNames: readonly ObjectName[] = [...collectionNames, 'otherAccounts', 'otherApps']

/** 2026-01-01, in milliseconds. */
export const READ_AT = Date.UTC(2026, 0, 1)

export type AnyRows = { readonly [Name in CollectionName]: readonly Rows[Name][] }

/** Every object of the demo tenant, as the client decodes it. */
export const demoRows = (scale: number): AnyRows => {
  const data = createData({ seed: 1, scale, now: READ_AT / 1000 })
  const decoders = createDecoders(createInterner())
  return Object.fromEntries(
    collectionNames.map(name => [
      name,
      data[name].map(sent => {
        const fault = { path: '', reason: '' }
        const decoded = decoders[name](sent, fault)
        if (decoded === undefined) throw new Error(`${name}: ${fault.path} ${fault.reason}`)
        return decoded
      }),
    ]),
  ) as unknown as AnyRows
}

/** The event of a row, whatever its list. */
export const project = (
  name: ObjectName,
  of: ListRows[ObjectName],
  version: OcsfVersion,
  around: { readonly tenant?: string; readonly links?: object } = {},
): OcsfEvent => {
  const to = toOcsf[version][name] as (input: object) => OcsfEvent
  return to({ row: of, readAt: READ_AT, ...around })
}

/** A row in which everything that may be missing is. */
const bareRow = (name: ObjectName): ListRows[ObjectName] => {
  if (name !== 'otherAccounts' && name !== 'otherApps') return row(name)
  const fields = Object.keys(storedLists[name].fields).map(field => [field, null])
  return { ...(Object.fromEntries(fields) as ListRows['otherApps']), id: '1' }
}

const long = 'ä'.repeat(70_000)

/** What a tenant may hold at its worst, by what is awkward about it. */
export const awkward: readonly {
  readonly name: ObjectName
  readonly what: string
  readonly row: ListRows[ObjectName]
}[] = [
  ...objectNames.map(name => ({
    name,
    what: 'nothing but what must be there',
    row: bareRow(name),
  })),
  ...[
    row('employees', { email: 'jörg@münchen.example', firstName: 'Jörg', lastName: null }),
    row('employees', { email: 'odd!#$%@example.com', groups: [], department: '' }),
    row('employees', { email: 'no address at all', groups: ['', '所有人', '👩🏽‍💻'] }),
    row('employees', { firstName: long, lastName: long, location: long }),
  ].map(row => ({ name: 'employees' as const, what: 'an odd employee', row })),
  ...[
    row('accounts', { email: 'admin', mfaMethods: [], mfaRegistered: false, lastUsedAt: 0 }),
    row('accounts', { email: '', appType: '', mfaMethods: ['RETINA_SCAN'], passwordLogin: true }),
    row('accounts', { appType: 'constructor', email: 'a@b.c', samlLogin: '__proto__' }),
  ].map(row => ({ name: 'accounts' as const, what: 'an odd account', row })),
  ...[
    row('apps', { approvalStatus: 'APPROVED_WITH_EXCEPTION', sensitivityLevel: 'SECRET' }),
    row('apps', { website: 'not an address', friendlyName: '🚀', labels: [], notes: long }),
    row('apps', { website: 'https://[::1]:8080/x', ownerId: 'nobody', labels: ['a', 'b'] }),
    row('apps', { id: 'x'.repeat(200), website: 'https://under_score.example./', notes: '' }),
  ].map(row => ({ name: 'apps' as const, what: 'an odd app', row })),
  ...[
    row('browsers', { browser: 'LADYBIRD', os: 'SERENITY_OS', tokenType: 'GUEST' }),
    row('browsers', { browser: 'constructor', os: '__proto__', version: '1', email: 'x' }),
    row('browsers', { browser: 'UNKNOWN', os: 'UNKNOWN', employeeId: 'e', extensionVersion: '' }),
    row('browsers', { os: 'CHROME_OS', profileEmail: 'jörg@x', language: 'tlh', lastOnlineAt: 0 }),
  ].map(row => ({ name: 'browsers' as const, what: 'an odd browser', row })),
  ...[
    row('browserExtensions', { browserId: 'b', employeeId: 'e', name: long, permissions: [] }),
    row('browserExtensions', { deploymentMode: 'BUNDLED', enabled: false, hostPermissions: ['*'] }),
  ].map(row => ({ name: 'browserExtensions' as const, what: 'an odd extension', row })),
  ...[
    row('findings', { type: 'PASSKEY_NOT_REGISTERED', state: 'SNOOZED', appType: 'SLACK' }),
    row('findings', { type: 'constructor', state: 'valueOf', employeeId: 'e', passwordId: 'p' }),
    row('findings', { accountId: 'a', appId: 'b', weakPasswordReasons: ['KEYBOARD_WALK'] }),
    row('findings', {
      state: 'RESOLVED',
      employeeId: 'e',
      accountId: 'a',
      weakPasswordReasons: [],
    }),
  ].map(row => ({ name: 'findings' as const, what: 'an odd finding', row })),
  // The caption that OCSF has for all that it has no value for.
  { name: 'accounts', what: 'the word Other', row: row('accounts', { appType: 'Other' }) },
  {
    name: 'browsers',
    what: 'the word Other',
    row: row('browsers', { os: 'Other', browser: 'Other' }),
  },
  {
    name: 'findings',
    what: 'the word Other',
    row: row('findings', { state: 'Other', type: 'Other', accountId: 'a', appType: 'Other' }),
  },
  {
    name: 'detections',
    what: 'the word Other',
    row: row('detections', {
      severity: 'Other',
      detectionType: 'Other',
      response: 'Other',
      classification: 'Other',
      events: [event({ appType: 'Other', accountId: 'a', response: 'Other' })],
    }),
  },
  {
    name: 'otherApps',
    what: 'an odd app',
    row: { ...bareRow('otherApps'), domain: 'no domain at all', name: '', oauthAppId: long },
  },
  {
    name: 'otherAccounts',
    what: 'an odd account',
    row: { ...bareRow('otherAccounts'), email: 'nobody', employeeId: '', lastUsedAt: 0 },
  },
  ...[
    row('detections', { severity: 'APOCALYPTIC', detectionType: 'SESSION_HIJACKING', events: [] }),
    row('detections', { response: 'toString', classification: 'valueOf', archived: true }),
    row('detections', { response: 'EMPLOYEE_IGNORED_WARNING', classification: 'TRUE_POSITIVE' }),
    row('detections', { employeeId: null, browserId: 'b', events: [event()] }),
    row('detections', {
      detectionLink: 'nowhere',
      events: [
        event({ metadata: '{source: Telegram, "half', url: 'C:\\evil.exe', referrerUrl: '' }),
        event({ metadata: 'null', url: 'about:blank', sourceIpAddress: 'unknown' }),
        event({ metadata: '[1,null]', url: 'https://münchen.example/☃', accountId: 'a' }),
        event({ url: long, email: 'no address', appType: 'OKTA', accountId: 'b' }),
        event({ controlMode: 'QUARANTINE', clonedLoginPageUrls: [], email: 'a@b.c' }),
        event({ accountId: 'a', email: 'a@b.c', sourceIpAddress: 'fe80::1%eth0', description: '' }),
        event({ createdAt: 1_600_000_000, detectionEventType: '', phishingToolIndicator: '' }),
      ],
    }),
  ].map(row => ({ name: 'detections' as const, what: 'an odd detection', row })),
]

/** Rows with any values that Push could send, in fields that we know. */
export const anyRow = <Name extends ObjectName>(name: Name): fc.Arbitrary<ListRows[Name]> =>
  anyRecord(fieldsOf(name)) as unknown as fc.Arbitrary<ListRows[Name]>

const anyRecord = (fields: Readonly<Record<string, Field>>): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, anyValue(name, field)]),
    ),
  )

const anyText = fc.oneof(
  fc.constant('Other'),
  fc.emailAddress(),
  fc.webUrl({ withQueryParameters: true }),
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

const anyValue = (name: string, field: Field): fc.Arbitrary<unknown> => {
  const value = anyValueOf(field)
  if (name === 'metadata') return fc.option(fc.oneof(fc.json(), anyText))
  return field.required ? value : fc.option(value)
}

const anyValueOf = ({ kind, enum: words }: Field): fc.Arbitrary<unknown> => {
  switch (kind) {
    case 'id':
      return fc.uuid()
    case 'string':
      return anyText
    case 'boolean':
      return fc.boolean()
    case 'seconds':
      return fc.integer({ min: 1_000_000_000, max: 2_000_000_000 })
    case 'enum':
      return anyWord(words)
    case 'strings':
      return fc.array(anyText, { maxLength: 3 })
    case 'enums':
      return fc.array(anyWord(words), { maxLength: 3 })
    case 'objects':
      return fc.array(anyRecord(detectionEventFields), { maxLength: 4 })
    default:
      return kind satisfies never
  }
}

const anyWord = (words: keyof typeof enums | undefined): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...(words === undefined ? ['A_WORD'] : enums[words]), 'Other'),
    fc.stringMatching(/^[A-Z]{2,8}_[A-Z]{2,8}$/),
  )
