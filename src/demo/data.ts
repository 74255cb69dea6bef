/** One tenant's objects, made from a seed: the same for the same arguments, on every machine. */
import type { PushData } from './tenant/objects.ts'
import { createAccounts } from './tenant/accounts.ts'
import { createApps } from './tenant/apps.ts'
import { type AwkwardIds, makeAwkward } from './tenant/awkward.ts'
import { createBrowsers } from './tenant/browsers.ts'
import { createDetections } from './tenant/detections.ts'
import { createEmployees } from './tenant/employees.ts'
import { createExtensions } from './tenant/extensions.ts'
import { withLeavers } from './tenant/leavers.ts'
import { createFindings } from './tenant/findings.ts'

export { companyDomain } from './tenant/employees.ts'

export interface DataOptions {
  /** Tenants of different seeds have no id in common. */
  readonly seed: number
  /** 0.01 to 10; 1 is a company of 1,000. */
  readonly scale: number
  /** UNIX seconds; nothing in the data is later. */
  readonly now: number
}

export interface TenantData extends PushData, DataOptions {
  /** Where the rows stand that a reader must cope with, by what is odd about them. */
  readonly awkward: AwkwardIds
}

/**
 * A tenant with 1,000 employees, 12,000 accounts, 1,500 browsers, 2,000 extensions, 6,000 findings and 500 detections
 * times the scale, and 300 apps times its square root, since a company ten times as large does not use ten times
 * as many apps.
 */
export const createData = ({ seed, scale, now }: DataOptions): TenantData => {
  const count = (atScaleOne: number, factor = scale): number =>
    Math.max(1, Math.round(atScaleOne * factor))

  const employees = createEmployees(seed, count(1_000), now)
  const apps = createApps(seed, count(300, Math.sqrt(scale)), employees, now)
  const accounts = createAccounts(seed, count(12_000), employees, apps, now)
  const browsers = createBrowsers(seed, count(1_500), employees, now)
  const made = withLeavers(seed, {
    employees,
    accounts,
    apps,
    browsers,
    browserExtensions: createExtensions(seed, count(2_000), browsers),
    findings: createFindings(seed, count(6_000), accounts, now),
    detections: createDetections(seed, count(500), browsers, accounts, now),
  })
  const { data, awkward } = makeAwkward(seed, made)
  return { seed, scale, now, ...data, awkward }
}
