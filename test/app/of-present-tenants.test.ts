import { setImmediate as nextPass } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ofPresentTenants, type PeriodsOf } from '../../src/app/of-present-tenants.ts'
import type { Events, QuestionTerms, Selection } from '../../src/events/events.ts'
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

const worldForTest = (periodsOf: PeriodsOf = alias => (alias === 'acme' ? acme : undefined)) => {
  const asked: Selection[] = []
  const terms: (QuestionTerms | undefined)[] = []
  const steps: string[] = []
  const all = {
    page: async (query: Selection) => Promise.resolve(asked.push(query) && []),
    count: async (selection: Selection) => Promise.resolve(asked.push(selection)),
    groups: async (query: Selection, of?: QuestionTerms) => {
      terms.push(of)
      return Promise.resolve(asked.push(query) && [{ keys: ['a'] }, { keys: [null] }])
    },
    noted: async () => Promise.resolve(steps.push('noted')),
    listThen: async () => Promise.resolve({ asOf: 1, cutAt: undefined, wholeSince: 1 }),
    rowsThen: async () => Promise.resolve({ rows: ['{}'], next: undefined }),
    rowThen: async () => Promise.resolve(steps.push('read') && '{}'),
  } as unknown as Events
  return { shown: ofPresentTenants(all, periodsOf), asked, terms, steps }
}

const termsOf = (signal: AbortSignal): QuestionTerms => ({
  ...{ caller: '', operation: '', leftMs: () => 1, deadline: undefined, maxWaitMs: 1 },
  ...{ signal, took: undefined },
})

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

  it('is found out once for all who ask in one pass of the event loop', async () => {
    let found = 0
    const { shown, asked } = worldForTest(() => {
      found += 1
      return acme
    })
    const parts = [{ connectors: ['acme'], filter: everything }]
    const ask = () => Promise.all([1, 2, 3].map(() => shown.count({ list: 'events', parts })))
    await ask()
    await ask()
    expect([found, asked.length]).toEqual([1, 6])
    await nextPass()
    await ask()
    expect(found).toBe(2)
    expect(new Set(asked.map(({ parts }) => JSON.stringify(parts))).size).toBe(1)
  })

  it('is read once it is noted that the former tenant’s lists have ended', async () => {
    const { shown, steps } = worldForTest(async () => {
      steps.push('settled')
      return Promise.resolve(acme)
    })
    await shown.rowThen('acme', 'apps', 'a', 35)
    expect(steps).toEqual(['settled', 'noted', 'read'])
  })

  it('is found out on the terms of the operation', async () => {
    const { shown, terms } = worldForTest()
    const parts = [{ connectors: ['acme'], filter: everything }]
    const own = termsOf(new AbortController().signal)
    await shown.count({ list: 'otherApps', parts }, own)
    expect(terms).toEqual([own])
  })

  it.each<[string, (shown: Events, of: QuestionTerms) => Promise<unknown>]>([
    [
      'events',
      async (shown, of) =>
        shown.count(
          { list: 'events', parts: [{ connectors: ['acme', 'globex'], filter: everything }] },
          of,
        ),
    ],
    ['a moment', async (shown, of) => shown.rowThen('acme', 'apps', 'a', 1, of)],
  ])('keeps nobody who asks for %s once he has left, whose it is', async (_what, ask) => {
    const { shown, asked } = worldForTest(async () => new Promise(() => undefined))
    const leaving = new AbortController()
    const answer = ask(shown, termsOf(leaving.signal))
    leaving.abort()
    await expect(answer).rejects.toThrow('given up')
    await expect(ask(shown, termsOf(leaving.signal))).rejects.toThrow('given up')
    expect(asked).toEqual([])
  })

  it('is found out of all connectors at once', async () => {
    const settling: string[] = []
    const { shown } = worldForTest(async alias => {
      settling.push(alias)
      return new Promise(() => undefined)
    })
    const parts = [
      { connectors: ['a', 'b'], filter: everything },
      { connectors: ['c'], filter: everything },
    ]
    void shown.count({ list: 'events', parts })
    await Promise.resolve()
    expect(settling).toEqual(['a', 'b', 'c'])
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
