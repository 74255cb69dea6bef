/** Webhook payloads: one of each documented kind as the reference shows it, and awkward ones made by hand. */

export type Payload = Readonly<Record<string, unknown>>

const event = (object: string, category: string, own: Payload): Payload => ({
  version: '1',
  id: 'c478966c-f927-411c-b919-179832d3d50c',
  timestamp: 1_698_604_061,
  object,
  friendlyName: object.charAt(0) + object.slice(1).toLowerCase().replaceAll('_', ' '),
  category,
  description: `What happened: ${object}`,
  ...own,
})

const employee = {
  id: '2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0',
  email: 'john.hill@example.com',
  firstName: 'John',
  lastName: 'Hill',
  department: 'Security Engineering',
  location: 'New York',
  licensed: true,
  chatopsEnabled: true,
  groups: ['engineering', 'marketing'],
  creationTimestamp: 1_698_669_223,
}

const account = {
  id: 'd6a32ba5-0532-4a66-8137-48cdf409c972',
  employeeId: employee.id,
  appType: 'ATLASSIAN',
  appId: '5f1f9ad6-3ab1-4b36-9a5b-7b8a2e9a9d10',
  email: 'john.hill@example.com',
  mfaRegistered: true,
  mfaMethods: ['APP_TOTP', 'SMS'],
  passwordId: '4c13674f-e88a-4411-bfa2-53a70468a898',
  loginMethods: {
    passwordLogin: true,
    oidcLogin: 'GOOGLE_WORKSPACE',
    samlLogin: 'OKTA',
    oktaSwaLogin: true,
    vendorSsoLogin: 'GOOGLE_WORKSPACE',
    fedCmLogin: 'GOOGLE',
  },
  creationTimestamp: 1_698_064_423,
  lastUsedTimestamp: 1_698_669_168,
}

const otherAccount = {
  id: '1009e8cb-497b-49ae-ac87-e083e42078d2',
  employeeId: employee.id,
  otherAppId: '35603905-ff98-4b7d-8940-eb1906a2bdf6',
  email: 'john.hill@example.com',
  loginMethods: { passwordLogin: true, oidcLogin: null, samlLogin: null },
  creationTimestamp: 1_698_064_423,
  lastUsedTimestamp: null,
}

const app = {
  id: '5f1f9ad6-3ab1-4b36-9a5b-7b8a2e9a9d10',
  type: 'ZAPIER',
  approvalStatus: 'APPROVED',
  sensitivityLevel: 'HIGH',
  ownerId: employee.id,
  notes: 'Last security audit: 16 January 2023.\n',
  creationTimestamp: 1_698_064_423,
}

const otherApp = {
  id: '35603905-ff98-4b7d-8940-eb1906a2bdf6',
  domain: 'app.pushsecurity.com',
  oauthAppId: '1234567890',
  name: 'Push Security',
  hidden: false,
  requestSupportStatus: 'DISCOVERED',
  creationTimestamp: 1_698_064_423,
}

const browser = {
  id: '1852b6ab-0cca-4c8d-8f14-4905497504ec',
  employeeId: employee.id,
  email: 'john.hill@example.com',
  version: '125.0.0.0',
  tokenType: 'INDIVIDUAL',
  isActive: true,
  browser: 'CHROME',
  os: 'MACOS',
  extensionVersion: '1.66.17',
  creationTimestamp: 1_698_669_223,
  lastOnlineTimestamp: 1_716_290_202,
}

const finding = {
  id: '8f8d2c1b-61f5-4ff6-9d7e-1f7a3c0a9b02',
  type: 'MFA_NOT_REGISTERED',
  state: 'OPEN',
  employeeId: employee.id,
  passwordId: null,
  accountId: account.id,
  appType: 'PUSH_SECURITY',
  appId: app.id,
  creationTimestamp: 1_698_064_423,
}

