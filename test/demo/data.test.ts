import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { enums } from '../../src/model/enums.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { type TenantData, createData } from '../../src/demo/data.ts'
import { awkwardCollection } from '../../src/demo/tenant/awkward.ts'
import { processorMsOf } from '../support/processor-time.ts'

const now = 1_767_225_600
const tenant = createData({ seed: 1, scale: 1, now })
const names: readonly CollectionName[] = [
  ...(['employees', 'accounts', 'apps', 'browsers'] as const),
  ...(['browserExtensions', 'findings', 'detections'] as const),
]

const digest = (data: TenantData): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('hex')
const sizes = (data: TenantData): number[] => names.map(name => data[name].length)
const idsOf = (data: TenantData): string[] => [
  ...names.flatMap(name => data[name].map(row => row.id)),
  ...data.detections.flatMap(({ events }) => events.map(event => event.id)),
]
const share = <Row>(rows: readonly Row[], test: (row: Row) => boolean): number =>
  rows.filter(test).length / rows.length

describe('the data of a tenant', () => {
  test('is the same for the same seed, scale and time', () => {
    expect(digest(createData({ seed: 1, scale: 1, now }))).toBe(digest(tenant))
    expect(digest(createData({ seed: 1, scale: 1, now: now + 1 }))).not.toBe(digest(tenant))
  })

  test('has no id in common with the data of another seed, and none twice', () => {
    const others = [2, 3, -1, 257].map(seed => createData({ seed, scale: 0.3, now }))
    const all = [tenant, ...others].flatMap(idsOf)
    expect(new Set(all).size).toBe(all.length)
  })

  test.each([
    [0.01, [10, 120, 30, 15, 20, 60, 5]],
    [1, [1_000, 12_000, 300, 1_500, 2_000, 6_000, 500]],
    [4, [4_000, 48_000, 600, 6_000, 8_000, 24_000, 2_000]],
  ])('grows with scale %d, the apps with its root', (scale, expected) => {
    expect(sizes(createData({ seed: 5, scale, now }))).toEqual(expected)
  })

  test('is made about as quickly as its JSON is written and read, on whatever machine', () => {
    const times = [1, 2, 3].map(seed => {
      let data: unknown
      const made = processorMsOf(() => {
        data = createData({ seed, scale: 1, now })
      })
      return made / processorMsOf(() => void JSON.parse(JSON.stringify(data)))
    })
    // Measured 0.9 to 1.8: 100 ms of one core.
    expect(Math.min(...times)).toBeLessThan(4)
  })

  test('has ids in the forms that Push uses', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(idsOf(tenant).filter(id => !uuid.test(id))).toEqual([])
    const stores = tenant.browserExtensions.map(({ extensionId }) => extensionId)
    expect(stores.filter(id => !/^[a-p]{32}$/.test(id))).toEqual([])
  })

  test('lies in the past, and nothing is used before it is there', () => {
    const times = JSON.stringify(tenant).matchAll(/"\w*[tT]imestamp":(\d+)/g)
    expect(Math.max(...times.map(([, seconds]) => Number(seconds)))).toBeLessThanOrEqual(now)
    const early = [
      ...tenant.accounts.filter(row => (row.lastUsedTimestamp ?? now) < row.creationTimestamp),
      ...tenant.browsers.filter(row => row.lastOnlineTimestamp < row.creationTimestamp),
      ...tenant.detections.filter(
        row => (row.lastActivityTimestamp ?? now) < row.creationTimestamp,
      ),
    ]
    expect(early).toEqual([])
  })

  test('spreads accounts over apps as popularity does, and over people without a crowd', () => {
    const byApp = [...Map.groupBy(tenant.accounts, row => row.appId).values()]
      .map(rows => rows.length)
      .sort((a, b) => b - a)
    expect(byApp[0]).toBeGreaterThan(10 * (byApp[60] ?? Infinity))
    expect(byApp.length).toBeGreaterThan(290)
    const byPerson = Map.groupBy(tenant.accounts, row => row.employeeId).values()
    expect(Math.max(...byPerson.map(rows => rows.length))).toBeLessThan(200)
  })

  test('leaves departments, groups and websites out here and there', () => {
    expect(share(tenant.employees, row => row.department === null)).toBeGreaterThan(0.02)
    expect(share(tenant.employees, row => row.department === '/')).toBeGreaterThan(0.01)
    expect(share(tenant.employees, row => !('groups' in row))).toBeGreaterThan(0.05)
    expect(share(tenant.apps, row => !('website' in row))).toBeGreaterThan(0.05)
    expect(share(tenant.apps, row => row.approvalStatus === 'NOT_APPROVED')).toBeGreaterThan(0.05)
  })
})

