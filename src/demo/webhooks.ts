/** What Push's webhooks tell, beside the id and the time of each: of objects that change, of logins, of administrators. */
import { collections } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { RowChange } from './history.ts'
import type { PushData, PushDetection, PushEmployee, PushRows } from './tenant/objects.ts'
import type { Random } from './tenant/random.ts'

/** What is told at that moment (UNIX seconds), made when it is asked for. */
export type ToldEvent = readonly [at: number, tell: () => object]

/** Of a change of an object, in the order in which Push sends the members. `employeeOf` finds whose it is. */
export const toldOf = (
  change: RowChange,
  employeeOf: (id: string) => PushEmployee | undefined,
): object => {
  const { collection, old, new: now } = change
  const type = old === null ? 'CREATE' : now === null ? 'DELETE' : 'UPDATE'
  const row = now ?? old
  const { category, object } = collections[collection].webhook
  const word = object ?? (row as PushDetection).detectionType
  const shown = (one: PushRows[CollectionName] | null): object | null =>
    one === null ? null : asTold(collection, one, employeeOf)
  return {
    object: word,
    friendlyName: toName(word),
    category,
    description: `${toName(word)} ${{ CREATE: 'observed for the first time', UPDATE: 'changed', DELETE: 'deleted' }[type]}`,
    type,
    new: shown(now),
    old: shown(old),
  }
}

/** BROWSER_EXTENSION as Browser extension. */
export const toName = (object: string): string =>
  object.charAt(0) + object.slice(1).toLowerCase().replaceAll('_', ' ')

/** The row as webhooks give it, which is not always as lists do. */
const asTold = (
  collection: CollectionName,
  row: PushRows[CollectionName],
  employeeOf: (id: string) => PushEmployee | undefined,
): object => {
  if (collection !== 'browserExtensions' && collection !== 'detections') return row
  const { employeeId } = row as PushRows['browserExtensions' | 'detections']
  const employee = employeeOf(employeeId)
  const embedded = employee === undefined ? {} : { employee }
  if (collection === 'detections') {
    const { events: _, ...detection } = row as PushDetection
    return { ...detection, ...embedded }
  }
  // An extension is named by its id in the browser's store, and by whose it is.
  const {
    id: _id,
    extensionId,
    employeeId: _employee,
    browserId: _browser,
    ...others
  } = row as PushRows['browserExtensions']
  return { id: extensionId, ...others, ...embedded }
}

type Tenant = { readonly data: PushData }

/** Somebody logs in, or, now and then, an administrator does something. */
export const activity = (tenant: Tenant, random: Random, seconds: number): object =>
  random.chance(0.93) ? login(tenant, random, seconds) : admin(tenant, random)

const agents = {
  CHROME:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
  SAFARI:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15',
}

const address = (random: Random): string => `203.0.113.${random.between(1, 254)}`

/** Somebody logs in at that moment (UNIX seconds): what Push tells beside the id and the time. */
export const login = ({ data }: Tenant, random: Random, seconds: number) => {
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
