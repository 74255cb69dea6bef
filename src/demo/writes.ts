/** What a key with full access may change. Every function gives the answer; a refused one changes nothing. */
import type { CollectionName } from '../model/rows.ts'
import { enums } from '../model/enums.ts'
import { type Answer, refusal } from './answer.ts'
import type { Lists } from './lists.ts'
import type { PushAccount, PushLoginMethods, PushRows } from './tenant/objects.ts'

export interface Writes {
  patch(collection: 'employees' | 'apps' | 'detections', id: string, body: unknown): Answer
  merge(employeeId: string, body: unknown): Answer
  group(employeeId: string, body: unknown, change: 'add' | 'remove'): Answer
  deleteAccount(id: string): Answer
  removeLoginMethod(accountId: string, body: unknown): Answer
}

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isFlag: Check = value => typeof value === 'boolean'
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value)
const oneOf =
  (words: readonly string[]): Check =>
  value =>
    typeof value === 'string' && words.includes(value)

/** `unknownId` is the status for an id that is not there, `deleted` the one for a row that no longer is. */
export const createWrites = (
  lists: Lists,
  statuses: { readonly unknownId: number; readonly deleteStatus: number },
): Writes => {
  const isEmployee: Check = value =>
    typeof value === 'string' && lists.find('employees', value) !== undefined

  const patchable = {
    employees: { licensed: isFlag },
    apps: {
      approvalStatus: orNull(oneOf(enums.AppApprovalStatus)),
      sensitivityLevel: orNull(oneOf(enums.AppSensitivityLevel)),
      notes: orNull(isText),
      ownerId: orNull(isEmployee),
    },
    detections: { archived: isFlag, classification: orNull(isText) },
  } as const

  const notFound = (): Answer => refusal(statuses.unknownId, 'Not found')

  const change = <Name extends CollectionName>(
    collection: Name,
    id: string,
    changes: Partial<PushRows[Name]>,
  ): Answer => {
    const row = lists.update(collection, id, changes)
    return row === undefined ? notFound() : { status: 200, body: row }
  }

  return {
    patch: (collection, id, body) => {
      if (lists.find(collection, id) === undefined) return notFound()
      const changes = readChanges(body, patchable[collection])
      if (typeof changes === 'string') return refusal(400, changes)
      const answer = change(collection, id, changes as Partial<PushRows[typeof collection]>)
      return collection === 'detections' ? withoutEvents(answer) : answer
    },

    merge: (employeeId, body) => {
      if (lists.find('employees', employeeId) === undefined) return notFound()
      const changes = readChanges(body, { employeeId: isEmployee })
      if (typeof changes === 'string') return refusal(400, changes)
      const merged = changes.employeeId as string
      if (merged === employeeId) return refusal(400, 'employeeId must be another employee')
      for (const collection of ['accounts', 'browsers', 'browserExtensions', 'findings'] as const)
        hand(lists, collection, 'employeeId', merged, employeeId)
      hand(lists, 'detections', 'employeeId', merged, employeeId)
      hand(lists, 'apps', 'ownerId', merged, employeeId)
      lists.remove('employees', merged)
      return { status: 200, body: lists.find('employees', employeeId) }
    },

    group: (employeeId, body, direction) => {
      const employee = lists.find('employees', employeeId)
      if (employee === undefined) return notFound()
      const named: unknown = isObject(body) ? body['groups'] : body
      if (!Array.isArray(named) || named.length === 0 || !named.every(isText))
        return refusal(400, 'groups must be a list of names')
      const names = new Set(named as string[])
      const groups = new Set(employee.groups)
      const changed = direction === 'add' ? groups.union(names) : groups.difference(names)
      return change('employees', employeeId, { groups: [...changed] })
    },

    deleteAccount: id => {
      if (!lists.remove('accounts', id)) return notFound()
      return statuses.deleteStatus === 204 ? { status: 204 } : { status: 200, body: {} }
    },

    removeLoginMethod: (accountId, body) => {
      const account = lists.find('accounts', accountId)
      if (account === undefined) return notFound()
      const changes = readChanges(body, { loginMethod: oneOf(Object.keys(removals)) })
      if (typeof changes === 'string') return refusal(400, changes)
      const removal = removals[changes.loginMethod as keyof typeof removals]
      return change('accounts', accountId, removal(account))
    },
  }
}

const removeMembers = (changes: Partial<PushLoginMethods>) => (account: PushAccount) => ({
  loginMethods: { ...account.loginMethods, ...changes },
})

const removals = {
  USERNAME_PASSWORD: ({ loginMethods }: PushAccount) => {
    const { lastPasswordLoginTimestamp: _, ...others } = loginMethods
    return { passwordId: null, loginMethods: { ...others, passwordLogin: false } }
  },
  OKTA_SWA: removeMembers({ oktaSwaLogin: false }),
  OIDC: removeMembers({ oidcLogin: null }),
  SAML: removeMembers({ samlLogin: null }),
  FEDCM: removeMembers({ fedCmLogin: null }),
} as const satisfies Record<string, (account: PushAccount) => Partial<PushAccount>>

/** All rows of a collection that belong to one employee then belong to another. */
const hand = <Name extends CollectionName>(
  lists: Lists,
  collection: Name,
  field: keyof PushRows[Name],
  from: string,
  to: string,
): void => {
  const theirs = lists.data[collection].filter(row => row[field] === from)
  for (const { id } of theirs)
    lists.update(collection, id, { [field]: to } as unknown as Partial<PushRows[Name]>)
}

const withoutEvents = (answer: Answer): Answer => {
  if (!isObject(answer.body)) return answer
  const { events: _, ...detection } = answer.body
  return { ...answer, body: detection }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The members of a body that the checks allow, or a sentence about the one that they do not. */
const readChanges = <Name extends string>(
  body: unknown,
  checks: Readonly<Partial<Record<Name, Check>>>,
): Readonly<Partial<Record<Name, unknown>>> | string => {
  if (!isObject(body)) return 'The body must be a JSON object'
  const members = Object.entries(body)
  if (members.length === 0) return `The body must have one of: ${Object.keys(checks).join(', ')}`
  for (const [name, value] of members) {
    const check = Object.hasOwn(checks, name) ? checks[name as Name] : undefined
    if (check === undefined) return `Unknown member: ${name}`
    if (!check(value)) return `Invalid value of ${name}`
  }
  return body as Readonly<Partial<Record<Name, unknown>>>
}
