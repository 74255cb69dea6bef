/**
 * The demo tenant's webhooks: a login every few seconds, now and then a finding, a detection, or what an administrator
 * did, signed and sent as Push does, to whoever shows how events are followed.
 */
import { createHmac } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import type { StandIn } from './contract.ts'
import { createRandom, type Random } from './tenant/random.ts'

export interface TrickleOptions {
  readonly standIn: Pick<StandIn, 'seed' | 'data' | 'insert' | 'update'>
  /** Where the webhooks go, such as `http://127.0.0.1:4000/webhooks/demo`. */
  readonly url: string
  readonly secret: string
  readonly clock: Clock
  /** The usual time between two webhooks. Default: 3 s. */
  readonly everyMs?: number
}

/** Begins to send; the returned function ends it. What nobody takes is not sent again. */
export const startTrickle = (options: TrickleOptions): (() => void) => {
  const { clock, standIn, everyMs = 3_000 } = options
  const random = createRandom(standIn.seed, `webhooks ${clock.now()}`)
  const leave = new AbortController()
  let cancel = (): void => undefined

  const schedule = (): void => {
    cancel = clock.after(everyMs * (0.5 + random.next()), () => {
      const seconds = Math.floor(clock.now() / 1_000)
      const body = Buffer.from(JSON.stringify(happen(standIn, random, seconds)))
      void send(options, body, seconds, leave.signal)
      schedule()
    })
  }
  schedule()

  return () => {
    cancel()
    leave.abort()
  }
}

const send = async (
  { url, secret }: TrickleOptions,
  body: Buffer,
  signedAt: number,
  signal: AbortSignal,
): Promise<void> => {
  const mac = createHmac('sha256', secret).update(`${signedAt}.`).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-signature': `t=${signedAt},v1=${mac.toUpperCase()}`,
  }
  const request = { method: 'POST', headers, body: new Uint8Array(body), signal }
  // Push would try again; a demo has more to tell in a moment.
  await fetch(url, request).then(
    response => response.body?.cancel(),
    () => undefined,
  )
}

type Tenant = TrickleOptions['standIn']

/** What happens next, as Push would tell it; the tenant's own data changes with it. */
const happen = (tenant: Tenant, random: Random, seconds: number): object => {
  const event = { version: '1', id: random.uuid(), timestamp: seconds }
  const chance = random.next()
  if (chance < 0.78) return { ...event, ...login(tenant, random, seconds) }
  if (chance < 0.88) return { ...event, ...finding(tenant, random, seconds) }
  if (chance < 0.94) return { ...event, ...detection(tenant, random, seconds) }
  return { ...event, ...admin(tenant, random) }
}

const agents = {
  CHROME:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
  SAFARI:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15',
}

const address = (random: Random): string => `203.0.113.${random.between(1, 254)}`

/** Somebody logs in at that moment (UNIX seconds): what Push tells beside the id and the time. */
export const login = ({ data }: Pick<Tenant, 'data'>, random: Random, seconds: number): object => {
  const account = random.pick(data.accounts)
  const byPassword = account.loginMethods.passwordLogin
  const browser = random.pick(['CHROME', 'SAFARI'] as const)
  const loginUrl = `https://login.${account.appType.toLowerCase().replaceAll('_', '-')}.example/`
  return {
    object: 'LOGIN',
    friendlyName: 'Login',
    category: 'ACTIVITY',
    description: `${account.email} logged into ${loginUrl}${byPassword ? ' using a password' : ''}`,
    new: {
      employeeId: account.employeeId,
      accountId: account.id,
      appType: account.appType,
      appId: account.appId,
      email: account.email,
      loginTimestamp: seconds,
      loginUrl,
      workApp: true,
      passwordManuallyTyped: byPassword ? random.chance(0.3) : null,
      passwordManager: byPassword && random.chance(0.5) ? 'CHROME_BUILTIN' : null,
      weakPassword: byPassword ? random.chance(0.1) : null,
      weakPasswordReasons: null,
      leakedPassword: byPassword ? random.chance(0.02) : null,
      passwordId: byPassword ? account.passwordId : null,
      loginType: byPassword ? 'PASSWORD_LOGIN' : 'OIDC_LOGIN',
      identityProvider: byPassword ? null : (account.loginMethods.oidcLogin ?? 'OKTA'),
      sourceIpAddress: address(random),
      browser,
      os: browser === 'SAFARI' ? 'MACOS' : 'WINDOWS',
      userAgent: agents[browser],
    },
  }
}

