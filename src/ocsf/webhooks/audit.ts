/** What administrators and programs did in Push: the entity that they did it to. */
import type { Members } from '../../model/events.ts'
import { accountOf, INFORMATIONAL } from '../fitting/projection.ts'
import { APPLICATION } from '../projections/app.ts'
import { type Code, given, inWords, lookUp, type OcsfObject, other } from '../fitting/values.ts'
import { type Actor, actorIn, partsOfActor, unmappedActor } from './actor.ts'
import { POLICY, USER } from './entity-change.ts'
import { reads } from './reading.ts'
import { type Input, messageOf, oldOf, webhook } from './webhook-event.ts'

export interface Audit extends Input {
  readonly actor: Actor
  readonly activity: Code
  readonly entity: OcsfObject
}

const CREATED = 1
const UPDATED = 3
const DELETED = 4
const ENABLED = 8
const DISABLED = 9

export const auditOf = (input: Input): Audit => {
  const { object } = input.event.row
  const done = lookUp(deeds, object)?.(input.told.new ?? {})
  return {
    ...input,
    actor: actorIn(input),
    ...(done ?? {
      activity: other(object),
      entity: {
        type_id: other(object),
        name: input.told.friendlyName ?? inWords(object),
        data: input.told.new,
      },
    }),
  }
}

const SUCCESS = 1

export const audit = webhook<Audit>({
  className: 'entity_management',
  activity: ({ activity }) => activity,
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: messageOf,
    entity: ({ entity }) => entity,
    ...partsOfActor,
  },
  unmapped: input => ({ actor: unmappedActor(input.actor), ...oldOf(input) }),
})

/** What was done, as `new` tells it; undefined where that says too little. */
type Deed = (told: Members) => Pick<Audit, 'activity' | 'entity'> | undefined

const readKey = reads({ name: 'text' })

const ofKey =
  (activity: number): Deed =>
  members => {
    const { told, rest } = readKey(members)
    // A key has no id, and need not have a name.
    const name = told.name ?? 'API key'
    return { activity, entity: { type_id: other('API Key'), name, data: given(rest) } }
  }

const readApproval = reads({ appId: 'text', appType: 'text' })

const approvalStatusUpdated: Deed = members => {
  const { told, rest } = readApproval(members)
  if (told.appId === null && told.appType === null) return undefined
  return {
    activity: UPDATED,
    entity: { type_id: other(APPLICATION), uid: told.appId, name: told.appType, data: given(rest) },
  }
}

const readMethod = reads({
  accountId: 'text',
  accountEmail: 'text',
  appType: 'text',
  loginMethod: 'text',
})

const loginMethodRemoved: Deed = members => {
  const { told, rest } = readMethod(members)
  const { accountId, accountEmail, appType, loginMethod } = told
  if (accountId === null && accountEmail === null) return undefined
  return {
    activity: UPDATED,
    entity: {
      type_id: USER,
      uid: accountId,
      name: accountEmail,
      user: {
        name: accountEmail,
        email_addr: accountEmail,
        account: accountOf(accountId, accountEmail, appType),
      },
      data: given({ loginMethodRemoved: loginMethod, appType, ...rest }),
    },
  }
}

const readBanner = reads({ title: 'text', subtext: 'text', enabled: 'flag' })

/** Push calls it the same where a banner is switched on or off. */
const bannerConfigured: Deed = members => {
  const { told, rest } = readBanner(members)
  const { title, subtext, enabled } = told
  const name = title ?? 'App banner'
  return {
    activity: enabled === null ? UPDATED : enabled ? ENABLED : DISABLED,
    entity: {
      type_id: POLICY,
      name,
      policy: { name, desc: subtext, is_applied: enabled, data: given(rest) },
    },
  }
}

const deeds: Readonly<Record<string, Deed>> = {
  API_KEY_ADDED: ofKey(CREATED),
  API_KEY_REMOVED: ofKey(DELETED),
  APP_APPROVAL_STATUS_UPDATED: approvalStatusUpdated,
  ACCOUNT_LOGIN_METHOD_REMOVED: loginMethodRemoved,
  APP_BANNER_CONFIGURED: bannerConfigured,
}
