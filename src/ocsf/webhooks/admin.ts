/** What happened to the administrators of Push themselves: they came, went, logged in, or took a second factor. */
import { INFORMATIONAL, PRODUCT } from '../fitting/projection.ts'
import { codeOf, type OcsfObject } from '../fitting/values.ts'
import { type Actor, actorIn, adminOf, partsOfActor, unmappedActor } from './actor.ts'
import { reads, type Parsed } from './reading.ts'
import { type Input, messageOf, oldOf, type Reported, reported, webhook } from './webhook-event.ts'

const change = { method: 'text', target: 'text' } as const

export interface AdminChange extends Reported<Parsed<typeof change>> {
  readonly actor: Actor
  /** Whom it happened to. */
  readonly user: OcsfObject
}

const readChange = reads(change)

const CREATED = 1
const REMOVED = 6
const MFA_ENABLED = 10

/** By object, what became of the administrator. */
const activities: Readonly<Record<string, number>> = {
  ADMIN_ACCEPTED_INVITATION: CREATED,
  ADMIN_ENABLED_MFA: MFA_ENABLED,
  ADMIN_REMOVED: REMOVED,
}

/** The change; undefined where it does not say whom it happened to. */
export const adminChangeOf = (input: Input): AdminChange | undefined => {
  const actor = actorIn(input)
  const read = reported(input, readChange)
  const email = input.event.row.object === 'ADMIN_REMOVED' ? read.said.target : actor.told.email
  return email === null ? undefined : { ...read, actor, user: adminOf(email) }
}

const SUCCESS = 1

export const adminChange = webhook<AdminChange>({
  className: 'account_change',
  activity: ({ event }) => activities[event.row.object] ?? 0,
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: messageOf,
    user: ({ user }) => user,
    auth_factors: ({ event, said }) =>
      event.row.object === 'ADMIN_ENABLED_MFA' && said.method !== null
        ? [factorOf(said.method)]
        : undefined,
    ...partsOfActor,
  },
  unmapped: input => ({
    method: input.said.method,
    target: input.event.row.object === 'ADMIN_REMOVED' ? null : input.said.target,
    actor: unmappedActor(input.actor),
    ...oldOf(input),
  }),
  others: ({ others }) => others,
})

/** A second factor, by Push's word for it. */
const factorOf = (method: string): OcsfObject => ({
  factor_type_id: codeOf(factors, method),
  is_totp: /_TOTP$/.test(method) ? true : undefined,
})

const factors = {
  SMS_OTP: 1,
  SMS: 1,
  PHONE_CALL: 3,
  PUSH_NOTIFICATION: 5,
  HARDWARE_TOTP: 6,
  APP_TOTP: 7,
  APP_OTP: 7,
  EMAIL_OTP: 8,
  U2F: 9,
  WEBAUTHN: 10,
}

const nothing = {} as const

export interface AdminLogin extends Reported<Parsed<typeof nothing>> {
  readonly actor: Actor
  readonly user: OcsfObject
}

const readNothing = reads(nothing)

/** The login; undefined where it does not say whose it is. */
export const adminLoginOf = (input: Input): AdminLogin | undefined => {
  const actor = actorIn(input)
  const { email } = actor.told
  return email === null
    ? undefined
    : { ...reported(input, readNothing), actor, user: adminOf(email) }
}

const LOGON = 1

/** An administrator logged into Push. */
export const adminLogin = webhook<AdminLogin>({
  className: 'authentication',
  activity: () => LOGON,
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: messageOf,
    user: ({ user }) => user,
    service: () => ({ name: PRODUCT }),
    // How they logged in is not told.
    auth_protocol_id: () => 0,
    ...partsOfActor,
  },
  unmapped: input => ({ actor: unmappedActor(input.actor), ...oldOf(input) }),
  others: ({ others }) => others,
})