const detection = {
  id: '0b1f7a2e-1d5c-4f0a-8b1f-6b1a4f1c2d3e',
  employeeId: employee.id,
  browserId: browser.id,
  severity: 'HIGH',
  detectionType: 'PHISHING',
  response: 'BLOCKED',
  archived: false,
  classification: null,
  creationTimestamp: 1_698_604_000,
  lastActivityTimestamp: 1_698_604_050,
  detectionLink: 'https://pushsecurity.com/app/detections?id=0b1f7a2e',
  employee,
}

const client = {
  sourceIpAddress: '8.158.25.38',
  browser: 'CHROME',
  os: 'WINDOWS',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
}

const login = {
  employeeId: employee.id,
  accountId: account.id,
  appType: 'ATLASSIAN',
  appId: app.id,
  email: 'john.hill@example.com',
  loginTimestamp: 1_698_604_050,
  loginUrl: 'https://id.atlassian.example/login',
  workApp: true,
  passwordManuallyTyped: null,
  weakPassword: null,
  weakPasswordReasons: null,
  leakedPassword: null,
  loginType: 'OIDC',
  identityProvider: 'OKTA',
  passwordId: null,
  ...client,
}

const admin = {
  source: 'UI',
  email: 'admin@example.com',
  sourceIpAddress: '8.158.25.39',
  userAgent: 'Mozilla/5.0',
}

const program = { source: 'API', apiKeyName: 'ci', apiKeyCreatedBy: 'admin@example.com' }

const banner = {
  title: 'This is a title',
  subtext: 'This is the subtext',
  mode: 'REASON',
  buttonText: 'Proceed anyway',
  allowReasonSubmission: null,
}

const create = (object: string, now: object, category = 'ENTITY'): Payload =>
  event(object, category, { type: 'CREATE', new: now, old: null })
const update = (object: string, old: object, now: object, category = 'ENTITY'): Payload =>
  event(object, category, { type: 'UPDATE', new: { ...old, ...now }, old })
const remove = (object: string, old: object, category = 'ENTITY'): Payload =>
  event(object, category, { type: 'DELETE', old, new: null })
const control = (object: string, now: object): Payload =>
  event(object, 'CONTROL', { new: { employee, ...now, ...client } })
const audit = (object: string, now: unknown, actor: object = admin): Payload =>
  event(object, 'AUDIT', { actor, new: now })

