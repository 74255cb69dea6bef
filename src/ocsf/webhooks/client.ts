/** Who did it, and from where: the browser, the address and the employee that events tell of. */
import type { Members } from '../../model/events.ts'
import { BROWSER, nameOf, systemOf } from '../projections/browser.ts'
import { hostOf } from '../projections/app.ts'
import { userOfEmployee } from '../projections/employee.ts'
import { given, type OcsfObject } from '../fitting/values.ts'
import { membersInSnakeCase, reads, type Parsed } from './reading.ts'

/** What events say of the browser that they come from. */
export const client = {
  sourceIpAddress: 'text',
  browser: 'text',
  os: 'text',
  userAgent: 'text',
} as const

type Client = Parsed<typeof client>

/** The browser, as the end of a connection that is known. */
export const sourceOf = ({ sourceIpAddress, browser, os }: Client): OcsfObject | undefined => {
  const known = given({
    ip: sourceIpAddress,
    name: browser === null ? undefined : nameOf(browser),
    os: systemOf(os),
  })
  return known && { ...known, type_id: BROWSER }
}

/** The address that was opened, and how the browser came there. */
export const requestOf = (said: {
  readonly userAgent: string | null
  readonly url?: string | null
  readonly referrerUrl?: string | null
}): OcsfObject | undefined =>
  given({ url: urlOf(said.url ?? null), referrer: said.referrerUrl, user_agent: said.userAgent })

export const urlOf = (url: string | null): OcsfObject | undefined =>
  url === null ? undefined : { url_string: url, hostname: hostOf(url) }

/** The host of that address, as the end of a connection. */
export const destinationOf = (url: string | null): OcsfObject | undefined => {
  const hostname = hostOf(url)
  return hostname === undefined ? undefined : { hostname }
}

const readEmployee = reads({
  id: 'text',
  email: 'text',
  firstName: 'text',
  lastName: 'text',
  department: 'text',
  location: 'text',
  groups: 'texts',
  creationTimestamp: 'moment',
})

/** An employee as events tell of them: a user, and what has no place in one. */
export const employeeIn = (
  members: Members,
): { readonly user: OcsfObject; readonly rest: Members } => {
  const { told, rest } = readEmployee(members)
  const { creationTimestamp, ...row } = told
  return {
    user: userOfEmployee({ ...row, createdAt: creationTimestamp }),
    rest: membersInSnakeCase(rest),
  }
}

/** The user in whose browser it happened; nobody where neither id nor address is told. */
export const actingOf = (members: Members | null): { readonly user: OcsfObject } | undefined => {
  if (members === null) return undefined
  const { user } = employeeIn(members)
  return user['uid'] !== null || user['name'] !== null ? { user } : undefined
}

/** What an embedded employee leaves for `unmapped`; all of it where they are nobody. */
export const unmappedEmployee = (members: Members | null): OcsfObject | undefined => {
  if (members === null) return undefined
  return actingOf(members) === undefined
    ? membersInSnakeCase(members)
    : given(employeeIn(members).rest)
}
