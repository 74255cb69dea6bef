import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import type { Switches } from '../../../src/demo/stand-in.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import type { Row } from '../../../src/model/rows.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { type Listing, readPage, walkBackward, walkForward } from '../../support/walk-list.ts'
import {
  createSteppingClock,
  expectIds,
  listQuestions,
  relatedQuestions,
} from '../../support/parity.ts'
import { runsOr } from '../../support/runs.ts'
import { pushableFilters } from '../../support/pushable-filters.ts'
import { randomSwitches } from '../../support/random-switches.ts'
import type { Dataset } from '../../support/reference-filter.ts'
import {
  referenceList,
  referenceRelated,
  toDataset,
  toVariable,
} from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.02, now: TEST_NOW })
const dataset = toDataset(data)
const world = { data: dataset, connectorAlias: 'default', nowSeconds: TEST_NOW }
const unbounded = { maxRequests: 1e6, maxWaitMs: 1e9 }

const listings = fc
  .constantFrom(...collectionNames)
  .chain(name =>
    fc
      .tuple(
        listQuestions(dataset, name, 0),
        pushableFilters(dataset, name),
        fc.constantFrom('none', 'random', 'pushable'),
      )
      .map(([question, pushable, kind]) => ({
        ...question,
        filter: kind === 'none' ? {} : kind === 'random' ? question.filter : pushable,
      })),
  )
  .filter(({ filter }) => !JSON.stringify(filter).includes('"events"'))

let processes = 0

/** A process of its own; no two are started in the same millisecond. */
const open = (switches: Partial<Switches>): Promise<Graph> => {
  const clock = createSteppingClock()
  processes += 1
  clock.step(processes)
  return createGraph({ data, clock, rate: 1e6, switches })
}

describe('a cursor', () => {
  it('leads on in a process that has read nothing', async () => {
    const sizes: fc.Arbitrary<number> = fc.constantFrom(1, 3, 7, 20)
    await fc.assert(
      fc.asyncProperty(listings, sizes, randomSwitches, async (listing, size, switches) => {
        const stable: Partial<Switches> = { ...switches, order: 'stable' }
        const ids: string[] = []
        let after: string | null = null
        for (let pages = 0; pages < 300; pages += 1) {
          const graph = await open(stable)
          try {
            const page = await readPage(graph, listing, { first: size, after }, unbounded)
            ids.push(...page.edges.map(({ node }) => node.id))
            if (!page.pageInfo.hasNextPage) break
            expect(page.pageInfo.endCursor).not.toBeNull()
            after = page.pageInfo.endCursor
          } finally {
            await graph.close()
          }
          // A few pages tell; the rest in one go.
          if (pages > 3) size = 1_000
        }
        const wanted = referenceList(world, listing.name, listing).map(({ id }) => id)
        expectIds(ids, wanted, listing.orderBy.length > 0 ? 'listed' : 'listedOrById')
      }),
      { numRuns: runsOr(15) },
    )
  })

  it.each(collectionNames)('costs one request where the %s have no order', async name => {
    const first = await open({ maxPage: 7 })
    const page = await readPage(first, { name }, { first: 5 })
    await first.close()
    const second = await open({ maxPage: 7 })
    const next = await readPage(second, { name }, { first: 2, after: page.pageInfo.endCursor })
    expect(next.edges.map(({ node }) => node.id)).toEqual(
      (dataset[name] as readonly Row[]).slice(5, 7).map(({ id }) => id),
    )
    expect(second.standIn.requests).toHaveLength(1)
    await second.close()
  })

  it.each([
    ['no cursor', 'nonsense'],
    ['a cursor of another filter', null],
  ])('is refused with its argument when it is %s', async (_, given) => {
    const graph = await open({})
    const other = await readPage(
      graph,
      { name: 'apps', filter: { type: { ne: 'X' } } },
      { first: 1 },
    )
    for (const argument of ['after', 'before']) {
      const answer = await graph.run(
        `query ($cursor: String) { apps(first: 1, ${argument}: $cursor) { nodes { id } } }`,
        { cursor: given ?? other.pageInfo.endCursor },
      )
      expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
      expect(answer.errors[0]?.message).toContain(argument)
    }
    await graph.close()
  })
})

describe('a list that runs out of requests', () => {
  it('goes on from its end cursor until it is whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...collectionNames),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(3, 50, 1_000),
        fc.boolean(),
        async (name, maxRequests, size, filtered) => {
          const graph = await open({ maxPage: 7 })
          const field = name === 'apps' ? 'type' : 'id'
          const listing: Listing = {
            name,
            filter: filtered ? { not: { [field]: { eq: 'none of them' } } } : {},
          }
          try {
            const ids: string[] = []
            let after: string | null = null
            for (let pages = 0; ; pages += 1) {
              expect(pages).toBeLessThan(500)
              const page: Awaited<ReturnType<typeof readPage>> = await readPage(
                graph,
                listing,
                { first: size, after },
                { maxRequests },
              )
              ids.push(...page.edges.map(({ node }) => node.id))
              // What is missing is said.
              const isWhole = page.edges.length === size || !page.pageInfo.hasNextPage
              expect(page.complete).toBe(isWhole)
              if (!page.pageInfo.hasNextPage) break
              after = page.pageInfo.endCursor ?? after
            }
            expectIds(
              ids,
              referenceList(world, name, listing).map(({ id }) => id),
            )
          } finally {
            await graph.close()
          }
        },
      ),
      { numRuns: runsOr(15) },
    )
  })
})

