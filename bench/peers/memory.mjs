// What a peer answers with when all is at hand: the rows as plain objects that are linked already, so that every field
// but the lists is a property. No server has less to do.
import { readFileSync } from 'node:fs'

/** The type definitions and resolvers for the file that the bench wrote: `{ typeDefs, employees, accounts, apps }`. */
export const readMemory = path => {
  const { typeDefs, employees, accounts, apps } = JSON.parse(readFileSync(path, 'utf8'))
  const app = new Map(apps.map(row => [row.id, row]))
  const employee = new Map(employees.map(row => [row.id, row]))
  const accountsOf = { app: new Map(), employee: new Map() }
  for (const row of accounts) {
    row.app = app.get(row.appId) ?? null
    row.employee = employee.get(row.employeeId) ?? null
    collect(accountsOf.app, row.appId, row)
    collect(accountsOf.employee, row.employeeId, row)
  }
  const list =
    rows =>
    (_root, { first = 50, filter }) => {
      const passing = filter ? rows.filter(row => passes(filter, row)) : rows
      return { nodes: passing.slice(0, first), totalCount: passing.length, passing }
    }
  const linked = rowsOf => (row, args) => list(rowsOf.get(row.id) ?? [])(row, args)
  return {
    typeDefs,
    resolvers: {
      Query: {
        employee: (_root, { id }) => employee.get(id) ?? null,
        employees: list(employees),
        accounts: list(accounts),
        apps: list(apps),
      },
      AccountConnection: {
        groups: ({ passing }, { by, first = 50 }) => count(passing, by).slice(0, first),
      },
      Employee: { accounts: linked(accountsOf.employee) },
      App: { accounts: linked(accountsOf.app) },
    },
  }
}

const collect = (map, key, row) => {
  const rows = map.get(key)
  if (rows === undefined) map.set(key, [row])
  else rows.push(row)
}

// What the questions of the bench filter by, and no more.
const fold = value => (typeof value === 'string' ? value.toLowerCase() : value)
const tests = {
  eq: (value, wanted) => fold(value) === fold(wanted),
  ne: (value, unwanted) => fold(value) !== fold(unwanted),
  in: (value, wanted) => wanted.includes(value),
  contains: (value, word) => fold(value ?? '').includes(fold(word)),
  startsWith: (value, word) => fold(value ?? '').startsWith(fold(word)),
  like: (value, pattern) => fold(value ?? '').includes(fold(pattern).replaceAll('%', '')),
}
const passes = (filter, row) =>
  Object.entries(filter).every(([field, of]) => {
    if (field === 'and') return of.every(each => passes(each, row))
    if (field === 'or') return of.some(each => passes(each, row))
    if (field === 'not') return !passes(of, row)
    return Object.entries(of).every(([operator, wanted]) => tests[operator](row[field], wanted))
  })

const dimensions = {
  APP_TYPE: row => row.appType,
  ID: row => row.id,
  EMAIL: row => row.email,
  EMPLOYEE_ID: row => row.employeeId,
  APP_ID: row => row.appId,
  CREATED_HOUR: row => row.createdAt?.slice(0, 13) ?? null,
  LAST_USED_HOUR: row => row.lastUsedAt?.slice(0, 13) ?? null,
}

const count = (rows, by) => {
  const counts = new Map()
  const [only] = by
  const keyOf =
    by.length === 1
      ? dimensions[only]
      : row => JSON.stringify(by.map(dimension => dimensions[dimension](row)))
  for (const row of rows) {
    const key = keyOf(row)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([key, count]) => ({ keys: by.length === 1 ? [key] : JSON.parse(key), count }))
}
