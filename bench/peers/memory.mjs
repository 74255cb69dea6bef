// What a peer answers with when all is at hand: the rows as plain objects that are linked already, so that every field
// but the lists is a property. No server has less to do.
import { readFileSync } from 'node:fs'

/** The type definitions and resolvers for the file that the bench wrote: `{ typeDefs, employees, accounts, apps }`. */
export const readMemory = path => {
  const { typeDefs, employees, accounts, apps } = JSON.parse(readFileSync(path, 'utf8'))
  const app = new Map(apps.map(row => [row.id, row]))
  const employee = new Map(employees.map(row => [row.id, row]))
  for (const row of accounts) row.app = app.get(row.appId) ?? null
  return {
    typeDefs,
    resolvers: {
      Query: {
        employee: (_root, { id }) => employee.get(id) ?? null,
        employees: (_root, { first = 50 }) => ({ nodes: employees.slice(0, first) }),
        accounts: (_root, { first = 50 }) => ({ nodes: accounts.slice(0, first) }),
      },
      AccountConnection: {
        groups: (_connection, { first = 50 }) => countAppTypes(accounts).slice(0, first),
      },
    },
  }
}

const countAppTypes = accounts => {
  const counts = new Map()
  for (const { appType } of accounts) counts.set(appType, (counts.get(appType) ?? 0) + 1)
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([key, count]) => ({ keys: [key], count }))
}
