/** What can happen to the rows of each collection while a tenant lives, how, and how often. */
import type { CollectionName } from '../../model/rows.ts'
import { catalogue } from '../tenant/app-catalogue.ts'
import { firstNames, lastNames } from '../tenant/names.ts'
import type { PushAccount, PushData, PushRows } from '../tenant/objects.ts'
import type { Random } from '../tenant/random.ts'

interface Happening<Name extends CollectionName> {
  /** How often something happens in this collection, beside the others. */
  readonly weight: number
  /** How often that is a row that comes, and one that goes; else one is changed. */
  readonly created: number
  readonly deleted: number
  /** A row that comes at that moment (UNIX seconds), like one that is there; undefined where there is none to be like. */
  readonly make: (data: PushData, random: Random, seconds: number) => PushRows[Name] | undefined
  /** The members of such a row that change then, by chance; they may come out as they were. */
  readonly change: (
    row: PushRows[Name],
    data: PushData,
    random: Random,
    seconds: number,
  ) => Partial<PushRows[Name]>
}

/** Beyond those of the tenant, so many apps are there to be found. */
const MORE_APPS = 40

const NOTES = ['Reviewed; no customer data.', 'Renewed for a year.', 'Asked the owner for a DPA.']

export const happenings: { readonly [Name in CollectionName]: Happening<Name> } = {
  employees: {
    weight: 7,
    created: 0.12,
    deleted: 0.08,
    make: ({ employees }, random, seconds) => {
      const like = pickFrom(employees, random)
      if (like === undefined) return undefined
      const [first, last] = [random.pick(firstNames), random.pick(lastNames)]
      const domain = like.email.split('@')[1] ?? 'company.example'
      return {
        ...like,
        id: random.uuid(),
        email: `${first.plain}.${last.plain}.${random.between(100, 999)}@${domain}`,
        firstName: first.written,
        lastName: last.written,
        creationTimestamp: seconds,
      }
    },
    change: ({ licensed, groups = [] }, { employees }, random) => {
      const chance = random.next()
      if (chance < 0.35) return { groups: toggled(groups, random.pick(['vpn-users', 'on-call'])) }
      if (chance < 0.6) return { licensed: !licensed }
      if (chance < 0.8) return { department: random.pick(employees).department }
      return { location: random.pick(employees).location }
    },
  },

  accounts: {
    weight: 38,
    created: 0.15,
    deleted: 0.08,
    make: ({ accounts, employees, apps }, random, seconds) => {
      const like = pickFrom(accounts, random)
      const [employee, app] = [pickFrom(employees, random), pickFrom(apps, random)]
      if (like === undefined || employee === undefined || app === undefined) return undefined
      const { lastPasswordLoginTimestamp: _, ...loginMethods } = like.loginMethods
      return {
        ...like,
        id: random.uuid(),
        employeeId: employee.id,
        appType: app.type,
        appId: app.id,
        email: employee.email,
        passwordId: loginMethods.passwordLogin ? random.uuid() : null,
        loginMethods,
        creationTimestamp: seconds,
        lastUsedTimestamp: seconds,
      }
    },
    change: (account, _, random, seconds) => {
      const chance = random.next()
      if (chance < 0.5) return used(account, seconds)
      if (chance < 0.65 && account.loginMethods.passwordLogin) return { passwordId: random.uuid() }
      return account.mfaRegistered === true
        ? { mfaRegistered: false, mfaMethods: [] }
        : { mfaRegistered: true, mfaMethods: [random.pick(['APP_TOTP', 'WEBAUTHN', 'SMS_OTP'])] }
    },
  },

  apps: {
    weight: 6,
    created: 0.14,
    deleted: 0.06,
    make: ({ apps }, random, seconds) => {
      const taken = new Set(apps.map(({ type }) => type))
      const found = catalogue(apps.length + MORE_APPS).find(({ type }) => !taken.has(type))
      if (found === undefined) return undefined
      return {
        id: random.uuid(),
        type: found.type,
        approvalStatus: null,
        sensitivityLevel: null,
        ownerId: null,
        notes: null,
        website: found.website,
        friendlyName: found.name,
        creationTimestamp: seconds,
      }
    },
    change: (_, { employees }, random) => {
      const chance = random.next()
      if (chance < 0.5)
        return { approvalStatus: random.pick(['APPROVED', 'NOT_APPROVED', 'UNDER_REVIEW']) }
      if (chance < 0.7) return { sensitivityLevel: random.pick(['LOW', 'MEDIUM', 'HIGH']) }
      if (chance < 0.85 && employees.length > 0) return { ownerId: random.pick(employees).id }
      return { notes: random.pick(NOTES) }
    },
  },

  browsers: {
    weight: 15,
    created: 0.08,
    deleted: 0.06,
    make: ({ browsers, employees }, random, seconds) => {
      const [like, employee] = [pickFrom(browsers, random), pickFrom(employees, random)]
      if (like === undefined || employee === undefined) return undefined
      const { profileEmail: _, ...others } = like
      return {
        ...others,
        id: random.uuid(),
        employeeId: employee.id,
        email: employee.email,
        isActive: true,
        creationTimestamp: seconds,
        lastOnlineTimestamp: seconds,
      }
    },
    change: (_, { browsers }, random, seconds) => {
      const chance = random.next()
      if (chance < 0.6) return { isActive: true, lastOnlineTimestamp: seconds }
      if (chance < 0.8) return { isActive: false }
      return { extensionVersion: random.pick(browsers).extensionVersion }
    },
  },

  browserExtensions: {
    weight: 8,
    created: 0.35,
    deleted: 0.25,
    make: ({ browserExtensions, browsers }, random) => {
      const [like, browser] = [pickFrom(browserExtensions, random), pickFrom(browsers, random)]
      if (like === undefined || browser === undefined) return undefined
      const isThere = browserExtensions.some(
        ({ browserId, extensionId }) =>
          browserId === browser.id && extensionId === like.extensionId,
      )
      if (isThere) return undefined
      return { ...like, id: random.uuid(), employeeId: browser.employeeId, browserId: browser.id }
    },
    change: ({ enabled, permissions = [] }, _, random) =>
      random.chance(0.7)
        ? { enabled: enabled !== true }
        : { permissions: toggled(permissions, 'history') },
  },

  findings: {
    weight: 20,
    created: 0.5,
    deleted: 0.05,
    make: ({ accounts }, random, seconds) => {
      const account = pickFrom(accounts, random)
      if (account === undefined) return undefined
      const types = ['MFA_NOT_REGISTERED', 'REUSED_PASSWORD', 'WEAK_PASSWORD', 'LEAKED_PASSWORD']
      return {
        id: random.uuid(),
        type: random.pick(types),
        state: 'OPEN',
        employeeId: account.employeeId,
        passwordId: account.passwordId,
        accountId: account.id,
        appType: account.appType,
        appId: account.appId,
        creationTimestamp: seconds,
      }
    },
    change: ({ state }) => ({ state: state === 'OPEN' ? 'RESOLVED' : 'OPEN' }),
  },

  detections: {
    weight: 6,
    created: 0.5,
    deleted: 0.08,
    make: ({ browsers }, random, seconds) => {
      const browser = pickFrom(browsers, random)
      if (browser === undefined) return undefined
      const id = random.uuid()
      return {
        id,
        employeeId: browser.employeeId,
        browserId: browser.id,
        severity: random.pick(['MEDIUM', 'HIGH', 'CRITICAL']),
        detectionType: random.pick(['PHISHING', 'PHISHING', 'STOLEN_CREDENTIALS']),
        response: random.pick(['BLOCKED', 'EMPLOYEE_WARNED']),
        archived: false,
        classification: null,
        creationTimestamp: seconds,
        lastActivityTimestamp: seconds,
        detectionLink: `https://console.example/detections/${id}`,
        events: [],
      }
    },
    change: ({ archived }, _, random, seconds) => {
      const chance = random.next()
      if (chance < 0.4) return { archived: !archived }
      if (chance < 0.7) return { lastActivityTimestamp: seconds }
      return { classification: random.pick(['TRUE_POSITIVE', 'FALSE_POSITIVE', 'TEST_ACTIVITY']) }
    },
  },
}

const pickFrom = <Row>(rows: readonly Row[], random: Random): Row | undefined =>
  rows.length === 0 ? undefined : random.pick(rows)

const used = ({ loginMethods }: PushAccount, seconds: number): Partial<PushAccount> => ({
  lastUsedTimestamp: seconds,
  ...(loginMethods.passwordLogin
    ? { loginMethods: { ...loginMethods, lastPasswordLoginTimestamp: seconds } }
    : {}),
})

const toggled = (words: readonly string[], word: string): readonly string[] =>
  words.includes(word) ? words.filter(each => each !== word) : [...words, word]
