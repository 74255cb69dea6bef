import { describe, expect, it, onTestFinished } from 'vitest'
import { tenantEvidenceOf } from '../../src/app/tenant-evidence.ts'
import { type Events, openEvents } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { FormerTenant } from '../../src/upstream/key-tenant.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const NOW = 1_700_000_000
const isServedElsewhere = async () => Promise.resolve(false)
const always: FormerTenant = { tenant: 'b', periods: undefined }
/** The connector was of another tenant before. */
const since = (seconds: number): FormerTenant => ({
  tenant: 'b',
  periods: [{ from: (NOW + seconds) * 1_000, until: Infinity }],
})

describe('what is stored of events', () => {
  it('tells of the tenant in whose time they came, and of no other', async () => {
    const events = await openEvents({
      path: ':memory:',
      retentionDays: 36_500,
      clock: systemClock,
    })
    onTestFinished(() => events.close())
    const evidence = tenantEvidenceOf('default', {
      ...{ events, answers: undefined, clock: systemClock, isServedElsewhere },
    })
    const told = { id: 'one', object: 'EMPLOYEE', category: 'ENTITY', type: 'UPDATE' }
    await events.append(eventOf(delivery({ ...told, new: { id: 'ann' } }), { receivedAt: NOW + 5 }))
    for (const [former, isKnown] of [
      [always, true],
      [since(5), true],
      [since(6), false],
    ] as const) {
      expect(await evidence.knows(former, 'employees', ['eve', 'ann'])).toBe(isKnown)
      expect(await evidence.hasAny(former)).toBe(isKnown)
      expect(await evidence.lists(former)).toEqual(isKnown ? ['employees', 'accounts'] : [])
    }
    expect(await evidence.knows(always, 'employees', ['eve'])).toBe(false)
  })
})

describe('the lists of which objects are known', () => {
  /** Of these lists so many rows are known; all of them were read whole. */
  const evidenceOf = (known: Readonly<Record<string, number>>) => {
    const events: Pick<Events, 'noted' | 'knownReads' | 'rowsThen' | 'rowThen' | 'page'> = {
      noted: async () => Promise.resolve(),
      knownReads: async () =>
        Promise.resolve(
          Object.keys(known).map(name => ({
            ...{ connector: 'acme', collection: name as 'apps', at: 0, until: 0 },
          })),
        ),
      rowsThen: async (_alias, name, _at, _after, limit) => {
        const rows = Array.from({ length: Math.min(limit, known[name] ?? 0) }, () => '{}')
        return Promise.resolve({ rows, next: undefined })
      },
      rowThen: async () => Promise.resolve(undefined),
      page: async () => Promise.resolve([]),
    }
    return tenantEvidenceOf('acme', {
      ...{ events, answers: undefined, clock: systemClock, isServedElsewhere },
    })
  }

  it('are those first of which the most is, and none that is empty', async () => {
    const evidence = evidenceOf({ employees: 0, accounts: 0, apps: 2, browsers: 0, findings: 7 })
    expect(await evidence.lists(always)).toEqual(['findings', 'apps'])
  })

  it('are those of which it is known that they are empty, where there is nothing else', async () => {
    const evidence = evidenceOf({ apps: 0 })
    expect(await evidence.lists(always)).toEqual(['apps'])
    expect(await evidence.hasAny(always)).toBe(true)
    expect(await evidenceOf({}).hasAny(always)).toBe(false)
  })
})
