import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import type {
  Counted,
  CountQuery,
  FoundRow,
  PageQuery,
  Selection,
} from '../../src/events/queries.ts'
import { finish } from '../../src/events/question-work.ts'
import { createReading } from '../../src/events/reading.ts'
import { createWriting } from '../../src/events/writing.ts'
import { and, everything, type Filter, not, or } from '../../src/filter/filter.ts'
import type { Dimension } from '../../src/model/dimensions.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { delivery, eventOf, type MadeUp } from '../support/deliveries.ts'
import { openSharedEvents } from '../support/shared-events.ts'

const event = (made: MadeUp, receivedAt = 1_000): NewEvent =>
  eventOf(delivery(made), { receivedAt })

interface TestedReading {
  page(query: PageQuery): Promise<readonly FoundRow[]>
  count(selection: Selection): Promise<number>
  groups(query: CountQuery): Promise<readonly Counted[]>
  sequenceBefore(receivedAt: number): Promise<number>
}

const makers: readonly {
  where: string
  readingOf: (events: readonly NewEvent[]) => Promise<TestedReading>
}[] = [
  {
    where: 'a file',
    readingOf: events => {
      const file = openEventFile(':memory:')
      onTestFinished(() => {
        file.close()
      })
      createWriting(file).append(events)
      const { page, count, groups, sequenceBefore } = createReading(file)
      return Promise.resolve({
        page: query => Promise.resolve(finish(page(query))),
        count: selection => Promise.resolve(finish(count(selection))),
        groups: query => Promise.resolve(finish(groups(query))),
        sequenceBefore: at => Promise.resolve(finish(sequenceBefore(at))),
      })
    },
  },
  {
    where: 'the shared database',
    readingOf: async made => {
      const { events, close } = await openSharedEvents()
      onTestFinished(close)
      await Promise.all(made.map(each => events.append(each)))
      return events
    },
  },
]

describe.each(makers)('of $where', ({ readingOf }) => {
  const parts = [{ connectors: ['default'], filter: everything }]

  const page = (question: Pick<PageQuery, 'list' | 'parts'>): PageQuery => ({
    ...question,
    ordering: 'arrival',
    from: undefined,
    until: undefined,
    backward: false,
    limit: 100,
  })

  describe('the sequence before a moment', () => {
    it('is that of the last event that arrived earlier', async () => {
      const made = [100, 200, 200, 300].map((at, n) => event({ id: String(n) }, at))
      const reading = await readingOf(made)
      const times = [99, 100, 101, 200, 201, 300, 301]
      expect(await Promise.all(times.map(at => reading.sequenceBefore(at)))).toEqual([
        0, 0, 1, 1, 3, 3, 4,
      ])
    })

    it('is 0 where there is none', async () => {
      expect(await (await readingOf([])).sequenceBefore(100)).toBe(0)
    })
  })

  describe('a filter of as many comparisons as it may have', () => {
    const is = (id: number): Filter => ({
      kind: 'compare',
      field: 'id',
      op: 'eq',
      value: String(id),
    })
    const all = Array.from({ length: 1_000 }, (_, index) => is(index * 2))

    it.each([
      ['or', or(all), ['0', '2', '4']],
      ['and, each negated', and(all.map(not)), ['1', '3']],
      ['and of or', and([or(all), not(or(all.slice(0, 2)))]), ['4']],
    ])('is answered: %s', async (_, filter, ids) => {
      const reading = await readingOf([0, 1, 2, 3, 4].map(n => event({ id: String(n) })))
      const found = await reading.page(
        page({ list: 'events', parts: [{ connectors: ['default'], filter }] }),
      )
      expect(found.map(({ row }) => (row as NewEvent).id)).toEqual(ids)
    })
  })

  describe('an object that only webhooks tell of', () => {
    const app = (id: string, type: string, timestamp: number) =>
      event({
        id: `${type} ${id}`,
        category: 'ENTITY',
        object: 'APP_OTHER',
        type,
        timestamp,
        [type === 'DELETE' ? 'old' : 'new']: { id, name: id, domain: `${id}.example` },
      })

    it('is in no list and no count once it was deleted', async () => {
      const now = 1_757_404_720
      const reading = await readingOf([
        app('one', 'CREATE', now),
        app('two', 'CREATE', now),
        app('one', 'DELETE', now + 1),
      ])
      const list = 'otherApps' as const
      const rows = await reading.page(page({ list, parts }))
      expect(rows.map(({ row }) => (row as { id: string }).id)).toEqual(['two'])
      expect(await reading.count({ list, parts })).toBe(1)
      expect(
        await reading.groups({ list, parts, by: [{ kind: 'connector' }], first: undefined }),
      ).toEqual([{ keys: ['default'], count: 1 }])
    })
  })

  describe('a selection', () => {
    const reading = () =>
      readingOf(['B', 'A', 'C', 'A', 'C', 'C'].map((object, n) => event({ id: String(n), object })))
    const list = 'events' as const

    it('of no part has nothing', async () => {
      const { page: ask, count } = await reading()
      expect(await ask(page({ list, parts: [] }))).toEqual([])
      expect(await count({ list, parts: [] })).toBe(0)
      expect(await count({ list, parts: [{ connectors: [], filter: everything }] })).toBe(0)
    })

    it('of several parts has each event once', async () => {
      expect(await (await reading()).count({ list, parts: [...parts, ...parts] })).toBe(6)
    })

    it('has its largest groups first where not all are asked for', async () => {
      const by: readonly Dimension[] = [{ kind: 'field', field: 'object' }]
      const groups = await (await reading()).groups({ list, parts, by, first: 2 })
      expect(groups).toEqual([
        { keys: ['C'], count: 3 },
        { keys: ['A'], count: 2 },
      ])
    })
  })
})
