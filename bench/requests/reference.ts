/**
 * The questions that everything is measured by: what is asked, what a right answer is, and what the answer cannot do
 * without. Each is one real use; together they have every way of reading.
 */
import { type Need, pagesOf, type Way } from './bound.ts'
import type { Tenant } from './tenant.ts'

export interface Question {
  readonly name: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** The `data` of a right answer, but for the order of lists. */
  readonly answer: unknown
  readonly needs: readonly Need[]
  /** Whether a scan of all accounts, for somebody else, runs at the same time. */
  readonly duringScan?: true
}

/** Where the id was given to nobody, there is nothing to link to. */
const orNull = <Row, Told>(row: Row | undefined, tell: (row: Row) => Told): Told | null =>
  row === undefined ? null : tell(row)

const distinct = (ids: readonly (string | null)[]): number =>
  new Set(ids.filter(id => id !== null)).size

/** All reference questions about this tenant, where a page has at most so many rows. */
export const createQuestions = (tenant: Tenant, pageSize: number): readonly Question[] => {
  const { data } = tenant
  const scanOf = (
    name: 'employees' | 'accounts' | 'apps' | 'browsers' | 'findings' | 'detections',
  ): Way => ({
    name: 'scan',
    requests: pagesOf(data[name].length, pageSize),
  })
  const byIdAfter = (requests: number, ...after: readonly string[]): Way => ({
    name: 'by id',
    requests,
    after,
  })
  const firstPages = (rows: number): Way => ({
    name: 'first pages',
    requests: pagesOf(rows, pageSize),
  })

  const employeesWithAll = (): Question => {
    const employees = data.employees.slice(0, 50)
    const accounts = employees.flatMap(({ id }) => tenant.accountsOfEmployee(id))
    return {
      name: 'employees with accounts, apps and findings',
      query: `{ employees(first: 50) { nodes { id email department accounts(first: 1000) { nodes {
        id email appType app { id approvalStatusRaw } findings(first: 1000) { nodes { id typeRaw stateRaw } } } } } } }`,
      variables: {},
      answer: {
        employees: {
          nodes: employees.map(({ id, email, department }) => ({
            id,
            email,
            department,
            accounts: {
              nodes: tenant.accountsOfEmployee(id).map(account => ({
                id: account.id,
                email: account.email,
                appType: account.appType,
                app: orNull(tenant.app.get(account.appId), app => ({
                  id: app.id,
                  approvalStatusRaw: app.approvalStatus,
                })),
                findings: {
                  nodes: tenant
                    .findingsOfAccount(account.id)
                    .map(({ id, type, state }) => ({ id, typeRaw: type, stateRaw: state })),
                },
              })),
            },
          })),
        },
      },
      needs: [
        { of: 'employees', ways: [firstPages(50)] },
        {
          of: 'accounts',
          ways: [
            scanOf('accounts'),
            { name: 'by employeeId', requests: employees.length, after: ['employees'] },
          ],
        },
        {
          of: 'apps',
          ways: [
            scanOf('apps'),
            byIdAfter(distinct(accounts.map(({ appId }) => appId)), 'accounts'),
          ],
        },
        // No parameter gives the findings of an account.
        { of: 'findings', ways: [scanOf('findings')] },
      ],
    }
  }

  const findingsWithLinks = (): Question => {
    const findings = data.findings.slice(0, 200)
    return {
      name: '200 findings with employee, account and app',
      query: `{ findings(first: 200) { nodes { id typeRaw employee { id email } account { id email } app { id type } } } }`,
      variables: {},
      answer: {
        findings: {
          nodes: findings.map(({ id, type, employeeId, accountId, appId }) => ({
            id,
            typeRaw: type,
            employee: orNull(tenant.employee.get(employeeId ?? ''), ({ id, email }) => ({
              id,
              email,
            })),
            account: orNull(tenant.account.get(accountId ?? ''), ({ id, email }) => ({
              id,
              email,
            })),
            app: orNull(tenant.app.get(appId ?? ''), ({ id, type }) => ({ id, type })),
          })),
        },
      },
      needs: [
        { of: 'findings', ways: [firstPages(200)] },
        {
          of: 'employees',
          ways: [
            scanOf('employees'),
            byIdAfter(distinct(findings.map(row => row.employeeId)), 'findings'),
          ],
        },
        {
          of: 'accounts',
          ways: [
            scanOf('accounts'),
            byIdAfter(distinct(findings.map(row => row.accountId)), 'findings'),
          ],
        },
        {
          of: 'apps',
          ways: [scanOf('apps'), byIdAfter(distinct(findings.map(row => row.appId)), 'findings')],
        },
      ],
    }
  }

  const department = (): Question => {
    const name = 'Legal'
    const employees = data.employees.filter(row => row.department === name)
    return {
      name: "a department's employees with browsers and detections",
      query: `query ($department: String!) { employees(first: 1000, filter: { department: { eq: $department } }) {
        nodes { id email browsers(first: 1000) { nodes { id browserRaw } } detections(first: 1000) { nodes { id severityRaw } } } } }`,
      variables: { department: name },
      answer: {
        employees: {
          nodes: employees.map(({ id, email }) => ({
            id,
            email,
            browsers: {
              nodes: tenant
                .browsersOfEmployee(id)
                .map(({ id, browser }) => ({ id, browserRaw: browser })),
            },
            detections: {
              nodes: tenant
                .detectionsOfEmployee(id)
                .map(({ id, severity }) => ({ id, severityRaw: severity })),
            },
          })),
        },
      },
      // No parameter gives an employee by department, nor browsers or detections by employee.
      needs: [
        { of: 'employees', ways: [scanOf('employees')] },
        { of: 'browsers', ways: [scanOf('browsers')] },
        { of: 'detections', ways: [scanOf('detections')] },
      ],
    }
  }

  const dashboard = (): Question => {
    const counted = (words: readonly (string | null)[]) =>
      [...Map.groupBy(words, word => word)].map(([key, of]) => ({ keys: [key], count: of.length }))
    return {
      name: 'a dashboard of six counts and groups',
      query: `{ employees { totalCount }
        accounts(filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [EMPLOYEE_DEPARTMENT], first: 1000) { keys count } }
        apps(filter: { ownerId: { isNull: true } }) { totalCount }
        findings { groups(by: [STATE], first: 1000) { keys count } }
        detections { groups(by: [RESPONSE], first: 1000) { keys count } }
        browsers { groups(by: [IS_ACTIVE], first: 1000) { keys count } } }`,
      variables: {},
      answer: {
        employees: { totalCount: data.employees.length },
        accounts: {
          totalCount: data.accounts.filter(row => row.mfaRegistered === false).length,
          groups: counted(
            data.accounts
              .filter(row => row.mfaRegistered === false)
              .map(row => tenant.employee.get(row.employeeId)?.department ?? null),
          ),
        },
        apps: { totalCount: data.apps.filter(row => row.ownerId === null).length },
        findings: { groups: counted(data.findings.map(row => row.state)) },
        detections: { groups: counted(data.detections.map(row => row.response)) },
        browsers: { groups: counted(data.browsers.map(row => String(row.isActive))) },
      },
      needs: (['employees', 'accounts', 'apps', 'findings', 'detections', 'browsers'] as const).map(
        of => ({ of, ways: [scanOf(of)] }),
      ),
    }
  }

  /** Spread over the list, so that no page has them all. */
  const hundred = data.employees.filter((_, index) => index % 10 === 3).slice(0, 100)
  const toEmployee = ({ id, email, firstName }: (typeof hundred)[number]) => ({
    id,
    email,
    firstName,
  })

  const byId = (): Question => ({
    name: '100 employees by id',
    query: `query ($ids: [ID!]) { employees(first: 1000, filter: { id: { in: $ids } }) { nodes { id email firstName } } }`,
    variables: { ids: hundred.map(({ id }) => id) },
    answer: { employees: { nodes: hundred.map(toEmployee) } },
    needs: [
      { of: 'employees', ways: [scanOf('employees'), { name: 'by id', requests: hundred.length }] },
    ],
  })

  const byEmail = (): Question => ({
    name: '100 employees by e-mail',
    query: `query ($emails: [String!]) { employees(first: 1000, filter: { email: { in: $emails } }) { nodes { id email firstName } } }`,
    variables: { emails: hundred.map(({ email }) => email) },
    answer: { employees: { nodes: hundred.map(toEmployee) } },
    needs: [{ of: 'employees', ways: [scanOf('employees')] }],
  })

  /** As a gateway asks that knows them from another subgraph. */
  const entities = (
    name: string,
    toKey: (row: (typeof hundred)[number]) => object,
    ways: readonly Way[],
  ): Question => ({
    name,
    query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Employee { id email firstName } } }`,
    variables: {
      representations: hundred.map(row => ({ __typename: 'Employee', ...toKey(row) })),
    },
    answer: { _entities: hundred.map(toEmployee) },
    needs: [{ of: 'employees', ways }],
  })

  const entitiesById = (): Question =>
    entities('100 employees by id, for a gateway', ({ id }) => ({ id }), [
      scanOf('employees'),
      { name: 'by id', requests: hundred.length },
    ])

  const entitiesByEmail = (): Question =>
    entities(
      '100 employees by e-mail, for a gateway',
      ({ email }) => ({ email: email.toUpperCase() }),
      [scanOf('employees')],
    )

  const search = (): Question => {
    // Events of other people's detections may name an address or an account too. Only reading all events tells, which
    // a search for an address does not do unless asked to; so it is somebody for whom there are none.
    const isAlone = ({ id, email }: (typeof data.employees)[number]): boolean =>
      data.detections.every(
        row =>
          row.employeeId === id ||
          row.events.every(
            event =>
              event.email !== email && tenant.account.get(event.accountId ?? '')?.employeeId !== id,
          ),
      )
    const somebody = data.detections
      .map(row => tenant.employee.get(row.employeeId))
      .find(row => row !== undefined && isAlone(row))
    const email = somebody?.email ?? ''
    const isTheirs = (row: { readonly employeeId: string | null }): boolean =>
      row.employeeId === somebody?.id
    const accounts = data.accounts.filter(row => isTheirs(row) || row.email === email)
    const direct = new Set(accounts.filter(row => row.email === email).map(({ id }) => id))
    const hits: Readonly<Record<string, readonly { readonly id: string }[]>> = {
      Employee: data.employees.filter(
        ({ id }) =>
          id === somebody?.id || accounts.some(row => direct.has(row.id) && row.employeeId === id),
      ),
      Account: accounts,
      Browser: data.browsers.filter(
        row => isTheirs(row) || row.email === email || row.profileEmail === email,
      ),
      Finding: data.findings.filter(row => isTheirs(row) || direct.has(row.accountId ?? '')),
      Detection: data.detections.filter(isTheirs),
    }
    return {
      name: 'search by one e-mail address',
      query: `query ($value: String!) { search(value: $value, first: 1000) { nodes { __typename id } } }`,
      variables: { value: email },
      answer: {
        search: {
          nodes: Object.entries(hits).flatMap(([__typename, rows]) =>
            rows.map(({ id }) => ({ __typename, id })),
          ),
        },
      },
      needs: [
        { of: 'employees', ways: [scanOf('employees')] },
        {
          of: 'accounts',
          ways: [
            scanOf('accounts'),
            { name: 'by email, by employeeId', requests: 2, after: ['employees'] },
          ],
        },
        { of: 'browsers', ways: [scanOf('browsers')] },
        { of: 'findings', ways: [scanOf('findings')] },
        { of: 'detections', ways: [scanOf('detections')] },
      ],
    }
  }

  const unapproved = (): Question => {
    const apps = data.apps.filter(row => row.approvalStatus === 'NOT_APPROVED')
    const accounts = new Map(
      apps.map(({ id }) => [
        id,
        tenant.accountsOfApp(id).filter(row => row.mfaRegistered === false),
      ]),
    )
    const users = distinct([...accounts.values()].flat().map(row => row.employeeId))
    return {
      name: 'unapproved apps with who uses them without MFA',
      query: `{ apps(first: 1000, filter: { approvalStatus: { eq: NOT_APPROVED } }) { nodes { id type
        accounts(first: 1000, filter: { mfaRegistered: { eq: false } }) { nodes { id employee { id email } } } } } }`,
      variables: {},
      answer: {
        apps: {
          nodes: apps.map(({ id, type }) => ({
            id,
            type,
            accounts: {
              nodes: (accounts.get(id) ?? []).map(row => ({
                id: row.id,
                employee: orNull(tenant.employee.get(row.employeeId), ({ id, email }) => ({
                  id,
                  email,
                })),
              })),
            },
          })),
        },
      },
      needs: [
        { of: 'apps', ways: [scanOf('apps')] },
        // `appType` would do only if every account of an app had its type, which nobody promises.
        { of: 'accounts', ways: [scanOf('accounts')] },
        { of: 'employees', ways: [scanOf('employees'), byIdAfter(users, 'accounts')] },
      ],
    }
  }

  const lastDay = (): Question => {
    const since = data.now - 86_400
    const detections = data.detections.filter(row => row.creationTimestamp >= since)
    return {
      name: "the last day's detections with events",
      query: `query ($since: DateTime!) { detections(first: 1000, filter: { createdAt: { gte: $since } }) {
        nodes { id responseRaw: response events { id url account { id email } } } } }`,
      variables: { since: new Date(since * 1_000).toISOString() },
      answer: {
        detections: {
          nodes: detections.map(({ id, response, events }) => ({
            id,
            responseRaw: response,
            events: events.map(event => ({
              id: event.id,
              url: event.url,
              account: orNull(tenant.account.get(event.accountId ?? ''), ({ id, email }) => ({
                id,
                email,
              })),
            })),
          })),
        },
      },
      needs: [
        {
          of: 'detections',
          ways: [
            scanOf('detections'),
            { name: 'by creationTimestampAfter', requests: pagesOf(detections.length, pageSize) },
          ],
        },
        { of: 'events', ways: [byIdAfter(detections.length, 'detections')] },
        {
          of: 'accounts',
          ways: [
            scanOf('accounts'),
            byIdAfter(
              distinct(detections.flatMap(({ events }) => events.map(event => event.accountId))),
              'events',
            ),
          ],
        },
      ],
    }
  }

  const duringScan = (): Question => {
    const one = data.employees[417] ?? data.employees[0]
    return {
      name: 'one employee by id while a scan of all accounts runs',
      query: `query ($id: ID!) { employee(id: $id) { id email firstName } }`,
      variables: { id: one?.id },
      answer: { employee: orNull(one, toEmployee) },
      needs: [{ of: 'employee', ways: [{ name: 'by id', requests: 1 }] }],
      duringScan: true,
    }
  }

  return [
    employeesWithAll(),
    findingsWithLinks(),
    department(),
    dashboard(),
    byId(),
    byEmail(),
    entitiesById(),
    entitiesByEmail(),
    search(),
    unapproved(),
    lastDay(),
    duringScan(),
  ]
}