describe('the links of a tenant', () => {
  const odd = new Set<string>(Object.values(tenant.awkward).flat())
  const accounts = new Map(tenant.accounts.map(row => [row.id, row]))
  const sound = tenant.findings.filter(
    ({ id, accountId }) => accountId !== null && !odd.has(id) && !odd.has(accountId),
  )
  const leavers = new Set<unknown>(
    tenant.accounts.filter(({ email }) => /^former\./.test(email)).map(row => row.employeeId),
  )
  const accountOf = (finding: (typeof sound)[number]) => accounts.get(finding.accountId ?? '')

  test.each([
    ['accounts', 'employeeId', 'employees'],
    ['accounts', 'appId', 'apps'],
    ['browsers', 'employeeId', 'employees'],
    ['browserExtensions', 'browserId', 'browsers'],
    ['findings', 'accountId', 'accounts'],
    ['detections', 'browserId', 'browsers'],
    ['detections', 'employeeId', 'employees'],
  ] as const)(
    'lead from %s by %s to %s, but for the rows named as awkward and for leavers',
    (from, field, to) => {
      const targets = new Set<unknown>(tenant[to].map(({ id }) => id))
      const dangling = tenant[from].filter(row => {
        const id = (row as unknown as Record<string, unknown>)[field]
        // Who left the company has accounts all the same.
        if (leavers.has(id)) return false
        return id !== null && !targets.has(id) && !odd.has(row.id)
      })
      expect(dangling).toEqual([])
    },
  )

  test('make findings true of their accounts', () => {
    const users = new Map<string, Set<string>>()
    const uses = new Map<string | null, number>()
    for (const row of tenant.accounts) {
      const login = `${row.appId} ${row.email}`
      users.set(login, (users.get(login) ?? new Set()).add(row.employeeId))
      uses.set(row.passwordId, (uses.get(row.passwordId) ?? 0) + 1)
    }
    const wrong = sound.filter(finding => {
      const account = accountOf(finding)
      if (account === undefined || account.employeeId !== finding.employeeId) return true
      switch (finding.type) {
        case 'MFA_NOT_REGISTERED':
          return account.mfaRegistered !== false
        case 'REUSED_PASSWORD':
          return (
            finding.passwordId !== account.passwordId || (uses.get(account.passwordId) ?? 0) < 2
          )
        case 'SHARED_ACCOUNT':
          return (users.get(`${account.appId} ${account.email}`)?.size ?? 0) < 2
        case 'UNUSED_THIRD_PARTY_APP':
          return account.loginMethods.oidcLogin === null
        default:
          return account.passwordId === null
      }
    })
    expect(sound.length).toBeGreaterThan(5_000)
    expect(wrong).toEqual([])
  })

  test('put each detection into a browser of its employee, with events of that employee', () => {
    const browsers = new Map(tenant.browsers.map(row => [row.id, row]))
    const detections = tenant.detections.filter(({ id }) => !odd.has(id))
    for (const { browserId, employeeId, events } of detections) {
      expect(browsers.get(browserId)?.employeeId).toBe(employeeId)
      expect(events.length).toBeGreaterThanOrEqual(1)
      expect(events.length).toBeLessThanOrEqual(4)
      for (const { accountId, metadata } of events) {
        expect(() => JSON.parse(metadata) as unknown).not.toThrow()
        const account = accounts.get(accountId ?? '')
        if (account !== undefined && !odd.has(account.id))
          expect(account.employeeId).toBe(employeeId)
      }
    }
  })

  test('cover every documented finding type, severity and kind of detection', () => {
    const words = JSON.stringify([tenant.findings, tenant.detections])
    const documented = [
      ...enums.FindingType,
      ...enums.DetectionSeverity,
      ...enums.DetectionType,
      ...enums.WeakPasswordReason,
    ]
    expect(documented.filter(word => !words.includes(`"${word}"`))).toEqual([])
  })
})

