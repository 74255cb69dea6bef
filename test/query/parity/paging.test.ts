import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { type Listing, readPage, walkBackward, walkForward } from '../../support/walk-list.ts'
import {
  createSteppingClock,
  quiet,
  expectIds,
  listQuestions,
  type ListQuestion,
} from '../../support/parity.ts'
import { runsOr } from '../../support/runs.ts'
import { pushableFilters } from '../../support/pushable-filters.ts'
import { givesEvents, randomSwitches } from '../../support/random-switches.ts'
import { referencePasses } from '../../support/reference-filter.ts'
import { referenceList, toDataset } from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.02, now: TEST_NOW })
const dataset = toDataset(data)
const world = { data: dataset, connectorAlias: 'default', nowSeconds: TEST_NOW }

const listings: fc.Arbitrary<ListQuestion> = fc.constantFrom(...collectionNames).chain(name =>
  fc
    .tuple(
      listQuestions(dataset, name, 1),
      pushableFilters(dataset, name),
      fc.constantFrom('none', 'random', 'pushable'),
    )
    .map(([question, pushable, kind]) => ({
      ...question,
      filter: kind === 'none' ? {} : kind === 'random' ? question.filter : pushable,
    })),
)

const unbounded = { maxRequests: 1e6, maxWaitMs: 1e9 }

const withGraph = async (
  switches: Partial<Switches>,
  run: (graph: Graph, clock: ReturnType<typeof createSteppingClock>) => Promise<void>,
  driftMs = 0,
): Promise<void> => {
  const clock = createSteppingClock(driftMs)
  const graph = await createGraph({ data, clock, rate: 1e6, switches })
  try {
    await run(graph, clock)
  } finally {
    await graph.close()
  }
}

const asksForEvents = ({ filter = {} }: Listing): boolean =>
  JSON.stringify(filter).includes('"events"')

describe('the pages of a list', () => {
  it.each(['forward', 'backward'] as const)(
    'are the whole list, %s, however it is read',
    async direction => {
      const sizes = fc.constantFrom(1, 2, 3, 4, 5, 17, 50)
      await fc.assert(
        fc.asyncProperty(
          listings,
          sizes,
          fc.boolean(),
          fc.constantFrom(1, 61_000),
          randomSwitches,
          async (listing, size, warm, passes, switches) => {
            fc.pre(givesEvents(switches) || !asksForEvents(listing))
            await withGraph(switches, async (graph, clock) => {
              if (warm) await graph.run(`{ ${listing.name} { totalCount } }`, {}, unbounded)
              const walk = direction === 'forward' ? walkForward : walkBackward
              const { ids } = await walk(graph, listing, size, unbounded, async () => {
                await quiet(graph.standIn)
                clock.step(passes)
              })
              const wanted = referenceList(world, listing.name, listing).map(({ id }) => id)
              const stable = (switches.order ?? 'stable') === 'stable'
              const unsorted = stable ? 'listedOrById' : 'any'
              expectIds(ids, wanted, listing.orderBy.length > 0 ? 'listed' : unsorted)
            })
          },
        ),
        { numRuns: runsOr(20) },
      )
    },
  )

  it('begin and end at any cursor', async () => {
    const places = fc.tuple(fc.nat(400), fc.nat(400), fc.constantFrom(1, 2, 3, 7))
    await fc.assert(
      fc.asyncProperty(listings, places, randomSwitches, async (listing, places, switches) => {
        fc.pre(givesEvents(switches) || !asksForEvents(listing))
        await withGraph(switches, async graph => {
          const whole = await readPage(graph, listing, { first: 1_000 }, unbounded)
          const count = whole.edges.length
          fc.pre(count > 0)
          const ids = whole.edges.map(({ node }) => node.id)
          const [from, to] = [places[0] % count, places[1] % count].toSorted((a, b) => a - b)
          const [start, end, size] = [from ?? 0, to ?? 0, places[2]]
          const after = whole.edges[start]?.cursor ?? ''
          const before = whole.edges[end]?.cursor ?? ''
          const between = ids.slice(start + 1, end)
          const read = async (page: Parameters<typeof readPage>[2]) => {
            const { edges, pageInfo } = await readPage(graph, listing, page, unbounded)
            return { ids: edges.map(({ node }) => node.id), pageInfo }
          }

          const next = await read({ first: size, after })
          expect(next.ids).toEqual(ids.slice(start + 1, start + 1 + size))
          expect(next.pageInfo.hasNextPage).toBe(start + 1 + size < count)
          const previous = await read({ last: size, before })
          expect(previous.ids).toEqual(ids.slice(Math.max(0, end - size), end))
          expect(previous.pageInfo.hasPreviousPage).toBe(end - size > 0)
          const first = await read({ first: size, after, before })
          expect(first.ids).toEqual(between.slice(0, size))
          const last = await read({ last: size, after, before })
          expect(last.ids).toEqual(between.slice(-size))
        })
      }),
      { numRuns: runsOr(20) },
    )
  })
})

interface Move {
  readonly kind: 'remove' | 'insert' | 'reorder'
  readonly at: number
}

