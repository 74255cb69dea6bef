import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError } from '../../src/errors.ts'
import { createPageWalker } from '../../src/paging/page-walker.ts'
import { readPages } from '../../src/paging/read-pages.ts'
import type { ResumePoint } from '../../src/paging/resume-point.ts'
import { gapOf, type PageRead, type Walk } from '../../src/paging/walk.ts'
import type { Facts, Page, PageRequest } from '../../src/upstream/contract/contract.ts'
import { rowOf } from '../support/rows.ts'

const pageOf = (ids: readonly string[], nextToken?: string) =>
  ({
    rows: ids.map(id => rowOf('apps', { id })),
    nextToken,
    promisesMore: false,
    sent: ids.length,
    unreadable: [],
  }) as unknown as Page<'apps'>

/** Reads a list of known size that takes no offsets to its end; whoever asks two hundred times would ask for ever. */
const readAll = async (answer: (request: PageRequest, n: number) => Page<'apps'> | Error) => {
  const asked: (string | undefined)[] = []
  const walk = {
    collection: 'apps',
    client: { facts: { get: () => 'no' }, pageSize: () => 10 },
    width: () => 1,
    shortIsLast: false,
    remembersRows: true,
    expected: { rows: 0, at: 0 },
    goesBack: true,
    beginsAgain: true,
    ask: async (request: PageRequest): Promise<Page<'apps'>> => {
      asked.push(request.nextToken)
      if (asked.length > 200) throw new Error('asked without end')
      const given = answer(request, asked.length)
      if (given instanceof Error) throw given
      return Promise.resolve(given)
    },
  } as unknown as Walk<'apps'>
  const ids: string[] = []
  let failure: unknown
  try {
    for await (const { rows } of readPages(walk)) ids.push(...rows.map(({ id }) => id))
  } catch (error) {
    failure = error
  }
  return { asked, ids, failure }
}

describe('a list whose paging leads nowhere ends in an error', () => {
  test('where a token leads back three times; once may be a damaged answer', async () => {
    const damaged = await readAll((_request, n) =>
      pageOf([`row ${n}`], ['one', 'two', 'one', 'three'][n - 1]),
    )
    expect(damaged.failure).toBeUndefined()
    expect(damaged.asked).toEqual([undefined, 'one', 'two', 'two', 'three'])
    const circular = await readAll((_request, n) => pageOf([`row ${n}`], 'one'))
    expect(circular.failure).toMatchObject({ code: 'UPSTREAM_INVALID' })
    expect(circular.asked).toEqual([undefined, 'one', 'one', 'one'])
  })

  test('where twenty-six pages in a row bring nothing, but not where twenty-five do', async () => {
    const emptyFor = (pages: number) =>
      readAll((_request, n) =>
        n % (pages + 1) === 0
          ? pageOf([`row ${n}`], n > 3 * pages ? undefined : `token ${n}`)
          : pageOf([], `token ${n}`),
      )
    expect(await emptyFor(25)).toMatchObject({ ids: ['row 26', 'row 52', 'row 78'] })
    expect((await emptyFor(25)).failure).toBeUndefined()
    const endless = await emptyFor(26)
    expect(endless.failure).toMatchObject({ code: 'UPSTREAM_INVALID' })
    expect(endless.ids).toEqual([])
  })

  test('where Push refuses a token that it gave itself, again and again', async () => {
    const refused = await readAll(({ nextToken }) =>
      nextToken === undefined ? pageOf(['a'], 'next') : new UpstreamRefusedError('no', 400),
    )
    expect(refused.failure).toMatchObject({
      code: 'UPSTREAM_INVALID',
      message: 'Push refuses the place in apps that it gave itself',
    })
    // Three times from the start again: what comes twice is told apart elsewhere.
    expect(refused.asked.filter(token => token === undefined)).toHaveLength(4)
  })

  test('but not where it was refused once', async () => {
    let refusals = 1
    const read = await readAll(({ nextToken }) => {
      if (nextToken === undefined) return pageOf(['a'], 'next')
      refusals -= 1
      return refusals === 0 ? new UpstreamRefusedError('no', 400) : pageOf(['b'])
    })
    expect(read).toMatchObject({ failure: undefined, ids: ['a', 'a', 'b'] })
  })
})

