/** Webhook events as events of OCSF. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { payloadOf } from '../../../src/model/events.ts'
import {
  defaultVersion,
  type OcsfEvent,
  type OcsfVersion,
  ocsfVersions,
  type WebhookEvent,
  toOcsfOfWebhook,
} from '../../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { sample, sampleNames, LATER } from '../../support/deliveries.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { createSchemaCheck } from '../../support/ocsf/json-schema.ts'
import {
  awkward,
  documented,
  type Payload,
  typesIn190,
} from '../../support/ocsf/webhook-payloads.ts'
import { hasValidator, validate } from '../../support/ocsf/validator.ts'
import { runsOr } from '../../support/runs.ts'

type Json = Readonly<Record<string, unknown>>

/** The event as it is stored. */
const told = (body: Buffer | Payload, own: Partial<WebhookEvent> = {}): WebhookEvent => {
  const delivery = readDelivery(
    Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    LATER,
  )
  if (!delivery.ok) throw new Error(delivery.problem)
  const row = { ...delivery.event, connector: 'default', receivedAt: 1_700_000_000.5, sequence: 1 }
  return { row, payload: payloadOf(row), ...own }
}

const project = (event: WebhookEvent, version: OcsfVersion = defaultVersion): OcsfEvent =>
  toOcsfOfWebhook[version](event)

/** The event as whoever reads it sees it. */
const json = (event: WebhookEvent, version: OcsfVersion = defaultVersion): Json =>
  JSON.parse(JSON.stringify(project(event, version).json())) as Json

const of = (object: string, number = 0): Payload => {
  const found = documented.filter(({ payload }) => payload['object'] === object)[number]
  if (found === undefined) throw new Error(`no ${object}`)
  return found.payload
}

const change = (payload: Payload, now: Payload): Payload => ({
  ...payload,
  new: { ...(payload['new'] as Payload), ...now },
})

/** The awkward payloads as they are stored: megabytes, which every version is given. */
let awkwardTold: readonly WebhookEvent[]
beforeAll(() => {
  awkwardTold = awkward.map(payload => told(payload, { withRawData: true }))
})

describe.each(ocsfVersions)('OCSF %s', version => {
  let awkwardEvents: readonly Json[]
  beforeAll(() => {
    awkwardEvents = awkwardTold.map(event => json(event, version))
  })
  const ours = createCheck(version)
  const bySchema = createSchemaCheck(version)
  const check = (event: Json): readonly string[] => [...ours(event), ...bySchema(event)]
  const checkAll = (events: readonly Json[]): void => {
    const problems = events.flatMap((event, index) =>
      check(event).map(problem => `${index} ${problem}`),
    )
    expect(problems.slice(0, 5)).toEqual([])
    if (hasValidator) expect(validate(version, events)).toBe('')
  }

  test('has room for every sample, with the body and without', () => {
    checkAll(
      sampleNames.flatMap(name =>
        [true, false].map(withRawData => json(told(sample(name), { withRawData }), version)),
      ),
    )
  })

  test('has room for every documented kind', () => {
    checkAll(documented.map(({ payload }) => json(told(payload, { tenant: 'emea' }), version)))
  })

  test('has room for the most awkward payloads', () => {
    checkAll(awkwardEvents)
  })

  test('has room for any payload', () => {
    fc.assert(
      fc.property(anyPayload, payload => {
        expect(check(json(told(payload), version))).toEqual([])
      }),
      { numRuns: runsOr(100) },
    )
  })

  test('loses nothing of any payload', () => {
    fc.assert(
      fc.property(anyPayload, payload => {
        expect(lost(payload, json(told(payload), version))).toEqual([])
      }),
      { numRuns: runsOr(100) },
    )
    for (const { payload } of documented)
      expect(lost(payload, json(told(payload), version))).toEqual([])
    for (const [index, payload] of awkward.entries()) {
      const { raw_data: _, ...event } = awkwardEvents[index] ?? {}
      expect(lost(payload, event)).toEqual([])
    }
  })
})

