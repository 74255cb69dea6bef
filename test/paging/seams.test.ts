/** Lists that change while they are read: what was there throughout is read, or the list is said not to be whole. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UpstreamRefusedError } from '../../src/errors.ts'
import { readPages } from '../../src/paging/page-walker.ts'
import { mayOverlap, tokenKind } from '../../src/paging/seams.ts'
import type { Walk } from '../../src/paging/walk.ts'
import type { Page, PageRequest } from '../../src/upstream/contract/contract.ts'
import { rowOf } from '../support/rows.ts'

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
  /** Whether offsets are known to work. */
  readonly isKnown?: boolean
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
      rows: ids.map(id => rowOf('apps', { id })),
      nextToken: end < rows.length ? `${text}~${issued.length - 1}` : undefined,
      promisesMore: false,
      readAt: 0,
      sent: ids.length,
      unreadable: [],
    }
  }

  const facts = new Map<string, string>(world.isKnown === true ? [['offset apps', 'works']] : [])
  const walk: Walk<'apps'> = {
    collection: 'apps',
    client: { facts: Object.assign(facts, { all: () => facts }), pageSize: () => world.pageSize },
    ask: async request => Promise.resolve(answer(request)),
    width: ({ pages }) => (pages === 0 ? 0 : world.width),
    shortIsLast: true,
    remembersRows: world.remembersRows,
    goesBack: true,
  }
  const met = new Set<string>()
  let gap: string | undefined
  for await (const page of readPages(walk)) {
    for (const { id } of page.rows) met.add(id)
    gap = page.gap
  }
  return { lost: [...throughout].filter(id => !met.has(id)), gap, asked }
}

test('wherever rows come and go, none that was there throughout is lost without a word', async () => {
  const anywhere = worlds(['works'], ['position', 'opaque position'])
  await fc.assert(
    fc.asyncProperty(anywhere, async world => {
      const { lost, gap } = await readWhile({ ...world, isKnown: true })
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_500 },
  )
})

test('nor where it is not known yet whether offsets work, and rows come or go at one moment', async () => {
  const anywhere = worlds(['works'], ['position', 'opaque position'])
  await fc.assert(
    fc.asyncProperty(anywhere, fc.integer({ min: 2, max: 12 }), async (world, before) => {
      const moves = world.moves.map(move => ({ ...move, before }))
      const { lost, gap } = await readWhile({ ...world, moves })
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('nor where a token is seen to be a position, and there are no offsets', async () => {
  await fc.assert(
    fc.asyncProperty(worlds(['ignored', 'refused'], ['position']), async world => {
      // That there are no offsets is learnt from the second request; and a row that goes just before a look, for which
      // another comes just after it, cannot be seen.
      const moves = world.moves.filter(({ before, kind }) => before > 2 && kind === 'remove')
      const { lost, gap } = await readWhile({ ...world, moves })
      expect(gap === undefined ? lost : []).toEqual([])
    }),
    { numRuns: 1_000 },
  )
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
      if (world.offset === 'works') expect(asked).toBeLessThanOrEqual(overlapping + 1)
      // One look shows that there are no offsets.
      else if (world.token !== 'position') expect(asked).toBeLessThanOrEqual(pages + 1)
    }),
    { numRuns: 300 },
  )
})