describe('the pages of what a relation leads to', () => {
  it('begin and end at any cursor', async () => {
    const questions = relatedQuestions(dataset, 0).filter(
      ({ filter }) => !JSON.stringify(filter).includes('"events"'),
    )
    const places = fc.tuple(fc.nat(1_000), fc.nat(50), fc.nat(50), fc.constantFrom(1, 2, 5))
    await fc.assert(
      fc.asyncProperty(questions, places, fc.boolean(), async (question, place, warm) => {
        const { parent, field, to, filter, orderBy } = question
        const parents: readonly Row[] = dataset[parent]
        const row = parents[place[0] % parents.length]
        if (row === undefined) return
        const ids = referenceRelated(world, parent, field, row, question).map(({ id }) => id)
        const graph = await open({})
        try {
          if (warm) await graph.run(`{ ${to} { totalCount } ${parent} { totalCount } }`)
          const single = collections[parent].type
          const type = collections[to].type
          const read = async (page: object) => {
            const answer = await graph.run(
              `query ($id: ID!, $filter: ${type}Filter, $orderBy: [${type}Order!],
                $first: Int, $after: String, $last: Int, $before: String) {
                parent: ${single.charAt(0).toLowerCase()}${single.slice(1)}(id: $id) {
                  list: ${field}(filter: $filter, orderBy: $orderBy,
                    first: $first, after: $after, last: $last, before: $before) {
                    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage }
                  }
                }
              }`,
              { id: row.id, filter: toVariable(filter), orderBy, ...page },
            )
            expect(answer.errors).toEqual([])
            const { parent: found } = answer.data as {
              parent: { list: Awaited<ReturnType<typeof readPage>> }
            }
            return found.list
          }
          const idsOf = ({ edges }: Awaited<ReturnType<typeof readPage>>) =>
            edges.map(({ node }) => node.id)
          const whole = await read({ first: 1_000 })
          expect(idsOf(whole)).toEqual(ids)
          if (ids.length === 0) return
          const size = place[3]
          const [start, end] = [place[1] % ids.length, place[2] % ids.length]
          const next = await read({ first: size, after: whole.edges[start]?.cursor })
          expect(idsOf(next)).toEqual(ids.slice(start + 1, start + 1 + size))
          expect(next.pageInfo.hasNextPage).toBe(start + 1 + size < ids.length)
          const previous = await read({ last: size, before: whole.edges[end]?.cursor })
          expect(idsOf(previous)).toEqual(ids.slice(Math.max(0, end - size), end))
          expect(previous.pageInfo.hasPreviousPage).toBe(end - size > 0)
        } finally {
          await graph.close()
        }
      }),
      { numRuns: runsOr(20) },
    )
  })
})

describe('a list over several connectors', () => {
  const others = ['second', 'third']
  const tenants = [1, 2, 3].map(seed => toDataset(createData({ seed, scale: 0.01, now: TEST_NOW })))
  const aliases = ['default', ...others]

  const together = Object.fromEntries(
    collectionNames.map(name => [name, tenants.flatMap((tenant): readonly Row[] => tenant[name])]),
  ) as unknown as Dataset

  /** One connector's rows after the other's, or all of them in one order. */
  const wantedOf = (listing: Listing, of: readonly string[]): readonly string[] => {
    const passing = of.flatMap(alias => {
      const tenant = tenants[aliases.indexOf(alias)] as Dataset
      const there = { data: tenant, connectorAlias: alias, nowSeconds: TEST_NOW }
      return referenceList(there, listing.name, { filter: listing.filter })
    })
    if ((listing.orderBy ?? []).length === 0) return passing.map(({ id }) => id)
    const all = { ...world, data: { ...together, [listing.name]: passing } }
    return referenceList(all, listing.name, { orderBy: listing.orderBy }).map(({ id }) => id)
  }

  it('is all of them, page by page, forward and backward', async () => {
    const withAlias = listings.map(listing => ({
      ...listing,
      // Ids of one tenant name nothing in another.
      filter: JSON.stringify(listing.filter).includes('"id"') ? {} : listing.filter,
    }))
    await fc.assert(
      fc.asyncProperty(
        withAlias,
        fc.constantFrom(1, 2, 5, 17),
        fc.boolean(),
        fc.boolean(),
        async (listing, size, backward, warm) => {
          const clock = createSteppingClock()
          const graph = await createGraph({ scale: 0.01, clock, rate: 1e6, others })
          try {
            if (warm) await graph.run(`{ ${listing.name} { totalCount } }`)
            const walk = backward ? walkBackward : walkForward
            const { ids } = await walk(graph, listing, size, unbounded)
            const order = listing.orderBy.length > 0 ? 'listed' : 'listedOrById'
            expectIds(ids, wantedOf(listing, aliases), order)
          } finally {
            await graph.close()
          }
        },
      ),
      { numRuns: runsOr(15) },
    )
  })
})
