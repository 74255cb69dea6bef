/** Who left the company, and whose accounts are there all the same. */
import { companyDomain } from './employees.ts'
import type { PushData } from './objects.ts'
import { createRandom } from './random.ts'

/** So many employees to one who left. */
const STAYED = 97
/** Accounts that the one keeps whose others become the leaver's. */
const KEPT = 3

/**
 * The same data, some accounts with their findings as those of people who are no employees any more. What was detected
 * is of people who are here, and so are its accounts.
 */
export const withLeavers = (seed: number, data: PushData): PushData => {
  const random = createRandom(seed, 'leavers')
  const leavers = new Map(
    data.employees
      .filter((_, index) => index % STAYED === STAYED - 1)
      .map(({ id, email }, nth) => [
        id,
        { id: random.uuid(), from: email, to: `former.${nth + 1}@${companyDomain(seed)}`, met: 0 },
      ]),
  )
  const detected = new Set(
    data.detections.flatMap(({ events }) => events.map(({ accountId }) => accountId)),
  )
  const employeeIds = new Map<string, string>()
  const accounts = data.accounts.map(account => {
    const leaver = leavers.get(account.employeeId)
    if (leaver === undefined || leaver.met++ < KEPT || detected.has(account.id)) return account
    employeeIds.set(account.id, leaver.id)
    // The address of a login that several share stays.
    const email = account.email === leaver.from ? leaver.to : account.email
    return { ...account, employeeId: leaver.id, email }
  })
  const findings = data.findings.map(finding => {
    const employeeId = employeeIds.get(finding.accountId ?? '')
    return employeeId === undefined ? finding : { ...finding, employeeId }
  })
  return { ...data, accounts, findings }
}
