/** The demo tenant's rows as the graph gives them, for servers that answer from memory. */
import { printTypeDefs } from '../../src/graphql/schema/schema.ts'
import type { TenantData } from '../../src/demo/stand-in.ts'

const toDateTime = (seconds: number | null): string | null =>
  seconds === null ? null : new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')

/** The whole schema, and the objects with those fields that the serving questions ask for. */
export const toMemory = (data: TenantData) => ({
  typeDefs: printTypeDefs(),
  employees: data.employees.map(({ id, email, firstName, lastName, department }) => ({
    id,
    email,
    firstName,
    lastName,
    department,
  })),
  apps: data.apps.map(({ id, type, friendlyName }) => ({
    id,
    type,
    name: friendlyName ?? type,
    friendlyName: friendlyName ?? null,
  })),
  accounts: data.accounts.map(row => ({
    id: row.id,
    employeeId: row.employeeId,
    email: row.email,
    appType: row.appType,
    appId: row.appId,
    mfaRegistered: row.mfaRegistered,
    passwordId: row.passwordId,
    createdAt: toDateTime(row.creationTimestamp),
    lastUsedAt: toDateTime(row.lastUsedTimestamp),
  })),
})
