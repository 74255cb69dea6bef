/** Lists that change while they are read: what was there throughout is read, or the list is said not to be whole. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../src/demo/tenant/random.ts'
import { UpstreamRefusedError } from '../../src/errors.ts'
import { readPages } from '../../src/paging/read-pages.ts'
import { compareAgain, mayOverlap, tokenKind } from '../../src/paging/seams.ts'
import type { Walk } from '../../src/paging/walk.ts'
import type { Page, PageRequest } from '../../src/upstream/contract/contract.ts'
import { rowOf } from '../support/rows.ts'
import { runsOr } from '../support/runs.ts'

test.each([
  ['200', 'position'],
  [Buffer.from('200').toString('base64'), 'position'],
  [Buffer.from('{"offset":200}').toString('base64'), 'position'],
  ['row-199', 'keyset'],
  [Buffer.from('{"after":"row-199","n":200}').toString('base64'), 'keyset'],
  ['x1200y', 'unknown'],
  ['bm8gb25lIGtub3dz', 'unknown'],
])('the token %s is a %s', (token, kind) => {
  expect(tokenKind({ token, sent: 200, last: 'row-199' })).toBe(kind)
})

test.each([
  [undefined, true],
  [150, true],
  [200, true],
  [300, true],
  [399, true],
  [400, false],
  [1_000, false],
  [1_500, true],
  [12_000, false],
  [60_000, true],
])('pages of %s rows overlap where that costs next to nothing: %s', (rows, may) => {
  expect(mayOverlap(rows, 200)).toBe(may)
})

test.each([
  ['a b c', 'a b c', 'same'],
  ['a b', 'a b c', 'same'],
  ['a b c d', 'a b c', 'same'],
  ['', 'a b c', 'same'],
  ['b c d', 'a b c', 'moved'],
  ['new a b', 'a b c', 'moved'],
  ['x y z', 'a b c', 'moved'],
  ['c a b', 'a b c', 'reordered'],
  ['x c b', 'a b c', 'reordered'],
])('a page of %j that was one of %j is %s', (again, before, verdict) => {
  const idsIn = (text: string): string[] => text.split(' ').filter(id => id !== '')
  expect(compareAgain(idsIn(again), idsIn(before))).toBe(verdict)
})

interface Move {
  readonly before: number
  readonly kind: 'remove' | 'insert'
  /** A share of the list. */
  readonly at: number
}

interface World {
  readonly length: number
  readonly pageSize: number
  readonly width: number
  readonly token: 'position' | 'opaque position' | 'keyset'
  readonly offset: 'works' | 'ignored' | 'refused'
  readonly remembersRows: boolean
  /** `counted`: how many there were, and when the newest was created; `met`: which ones there were. */
  readonly size: 'unknown' | 'counted' | 'met'
  /** What is known of offsets. */
  readonly isKnown?: 'works' | 'no'
  readonly moves: readonly Move[]
}