describe('the class and the activity', () => {
  test.each(documented.map(({ payload, typeUid }) => [payload['object'], typeUid, payload]))(
    'of %s is %i',
    (_object, typeUid, payload) => {
      expect(project(told(payload)).get('type_uid')).toBe(typeUid)
      expect(project(told(payload), '1.9.0').get('type_uid')).toBe(typesIn190[typeUid] ?? typeUid)
    },
  )

  test('of what happened to an administrator has a class of its own since 1.9', () => {
    const enabled = told(of('ADMIN_ENABLED_MFA'))
    expect(json(enabled, '1.8.0')).toMatchObject({
      class_name: 'Account Change',
      activity_name: 'MFA Factor Enable',
    })
    expect(json(enabled, '1.9.0')).toMatchObject({
      class_name: 'User Management',
      activity_name: 'Enable MFA Factors',
      auth_factors: [{ factor_type: 'OTP', is_totp: true }],
    })
  })

  test('of a membership name the group, and the employee as they are now', () => {
    const added = told(of('EMPLOYEE', 3))
    const user = {
      uid: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
      groups: [{}, {}, { name: 'sales' }],
    }
    for (const version of ocsfVersions) {
      const event = json(added, version)
      expect(event).toMatchObject({
        class_uid: 3006,
        activity_name: 'Add User',
        group: { name: 'sales' },
        ...(version === '1.9.0' ? { users: [user] } : { user }),
        unmapped: { old: { groups: ['engineering', 'marketing'] } },
      })
      expect(event).not.toHaveProperty(version === '1.9.0' ? 'user' : 'users')
    }
    expect(json(told(of('EMPLOYEE', 2)))).toMatchObject({
      activity_name: 'Remove User',
      group: { name: 'marketing' },
    })
  })

  test('of a change has what came of it where the version has a place for it', () => {
    const changed = told(of('ACCOUNT'))
    const result = { user: { has_mfa: false } }
    const newer = project(changed, '1.9.0')
    expect(newer.get('updated_entity')).toMatchObject(result)
    expect(newer.get('entity_result')).toBeUndefined()
    expect(newer.json()).toMatchObject({ updated_entity: result })
    expect(newer.json()).not.toHaveProperty('entity_result')
    const older = project(changed, '1.8.0')
    expect(older.get('entity_result')).toMatchObject(result)
    expect(older.get('updated_entity')).toBeUndefined()
    expect(older.json()).toMatchObject({ entity_result: result })
    expect(older.json()).not.toHaveProperty('updated_entity')
  })

  test('of what lacks its class’s demands is the base event, with everything unmapped', () => {
    const event = json(told({ ...of('LOGIN'), new: { loginType: 'OIDC', os: 'MACOS' } }))
    expect(event).toMatchObject({
      class_uid: 0,
      activity_id: 99,
      activity_name: 'LOGIN',
      unmapped: { new: { login_type: 'OIDC', os: 'MACOS' }, category: 'ACTIVITY' },
    })
  })

  test('that an older version lacks is 99 with its caption', () => {
    const switched = told(of('APP_BANNER_CONFIGURED', 1))
    expect(json(switched, '1.3.0')).toMatchObject({ activity_id: 8, activity_name: 'Enable' })
    expect(json(switched, '1.1.0')).toMatchObject({
      activity_id: 99,
      activity_name: 'Enable',
      type_uid: 300_499,
    })
  })
})

