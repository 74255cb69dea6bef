import { describe, expect, it } from 'vitest'
import { ofPresentTenants } from '../../src/app/of-present-tenants.ts'
import type { Events, Selection } from '../../src/events/events.ts'
import { everything } from '../../src/filter/filter.ts'
import type { Period } from '../../src/upstream/state/tenancies.ts'

/** acme was of its present tenant from 10 s to 20 s, and is since 30 s. */
const acme: readonly Period[] = [
  { from: 10_000, until: 20_000 },
  { from: 30_000, until: Infinity },
]
const within = [
  {
    kind: 'and',
    of: [
      { kind: 'compare', op: 'gte', value: 10 },
      { kind: 'compare', op: 'lt', value: 20 },
    ],
  },
  { kind: 'compare', op: 'gte', value: 30 },
]

const worldForTest = () => {
  const asked: Selection[] = []
  const changes = Array.from({ length: 40 }, (_, n) => ({
    sequence: n + 1,
    connector: n % 4 === 3 ? 'globex' : 'acme',
    at: n,
  }))
  const all = {
    page: async (query: Selection) => Promise.resolve(asked.push(query) && []),
    count: async (selection: Selection) => Promise.resolve(asked.push(selection)),
    groups: async (query: Selection) =>
      Promise.resolve(asked.push(query) && [{ keys: ['a'] }, { keys: [null] }]),
    changesAfter: async (sequence: number, limit: number) =>
      Promise.resolve(changes.slice(sequence, sequence + limit)),
    listThen: async () => Promise.resolve({ asOf: 1, cutAt: undefined, wholeSince: 1 }),
    rowsThen: async () => Promise.resolve({ rows: ['{}'], next: undefined }),
    rowThen: async () => Promise.resolve('{}'),
  } as unknown as Events
  const shown = ofPresentTenants(all, async alias =>
    Promise.resolve(alias === 'acme' ? acme : undefined),
  )
  return { shown, asked }
}

describe('what is stored of the present tenants', () => {
  it.each([
    ['events', 'receivedAt'],
    ['changes', 'at'],
  ] as const)(
    'is of the %s those whose %s lies in their times; all of who never was another',
    async (list, field) => {
      const { shown, asked } = worldForTest()
      const parts = [{ connectors: ['acme', 'globex'], filter: everything }]
      await shown.count({ list, parts })
      const of = [
        { kind: 'and', of: within[0]?.of?.map(part => ({ ...part, field })) },
        { ...within[1], field },
      ]
      expect(asked).toEqual([
        {
          list,
          parts: [
            { connectors: ['globex'], filter: everything },
            { connectors: ['acme'], filter: { kind: 'or', of } },
          ],
        },
      ])
    },
  )

  it('is of objects that have no time those of which events told in their times', async () => {
    const { shown, asked } = worldForTest()
    await shown.count({
      list: 'otherApps',
      parts: [{ connectors: ['acme'], filter: everything }],
    })
    expect(asked[0]?.list).toBe('events')
    expect(JSON.stringify(asked[0]?.parts)).toContain('APP_OTHER')
    expect(asked[1]?.parts).toEqual([
      { connectors: ['acme'], filter: { kind: 'in', field: 'id', values: ['a'] } },
    ])
  })

  it('is asked for as it stands where nothing is another tenant’s', async () => {
    const { shown, asked } = worldForTest()
    const parts = [{ connectors: ['globex'], filter: everything }]
    await shown.count({ list: 'events', parts })
    expect(asked[0]?.parts[0]).toBe(parts[0])
  })

  it('has the changes of their times, page by page, without taking a page of others for the end', async () => {
    const { shown } = worldForTest()
    const found: number[] = []
    for (let last = 0; ;) {
      const page = await shown.changesAfter(last, 5)
      found.push(...page.map(({ at }) => at))
      if (page.length < 5) break
      last = page.at(-1)?.sequence ?? last
    }
    const expected = Array.from({ length: 40 }, (_, at) => at).filter(
      at => at % 4 === 3 || (at >= 10 && at < 20) || at >= 30,
    )
    expect(found).toEqual(expected)
  })

  it.each([
    ['in their times', 15, true],
    ['at their start', 10, true],
    ['at their end', 20, false],
    ['between them', 25, false],
  ])('is known of a moment %s (%s): %s', async (_what, at, isKnown) => {
    const { shown } = worldForTest()
    const list = await shown.listThen('acme', 'apps', at)
    expect(list.asOf).toBe(isKnown ? 1 : undefined)
    expect((await shown.rowsThen('acme', 'apps', at, '', 10)).rows).toHaveLength(isKnown ? 1 : 0)
    expect(await shown.rowThen('acme', 'apps', 'a', at)).toBe(isKnown ? '{}' : undefined)
    expect((await shown.listThen('globex', 'apps', at)).asOf).toBe(1)
  })
})