const worlds = (offset: World['offset'][], kinds: World['token'][]): fc.Arbitrary<World> =>
  fc.record({
    length: fc.integer({ min: 0, max: 60 }),
    pageSize: fc.integer({ min: 4, max: 9 }),
    width: fc.constantFrom(0, 0, 1, 3),
    token: fc.constantFrom(...kinds),
    offset: fc.constantFrom(...offset),
    remembersRows: fc.boolean(),
    size: fc.constantFrom('unknown' as const, 'counted' as const, 'met' as const),
    moves: fc.array(
      fc.record({
        before: fc.integer({ min: 2, max: 14 }),
        kind: fc.constantFrom('remove' as const, 'insert' as const),
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      { maxLength: 8 },
    ),
  })

/** Reads the list while it changes. */
const readWhile = async (world: World) => {
  let rows = Array.from({ length: world.length }, (_, n) => `row-${n}`)
  const throughout = new Set(rows)
  let asked = 0
  let inserted = 0
  // Opaque to whoever does not have this list.
  const issued: { readonly start: number; readonly after: string }[] = []

  const move = ({ kind, at }: Move): void => {
    const index = Math.floor(at * rows.length)
    if (kind === 'insert') rows = rows.toSpliced(index, 0, `new-${(inserted += 1)}`)
    else {
      throughout.delete(rows[index] ?? '')
      rows = rows.toSpliced(index, 1)
    }
  }

  const startOf = ({ nextToken, offset }: PageRequest): number => {
    if (nextToken !== undefined) {
      const { start, after } = issued[Number(nextToken.split('~')[1])] ?? { start: 0, after: '' }
      if (world.token !== 'keyset') return start
      const place = rows.indexOf(after)
      return place < 0 ? start : place + 1
    }
    if (offset === undefined || world.offset === 'ignored') return 0
    if (world.offset === 'refused') throw new UpstreamRefusedError('Unknown parameter', 400)
    return offset
  }

  const answer = (request: PageRequest): Page<'apps'> => {
    asked += 1
    for (const one of world.moves) if (one.before === asked) move(one)
    const start = startOf(request)
    const ids = rows.slice(start, start + world.pageSize)
    const end = start + ids.length
    issued.push({ start: end, after: ids.at(-1) ?? '' })
    const text = world.token === 'position' ? String(end) : 'opaque'
    return {
      // Where the rows are known, what is new may look as if it were old.
      rows: ids.map(id =>
        rowOf('apps', {
          id,
          createdAt: id.startsWith('new') && world.size !== 'met' ? 2_000 : 1_000,
        }),
      ),
      nextToken: end < rows.length ? `${text}~${issued.length - 1}` : undefined,
      promisesMore: false,
      readAt: 0,
      sent: ids.length,
      unreadable: [],
    }
  }

  const facts = new Map<string, string>(
    world.isKnown === undefined ? [] : [['offset apps', world.isKnown]],
  )
  const met = new Set<string>()
  const before = [...throughout]
  const misses = (last: Page): boolean => {
    const come = new Set([...met, ...last.rows.map(({ id }) => id)])
    return before.some(id => !come.has(id))
  }
  const walk: Walk<'apps'> = {
    collection: 'apps',
    ...(world.size === 'unknown' ? {} : { expected: { rows: world.length, at: 0, newest: 1_000 } }),
    ...(world.size === 'met' ? { misses } : {}),
    client: { facts: Object.assign(facts, { all: () => facts }), pageSize: () => world.pageSize },
    ask: async request => Promise.resolve(answer(request)),
    width: ({ pages }) => (pages === 0 ? 0 : world.width),
    shortIsLast: true,
    remembersRows: world.remembersRows,
    goesBack: true,
    beginsAgain: true,
  }
  let gap: string | undefined
  for await (const page of readPages(walk)) {
    for (const { id } of page.rows) met.add(id)
    gap = page.gap
  }
  return { lost: [...throughout].filter(id => !met.has(id)), gap, asked }
}

/** A page by offset is empty, and the look at the rows before it finds all as it stood: both cannot be. */
const goneAndBack: World = {
  length: 8,
  pageSize: 4,
  width: 0,
  token: 'position',
  offset: 'works',
  remembersRows: false,
  size: 'unknown',
  moves: [
    { before: 3, kind: 'remove', at: 0 },
    { before: 4, kind: 'insert', at: 0 },
    { before: 4, kind: 'insert', at: 0 },
    { before: 3, kind: 'remove', at: 0 },
    { before: 5, kind: 'remove', at: 0 },
  ],
}

test('wherever rows come and go, none that was there throughout is lost without a word', async () => {
  const anywhere = worlds(['works'], ['position', 'opaque position'])
  await fc.assert(
    fc.asyncProperty(anywhere, async world => {
      const { lost, gap } = await readWhile({ ...world, isKnown: 'works' })
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_500, examples: [[goneAndBack]] },
  )
})

test('nor where it is not known yet whether offsets work', async () => {
  const anywhere = worlds(['works'], ['position', 'opaque position'])
  await fc.assert(
    fc.asyncProperty(anywhere, async world => {
      const { lost, gap } = await readWhile(world)
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('nor where there are no offsets', async () => {
  const anywhere = worlds(['ignored', 'refused'], ['position', 'opaque position'])
  await fc.assert(
    fc.asyncProperty(anywhere, async world => {
      // That there are no offsets is learnt from the second request; and a row that goes just before a look, for which
      // another comes just after it, cannot be seen.
      const moves = world.moves.filter(({ before, kind }) => before > 2 && kind === 'remove')
      const { lost, gap } = await readWhile({ ...world, moves })
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('a list that is shorter than it was is read once more, each page looked at, where there are no offsets', async () => {
  const world: World = {
    length: 30,
    pageSize: 10,
    width: 0,
    token: 'opaque position',
    offset: 'refused',
    remembersRows: true,
    size: 'counted',
    isKnown: 'no',
    moves: [],
  }
  expect(await readWhile(world)).toEqual({ lost: [], gap: undefined, asked: 3 })
  // One goes before the second page, and shifts the third, too.
  const moves = [{ before: 2, kind: 'remove' as const, at: 0 }]
  expect(await readWhile({ ...world, moves })).toEqual({ lost: [], gap: undefined, asked: 3 + 5 })
})

test('a list that rests is read whole, for a page more at most where offsets work', async () => {
  const anywhere = worlds(
    ['works', 'ignored', 'refused'],
    ['position', 'opaque position', 'keyset'],
  )
  await fc.assert(
    fc.asyncProperty(anywhere, async world => {
      const { lost, gap, asked } = await readWhile({ ...world, width: 0, moves: [] })
      expect({ lost, gap }).toEqual({ lost: [], gap: undefined })
      const pages = Math.max(1, Math.ceil(world.length / world.pageSize))
      const overlapping = Math.max(1, Math.ceil((world.length - 1) / (world.pageSize - 1)))
      const isCounted = world.remembersRows && world.size !== 'unknown'
      // One look shows that there are no offsets.
      const atMost = isCounted ? pages + 1 : 2 * pages
      if (world.offset === 'works') expect(asked).toBeLessThanOrEqual(overlapping + 1)
      else if (world.token !== 'position') expect(asked).toBeLessThanOrEqual(atMost)
    }),
    { numRuns: 300 },
  )
})

interface Shuffled {
  readonly length: number
  readonly pageSize: number
  readonly seed: number
  /** Whether a token goes on in an order of its own, too, instead of that in which the list was begun. */
  readonly each?: 'list' | 'request'
  readonly width?: number
  readonly remembersRows?: boolean
  readonly isCounted?: boolean
}

/** A list that has another order each time it is begun, or for each request. */
const shuffledList = ({
  length,
  pageSize,
  seed,
  each = 'list',
  width = 0,
  remembersRows = true,
  isCounted = false,
}: Shuffled) => {
  const rows = Array.from({ length }, (_, n) => rowOf('apps', { id: `row-${n}` }))
  const orders: (typeof rows)[] = []
  const answer = ({ nextToken, offset }: PageRequest): Page<'apps'> => {
    const [begun = orders.length, start = offset ?? 0] = nextToken?.split('~').map(Number) ?? []
    const order = each === 'list' ? begun : orders.length
    orders[order] ??= createRandom(seed, String(order)).shuffled(rows)
    const page = orders[order].slice(start, start + pageSize)
    const end = start + page.length
    return {
      ...{ rows: page, sent: page.length, unreadable: [], promisesMore: false, readAt: 0 },
      nextToken: end < length ? `${order}~${end}` : undefined,
    }
  }
  const facts = new Map<string, string>()
  let asked = 0
  const walk: Walk<'apps'> = {
    ...{ collection: 'apps', shortIsLast: true, goesBack: true, beginsAgain: true },
    client: { facts: Object.assign(facts, { all: () => facts }), pageSize: () => pageSize },
    ask: async request => {
      asked += 1
      return Promise.resolve(answer(request))
    },
    ...{ width: ({ pages }) => (pages === 0 ? 0 : width), remembersRows },
    ...(isCounted ? { expected: { rows: length, at: 0, newest: undefined } } : {}),
  }
  /** Reads the list; how many rows came, what it cost, and why rows may be missing. */
  const read = async () => {
    asked = 0
    const met = new Set<string>()
    let gap: string | undefined
    for await (const page of readPages(walk)) {
      for (const { id } of page.rows) met.add(id)
      gap = page.gap
    }
    return { rows: met.size, gap, asked }
  }
  return { read, facts }
}

test('that a list has another order each time it is begun is learnt, and then its tokens alone are followed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 400 }),
      fc.integer({ min: 50, max: 80 }),
      fc.nat(),
      async (length, pageSize, seed) => {
        const { read, facts } = shuffledList({ length, pageSize, seed })
        const pages = Math.ceil(length / pageSize)
        let times = 0
        for (; facts.size < 2; times += 1) {
          const list = await read()
          // Orders that agree by chance on a few rows are told of.
          if (list.gap === undefined) expect(list.rows).toBe(length)
        }
        expect(times).toBeLessThanOrEqual(6)
        expect([...facts]).toEqual([
          ['offset apps', 'no'],
          ['order apps', 'changing'],
        ])
        expect(await read()).toEqual({ rows: length, gap: undefined, asked: pages })
      },
    ),
    {
      numRuns: runsOr(100),
      // Pages of two orders were joined, as they agree by chance on two rows.
      examples: [
        [400, 20, 759_802_702],
        [248, 27, 2_120_553_826],
        [232, 20, 1_256_527_621],
      ],
    },
  )
})

const SURE_PAGE = 10

const shuffles = fc.record({
  length: fc.integer({ min: 1, max: 70 }),
  pageSize: fc.integer({ min: 3, max: 20 }),
  seed: fc.nat(),
  width: fc.constantFrom(0, 0, 1, 3),
  remembersRows: fc.boolean(),
  isCounted: fc.boolean(),
})

test('pages of several orders that fit by chance are never given for the whole list', async () => {
  await fc.assert(
    fc.asyncProperty(shuffles, async shuffled => {
      // Where rows are not remembered, short pages fit by chance now and then.
      const remembersRows = shuffled.remembersRows || shuffled.pageSize < SURE_PAGE
      const { read } = shuffledList({ ...shuffled, remembersRows })
      for (let times = 0; times < 3; times += 1) {
        const { rows, gap } = await read()
        if (gap === undefined) expect(rows).toBe(shuffled.length)
      }
    }),
    { numRuns: runsOr(3_000) },
  )
})

test('nor where each request has an order of its own, as long as the rows that came are remembered', async () => {
  await fc.assert(
    fc.asyncProperty(shuffles, async shuffled => {
      const { read } = shuffledList({ ...shuffled, each: 'request', remembersRows: true })
      for (let times = 0; times < 3; times += 1) {
        const { rows, gap } = await read()
        if (gap === undefined) expect(rows).toBe(shuffled.length)
      }
    }),
    { numRuns: runsOr(2_000) },
  )
})
