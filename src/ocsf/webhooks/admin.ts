/**
 * What happened to the administrators of Push themselves: they came, went, logged in, or took a second factor. Since
 * 1.9 the class of what happens to a user is another one, with activities of its own.
 */
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

/** By object, what became of the administrator: Create, MFA Factor Enable, Delete. */
const accountActivities: Readonly<Record<string, number>> = {
  ADMIN_ACCEPTED_INVITATION: 1,
  ADMIN_ENABLED_MFA: 10,
  ADMIN_REMOVED: 6,
}

/** The same in the words of the newer class: Create, Enable MFA Factors, Delete. */
const userActivities: Readonly<Record<string, number>> = {
  ADMIN_ACCEPTED_INVITATION: 1,
  ADMIN_ENABLED_MFA: 12,
  ADMIN_REMOVED: 3,
}

/** The change; undefined where it does not say whom it happened to. */
export const adminChangeOf = (input: Input): AdminChange | undefined => {
  const actor = actorIn(input)
  const read = reported(input, readChange)
  const email = input.event.row.object === 'ADMIN_REMOVED' ? read.said.target : actor.told.email
  return isUnnamed(email, input) ? undefined : { ...read, actor, user: adminOf(email) }
}

/** Whether Push does not say whom it is about; whose address was left out has one. */
const isUnnamed = (email: string | null, { event }: Input): boolean =>
  email === null && event.isRedacted !== true

const SUCCESS = 1

const adminProjection = (
  className: 'account_change' | 'user_management',
  activities: Readonly<Record<string, number>>,
) =>
  webhook<AdminChange>({
    className,
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

export const adminChange = adminProjection('user_management', userActivities)

/** Before 1.9. */
export const adminAccountChange = adminProjection('account_change', accountActivities)

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
  return isUnnamed(email, input)
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
