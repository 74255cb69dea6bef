import { accountOf, INFORMATIONAL } from '../fitting/projection.ts'
import { hostOf } from '../projections/app.ts'
import { type Code, codeOf, given, type OcsfObject } from '../fitting/values.ts'
import { client, destinationOf, requestOf, sourceOf } from './client.ts'
import { reads, type Parsed } from './reading.ts'
import {
  type Input,
  messageOf,
  oldAndActorOf,
  type Reported,
  reported,
  webhook,
} from './webhook-event.ts'

const login = {
  ...client,
  employeeId: 'text',
  accountId: 'text',
  appType: 'text',
  appId: 'text',
  email: 'text',
  // The time of the event.
  loginTimestamp: 'moment',
  loginUrl: 'text',
  loginType: 'text',
  identityProvider: 'text',
  workApp: 'flag',
} as const

type Said = Parsed<typeof login>
type Login = Reported<Said>

const readLogin = reads(login)

/** The login; undefined where it does not say whose it is, or where to. */
export const loginOf = (input: Input): Login | undefined => {
  const read = reported(input, readLogin)
  const { employeeId, email, accountId } = read.said
  const isSomebody = employeeId !== null || email !== null || accountId !== null
  // Whose it was and where to may have been left out.
  if (input.event.isRedacted === true) return read
  return isSomebody && serviceOf(read.said) !== undefined ? read : undefined
}

const LOGON = 1
const SUCCESS = 1

/** An employee logged into an app. */
export const loginProjection = webhook<Login>({
  className: 'authentication',
  activity: () => LOGON,
  parts: {
    severity_id: () => INFORMATIONAL,
    status_id: () => SUCCESS,
    message: messageOf,
    user: ({ said, event }) => ({
      ...userOf(said),
      ...(event.isRedacted === true && said.employeeId === null ? { name: 'Unknown' } : {}),
      account: accountOf(said.accountId, said.email, said.appType),
    }),
    // A login by password has no provider, and an actor without a user is none.
    actor: ({ said }) =>
      said.identityProvider === null
        ? undefined
        : { idp: { name: said.identityProvider }, user: userOf(said) },
    service: ({ said, event }) =>
      serviceOf(said) ?? (event.isRedacted === true ? { name: 'Unknown' } : undefined),
    auth_protocol_id: ({ said }) => protocolOf(said.loginType),
    auth_factors: ({ said }) =>
      isByPassword(said.loginType) ? [{ factor_type_id: PASSWORD }] : undefined,
    http_request: ({ said }) => requestOf({ ...said, url: said.loginUrl }),
    dst_endpoint: ({ said }) => destinationOf(said.loginUrl),
    src_endpoint: ({ said }) => sourceOf(said),
  },
  unmapped: input => ({
    login_type: input.said.loginType,
    work_app: input.said.workApp,
    identity_provider: input.said.identityProvider,
    browser: input.said.browser,
    app_type: serviceOf(input.said)?.['name'] === input.said.appType ? null : input.said.appType,
    ...oldAndActorOf(input),
  }),
  others: ({ others }) => others,
})

const userOf = ({ employeeId, email }: Said): OcsfObject => ({
  uid: employeeId,
  name: email,
  email_addr: email,
  type_id: 1,
})

/** Push has a word for work apps alone; other services are known by their host. */
const serviceOf = ({ workApp, appType, appId, loginUrl }: Said): OcsfObject | undefined => {
  const host = hostOf(loginUrl)
  const name = workApp === false ? (host ?? appType) : (appType ?? host)
  return given({ name, uid: appId })
}

const PASSWORD = 11

const isByPassword = (type: string | null): boolean =>
  type === 'USERNAME_PASSWORD' || type === 'PASSWORD_LOGIN'

const UNKNOWN = 0

/** Documented are OIDC and SAML; what is sent has `_LOGIN` at its end. */
const protocolOf = (type: string | null): Code =>
  codeOf({ OIDC: 4, OIDC_LOGIN: 4, SAML: 5, SAML_LOGIN: 5 }, type) ?? UNKNOWN
