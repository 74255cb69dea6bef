import type { Account } from '../../model/rows.ts'
import {
  accountOf,
  type Collected,
  COLLECT,
  INFORMATIONAL,
  type Loose,
  nameIn,
  type Projection,
  readByRest,
  toldByWebhooks,
} from '../fitting/projection.ts'
import { given, ms, type OcsfObject } from '../fitting/values.ts'

/** An account is what an employee is at an app: a user, told apart by the account. */
export const account: Projection<Collected<'accounts'>> = {
  className: 'user_inventory',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: readByRest('ACCOUNT'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) =>
      `Push Security knows the account ${nameIn(row.email, row.id)} at ${row.appType}.`,
    user: ({ row }) => userOfAccount(row),
  },
  unmapped: ({ row }) => ({
    app_type: row.appType,
    app_id: row.appId,
    mfa_methods: row.mfaMethods,
    password_id: row.passwordId,
    login_methods: given({
      password_login: row.passwordLogin,
      last_password_login_timestamp: row.lastPasswordLoginAt,
      oidc_login: row.oidcLogin,
      saml_login: row.samlLogin,
      okta_swa_login: row.oktaSwaLogin,
      vendor_sso_login: row.vendorSsoLogin,
      fed_cm_login: row.fedCmLogin,
    }),
  }),
}

/** An account at an app that is no work app, of which only webhooks tell. */
export const otherAccount: Projection<Collected<'otherAccounts'>> = {
  className: 'user_inventory',
  activity: () => COLLECT,
  time: ({ readAt }) => readAt,
  metadata: toldByWebhooks('ACCOUNT_OTHER'),
  parts: {
    severity_id: () => INFORMATIONAL,
    message: ({ row }) => `Push Security knows the account ${row.email ?? row.id} at another app.`,
    user: ({ row }) => userOfAccount({ ...row, appType: OTHER_APP, mfaRegistered: null }),
  },
  unmapped: ({ row }) => ({
    app_type: OTHER_APP,
    app_id: row.otherAppId,
    login_methods: given({
      password_login: row.passwordLogin,
      oidc_login: row.oidcLogin,
      saml_login: row.samlLogin,
    }),
  }),
}

/** The account as a user, with everything that has a place there. */
export const userOfAccount = (
  row: Loose<
    Pick<
      Account,
      'id' | 'employeeId' | 'email' | 'appType' | 'mfaRegistered' | 'createdAt' | 'lastUsedAt'
    >
  >,
): OcsfObject => ({
  // The employee's, so that a user's accounts meet.
  uid: row.employeeId,
  name: row.email,
  email_addr: row.email,
  has_mfa: row.mfaRegistered,
  account: accountOf(row.id, row.email, row.appType),
  ldap_person: { created_time: ms(row.createdAt), last_login_time: ms(row.lastUsedAt) },
})

/** Where Push has a word for the service, such accounts have none. */
export const OTHER_APP = 'OTHER_APP'
