/** An object of Push's inventory that was created, changed or deleted. */
import type { EntityWord } from '../../model/collections.ts'
import type { Members } from '../../model/events.ts'
import { INFORMATIONAL } from '../fitting/projection.ts'
import { OTHER_APP, userOfAccount } from '../projections/account.ts'
import { APPLICATION } from '../projections/app.ts'
import { descriptionOf, deviceOf } from '../projections/browser.ts'
import { type Code, codeOf, given, lookUp, type OcsfObject, other } from '../fitting/values.ts'
import { employeeIn } from './client.ts'
import { inSnakeCase, membersInSnakeCase, reads } from './reading.ts'
import { type Input, messageOf, webhook } from './webhook-event.ts'
import { isGiven } from '../../model/values.ts'

/** OCSF's kinds of managed entity. */
const DEVICE = 1
export const USER = 2
export const POLICY = 5

export interface EntityChange extends Input {
  readonly entity: OcsfObject
  /** What a change made of it. */
  readonly result: OcsfObject | undefined
  /** A state that Push sent and the class has no place for. */
  readonly left: OcsfObject
}

/** The change; undefined where the object is of no kind that we know, or cannot be named. */
export const entityChangeOf = (input: Input): EntityChange | undefined => {
  const { row } = input.event
  const toEntity = lookUp(entities, row.object)
  if (toEntity === undefined) return undefined
  const { old, new: now } = input.told
  const before = named(old === null ? undefined : toEntity(old))
  const after = named(now === null ? undefined : toEntity(now))
  const foremost = row.type === 'CREATE' ? (after ?? before) : (before ?? after)
  if (foremost === undefined) return undefined
  const isChange = row.type !== 'CREATE' && row.type !== 'DELETE'
  const result = isChange && foremost !== after ? after : undefined
  const isTold = (state: OcsfObject | undefined): boolean => state === foremost || state === result
  return {
    ...input,
    entity: foremost,
    result,
    left: {
      old: isTold(before) && before !== undefined ? null : inSnakeCase(old),
      new: isTold(after) && after !== undefined ? null : inSnakeCase(now),
    },
  }
}

const SUCCESS = 1

export const entityChange = webhook<EntityChange>({
  className: 'entity_management',
  activity: ({ event }) => changed(event.row.type),
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: messageOf,
    entity: ({ entity }) => entity,
    updated_entity: ({ result }) => result,
  },
  unmapped: ({ left, told }) => ({ ...left, actor: inSnakeCase(told.actor) }),
})

/** What became of the object, as OCSF counts it; unknown where Push does not say. */
const changed = (type: string | null): Code =>
  codeOf({ CREATE: 1, UPDATE: 3, DELETE: 4 }, type) ?? 0

/** What has neither an id nor a name is no entity in any version. */
const named = (entity: OcsfObject | undefined): OcsfObject | undefined =>
  entity !== undefined && (isGiven(entity['uid']) || isGiven(entity['name'])) ? entity : undefined

type ToEntity = (members: Members) => OcsfObject

/** Objects that only webhooks tell of. */
type OtherWord = 'ACCOUNT_OTHER' | 'APP_OTHER'

const employee: ToEntity = members => {
  const { user, rest } = employeeIn(members)
  return { type_id: USER, uid: user['uid'], name: user['name'], user, data: given(rest) }
}

const readAccount = reads({
  id: 'text',
  employeeId: 'text',
  email: 'text',
  appType: 'text',
  mfaRegistered: 'flag',
  creationTimestamp: 'moment',
  lastUsedTimestamp: 'moment',
})

const account =
  (ofType?: string): ToEntity =>
  members => {
    const { told, rest } = readAccount(members)
    const { appType, creationTimestamp, lastUsedTimestamp } = told
    return {
      type_id: USER,
      uid: told.id,
      name: told.email,
      user: userOfAccount({
        ...told,
        appType: ofType ?? appType,
        createdAt: creationTimestamp,
        lastUsedAt: lastUsedTimestamp,
      }),
      data: given({ app_type: appType, ...membersInSnakeCase(rest) }),
    }
  }

const readBrowser = reads({
  id: 'text',
  employeeId: 'text',
  email: 'text',
  version: 'text',
  browser: 'text',
  os: 'text',
  extensionVersion: 'text',
  creationTimestamp: 'moment',
  lastOnlineTimestamp: 'moment',
})

const browser: ToEntity = members => {
  const { told, rest } = readBrowser(members)
  const { browser: word, version } = told
  return {
    type_id: DEVICE,
    uid: told.id,
    name: word === null ? undefined : descriptionOf({ browser: word, version }),
    device: deviceOf({
      ...told,
      createdAt: told.creationTimestamp,
      lastOnlineAt: told.lastOnlineTimestamp,
    }),
    data: given({ browser: word, browser_version: version, ...membersInSnakeCase(rest) }),
  }
}

const readApp = reads({
  id: 'text',
  friendlyName: 'text',
  name: 'text',
  type: 'text',
  domain: 'text',
})

const app: ToEntity = members => {
  const { told, rest } = readApp(members)
  const { id, ...names } = told
  return {
    type_id: other(APPLICATION),
    uid: id,
    name: names.friendlyName ?? names.name ?? names.domain ?? names.type,
    data: given({ ...membersInSnakeCase(names), ...membersInSnakeCase(rest) }),
  }
}

const readExtension = reads({ id: 'text', name: 'text' })

const browserExtension: ToEntity = members => {
  const { told, rest } = readExtension(members)
  return {
    type_id: other('Browser Extension'),
    uid: told.id,
    name: told.name,
    data: given(membersInSnakeCase(rest)),
  }
}

/** Findings are of a class of their own. */
const entities: Readonly<Record<Exclude<EntityWord, 'FINDING'> | OtherWord, ToEntity>> = {
  EMPLOYEE: employee,
  ACCOUNT: account(),
  ACCOUNT_OTHER: account(OTHER_APP),
  APP: app,
  APP_OTHER: app,
  BROWSER: browser,
  BROWSER_EXTENSION: browserExtension,
}
