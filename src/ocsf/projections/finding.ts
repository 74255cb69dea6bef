import { appName } from '../../model/rows.ts'
import {
  accountOf,
  CLOSE,
  type Collected,
  CREATE,
  type Loose,
  type Projection,
  readByRest,
} from '../fitting/projection.ts'
import {
  type Code,
  codeOf,
  inWords,
  lookUp,
  ms,
  type OcsfObject,
  other,
} from '../fitting/values.ts'
import { APPLICATION } from './app.ts'
import { userOf } from './employee.ts'

type Finding = Collected<'findings'>
type Row = Finding['row']

/** OCSF's parts that a resource plays in a finding. */
export const AFFECTED = 3
const RELATED = 4

/** The attributes of a finding's event that more than the finding tells: the objects that it leads to. */
export const readForFinding = {
  details: [],
  links: ['resources', 'resource', 'observables', 'unmapped'],
}

/**
 * A finding is a check that an account failed. (The class for IAM findings fits by its name, but demands an app or
 * figures that a finding may lack.)
 */
export const finding: Projection<Finding> = {
  className: 'compliance_finding',
  needs: ['resources'],
  activity: ({ row }) => codeOf({ OPEN: CREATE, RESOLVED: CLOSE }, row.state) ?? other(row.state),
  time: ({ row }) => Math.round(row.createdAt * 1000),
  metadata: readByRest('FINDING', { state: row => row.state, originalTime: row => row.createdAt }),
  parts: {
    // Push does not weigh findings.
    severity_id: () => 0,
    status_id: ({ row }) => codeOf({ OPEN: 1, RESOLVED: 4 }, row.state),
    message: ({ row }) =>
      `Push Security found: ${inWords(row.type)}${row.appType === null ? '' : ` at ${row.appType}`} (${inWords(row.state).toLowerCase()}).`,
    finding_info: ({ row }) => findingInfoOf(row),
    compliance: ({ row }) => complianceOf(row),
    resources: input => {
      const all = resourcesOf(input.row, input.links)
      return all.length === 0 ? undefined : all
    },
  },
  unmapped: ({ row }) => ({ state: row.state, password_id: row.passwordId }),
}

/** Before 1.2 a finding is about one resource: the foremost. */
export const findingOfOne: Projection<Finding> = {
  ...finding,
  needs: [],
  parts: {
    ...finding.parts,
    resource: ({ row, links }) => resourcesOf(row, links)[0],
    resources: ({ row, links }) => {
      const rest = resourcesOf(row, links).slice(1)
      return rest.length === 0 ? undefined : rest
    },
  },
}

const PASS = 1
const FAIL = 3

/** What a finding must tell to be one; a webhook may leave out the rest. */
export type FindingFacts = Loose<Row> & Pick<Row, 'id' | 'type'>

const verdictOf = (row: FindingFacts): Code | undefined =>
  codeOf({ OPEN: FAIL, RESOLVED: PASS }, row.state)

export const findingInfoOf = (row: FindingFacts): OcsfObject => ({
  uid: row.id,
  title: inWords(row.type),
  desc: lookUp(descriptions, row.type),
  types: [row.type],
  created_time: ms(row.createdAt),
  first_seen_time: ms(row.createdAt),
})

export const complianceOf = (row: FindingFacts): OcsfObject => ({
  standards: ['Push Security account security'],
  control: row.type,
  status_id: verdictOf(row),
  status_details: row.weakPasswordReasons,
  checks: [{ uid: row.type, name: inWords(row.type), status_id: verdictOf(row) }],
})

/** The account, the app and the employee that a finding concerns, the foremost first. */
export const resourcesOf = (row: FindingFacts, links: Finding['links']): readonly OcsfObject[] => {
  const { accountId, employeeId, appId, appType } = row
  const resources: OcsfObject[] = []
  if (accountId !== null)
    resources.push({
      uid: accountId,
      type: 'Account',
      role_id: AFFECTED,
      owner: {
        uid: employeeId,
        name: links?.account?.email,
        email_addr: links?.account?.email,
        account: accountOf(accountId, links?.account?.email ?? null, appType),
      },
    })
  if (appId !== null || appType !== null)
    resources.push({
      uid: appId,
      name: links?.app ? appName(links.app) : appType,
      type: APPLICATION,
      role_id: RELATED,
    })
  if (employeeId !== null)
    resources.push({
      uid: employeeId,
      type: 'Employee',
      role_id: RELATED,
      name: links?.employee?.email,
      owner: userOf(employeeId, links?.employee),
    })
  return resources
}

/** What the kinds of finding mean, after Push's reference. */
const descriptions: Readonly<Record<string, string>> = {
  MFA_NOT_REGISTERED: 'No second factor is registered for the account.',
  REUSED_PASSWORD: 'The password of the account is used for another account too.',
  SHARED_ACCOUNT: 'Several employees use the account.',
  UNUSED_THIRD_PARTY_APP: 'An app that was given access to data is no longer used.',
  WEAK_PASSWORD: 'The password of the account is easy to guess.',
  LEAKED_PASSWORD: 'The password of the account is known from a public leak.',
  PASSWORD_MANAGER_NOT_USED: 'The password was not filled in by a password manager.',
  STOLEN_CREDENTIALS: 'The login is among stolen credentials that are traded, and still works.',
}