describe('a list that promises more without a token', () => {
  const letters = [...'abcdefghij']
  type Answer = (request: PageRequest) => Page<'apps'> | Error

  const promise = (ids: readonly string[]): Page<'apps'> => ({ ...pageOf(ids), promisesMore: true })

  const readOn = async (answer: Answer) => {
    const asked: (number | undefined)[] = []
    const facts = new Map<string, string>()
    const walk = {
      collection: 'apps',
      client: { facts, pageSize: () => 4 },
      width: () => 0,
      shortIsLast: true,
      remembersRows: true,
      goesBack: true,
      beginsAgain: true,
      ask: async (request: PageRequest): Promise<Page<'apps'>> => {
        asked.push(request.offset)
        const given = answer(request)
        if (given instanceof Error) throw given
        return Promise.resolve(given)
      },
    } as unknown as Walk<'apps'>
    const pages: PageRead<'apps'>[] = []
    for await (const page of readPages(walk)) pages.push(page)
    const ids = pages.flatMap(({ rows }) => rows.map(({ id }) => id))
    return { ids, asked, gap: pages.at(-1)?.gap, gaps: pages.filter(({ gap }) => gap).length }
  }

  test('is read on by offset, to where nothing is promised', async () => {
    const read = await readOn(({ offset = 0 }) => {
      const ids = letters.slice(offset, offset + 4)
      return offset + 4 < letters.length ? promise(ids) : pageOf(ids)
    })
    expect(read).toEqual({ ids: letters, asked: [undefined, 3, 6], gap: undefined, gaps: 0 })
  })

  test('or to where nothing stands, whatever is promised', async () => {
    const read = await readOn(({ offset = 0 }) => promise(letters.slice(offset, offset + 4)))
    expect(read).toEqual({ ids: letters, asked: [undefined, 3, 6, 9], gap: undefined, gaps: 0 })
  })

  test.each<[string, Answer]>([
    ['passed over', () => promise(letters.slice(0, 4))],
    [
      'refused',
      ({ offset }) =>
        offset === undefined
          ? promise(letters.slice(0, 4))
          : new UpstreamRefusedError('Unknown parameter', 400),
    ],
    [
      'answered with nothing',
      ({ offset }) => promise(letters.slice(0, offset === undefined ? 4 : 0)),
    ],
  ])('is cut off where offsets are %s', async (_how, answer) => {
    const read = await readOn(answer)
    expect(read).toMatchObject({ ids: [...'abcd'], gap: 'cutOff', gaps: 1 })
    expect(read.asked.slice(0, 2)).toEqual([undefined, 3])
  })

  test('is at its end where its first page is empty', async () => {
    const read = await readOn(() => promise([]))
    expect(read).toEqual({ ids: [], asked: [undefined], gap: undefined, gaps: 0 })
  })
})

test('a walk that only an offset led on goes back to the last token, and leaves nothing out', async () => {
  const rows = Array.from({ length: 30 }, (_, n) => rowOf('apps', { id: `${n}` }))
  const asked: PageRequest[] = []
  const ask = (request: PageRequest): Promise<Page<'apps'>> => {
    asked.push(request)
    // Offsets work for two pages, and their answers have no token.
    const offset = request.offset === 27 ? 0 : request.offset
    const start = offset ?? Number(request.nextToken ?? 0)
    const page = rows.slice(start, start + 10)
    const end = start + page.length
    const nextToken = offset === undefined && end < rows.length ? String(end) : undefined
    return Promise.resolve({
      rows: page,
      nextToken,
      promisesMore: false,
      sent: page.length,
      readAt: 0,
      unreadable: [],
    })
  }
  const walker = createPageWalker({
    collection: 'apps',
    client: { facts: new Map() as unknown as Facts, pageSize: () => 10 },
    ask,
    width: () => 1,
    shortIsLast: false,
    remembersRows: true,
    goesBack: true,
    beginsAgain: true,
  })
  let page = await walker.next()
  while (page.next !== undefined) page = await walker.next()
  expect(walker.met.rowsSeen).toBe(30)
  expect(asked.map(({ offset, nextToken }) => nextToken ?? offset)).toEqual([
    undefined,
    9,
    18,
    27,
    '10',
    '20',
  ])
})

