/**
 * Who has an account where: everybody at the identity provider, then more accounts at popular apps than at others
 * (the nth most popular app has about 1/n of the first one's). People use a password again, or share a login.
 */
import type { PushAccount, PushApp, PushEmployee, PushLoginMethods } from './objects.ts'
import { companyDomain } from './employees.ts'
import { type Random, allocate, createRandom, createShares, createWeighted } from './random.ts'

const DAY = 86_400

const methods = createShares({
  APP_TOTP: 30,
  PUSH_NOTIFICATION: 18,
  SMS_OTP: 16,
  WEBAUTHN: 12,
  EMAIL_OTP: 8,
  BACKUP_CODES: 6,
  U2F: 4,
  HARDWARE_TOTP: 2,
  PHONE_CALL: 2,
  APP_PASSWORD: 1,
  GRID_CARD: 1,
})

interface SharedLogin {
  readonly app: PushApp
  readonly email: string
  readonly passwordId: string
}

/** `count` accounts of these employees at these apps (the most popular app first), in no order. */
export const createAccounts = (
  seed: number,
  count: number,
  employees: readonly PushEmployee[],
  apps: readonly PushApp[],
  now: number,
): PushAccount[] => {
  const random = createRandom(seed, 'accounts')
  const everybodys = apps[0] as PushApp
  const popular = createWeighted(apps, (_, rank) => 1 / (rank + 3))
  const shared = createSharedLogins(seed, Math.ceil(count / 400), apps, random)
  const shares = allocate(
    count,
    employees.map(() => 0.3 + 3 * random.next() ** 2),
  )

  const accounts = employees.flatMap((employee, index) => {
    const taken = new Set<PushApp>()
    const passwords = Array.from({ length: random.between(1, 4) }, () => random.uuid())
    return Array.from({ length: shares[index] as number }, (_, nth) => {
      const login = nth > 0 && random.chance(0.03) ? random.pick(shared) : undefined
      const app = login?.app ?? (nth === 0 ? everybodys : another(popular, taken, random))
      taken.add(app)
      return createAccount(random, employee, app, login, passwords, now)
    })
  })
  return random.shuffled(accounts)
}

const createSharedLogins = (
  seed: number,
  count: number,
  apps: readonly PushApp[],
  random: Random,
): SharedLogin[] => {
  const mailboxes = ['marketing', 'office', 'events', 'support', 'finance', 'social', 'it-admin']
  return Array.from({ length: count }, () => ({
    app: random.pick(apps),
    email: `${random.pick(mailboxes)}@${companyDomain(seed)}`,
    passwordId: random.uuid(),
  }))
}

// A second account at one app happens, but seldom.
const another = (
  popular: (random: Random) => PushApp,
  taken: ReadonlySet<PushApp>,
  random: Random,
): PushApp => {
  for (let attempt = 0; attempt < 8; attempt++) {
    const app = popular(random)
    if (!taken.has(app)) return app
  }
  return popular(random)
}

const createAccount = (
  random: Random,
  employee: PushEmployee,
  app: PushApp,
  login: SharedLogin | undefined,
  passwords: readonly string[],
  now: number,
): PushAccount => {
  const created = random.between(employee.creationTimestamp, now)
  const lastUsed = random.chance(0.04) ? null : used(random, created, now)
  const loginMethods = login === undefined ? createLogin(random, created, lastUsed) : passwordOnly
  return {
    id: random.uuid(),
    employeeId: employee.id,
    appType: app.type,
    appId: app.id,
    email: login?.email ?? addressOf(employee, random),
    ...createMfa(random, loginMethods),
    passwordId: loginMethods.passwordLogin
      ? (login?.passwordId ?? password(random, passwords))
      : null,
    loginMethods,
    creationTimestamp: created,
    lastUsedTimestamp: lastUsed,
  }
}

// Two of three were used within the last month where the account is that old.
const used = (random: Random, created: number, now: number): number =>
  random.chance(0.66)
    ? random.between(Math.max(created, now - 30 * DAY), now)
    : random.between(created, now)

const addressOf = (employee: PushEmployee, random: Random): string =>
  random.chance(0.03) ? employee.email.replace(/@.*/, '@freemail.example') : employee.email

const password = (random: Random, passwords: readonly string[]): string =>
  random.chance(0.4) ? random.pick(passwords) : random.uuid()

const passwordOnly: PushLoginMethods = {
  passwordLogin: true,
  oidcLogin: null,
  samlLogin: null,
  oktaSwaLogin: false,
}

const createLogin = (
  random: Random,
  created: number,
  lastUsed: number | null,
): PushLoginMethods => {
  const kind = random.next()
  const passwordLogin = kind < 0.48 || kind > 0.86
  const vendorSso = random.chance(0.2)
  return {
    passwordLogin,
    ...(passwordLogin && lastUsed !== null && random.chance(0.8)
      ? { lastPasswordLoginTimestamp: random.between(created, lastUsed) }
      : {}),
    oidcLogin:
      kind >= 0.48 && kind < 0.75 ? provider(random) : kind > 0.94 ? 'MICROSOFT_365' : null,
    samlLogin: kind >= 0.75 && kind < 0.84 ? 'OKTA' : null,
    oktaSwaLogin: kind > 0.86 && kind < 0.9,
    ...(vendorSso ? { vendorSsoLogin: random.chance(0.3) ? 'ATLASSIAN' : null } : {}),
    ...(kind >= 0.84 && kind <= 0.86
      ? { fedCmLogin: 'GOOGLE_WORKSPACE' }
      : random.chance(0.3)
        ? { fedCmLogin: null }
        : {}),
  }
}

const provider = (random: Random): string =>
  random.chance(0.8) ? 'GOOGLE_WORKSPACE' : random.pick(['MICROSOFT_365', 'GITHUB', 'APPLE'])

const createMfa = (
  random: Random,
  login: PushLoginMethods,
): Pick<PushAccount, 'mfaRegistered' | 'mfaMethods'> => {
  if (!login.passwordLogin && random.chance(0.4))
    return { mfaRegistered: true, mfaMethods: ['EXTERNAL_PROVIDER'] }

  const kind = random.next()
  if (kind < 0.15) return { mfaRegistered: null, mfaMethods: null }
  if (kind < 0.58) return { mfaRegistered: false, mfaMethods: random.chance(0.8) ? [] : null }
  const chosen = Array.from({ length: random.between(1, 3) }, () => methods(random))
  return { mfaRegistered: true, mfaMethods: [...new Set(chosen)] }
}
