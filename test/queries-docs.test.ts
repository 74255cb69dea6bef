/** The twenty questions of docs/queries.md: each answer beside what the stand-in's own objects come to, counted plainly. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createData } from '../src/demo/data.ts'
import { createGraph, type Graph } from './support/graph.ts'
import { createSteppingClock } from './support/parity.ts'
import { toDataset } from './support/reference-graph.ts'
import { TEST_NOW } from './support/stand-in.ts'

const page = readFileSync(new URL('../docs/queries.md', import.meta.url), 'utf8')
const [, ofAnalysts = '', ofDashboards = ''] = page.split(/^## Ten questions of .*$/m)
const documentsIn = (text: string): readonly (readonly [name: string, document: string])[] =>
  [...text.matchAll(/```graphql\n(query (\w+)[\s\S]*?)```/g)].map(
    ([, document = '', name = '']) => [name, document] as const,
  )
const [analysts, dashboards] = [
  documentsIn(ofAnalysts),
  documentsIn(ofDashboards.split(/^## /m)[0] ?? ''),
]

const data = createData({ seed: 1, scale: 0.1, now: TEST_NOW })
const rows = toDataset(data)
const { accounts, apps, browsers, browserExtensions, detections, employees, findings } = rows

const employeeOf = (id: string | null) => employees.find(of => of.id === id)
const appOf = (id: string | null) => apps.find(of => of.id === id)
const nameOf = (app: (typeof apps)[number] | undefined) => app && (app.friendlyName ?? app.type)
const iso = (seconds: number | null) =>
  seconds === null ? null : new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
const DAYS = 86_400

type Key = string | null
type Sorts<Row> = (a: Row, b: Row) => number

const byId = (a: { readonly id: string }, b: { readonly id: string }) =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0
const most =
  <Row>(number: (row: Row) => number): Sorts<Row> =>
  (a, b) =>
    number(b) - number(a)
const sorted = <Row extends { readonly id: string }>(
  of: readonly Row[],
  ...by: readonly Sorts<Row>[]
): readonly Row[] =>
  of.toSorted((a, b) => [...by, byId].map(sort => sort(a, b)).find(sign => sign !== 0) ?? 0)

/** The first ten of them as they are answered, and how many there are. */
const list = <Row>(of: readonly Row[], node: (row: Row) => unknown) => ({
  totalCount: of.length,
  nodes: of.slice(0, 10).map(node),
})

interface Group<Row> {
  readonly keys: readonly Key[]
  readonly rows: readonly Row[]
}

/** Most rows first, then by key, null last. */
const groupsOf = <Row>(of: readonly Row[], keys: (row: Row) => readonly Key[]): Group<Row>[] =>
  [...Map.groupBy(of, row => JSON.stringify(keys(row)))]
    .map(([name, members]) => ({ keys: JSON.parse(name) as Key[], rows: members }))
    .sort((a, b) => b.rows.length - a.rows.length || byKeys(a, b))

const byKeys = (a: { readonly keys: readonly Key[] }, b: { readonly keys: readonly Key[] }) => {
  for (const [index, key] of a.keys.entries()) {
    const other = b.keys[index] ?? null
    if (key === other) continue
    if (key === null || other === null) return key === null ? 1 : -1
    return key < other ? -1 : 1
  }
  return 0
}

const distinct = <Row>({ rows: of }: Group<Row>, value: (row: Row) => unknown): number =>
  new Set(of.map(value).filter(each => each !== null && each !== undefined)).size
const share = <Row>({ rows: of }: Group<Row>, passes: (row: Row) => boolean): number =>
  of.filter(passes).length / of.length

/** The groups as they are answered. */
const told = <Row>(groups: readonly Group<Row>[], more: (group: Group<Row>) => object) =>
  groups.map(group => ({ keys: group.keys, count: group.rows.length, ...more(group) }))

const departmentOf = (employeeId: string | null): Key => employeeOf(employeeId)?.department ?? null
const peersOf = ({ id, passwordId }: (typeof accounts)[number]): number =>
  accounts.filter(of => passwordId !== null && of.passwordId === passwordId && of.id !== id).length
const accountsOf = (employeeId: string): number =>
  accounts.filter(of => of.employeeId === employeeId).length
const accountsAt = (appId: string): number => accounts.filter(of => of.appId === appId).length
const openOf = (employeeId: string): number =>
  findings.filter(of => of.employeeId === employeeId && of.state === 'OPEN').length
const hasBrowser = (employeeId: string): boolean =>
  browsers.some(of => of.employeeId === employeeId && of.isActive)