describe('the envelope', () => {
  test('names event, stream, time and tenant', () => {
    const event = told(of('ACCOUNT'), { tenant: 'emea' })
    expect(json(event)).toMatchObject({
      time: 1_698_604_061_000,
      message: 'What happened: ACCOUNT',
      metadata: {
        product: { feature: { name: 'Webhooks' } },
        event_code: 'ACCOUNT.UPDATE',
        log_name: 'push_security_webhook',
        log_version: '1',
        original_time: '1698604061',
        logged_time: 1_698_604_061_000,
        tenant_uid: 'emea',
      },
    })
  })

  test('has the id that Push gave, and since 1.7 one of its own beside it', () => {
    const metadata = (version: OcsfVersion, payload = of('ACCOUNT')): Json =>
      json(told(payload), version)['metadata'] as Json
    const id = of('ACCOUNT')['id']
    for (const version of ['1.1.0', '1.3.0', '1.6.0'] as const) {
      expect(metadata(version)['uid']).toBe(id)
      expect(metadata(version)['original_event_uid']).toBeUndefined()
    }
    expect(metadata('1.8.0')['original_event_uid']).toBe(id)
    expect(metadata('1.8.0')['uid']).toMatch(/^[\da-f]{8}-[\da-f]{4}-5/)
    expect(metadata('1.8.0')['uid']).not.toBe(metadata('1.8.0', of('LOGIN'))['uid'])
  })

  test('has the body byte for byte, on request alone', () => {
    const body = Buffer.from(JSON.stringify(of('LOGIN'), null, 3).replace('OKTA', 'Ökta'))
    const event = json(told(body, { withRawData: true }))
    expect(Buffer.from(String(event['raw_data'])).equals(body)).toBe(true)
    expect(event['raw_data_size']).toBe(body.length)
    expect(event['raw_data_hash']).toEqual({
      algorithm_id: 3,
      algorithm: 'SHA-256',
      value: createHash('sha256').update(body).digest('hex'),
    })
    expect(JSON.stringify(json(told(body)))).not.toContain('raw_data')
    const older = json(told(body, { withRawData: true }), '1.3.0')
    expect(older['raw_data']).toBe(event['raw_data'])
    expect(JSON.stringify(older)).not.toMatch(/raw_data_(size|hash)/)
    const long = { ...of('LOGIN'), extra: 'x'.repeat(70_000) }
    expect(JSON.stringify(json(told(long, { withRawData: true }), '1.1.0'))).not.toContain(
      'raw_data',
    )
    expect(json(told(long, { withRawData: true }), '1.6.0')['raw_data']).toBe(JSON.stringify(long))
  })
})

describe('an object that changed', () => {
  test('is the older state with what became of it', () => {
    const event = json(told(of('ACCOUNT')))
    expect(event).toMatchObject({
      entity: {
        type_id: 2,
        type: 'User',
        uid: 'd6a32ba5-0532-4a66-8137-48cdf409c972',
        name: 'john.hill@example.com',
        user: {
          uid: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
          has_mfa: true,
          account: { type_id: 99, type: 'ATLASSIAN' },
          ldap_person: { created_time: 1_698_064_423_000, last_login_time: 1_698_669_168_000 },
        },
        data: {
          app_type: 'ATLASSIAN',
          mfa_methods: ['APP_TOTP', 'SMS'],
          login_methods: { okta_swa_login: true, fed_cm_login: 'GOOGLE' },
        },
      },
      entity_result: { user: { has_mfa: false } },
      status_id: 1,
      severity_id: 1,
    })
    expect(event['observables']).toContainEqual(
      expect.objectContaining({ type_id: 35, name: 'entity.user.account.uid' }),
    )
  })

  test('in 1.1.0 is called what it is, and the rest is unmapped', () => {
    expect(json(told(of('BROWSER')), '1.1.0')).toMatchObject({
      entity: { type: 'Device', name: 'Chrome 125.0.0.0' },
      unmapped: { 'entity.device': { type_id: 8, os: { type_id: 300 } } },
    })
  })

  test.each<[string, Payload, Json]>([
    ['EMPLOYEE', {}, { type_id: 2, user: { full_name: 'John Hill' }, data: { licensed: true } }],
    ['ACCOUNT_OTHER', {}, { user: { account: { type: 'OTHER_APP' } } }],
    ['APP', {}, { type_id: 99, type: 'SaaS Application', name: 'ZAPIER' }],
    ['APP_OTHER', {}, { name: 'Push Security', data: { domain: 'app.pushsecurity.com' } }],
    ['BROWSER', {}, { type_id: 1, device: { type_id: 8, vendor_name: 'Google' } }],
    ['BROWSER_EXTENSION', {}, { type: 'Browser Extension', uid: 'cjpalhdlnb', name: 'uBlock' }],
  ])('of kind %s is an entity', (object, own, entity) => {
    expect(json(told({ ...of(object), ...own }))['entity']).toMatchObject(entity)
  })
})