/** One of each kind as documented, with the type of event of OCSF 1.8.0 that it must become; in 1.9 as told below. */
export const documented: readonly { readonly payload: Payload; readonly typeUid: number }[] = [
  { payload: create('EMPLOYEE', employee), typeUid: 300401 },
  { payload: update('ACCOUNT', account, { mfaRegistered: false }), typeUid: 300403 },
  { payload: remove('ACCOUNT_OTHER', otherAccount), typeUid: 300404 },
  { payload: create('APP', app), typeUid: 300401 },
  { payload: update('APP_OTHER', otherApp, { hidden: true }), typeUid: 300403 },
  { payload: remove('BROWSER', browser), typeUid: 300404 },
  {
    payload: create('BROWSER_EXTENSION', { id: 'cjpalhdlnb', name: 'uBlock', employee }),
    typeUid: 300401,
  },
  { payload: create('FINDING', finding), typeUid: 200301 },
  { payload: update('FINDING', finding, { state: 'RESOLVED' }), typeUid: 200303 },
  { payload: update('FINDING', finding, { appType: 'SLACK' }), typeUid: 200302 },
  { payload: remove('FINDING', finding), typeUid: 200303 },
  { payload: create('PHISHING', detection, 'DETECTION'), typeUid: 200401 },
  {
    payload: update('PHISHING', detection, { classification: 'TRUE_POSITIVE' }, 'DETECTION'),
    typeUid: 200402,
  },
  { payload: update('BLOCKED_URL', detection, { archived: true }, 'DETECTION'), typeUid: 200403 },
  { payload: remove('STOLEN_CREDENTIALS', detection, 'DETECTION'), typeUid: 200403 },
  { payload: event('LOGIN', 'ACTIVITY', { new: login }), typeUid: 300201 },
  {
    payload: control('APP_BANNER', {
      appType: 'OPENAI',
      appBanner: banner,
      action: 'SUBMITTED_REASON',
      reason: 'I need it.',
    }),
    typeUid: 600102,
  },
  {
    payload: control('BLOCKED_URL_VISITED', {
      url: 'https://blocked.example/login',
      referrerUrl: 'https://statics.teams.example/',
    }),
    typeUid: 600102,
  },
  {
    payload: control('STRONG_PASSWORD_ENFORCEMENT', {
      strongPasswordEnforcement: { title: 'Stronger', subtext: 'Please', buttonText: null },
    }),
    typeUid: 600102,
  },
  { payload: control('BROWSER_EXTENSION_BLOCKED', { extensionId: 'cjpal' }), typeUid: 600102 },
  {
    payload: control('BROWSER_EXTENSION_UNABLE_TO_ENFORCE_BLOCKED_STATE', { extensionId: 'c' }),
    typeUid: 600102,
  },
  {
    payload: control('CLONED_LOGIN_PAGE_DETECTED', {
      mode: 'MONITOR',
      clonedLoginPageType: 'OKTA',
      clonedLoginPageUrls: ['https://login.okta.com'],
      url: 'https://evil.example/okta.php',
      referrerUrl: null,
    }),
    typeUid: 200401,
  },
  {
    payload: control('SSO_PASSWORD_USED', {
      mode: 'WARN',
      action: 'IGNORED',
      email: 'john.hill@example.com',
      appType: 'OKTA',
      url: 'https://evil.example/okta.php',
      referrerUrl: 'https://mail.example/',
    }),
    typeUid: 200401,
  },
  {
    payload: control('PHISHING_TOOL_DETECTED', {
      mode: 'BLOCK',
      action: 'DISPLAYED',
      indicator: 'AITM_TOOL_EVILGINX_01',
      url: 'https://evil.example/',
      referrerUrl: null,
    }),
    typeUid: 200401,
  },
  {
    payload: audit('ACCOUNT_LOGIN_METHOD_REMOVED', {
      accountId: account.id,
      accountEmail: 'employee@example.com',
      appType: 'ATLASSIAN',
      loginMethod: 'OIDC',
    }),
    typeUid: 300403,
  },
  {
    payload: audit('ADMIN_ACCEPTED_INVITATION', { inviter: 'boss@example.com' }),
    typeUid: 300101,
  },
  { payload: audit('ADMIN_ENABLED_MFA', { method: 'APP_TOTP' }), typeUid: 300110 },
  { payload: audit('ADMIN_LOGGED_IN', undefined), typeUid: 300201 },
  { payload: audit('ADMIN_REMOVED', { target: 'another.user@example.com' }), typeUid: 300106 },
  {
    payload: audit('API_KEY_ADDED', { permissions: 'READ_ONLY', name: 'CI/CD access' }),
    typeUid: 300401,
  },
  { payload: audit('API_KEY_REMOVED', {}), typeUid: 300404 },
  {
    payload: audit(
      'APP_APPROVAL_STATUS_UPDATED',
      { appId: app.id, appType: 'ATLASSIAN', approvalStatus: null },
      program,
    ),
    typeUid: 300403,
  },
  { payload: audit('APP_BANNER_CONFIGURED', banner), typeUid: 300403 },
  { payload: audit('APP_BANNER_CONFIGURED', { enabled: true }), typeUid: 300408 },
  { payload: audit('APP_BANNER_CONFIGURED', { enabled: false }, program), typeUid: 300409 },
  {
    payload: audit('APP_LABELS_ADDED', { labels: ['a'], apps: [{ id: '1' }, { id: '2' }] }),
    typeUid: 300499,
  },
  { payload: audit('STOLEN_CREDENTIALS_ADDED', { count: 3 }, program), typeUid: 300499 },
  { payload: event('PASSKEY', 'ENTITY', { type: 'CREATE', new: { id: '1' } }), typeUid: 99 },
  { payload: event('SOMETHING', 'NEW_CATEGORY', { new: [1, 'two'] }), typeUid: 99 },
  // The other changes of the objects above.
  { payload: update('EMPLOYEE', employee, { licensed: false }), typeUid: 300403 },
  { payload: update('EMPLOYEE', employee, { groups: ['engineering'] }), typeUid: 300604 },
  {
    payload: update('EMPLOYEE', employee, { groups: ['engineering', 'marketing', 'sales'] }),
    typeUid: 300603,
  },
  { payload: update('EMPLOYEE', employee, { groups: ['sales'] }), typeUid: 300403 },
  {
    payload: update('EMPLOYEE', employee, { groups: ['engineering'], department: 'Sales' }),
    typeUid: 300403,
  },
  { payload: update('EMPLOYEE', employee, { groups: null }), typeUid: 300403 },
  { payload: remove('EMPLOYEE', employee), typeUid: 300404 },
  { payload: create('ACCOUNT', account), typeUid: 300401 },
  { payload: remove('ACCOUNT', account), typeUid: 300404 },
  { payload: create('ACCOUNT_OTHER', { ...otherAccount, id: 'another' }), typeUid: 300401 },
  {
    payload: update(
      'ACCOUNT_OTHER',
      { ...otherAccount, id: 'another' },
      { email: 'j@example.com' },
    ),
    typeUid: 300403,
  },
  { payload: update('APP', app, { approvalStatus: null }), typeUid: 300403 },
  { payload: remove('APP', app), typeUid: 300404 },
  { payload: create('APP_OTHER', otherApp), typeUid: 300401 },
  { payload: remove('APP_OTHER', { ...otherApp, id: 'another' }), typeUid: 300404 },
  { payload: create('BROWSER', browser), typeUid: 300401 },
  { payload: update('BROWSER', browser, { version: '126.0.0.0' }), typeUid: 300403 },
  {
    payload: update('BROWSER_EXTENSION', { id: 'cjpalhdlnb', employee }, { name: 'uBlock' }),
    typeUid: 300403,
  },
  { payload: remove('BROWSER_EXTENSION', { id: 'cjpalhdlnb', employee }), typeUid: 300404 },
  { payload: remove('PHISHING', detection, 'DETECTION'), typeUid: 200403 },
]