let inserted = 0

const apply = (standIn: StandIn, name: CollectionName, { kind, at }: Move): void => {
  const rows = standIn.data[name]
  const row = rows[at % Math.max(1, rows.length)]
  if (row === undefined) return
  if (kind === 'remove') standIn.remove(name, row.id)
  else if (kind === 'reorder') standIn.reorder(name, at + 1)
  else {
    inserted += 1
    standIn.insert(name, { ...row, id: `inserted-${inserted}` }, (at * 3) % rows.length)
  }
}

describe('the pages of a list that changes', () => {
  const walks = fc.record({
    name: fc.constantFrom(...collectionNames),
    size: fc.constantFrom(1, 2, 3, 5, 17),
    sorted: fc.boolean(),
    backward: fc.boolean(),
    passes: fc.constantFrom(1, 61_000),
  })
  const moves = fc.array(
    fc.record({
      kind: fc.constantFrom('remove' as const, 'insert' as const, 'reorder' as const),
      at: fc.nat(1_000),
      // How many pages, or requests, come before it.
      after: fc.nat(20),
    }),
    { minLength: 1, maxLength: 12 },
  )

  /** What was read, held against what was there all the time and what ever was. */
  const expectNoneLost = (
    ids: readonly string[],
    throughout: readonly string[],
    ever: ReadonlySet<string>,
  ): void => {
    const read = new Set(ids)
    expect({
      lost: throughout.filter(id => !read.has(id)),
      twice: ids.filter((id, index) => ids.indexOf(id) !== index),
      neverThere: ids.filter(id => !ever.has(id)),
    }).toEqual({ lost: [], twice: [], neverThere: [] })
  }

  const listed = (standIn: StandIn, { name, filter = {} }: Listing): readonly string[] => {
    const now = { ...world, data: toDataset(standIn.data) }
    return now.data[name].filter(row => referencePasses(now, name, filter, row)).map(({ id }) => id)
  }

  it('hold no row twice and every row that stays, when it changes between pages', async () => {
    await fc.assert(
      fc.asyncProperty(walks, moves, randomSwitches, async (given, moves, switches) => {
        const { name, size, sorted, backward, passes } = given
        const listing: Listing = {
          name,
          orderBy: sorted ? [{ field: 'ID', direction: 'DESC' }] : [],
        }
        await withGraph(switches, async (graph, clock) => {
          const { standIn } = graph
          let throughout = listed(standIn, listing)
          const ever = new Set(throughout)
          let page = 0
          const between = async (): Promise<void> => {
            await quiet(standIn)
            clock.step(passes)
            for (const move of moves.filter(({ after }) => after === page)) {
              apply(standIn, name, move)
              const now = new Set(listed(standIn, listing))
              for (const id of now) ever.add(id)
              throughout = throughout.filter(id => now.has(id))
            }
            page += 1
          }
          const walk = backward ? walkBackward : walkForward
          // Every page is to know the data as it is then.
          const terms = { ...unbounded, maxAgeMs: 0 }
          const { ids } = await walk(graph, listing, size, terms, between)
          expectNoneLost(ids, throughout, ever)
        })
      }),
      { numRuns: runsOr(25) },
    )
  })

  it('hold no row twice and every row that stays, when it changes between requests', async () => {
    const drifts = fc.constantFrom(0, 0.01)
    await fc.assert(
      fc.asyncProperty(
        walks,
        moves,
        randomSwitches,
        drifts,
        async (given, moves, switches, drift) => {
          const { name, size, sorted, backward, passes } = given
          const listing: Listing = { name, orderBy: sorted ? [{ field: 'ID' }] : [] }
          // A place that shifts while a list is read leaves no way to know what was passed by.
          const keyset: Partial<Switches> = { ...switches, tokens: 'keyset' }
          // Many pages, so that reading them side by side is worth while.
          const steady: Partial<Switches> =
            drift === 0 ? keyset : { ...keyset, maxPage: 7, abovePage: 'clamp' }
          await withGraph(
            steady,
            async (graph, clock) => {
              const { standIn } = graph
              if (drift > 0) {
                // Once the size is known, pages are read by offset.
                await graph.run(`{ ${name} { totalCount } }`, {}, unbounded)
                await quiet(standIn)
                clock.step(61_000)
              }
              let throughout = listed(standIn, listing)
              const ever = new Set(throughout)
              let requests = 0
              standIn.set({
                faults: () => {
                  for (const move of moves)
                    if (move.after === requests && move.kind !== 'reorder') {
                      apply(standIn, name, move)
                      const now = new Set(listed(standIn, listing))
                      for (const id of now) ever.add(id)
                      throughout = throughout.filter(id => now.has(id))
                    }
                  requests += 1
                  return undefined
                },
              })
              const walk = backward ? walkBackward : walkForward
              const { ids } = await walk(graph, listing, size, unbounded, async () => {
                await quiet(standIn)
                clock.step(passes)
              })
              expectNoneLost(ids, throughout, ever)
            },
            drift,
          )
        },
      ),
      { numRuns: runsOr(25) },
    )
  })
})
