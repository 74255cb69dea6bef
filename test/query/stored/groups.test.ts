/** Groups of stored events: what the file and the database count, beside a plain count of what was sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createReceiver } from '../../../src/webhooks/receiver.ts'
import { sign } from '../../../src/webhooks/signature.ts'
import { delivery, SECRET } from '../../support/deliveries.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.02, now: TEST_NOW })
const START = Date.UTC(2026, 0, 5) / 1_000

interface Sent {
  readonly id: string
  readonly employeeId: string
  readonly type: string
  readonly at: number
}

/** Logins of some people over three weeks, a few of people who are gone. */
const sent = Array.from({ length: 120 }, (_, index): Sent => ({
  id: `e${index}`,
  employeeId: index % 11 === 0 ? 'gone' : (data.employees[(index * 7) % 15]?.id ?? ''),
  type: ['SLACK', 'OKTA', 'GITHUB'][index % 3] ?? '',
  at: START + ((index * 37) % 500) * 3_600,
}))

const stores: readonly [string, () => Promise<{ events: Events; close(): Promise<void> }>][] = [
  [
    'the file',
    async () => {
      const events = await openEvents({
        path: ':memory:',
        retentionDays: 36_500,
        clock: systemClock,
      })
      return { events, close: () => events.close() }
    },
  ],
  ['the database', () => openSharedEvents()],
]

interface Group {
  readonly keys: readonly (string | null)[]
  readonly count: number
  readonly time: string | null
  readonly distinct: number
  readonly share: number
}

const departmentOf = ({ employeeId }: Sent): string | null =>
  data.employees.find(({ id }) => id === employeeId)?.department ?? null
const dayOf = ({ at }: Sent): string => new Date(at * 1_000).toISOString().slice(0, 10)
const monthOf = ({ at }: Sent): string => new Date(at * 1_000).toISOString().slice(0, 7)

const dimensions: Readonly<Record<string, (of: Sent) => string | null>> = {
  OCCURRED_DAY: dayOf,
  OCCURRED_MONTH: monthOf,
  EMPLOYEE_DEPARTMENT: departmentOf,
  EMPLOYEE_ID: ({ employeeId }) => employeeId,
  OBJECT: () => 'LOGIN',
}

const filters: Readonly<Record<string, (of: Sent) => boolean>> = {
  '{ employee: { department: { isNull: false } } }': of => departmentOf(of) !== null,
  '{ employee: { exists: false } }': ({ employeeId }) => employeeId === 'gone',
  '{ occurredAt: { lt: "2026-01-12T00:00:00Z" } }': ({ at }) => at < START + 7 * 86_400,
}

describe.each(stores)('groups of events in %s', (_name, open) => {
  let graph: Graph
  let close: () => Promise<void>

  beforeAll(async () => {
    const { events, close: closeEvents } = await open()
    graph = await createGraph({ data, stored: events })
    const receiver = createReceiver({ secretsOf: () => [SECRET], events, clock: systemClock })
    for (const { id, employeeId, type, at } of sent) {
      const body = delivery({ id, timestamp: at, new: { employeeId, appType: type } })
      const header = sign(SECRET, Math.floor(Date.now() / 1_000), body)
      expect(await receiver.receive('default', header, body)).toEqual({ kind: 'stored' })
    }
    close = async () => {
      await graph.close()
      await closeEvents()
    }
  })
  afterAll(() => close())

  const ask = async (groups: string): Promise<unknown> => {
    const answer = await graph.run(`{ events { ${groups} } }`)
    expect(answer.errors).toEqual([])
    return (answer.data as { events: unknown }).events
  }

  const cases = Object.keys(dimensions).flatMap(by =>
    Object.keys(filters).map((where, index) => ({
      by: [by, ...(index === 1 ? ['EMPLOYEE_DEPARTMENT'] : [])],
      where,
      of: Object.keys(dimensions)[(by.length + index) % 5] ?? '',
    })),
  )

  it.each(cases)('by $by with $of and $where are those of a plain count', async one => {
    const { by, where, of } = one
    const answer = await ask(`groups(by: [${by.join(', ')}], having: { gte: 3 }, orderBy:
      [{ by: COUNT }, { by: KEY, direction: DESC }]) {
        keys count time distinct(of: ${of}) share(where: ${where}) } groupCount(by: [${by.join(', ')}])`)
    const { groups, groupCount } = answer as { groups: readonly Group[]; groupCount: number }
    const named = Map.groupBy(sent, event =>
      JSON.stringify(by.map(dimension => dimensions[dimension]?.(event) ?? null)),
    )
    const wanted = [...named].flatMap(([name, members]): readonly Group[] => {
      const keys = JSON.parse(name) as readonly (string | null)[]
      const bucket = by.findIndex(dimension => dimension.startsWith('OCCURRED_'))
      const values = new Set(members.map(event => dimensions[of]?.(event) ?? null))
      values.delete(null)
      if (members.length < 3) return []
      return [
        {
          keys,
          count: members.length,
          time:
            bucket < 0 ? null : new Date(keys[bucket] ?? '').toISOString().replace('.000Z', 'Z'),
          distinct: values.size,
          share: members.filter(event => filters[where]?.(event)).length / members.length,
        },
      ]
    })
    expect(groupCount).toBe(named.size)
    const byName = (list: readonly Group[]) =>
      list.toSorted((a, b) => (JSON.stringify(a.keys) < JSON.stringify(b.keys) ? -1 : 1))
    expect(byName(groups)).toEqual(byName(wanted))
    const counts = groups.map(({ count }) => count)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  })

  it('are the first of an order of their own, not of the most frequent', async () => {
    const order = 'by: [EMPLOYEE_ID], first: 1, orderBy: [{ by: COUNT }]'
    const { groups } = (await ask(`groups(${order}) { keys count }`)) as { groups: Group[] }
    const counts = [...Map.groupBy(sent, of => of.employeeId).values()].map(({ length }) => length)
    expect(groups[0]?.count).toBe(Math.min(...counts))
    expect(Math.min(...counts)).toBeLessThan(Math.max(...counts))
  })

  it('that are empty have nothing different and no share', async () => {
    const range = 'from: "2026-01-01T00:00:00Z", until: "2026-01-08T00:00:00Z"'
    const { groups } =
      (await ask(`groups(by: [OCCURRED_DAY], fill: true, having: { eq: 0 }, ${range})
      { keys count time distinct(of: EMPLOYEE_ID) share(where: {}) }`)) as { groups: Group[] }
    expect(groups).toEqual(
      ['01', '02', '03', '04'].map(day => ({
        keys: [`2026-01-${day}`],
        count: 0,
        time: `2026-01-${day}T00:00:00Z`,
        distinct: 0,
        share: 0,
      })),
    )
  })
})
