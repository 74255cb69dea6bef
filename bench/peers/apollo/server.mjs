// What one writes in an afternoon: `node server.mjs BASE_URL KEY SCHEMA [PACED]`. Lists are read page by page, objects by id through
// DataLoaders that live as long as a request, 429 and 5xx are tried again after a growing pause. With PACED, requests per
// second, it sends no more than that after a burst of as many, one after another in a queue of its own.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { makeExecutableSchema } from '@graphql-tools/schema'
import DataLoader from 'dataloader'

const [, , base, key, schemaPath, paced] = process.argv
const ATTEMPTS = 6

const createPace = perSecond => {
  if (!perSecond) return async () => {}
  let free = Date.now() - 1_000
  return async () => {
    const at = Math.max(free + 1_000 / perSecond, Date.now() - 1_000)
    free = at
    // A little late rather than a little early: how long the way takes varies.
    const wait = at + 50 - Date.now()
    if (wait > 0) await pause(wait)
  }
}
const pace = createPace(Number(paced ?? 0))

/** @returns null for 404. @throws when it does not work at the last attempt either. */
const get = async path => {
  for (let attempt = 1; ; attempt++) {
    await pace()
    const response = await globalThis.fetch(`${base}${path}`, { headers: { 'x-api-key': key } })
    if (response.ok) return response.json()
    await response.arrayBuffer()
    if (response.status === 404) return null
    if (attempt === ATTEMPTS || (response.status < 500 && response.status !== 429))
      throw new Error(`Push answered ${response.status}`)
    await pause(100 * 2 ** attempt * (0.5 + Math.random()))
  }
}

/** The rows of a list, `most` of them. */
const list = async (path, most = Infinity) => {
  const rows = []
  let token = null
  do {
    const sign = path.includes('?') ? '&' : '?'
    const page = await get(
      `${path}${sign}limit=${Math.min(200, most - rows.length)}${token ? `&nextToken=${encodeURIComponent(token)}` : ''}`,
    )
    rows.push(...page.result)
    token = page.paging.moreResults ? page.paging.nextToken : null
  } while (token !== null && rows.length < most)
  return rows
}

/** One GET for each id that comes up, and each list once, within one request. */
const createLoaders = () => {
  const byId = path => new DataLoader(ids => Promise.all(ids.map(id => get(`${path}/${id}`))))
  const lists = new Map()
  const all = path => {
    if (!lists.has(path)) lists.set(path, list(path))
    return lists.get(path)
  }
  return {
    employee: byId('/employees'),
    account: byId('/accounts'),
    app: byId('/apps'),
    detection: byId('/detections'),
    accountsOf: new DataLoader(ids =>
      Promise.all(ids.map(id => list(`/accounts?employeeId=${encodeURIComponent(id)}`))),
    ),
    all,
  }
}

const nodes = rows => ({ nodes: rows })
const linked = (load, id) => (id ? load.load(id) : null)
const counted = (rows, keyOf, first) => {
  const counts = new Map()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return [...counts].slice(0, first).map(([word, count]) => ({ keys: [word], count }))
}
const listOf =
  (path, keyOf) =>
  (_root, { first = 50, filter }, { loaders }, info) => {
    const whole = info.fieldNodes[0].selectionSet.selections.some(({ name }) =>
      ['totalCount', 'groups'].includes(name?.value),
    )
    return filter || whole
      ? loaders.all(path).then(rows => {
          const passing = rows.filter(row => passes(filter ?? {}, row))
          return {
            nodes: passing.slice(0, first),
            totalCount: passing.length,
            groups: async ({ first, by: [by] }) => {
              const keys = await Promise.all(passing.map(row => keyOf(row, by, loaders)))
              return counted(keys, key => key, first)
            },
          }
        })
      : list(path, first).then(nodes)
  }

// What the reference questions filter by, and no more.
const raw = { createdAt: 'creationTimestamp' }
const same = (a, b) => (typeof a === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b)
const passes = (filter, row) =>
  Object.entries(filter).every(([field, of]) =>
    Object.entries(of).every(([operator, wanted]) => {
      const value = row[raw[field] ?? field] ?? null
      if (operator === 'eq') return value !== null && same(value, wanted)
      if (operator === 'in') return wanted.some(one => same(value, one))
      if (operator === 'gte') return value >= Date.parse(wanted) / 1_000
      return operator === 'isNull' && (value === null) === wanted
    }),
  )

const resolvers = {
  Query: {
    employee: (_root, { id }, { loaders }) => loaders.employee.load(id),
    employees: (root, args, context, info) => {
      const ids = args.filter?.id?.in
      return ids
        ? context.loaders.employee.loadMany(ids).then(nodes)
        : listOf('/employees')(root, args, context, info)
    },
    accounts: listOf(
      '/accounts',
      async (row, _by, loaders) =>
        (await loaders.employee.load(row.employeeId))?.department ?? null,
    ),
    apps: listOf('/apps'),
    browsers: listOf('/browsers', row => String(row.isActive)),
    findings: listOf('/findings', row => row.state),
    detections: listOf('/detections', row => row.response),
  },
  Employee: {
    accounts: ({ id }, _args, { loaders }) => loaders.accountsOf.load(id).then(nodes),
    browsers: async ({ id }, _args, { loaders }) =>
      nodes((await loaders.all('/browsers')).filter(row => row.employeeId === id)),
    detections: async ({ id }, _args, { loaders }) =>
      nodes((await loaders.all('/detections')).filter(row => row.employeeId === id)),
  },
  Account: {
    app: ({ appId }, _args, { loaders }) => linked(loaders.app, appId),
    employee: ({ employeeId }, _args, { loaders }) => linked(loaders.employee, employeeId),
    findings: async ({ id }, _args, { loaders }) =>
      nodes((await loaders.all('/findings')).filter(row => row.accountId === id)),
  },
  App: {
    approvalStatusRaw: row => row.approvalStatus,
    accounts: async ({ id }, { filter = {} }, { loaders }) =>
      nodes(
        (await loaders.all('/accounts')).filter(row => row.appId === id && passes(filter, row)),
      ),
  },
  Browser: { browserRaw: row => row.browser },
  Finding: {
    typeRaw: row => row.type,
    stateRaw: row => row.state,
    employee: ({ employeeId }, _args, { loaders }) => linked(loaders.employee, employeeId),
    account: ({ accountId }, _args, { loaders }) => linked(loaders.account, accountId),
    app: ({ appId }, _args, { loaders }) => linked(loaders.app, appId),
  },
  Detection: {
    severityRaw: row => row.severity,
    events: async ({ id }, _args, { loaders }) => (await loaders.detection.load(id)).events,
  },
  DetectionEvent: {
    account: ({ accountId }, _args, { loaders }) => linked(loaders.account, accountId),
  },
}

const typeDefs = readFileSync(schemaPath, 'utf8')
const server = new ApolloServer({
  schema: makeExecutableSchema({ typeDefs, resolvers }),
  nodeEnv: 'production',
})
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ loaders: createLoaders() }),
})
console.log(`listening ${url.replace('localhost', '127.0.0.1')}`)