describe('a finding', () => {
  test('has the time of the event, and says when it was found', () => {
    expect(json(told(of('FINDING', 1)))).toMatchObject({
      time: 1_698_604_061_000,
      status_id: 4,
      compliance: { control: 'MFA_NOT_REGISTERED', status_id: 1, status: 'Pass' },
      finding_info: { created_time: 1_698_064_423_000, modified_time: 1_698_604_061_000 },
      unmapped: { state: 'RESOLVED', old: { state: 'OPEN' } },
    })
  })

  test('that was deleted is deleted, before 1.6 by the word', () => {
    expect(json(told(of('FINDING', 3)))).toMatchObject({ status_id: 6, status: 'Deleted' })
    expect(json(told(of('FINDING', 3)), '1.3.0')).toMatchObject({
      status_id: 99,
      status: 'Deleted',
    })
  })

  test('knows the account and the app that are at hand', () => {
    const links = { account: { email: 'j@example.com' }, app: { friendlyName: 'Push' } }
    const event = json(told(of('FINDING'), { links: links as never }))
    expect(event['resources']).toMatchObject([
      { type: 'Account', owner: { email_addr: 'j@example.com' } },
      { type: 'SaaS Application', name: 'Push' },
      { type: 'Employee' },
    ])
    const one = json(told(of('FINDING')), '1.1.0')
    expect(one['resource']).toMatchObject({ type: 'Account' })
  })
})

describe('a detection', () => {
  test('is that of the detection, at the time of the event', () => {
    expect(json(told(of('PHISHING', 1)))).toMatchObject({
      time: 1_698_604_061_000,
      severity_id: 4,
      status_id: 2,
      action_id: 2,
      disposition_id: 2,
      verdict_id: 2,
      is_alert: true,
      actor: { user: { full_name: 'John Hill', ldap_person: { office_location: 'New York' } } },
      device: { uid: '1852b6ab-0cca-4c8d-8f14-4905497504ec' },
      finding_info: { created_time: 1_698_604_000_000, modified_time: 1_698_604_061_000 },
      metadata: { profiles: ['host', 'incident', 'security_control'] },
    })
    expect(json(told(of('STOLEN_CREDENTIALS')))).toMatchObject({ status_id: 6, is_alert: false })
  })
})

describe('a login', () => {
  test('is of whoever logged in, where and how', () => {
    expect(json(told(of('LOGIN')))).toMatchObject({
      time: 1_698_604_050_000,
      status_id: 1,
      user: {
        uid: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
        email_addr: 'john.hill@example.com',
        account: { uid: 'd6a32ba5-0532-4a66-8137-48cdf409c972', type: 'ATLASSIAN' },
      },
      actor: { idp: { name: 'OKTA' }, user: { name: 'john.hill@example.com' } },
      auth_protocol_id: 4,
      auth_protocol: 'OpenID',
      service: { name: 'ATLASSIAN' },
      dst_endpoint: { hostname: 'id.atlassian.example' },
      src_endpoint: { ip: '8.158.25.38', type_id: 8, name: 'Chrome', os: { type_id: 100 } },
      unmapped: { login_type: 'OIDC', work_app: true, identity_provider: 'OKTA' },
      metadata: { original_time: '1698604050', logged_time: 1_698_604_061_000 },
    })
  })

  test.each<[string, Payload, Json]>([
    ['OIDC_LOGIN', {}, { auth_protocol_id: 4 }],
    ['SAML', {}, { auth_protocol_id: 5 }],
    [
      'PASSWORD_LOGIN',
      { identityProvider: null },
      {
        auth_protocol_id: 99,
        auth_protocol: 'PASSWORD_LOGIN',
        auth_factors: [{ factor_type_id: 11, factor_type: 'Password' }],
      },
    ],
    ['USERNAME_PASSWORD', {}, { auth_protocol_id: 99, auth_protocol: 'USERNAME_PASSWORD' }],
    ['PASSKEY', {}, { auth_protocol_id: 99, auth_protocol: 'PASSKEY' }],
    [
      'OIDC',
      { workApp: false, appType: null, appId: null },
      { service: { name: 'id.atlassian.example' } },
    ],
  ])('by %s', (loginType, own, expected) => {
    expect(json(told(change(of('LOGIN'), { ...own, loginType })))).toMatchObject(expected)
  })

  test('without a kind has an unknown protocol, and without a provider no actor', () => {
    const event = json(told(change(of('LOGIN'), { loginType: null, identityProvider: null })))
    expect(event['auth_protocol_id']).toBe(0)
    expect(event['actor']).toBeUndefined()
  })

  test('by a password before 1.5 has the factor unmapped', () => {
    const event = json(told(change(of('LOGIN'), { loginType: 'PASSWORD_LOGIN' })), '1.3.0')
    expect(event['auth_factors']).toBeUndefined()
    expect(JSON.stringify(event['unmapped'])).toContain('"factor_type_id":11')
  })
})