const peopleOf = <Row extends { readonly employeeId: string | null }>(group: Group<Row>) => ({
  people: distinct(group, of => of.employeeId),
})
const ranks = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
const numbersOf = (version: string): readonly number[] => version.split('.').map(Number)
const compareVersions = (a: string, b: string): number => {
  const [one, other] = [numbersOf(a), numbersOf(b)]
  for (let index = 0; index < 8; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
const monthOf = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 7)
const mondayOf = (seconds: number): number => {
  const midnight = seconds - (seconds % DAYS)
  return midnight - ((new Date(midnight * 1_000).getUTCDay() + 6) % 7) * DAYS
}
const weekOf = (seconds: number): string => {
  const thursday = new Date((mondayOf(seconds) + 3 * DAYS) * 1_000)
  const year = thursday.getUTCFullYear()
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / 1_000 / DAYS
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`
}

/** What each of them must give. */
const answers: Readonly<Record<string, () => object>> = {
  UnapprovedWithoutMfa: () => {
    const found = accounts.filter(
      of => of.mfaRegistered === false && appOf(of.appId)?.approvalStatus === 'NOT_APPROVED',
    )
    return {
      accounts: list(
        sorted(
          found,
          most(of => of.lastUsedAt ?? -1),
        ),
        of => ({
          email: of.email,
          app: { name: nameOf(appOf(of.appId)) },
          employee: employeeOf(of.employeeId) ? { department: departmentOf(of.employeeId) } : null,
          lastUsedAt: iso(of.lastUsedAt),
        }),
      ),
    }
  },
  SharedPasswords: () => ({
    accounts: list(
      sorted(
        accounts.filter(of => peersOf(of) >= 1),
        most(peersOf),
      ),
      of => ({
        email: of.email,
        appType: of.appType,
        passwordPeers: { totalCount: peersOf(of) },
      }),
    ),
  }),
  MostOpenFindings: () => {
    const open = findings.filter(of => of.state === 'OPEN')
    const groups = groupsOf(open, of => [employeeOf(of.employeeId)?.email ?? null])
    return {
      findings: {
        groups: told(groups.filter(({ rows: of }) => of.length >= 2).slice(0, 10), group => ({
          kinds: distinct(group, of => of.type),
          accounts: distinct(group, of => of.accountId),
        })),
      },
    }
  },
  AccountsOfNobody: () => ({
    accounts: list(
      sorted(
        accounts.filter(of => employeeOf(of.employeeId) === undefined),
        (a, b) => {
          const [one, other] = [a.email.toLowerCase(), b.email.toLowerCase()]
          return one < other ? -1 : one > other ? 1 : 0
        },
      ),
      of => ({ email: of.email, appType: of.appType, lastUsedAt: iso(of.lastUsedAt) }),
    ),
  }),
  OutdatedBrowsers: () => ({
    browsers: list(
      sorted(
        browsers.filter(
          of =>
            of.browser === 'CHROME' &&
            of.isActive &&
            of.extensionVersion !== null &&
            /^[0-9.]+$/.test(of.extensionVersion) &&
            compareVersions(of.extensionVersion, '2') < 0,
        ),
        (a, b) => compareVersions(a.extensionVersion ?? '', b.extensionVersion ?? ''),
      ),
      of => ({
        version: of.version,
        extensionVersion: of.extensionVersion,
        os: of.os,
        employee: employeeOf(of.employeeId) ? { email: employeeOf(of.employeeId)?.email } : null,
      }),
    ),
  }),
  SevereDetections: () => ({
    detections: list(
      sorted(
        detections.filter(of => ['HIGH', 'CRITICAL'].includes(of.severity) && !of.archived),
        most(of => ranks.indexOf(of.severity)),
        most(of => of.createdAt),
      ),
      of => ({
        severity: of.severity,
        detectionType: of.detectionType,
        createdAt: iso(of.createdAt),
        employee: employeeOf(of.employeeId) ? { email: employeeOf(of.employeeId)?.email } : null,
        browser:
          browsers.filter(browser => browser.id === of.browserId).map(({ os }) => ({ os }))[0] ??
          null,
      }),
    ),
  }),
  StaleAtSensitiveApps: () => {
    const found = accounts.filter(
      of =>
        of.lastUsedAt !== null &&
        of.lastUsedAt < TEST_NOW - 90 * DAYS &&
        ['MEDIUM', 'HIGH'].includes(appOf(of.appId)?.sensitivityLevel ?? ''),
    )
    const groups = groupsOf(found, of => [nameOf(appOf(of.appId)) ?? null])
    return {
      accounts: { totalCount: found.length, groups: told(groups.slice(0, 10), peopleOf) },
    }
  },
  ExtensionsThatReadEverything: () => {
    const everything = ['<all_urls>', '*://*/*', 'https://*/*']
    const found = browserExtensions.filter(
      of =>
        of.deploymentMode !== 'MANAGED' &&
        of.hostPermissions?.some(host => everything.includes(host)),
    )
    const groups = groupsOf(found, of => [of.name, of.extensionId])
    return {
      browserExtensions: {
        totalCount: found.length,
        groups: told(groups.slice(0, 10), group => ({
          ...peopleOf(group),
          enabled: share(group, of => of.enabled === true),
        })),
      },
    }
  },
  UsedByManyOwnedByNobody: () => ({
    apps: list(
      sorted(
        apps.filter(of => accountsAt(of.id) >= 5 && employeeOf(of.ownerId) === undefined),
        most(of => accountsAt(of.id)),
      ),
      of => ({
        name: nameOf(of),
        approvalStatus: of.approvalStatus,
        accounts: { totalCount: accountsAt(of.id) },
      }),
    ),
  }),
  LicensedWithoutBrowser: () => ({
    employees: list(
      sorted(
        employees.filter(of => of.licensed && !hasBrowser(of.id)),
        most(of => accountsOf(of.id)),
      ),
      of => ({
        email: of.email,
        department: of.department,
        accounts: { totalCount: accountsOf(of.id) },
      }),
    ),
  }),
  MfaByDepartment: () => ({
    accounts: {
      groups: told(groupsOf(accounts, of => [departmentOf(of.employeeId)]).sort(byKeys), group => ({
        ...peopleOf(group),
        withoutMfa: share(group, of => of.mfaRegistered === false),
      })),
    },
  }),
  LoginsByApp: () => ({
    accounts: {
      groups: told(groupsOf(accounts, of => [of.appType]).slice(0, 12), group => ({
        password: share(group, of => of.passwordLogin === true),
        oidc: share(group, of => of.oidcLogin !== null),
        saml: share(group, of => of.samlLogin !== null),
      })),
    },
  }),
  FindingsByType: () => ({
    findings: {
      groups: told(
        groupsOf(findings, of => [of.type]),
        group => ({
          ...peopleOf(group),
          resolved: share(group, of => of.state === 'RESOLVED'),
        }),
      ),
    },
  }),
  FindingsByMonth: () => ({
    findings: {
      groups: told(groupsOf(findings, of => [monthOf(of.createdAt)]).sort(byKeys), group => ({
        time: `${group.keys[0] ?? ''}-01T00:00:00Z`,
        open: share(group, of => of.state === 'OPEN'),
      })),
    },
  }),
  DetectionsByWeek: () => {
    const groups = groupsOf(detections, of => [weekOf(of.createdAt), of.severity])
    const timeOf = ({ rows: [first] }: (typeof groups)[number]) => mondayOf(first?.createdAt ?? 0)
    return {
      detections: {
        groups: told(
          groups.sort((a, b) => timeOf(a) - timeOf(b)),
          group => ({ time: iso(timeOf(group)), ...peopleOf(group) }),
        ),
      },
    }
  },
  UnapprovedAppsByUse: () => ({
    apps: list(
      sorted(
        apps.filter(of => of.approvalStatus !== 'APPROVED'),
        most(of => accountsAt(of.id)),
      ),
      of => ({
        name: nameOf(of),
        approvalStatus: of.approvalStatus,
        sensitivityLevel: of.sensitivityLevel,
        accounts: { totalCount: accountsAt(of.id) },
        findings: {
          totalCount: findings.filter(({ appId, state }) => appId === of.id && state === 'OPEN')
            .length,
        },
      }),
    ),
  }),
  UseByApproval: () => ({
    accounts: {
      groups: told(
        groupsOf(accounts, of => [appOf(of.appId)?.approvalStatus ?? null]),
        group => ({
          ...peopleOf(group),
          apps: distinct(group, of => of.appId),
          lately: share(group, of => (of.lastUsedAt ?? -Infinity) >= TEST_NOW - 30 * DAYS),
        }),
      ),
    },
  }),
  ExtensionsByDeployment: () => ({
    browserExtensions: {
      groups: told(
        groupsOf(browserExtensions, of => [of.deploymentMode]),
        group => ({
          extensions: distinct(group, of => of.extensionId),
          browsers: distinct(group, of => of.browserId),
          enabled: share(group, of => of.enabled === true),
        }),
      ),
    },
  }),
  BrowsersInUse: () => ({
    browsers: {
      groupCount: groupsOf(browsers, of => [of.browser, of.version]).length,
      groups: told(groupsOf(browsers, of => [of.browser, of.os]).sort(byKeys), group => ({
        ...peopleOf(group),
        active: share(group, of => of.isActive),
      })),
    },
  }),
  RolloutByDepartment: () => {
    const groups = groupsOf(employees, of => [of.department])
    return {
      employees: {
        groups: told(
          groups.filter(({ rows: of }) => of.length >= 3),
          group => ({
            licensed: share(group, of => of.licensed),
            withBrowser: share(group, of => hasBrowser(of.id)),
            atRisk: share(group, of => openOf(of.id) >= 2),
          }),
        ),
      },
    }
  },
}

describe('the twenty questions', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await createGraph({ data, clock: createSteppingClock(), rate: 1e6 })
  })
  afterAll(() => graph.close())

  test('are ten of analysts and ten of dashboards', () => {
    expect([analysts.length, dashboards.length]).toEqual([10, 10])
  })

  test.each([...analysts, ...dashboards])('%s', async (name, document) => {
    const { data: answer, errors, cost } = await graph.run(document)
    expect(errors).toEqual([])
    const wanted = answers[name]?.()
    expect(answer).toEqual(wanted)
    expect(cost.complete).toBe(true)
    // A question that nothing answers would show nothing.
    expect(JSON.stringify(answer)).toMatch(/"(nodes|groups)":\[\{/)
  })
})