describe('a walk that is taken up again', () => {
  /** Pages of two of these rows by a token that is a position, or from the start. */
  const takeUp = async (ids: readonly string[], from: ResumePoint, beginsAgain = true) => {
    const asked: (string | undefined)[] = []
    const walk: Walk<'apps'> = {
      collection: 'apps',
      client: {
        facts: { get: () => 'no', set: () => undefined, all: () => new Map() },
        pageSize: () => 2,
      },
      width: () => 0,
      shortIsLast: false,
      remembersRows: false,
      goesBack: true,
      beginsAgain,
      ask: async ({ nextToken }) => {
        asked.push(nextToken)
        const start = Number(nextToken ?? 0)
        const end = start + 2
        return pageOf(ids.slice(start, end), end < ids.length ? String(end) : undefined)
      },
    }
    const met = new Set<string>()
    const gaps: (string | undefined)[] = []
    for await (const page of readPages(walk, from)) {
      for (const { id } of page.rows) met.add(id)
      gaps.push(gapOf(page))
    }
    return { asked, met, gap: gaps.at(-1), gaps }
  }

  test('begins anew where its token is a position that may have shifted meanwhile', async () => {
    // Four rows stood before it, and the first of them has gone.
    const { asked, met, gap } = await takeUp(['b', 'c', 'd', 'e', 'f'], {
      token: '4',
      sent: 4,
      last: 'd',
    })
    expect(asked.slice(0, 2)).toEqual(['4', undefined])
    expect([...met].sort()).toEqual(['b', 'c', 'd', 'e', 'f'])
    expect(gap).toBeUndefined()
  })

  test('says at once that rows may have been passed by where it never begins anew', async () => {
    const { asked, gaps } = await takeUp(
      ['b', 'c', 'd', 'e', 'f', 'g', 'h'],
      { token: '4', sent: 4, last: 'd' },
      false,
    )
    expect(asked).not.toContain(undefined)
    expect(gaps).toEqual(['shifted', 'shifted'])
  })

  test('still says that rows may have been passed by before', async () => {
    const { gap } = await takeUp(['a', 'b'], { sent: 0, doubtful: 1 })
    expect(gap).toBe('shifted')
  })
})

test('the last page with rows is looked at again, though one without any came behind it', async () => {
  let ids = ['a', 'b', 'c', 'd']
  let asked = 0
  const walk: Walk<'apps'> = {
    collection: 'apps',
    client: {
      facts: { get: () => 'no', set: () => undefined, all: () => new Map() },
      pageSize: () => 2,
    },
    width: () => 0,
    shortIsLast: true,
    remembersRows: true,
    goesBack: true,
    beginsAgain: true,
    // Behind the first page comes an empty one; a row goes before the third.
    ask: async ({ nextToken }) => {
      asked += 1
      if (asked === 4) ids = ids.slice(1)
      if (nextToken === 'one') return pageOf([], 'two')
      if (nextToken === 'two') return pageOf(ids.slice(2))
      return pageOf(ids.slice(0, 2), 'one')
    },
  }
  const met: string[] = []
  for await (const { rows } of readPages(walk)) met.push(...rows.map(({ id }) => id))
  expect(new Set(met)).toEqual(new Set(['a', 'b', 'c', 'd']))
})
