/** The stand-in's data with the joins that the reference answers need: plain maps over plain rows. */
import type { TenantData } from '../../src/demo/stand-in.ts'
import type { PushData } from '../../src/demo/tenant/objects.ts'

type RowOf<Name extends keyof PushData> = PushData[Name][number]

export interface Tenant {
  readonly data: TenantData
  readonly employee: ReadonlyMap<string, RowOf<'employees'>>
  readonly account: ReadonlyMap<string, RowOf<'accounts'>>
  readonly app: ReadonlyMap<string, RowOf<'apps'>>
  readonly accountsOfEmployee: Many<RowOf<'accounts'>>
  readonly accountsOfApp: Many<RowOf<'accounts'>>
  readonly findingsOfAccount: Many<RowOf<'findings'>>
  readonly browsersOfEmployee: Many<RowOf<'browsers'>>
  readonly detectionsOfEmployee: Many<RowOf<'detections'>>
}

/** The rows that belong to an id; none where nothing does. */
export type Many<Row> = (id: string) => readonly Row[]

export const toTenant = (data: TenantData): Tenant => ({
  data,
  employee: byId(data.employees),
  account: byId(data.accounts),
  app: byId(data.apps),
  accountsOfEmployee: groupedBy(data.accounts, row => row.employeeId),
  accountsOfApp: groupedBy(data.accounts, row => row.appId),
  findingsOfAccount: groupedBy(data.findings, row => row.accountId),
  browsersOfEmployee: groupedBy(data.browsers, row => row.employeeId),
  detectionsOfEmployee: groupedBy(data.detections, row => row.employeeId),
})

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  new Map(rows.map(row => [row.id, row]))

const groupedBy = <Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): Many<Row> => {
  const groups = Map.groupBy(rows, keyOf)
  return id => groups.get(id) ?? []
}