/** The types of event that are others in 1.9.0: the class of what happens to a user is a newer one there. */
export const typesIn190: Readonly<Record<number, number>> = {
  300101: 300701,
  300110: 300712,
  300106: 300703,
}

const long = 'ä'.repeat(70_000)

/** What Push could send at its worst. */
export const awkward: readonly Payload[] = [
  // Nothing but what a delivery must have.
  ...documented.map(({ payload: { id, timestamp, object, category } }) => ({
    id,
    timestamp,
    object,
    category,
  })),
  // An actor beside a login that names nobody, whose own actor the class has no room for.
  event('LOGIN', 'ACTIVITY', {
    new: { ...login, employeeId: 7, email: 7 },
    actor: { source: 'X' },
  }),
  // Empty, null or of another kind.
  ...documented.flatMap(({ payload }) => [
    { ...payload, new: {}, old: {}, actor: {} },
    { ...payload, new: null, old: null, actor: null, description: null, friendlyName: null },
    { ...payload, new: 'a text', old: [1], actor: 7, type: 3, version: 2 },
    { ...payload, type: 'MERGE', somethingNew: { deepInside: [{ x_y: true }] } },
  ]),
  // Every member null, or of another kind than it should be.
  ...documented.map(({ payload }) => spoilt(payload, () => null)),
  ...documented.map(({ payload }) => spoilt(payload, () => ({ odd: true }))),
  ...documented.map(({ payload }) =>
    spoilt(payload, value => (typeof value === 'string' ? `${value} 所有人 👩🏽‍💻` : 'a text')),
  ),
  ...documented.map(({ payload }) =>
    spoilt(payload, value => (typeof value === 'string' ? '' : Number.MAX_VALUE)),
  ),
  ...documented.map(({ payload }) =>
    spoilt(payload, value => (typeof value === 'string' ? 'constructor' : -1)),
  ),
  ...documented.map(({ payload }) =>
    spoilt(payload, value => (typeof value === 'string' ? '\ud800 half' : 0.5)),
  ),
  ...documented.map(({ payload }) =>
    spoilt(payload, value => (typeof value === 'string' ? long : [])),
  ),
  event('LOGIN', 'ACTIVITY', { new: { ...login, workApp: false, appType: null, accountId: null } }),
  event('LOGIN', 'ACTIVITY', { new: { ...login, loginUrl: 'about:blank', appType: null } }),
  event('LOGIN', 'ACTIVITY', {
    new: { ...login, loginUrl: 'https://a_b.example./x', appId: null },
  }),
  event('LOGIN', 'ACTIVITY', {
    new: { ...login, email: 'no address', sourceIpAddress: 'nowhere' },
  }),
  event('LOGIN', 'ACTIVITY', { new: { ...login, loginType: 'PASSKEY', identityProvider: '' } }),
  event('LOGIN', 'ACTIVITY', { new: { ...login, browser: 'LADYBIRD', os: 'SERENITY_OS' } }),
  // Envelopes that lack something, and times with fractions, nested ones too.
  ...['id', 'timestamp', 'object', 'category'].flatMap(left =>
    documented.map(({ payload }) =>
      Object.fromEntries(Object.entries(payload).filter(([name]) => name !== left)),
    ),
  ),
  ...documented.map(({ payload: { timestamp, ...payload } }) => ({
    ...spoilt(payload, value => (typeof value === 'number' ? value + 0.25 : value)),
    timestamp: Number(timestamp) + 0.5,
  })),
  event('LOGIN', 'ACTIVITY', { timestamp: 4_070_908_800, new: { ...login, loginTimestamp: 4e9 } }),
  control('PASSWORD_PHISHING', {
    mode: 'WARN',
    action: 'IGNORED',
    url: 'https://evil.example/okta.php',
    referrerUrl: null,
    email: 'john.hill@example.com',
    appType: 'OKTA',
  }),
  control('APP_BANNER', { appType: 'ZAPIER', appId: undefined }),
  audit('API_KEY_REMOVED', { name: 'ci' }, { ...program, apiKeyCreatedBy: 'Terraform (prod)' }),
  create('ACCOUNT', { ...account, mfaRegistered: false }),
  event('FINDING', 'ENTITY', { type: 'CREATE', old: finding }),
  event('FINDING', 'ENTITY', {
    type: 'CREATE',
    old: { ...finding, state: 'RESOLVED' },
    new: finding,
  }),
  // A creation with its object where the older one stands, and one with both.
  event('ACCOUNT', 'ENTITY', { type: 'CREATE', old: account }),
  event('ACCOUNT', 'ENTITY', { type: 'CREATE', old: otherAccount, new: account }),
  event('ACCOUNT', 'ENTITY', { type: 'DELETE', old: otherAccount, new: account }),
  event('ACCOUNT', 'ENTITY', { type: 'UPDATE', new: account }),
  event('PHISHING', 'DETECTION', {
    type: 'UPDATE',
    new: {
      ...detection,
      employeeId: 'another',
      events: [
        { id: '1', creationTimestamp: 1_698_604_010, detectionEventType: 'PHISHING_TOOL_DETECTED' },
      ],
    },
    old: detection,
  }),
  event('PHISHING', 'DETECTION', { type: 'CREATE', new: { ...detection, events: [1] } }),
  JSON.parse(
    '{"id":"1","timestamp":1698604061,"object":"LOGIN","category":"ACTIVITY","__proto__":{"a":1},"new":{"__proto__":{"b":2},"email":"a@b.c","appType":"X"}}',
  ) as Payload,
]

/** The same with every value within `new`, `old` and `actor` as the function makes it. */
function spoilt(payload: Payload, make: (value: unknown) => unknown): Payload {
  const within = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, within(inner)]))
      : make(value)
  const { new: now, old, actor } = payload
  return { ...payload, new: within(now), old: within(old), actor: within(actor) }
}