describe('awkward rows', () => {
  const first = <Name extends CollectionName>(
    data: TenantData,
    name: Name,
    [id]: readonly string[],
  ): TenantData[Name][number] => {
    const row = data[name].find(candidate => candidate.id === id)
    if (row === undefined) throw new Error(`no such row in ${name}`)
    return row
  }

  test.each([0.01, 1])('are there in every kind at scale %d', scale => {
    const data = createData({ seed: 9, scale, now })
    for (const [kind, name] of Object.entries(awkwardCollection)) {
      const ids: readonly string[] = data.awkward[kind as keyof typeof awkwardCollection]
      const rows = data[name].filter(row => ids.includes(row.id))
      expect([kind, rows.length > 0, rows.length === ids.length]).toEqual([kind, true, true])
    }
  })

  test('are odd as their names say', () => {
    const { awkward } = tenant
    const finding = first(tenant, 'findings', awkward.unknownFindingType)
    expect(enums.FindingType).not.toContain(finding.type)
    const browser = first(tenant, 'browsers', awkward.unknownBrowser)
    expect(enums.BrowserName).not.toContain(browser.browser)
    const detection = first(tenant, 'detections', awkward.unknownSeverity)
    expect(enums.DetectionSeverity).not.toContain(detection.severity)
    const account = first(tenant, 'accounts', awkward.unknownMfaMethod)
    expect(account.mfaMethods?.some(word => !enums.MfaMethod.includes(word as 'SMS'))).toBe(true)

    const { firstName } = first(tenant, 'employees', awkward.decomposedName)
    expect(firstName).not.toBe(firstName.normalize('NFC'))
    expect(first(tenant, 'employees', awkward.dotlessName).firstName).toContain('ı')
    expect(first(tenant, 'apps', awkward.emojiNote).notes).toMatch(/\p{Extended_Pictographic}/u)
    const { email } = first(tenant, 'accounts', awkward.mixedCaseEmail)
    expect(email).not.toBe(email.toLowerCase())

    const vanished = first(tenant, 'findings', awkward.vanishedAccount)
    expect(tenant.accounts.some(({ id }) => id === vanished.accountId)).toBe(false)
    const homeless = first(tenant, 'accounts', awkward.danglingApp)
    expect(tenant.apps.some(({ id }) => id === homeless.appId)).toBe(false)
    const lost = first(tenant, 'detections', awkward.vanishedBrowser)
    expect(tenant.browsers.some(({ id }) => id === lost.browserId)).toBe(false)

    expect(first(tenant, 'detections', awkward.emptyEvents).events).toEqual([])
    const [event] = first(tenant, 'detections', awkward.metadataNotJson).events
    expect(() => JSON.parse(event?.metadata ?? '{}') as unknown).toThrow(
      /is not valid JSON|in JSON/,
    )
    expect(first(tenant, 'detections', awkward.bareDetection)).not.toHaveProperty(
      'lastActivityTimestamp',
    )
    expect(first(tenant, 'employees', awkward.missingGroups)).not.toHaveProperty('groups')
  })
})