const finding = (tenant: Tenant, random: Random, seconds: number): object => {
  const common = { object: 'FINDING', friendlyName: 'Finding', category: 'ENTITY' }
  const open = tenant.data.findings.filter(({ state }) => state === 'OPEN')
  if (open.length > 0 && random.chance(0.4)) {
    const old = { ...random.pick(open) }
    tenant.update('findings', old.id, { state: 'RESOLVED' })
    return {
      ...common,
      type: 'UPDATE',
      description: `${old.type} finding resolved`,
      new: { ...old, state: 'RESOLVED' },
      old,
    }
  }
  const account = random.pick(tenant.data.accounts)
  const row = {
    id: random.uuid(),
    type: random.pick([
      'MFA_NOT_REGISTERED',
      'REUSED_PASSWORD',
      'WEAK_PASSWORD',
      'LEAKED_PASSWORD',
    ]),
    state: 'OPEN',
    employeeId: account.employeeId,
    passwordId: account.passwordId,
    accountId: account.id,
    appType: account.appType,
    appId: account.appId,
    creationTimestamp: seconds,
  }
  tenant.insert('findings', row)
  return {
    ...common,
    type: 'CREATE',
    description: `${row.type} finding observed for ${account.email}`,
    new: row,
    old: null,
  }
}

const detection = (tenant: Tenant, random: Random, seconds: number): object => {
  const browser = random.pick(tenant.data.browsers)
  const id = random.uuid()
  const row = {
    id,
    employeeId: browser.employeeId,
    browserId: browser.id,
    severity: random.pick(['MEDIUM', 'HIGH', 'CRITICAL']),
    detectionType: 'PHISHING',
    response: random.pick(['BLOCKED', 'EMPLOYEE_WARNED']),
    archived: false,
    classification: null,
    creationTimestamp: seconds,
    lastActivityTimestamp: seconds,
    detectionLink: `https://pushsecurity.com/app/detections?id=${id}`,
  }
  tenant.insert('detections', { ...row, events: [] })
  const employee = tenant.data.employees.find(({ id: of }) => of === browser.employeeId)
  return {
    object: 'PHISHING',
    friendlyName: 'Phishing attack',
    category: 'DETECTION',
    type: 'CREATE',
    description: `${browser.email} triggered a new phishing detection`,
    new: { ...row, ...(employee === undefined ? {} : { employee }) },
    old: null,
  }
}

const admin = ({ data }: Tenant, random: Random): object => {
  const app = random.pick(data.apps)
  const domain = data.employees[0]?.email.split('@')[1] ?? 'example.com'
  const email = `security@${domain}`
  const actor = {
    source: 'UI',
    email,
    role: 'FULL_ACCESS',
    sourceIpAddress: address(random),
    userAgent: agents.CHROME,
  }
  const common = { category: 'AUDIT', actor }
  return random.chance(0.5)
    ? {
        ...common,
        object: 'ADMIN_LOGGED_IN',
        friendlyName: 'Admin logged in',
        description: `${email} logged into the Push platform`,
        new: {},
      }
    : {
        ...common,
        object: 'ADMIN_LOADED_DATA',
        friendlyName: 'Admin loaded data',
        description: `${email} listed accounts of ${app.type}`,
        new: { query: 'accounts', arguments: { appId: app.id, first: 50 } },
      }
}