describe('a control', () => {
  test.each<[string | null, string | null, number, number, number | undefined]>([
    ['BLOCK', 'DISPLAYED', 2, 2, 2],
    ['BLOCK', 'SUBMITTED_REASON', 2, 2, 2],
    ['ACKNOWLEDGE', 'ACKNOWLEDGED', 1, 1, 1],
    ['REASON', 'SUBMITTED_REASON', 1, 8, 1],
    ['INFORM', 'DISPLAYED', 3, 17, 1],
    ['ACKNOWLEDGE', 'DISPLAYED', 4, 14, undefined],
    ['REASON', null, 4, 14, undefined],
    ['SHOUT', 'DISPLAYED', 99, 99, 1],
    ['INFORM', 'SHOUTED', 99, 99, 1],
  ])('banner of mode %s that was %s', (mode, action, actionId, dispositionId, statusId) => {
    const banner = { title: 'Stop', subtext: 'Please', mode, buttonText: 'OK' }
    const event = json(told(change(of('APP_BANNER'), { appBanner: banner, action })))
    expect([event['action_id'], event['disposition_id'], event['status_id']]).toEqual([
      actionId,
      dispositionId,
      statusId,
    ])
    expect(event['policy']).toMatchObject({ name: 'Stop', desc: 'Please', type: 'App banner' })
  })

  test('banner tells app, employee, browser and reason', () => {
    expect(json(told(of('APP_BANNER')))).toMatchObject({
      web_resources: [{ name: 'OPENAI', type: 'SaaS Application' }],
      actor: { user: { name: 'john.hill@example.com' } },
      src_endpoint: { ip: '8.158.25.38' },
      status_detail: 'I need it.',
      unmapped: { reason: 'I need it.', mode: 'REASON', action: 'SUBMITTED_REASON' },
      metadata: { profiles: ['host', 'security_control'] },
    })
  })

  test('in versions that know no such action says so by the word', () => {
    const shown = change(of('APP_BANNER'), { action: 'DISPLAYED' })
    expect(json(told(shown), '1.1.0')).toMatchObject({ action_id: 99, action: 'Modified' })
  })

  test('that blocks an address denies a web resource', () => {
    expect(json(told(of('BLOCKED_URL_VISITED')))).toMatchObject({
      action_id: 2,
      disposition_id: 2,
      status_id: 2,
      policy: { name: 'URL blocking' },
      web_resources: [
        { name: 'blocked.example', type: 'URL', url_string: 'https://blocked.example/login' },
      ],
      http_request: {
        url: { url_string: 'https://blocked.example/login' },
        referrer: 'https://statics.teams.example/',
      },
      dst_endpoint: { hostname: 'blocked.example' },
    })
  })

  test('that cannot enforce what it should has failed', () => {
    const object = 'BROWSER_EXTENSION_UNABLE_TO_ENFORCE_BLOCKED_STATE'
    expect(json(told(of(object)))).toMatchObject({ status_id: 2 })
    expect(json(told(of('BROWSER_EXTENSION_BLOCKED')))).toMatchObject({ action_id: 2 })
  })

  test.each<[string, string | null, string | null, number, number, boolean]>([
    ['PHISHING_TOOL_DETECTED', 'BLOCK', 'DISPLAYED', 2, 2, true],
    ['PHISHING_TOOL_DETECTED', 'WARN', 'DISPLAYED', 3, 19, true],
    ['SSO_PASSWORD_USED', 'WARN', 'IGNORED', 1, 19, true],
    ['CLONED_LOGIN_PAGE_DETECTED', 'MONITOR', null, 3, 15, true],
    ['CLONED_LOGIN_PAGE_DETECTED', 'OFF', null, 3, 17, false],
  ])('that detects: %s %s %s', (object, mode, action, actionId, dispositionId, isAlert) => {
    expect(json(told(change(of(object), { mode, action })))).toMatchObject({
      class_uid: 2004,
      action_id: actionId,
      disposition_id: dispositionId,
      is_alert: isAlert,
      status_id: 1,
      severity_id: 0,
    })
  })

  test('that detects names the rule, and what was seen', () => {
    const rule = (object: string): unknown =>
      (json(told(of(object)))['finding_info'] as { analytic: Json }).analytic['name']
    expect(rule('PHISHING_TOOL_DETECTED')).toBe('AITM_TOOL_EVILGINX_01')
    expect(rule('CLONED_LOGIN_PAGE_DETECTED')).toBe('CLONED_LOGIN_PAGE_OKTA')
    expect(rule('SSO_PASSWORD_USED')).toBe('SSO_PASSWORD_USED')
    expect(json(told(of('CLONED_LOGIN_PAGE_DETECTED')))).toMatchObject({
      evidences: [
        {
          url: { url_string: 'https://evil.example/okta.php', hostname: 'evil.example' },
          http_request: { user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)' },
          src_endpoint: { ip: '8.158.25.38' },
          user: { name: 'john.hill@example.com' },
          data: { clonedLoginPageType: 'OKTA', clonedLoginPageUrls: ['https://login.okta.com'] },
        },
      ],
      actor: { user: { uid: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0' } },
    })
  })
})

describe('what administrators do', () => {
  test('has who did it, from where', () => {
    expect(json(told(of('API_KEY_ADDED')))).toMatchObject({
      actor: { user: { name: 'admin@example.com', type_id: 2, type: 'Admin' } },
      src_endpoint: { ip: '8.158.25.39' },
      http_request: { user_agent: 'Mozilla/5.0' },
      entity: { type: 'API Key', name: 'CI/CD access', data: { permissions: 'READ_ONLY' } },
    })
    const program = told(of('APP_APPROVAL_STATUS_UPDATED'))
    expect(json(program)['actor']).toEqual({ app_name: 'ci' })
    expect(json(program, '1.1.0')['actor']).toEqual({ invoked_by: 'ci' })
    expect(json(program)['unmapped']).toMatchObject({
      actor: { source: 'API', api_key_created_by: 'admin@example.com' },
    })
  })

  test.each<[string, number, Json]>([
    ['API_KEY_REMOVED', 0, { entity: { name: 'API key' } }],
    ['APP_APPROVAL_STATUS_UPDATED', 0, { entity: { name: 'ATLASSIAN', type_id: 99 } }],
    [
      'ACCOUNT_LOGIN_METHOD_REMOVED',
      0,
      {
        entity: {
          type_id: 2,
          user: { account: { type: 'ATLASSIAN' }, email_addr: 'employee@example.com' },
          data: { loginMethodRemoved: 'OIDC' },
        },
      },
    ],
    [
      'APP_BANNER_CONFIGURED',
      0,
      {
        entity: {
          type_id: 5,
          policy: {
            name: 'This is a title',
            desc: 'This is the subtext',
            data: { mode: 'REASON' },
          },
        },
      },
    ],
    ['APP_BANNER_CONFIGURED', 2, { entity: { policy: { is_applied: false } } }],
    ['ADMIN_REMOVED', 0, { user: { name: 'another.user@example.com', type_id: 2 } }],
    ['ADMIN_ACCEPTED_INVITATION', 0, { user: { name: 'admin@example.com' } }],
    ['ADMIN_ENABLED_MFA', 0, { auth_factors: [{ factor_type_id: 7, is_totp: true }] }],
    ['ADMIN_LOGGED_IN', 0, { service: { name: 'Push Security' }, auth_protocol_id: 0 }],
    [
      'APP_LABELS_ADDED',
      0,
      {
        activity_name: 'APP_LABELS_ADDED',
        entity: { type_id: 99, type: 'APP_LABELS_ADDED', data: { labels: ['a'] } },
      },
    ],
  ])('%s (%i)', (object, number, expected) => {
    expect(json(told(of(object, number)))).toMatchObject(expected)
  })

  test('without an address falls back to what is known', () => {
    const event = told({ ...of('ADMIN_REMOVED'), new: {} })
    expect(project(event).get('type_uid')).toBe(300_499)
  })
})

describe('the projection', () => {
  test('gives every attribute alone as in the whole event', () => {
    for (const { payload } of documented)
      for (const version of ocsfVersions) {
        const event = told(payload, { withRawData: true })
        const whole = project(event, version).json()
        const alone = project(event, version)
        for (const attribute of [...Object.keys(whole), 'nonsense', 'verdict'])
          expect(alone.get(attribute)).toEqual(whole[attribute])
      }
  })

  test('is the same for the same event, and changes nothing in it', () => {
    for (const payload of [...documented.map(known => known.payload), ...awkward]) {
      const event = told(payload)
      const before = JSON.stringify(event)
      expect(JSON.stringify(json(event))).toBe(JSON.stringify(json(told(payload))))
      expect(JSON.stringify(event)).toBe(before)
    }
  })
})

/** Payloads that hold anything under the names that are known, and under others. */
const words = documented.flatMap(({ payload }) => [
  ...Object.keys(payload['new'] ?? {}),
  ...Object.keys(payload['old'] ?? {}),
  ...Object.keys(payload['actor'] ?? {}),
])
const anyLeaf = fc.oneof(
  fc.constantFrom('OPEN', 'RESOLVED', 'BLOCK', 'WARN', 'OIDC', 'CHROME', 'MACOS', 'HIGH'),
  fc.emailAddress(),
  fc.webUrl({ withQueryParameters: true }),
  fc.ipV4(),
  fc.domain(),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.integer(),
  fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }),
  fc.boolean(),
  fc.constant(null),
)
const anyMembers = (depth: number): fc.Arbitrary<object> =>
  fc.dictionary(
    fc.oneof(fc.constantFrom(...new Set(words)), fc.string({ maxLength: 5 })),
    depth === 0 ? anyLeaf : fc.oneof(anyLeaf, anyMembers(depth - 1), fc.array(anyLeaf)),
    { maxKeys: 12 },
  )
const anyPayload: fc.Arbitrary<Payload> = fc
  .record({
    known: fc.constantFrom(...documented.map(({ payload }) => payload)),
    new: anyMembers(2),
    old: anyMembers(2),
    actor: anyMembers(1),
    more: anyMembers(1),
    keeps: fc.boolean(),
  })
  .map(({ known, keeps, more, ...own }) => {
    const { id, timestamp, object, category, type } = known
    const mixed = (name: 'new' | 'old' | 'actor'): object =>
      keeps ? { ...(known[name] as object | undefined), ...own[name] } : own[name]
    return {
      ...more,
      id,
      timestamp,
      object,
      category,
      type,
      new: mixed('new'),
      old: mixed('old'),
      actor: mixed('actor'),
    }
  })

/** Words that are told by a number of OCSF's alone, or by another word for the same. */
const translated = new Set([
  ...['HIGH', 'OPEN', 'RESOLVED', 'BLOCKED', 'TRUE_POSITIVE', 'CREATE', 'UPDATE', 'DELETE'],
  ...['MACOS', 'WINDOWS', 'CHROME', 'BLOCK', 'WARN', 'APP_TOTP'],
])

/** The values of the payload that are nowhere in the event, times in seconds as milliseconds, half letters as U+FFFD. */
const lost = (payload: Payload, event: Json): unknown[] => {
  const { event_code: code } = event['metadata'] as Json
  const there = new Set([...leavesOf(event).map(String), ...String(code).split('.')])
  return leavesOf(JSON.parse(JSON.stringify(payload))).filter(
    value =>
      // Half letters are replaced on the way in.
      !there.has(String(value).toWellFormed()) &&
      !there.has(String(Number(value) * 1000)) &&
      !translated.has(String(value)) &&
      typeof value !== 'boolean',
  )
}

const leavesOf = (value: unknown): unknown[] => {
  if (value === null || value === undefined) return []
  return typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [value]
}
