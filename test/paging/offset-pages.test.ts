import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError, UpstreamUnavailableError } from '../../src/errors.ts'
import { createOffsetPages } from '../../src/paging/offset-pages.ts'
import { type ResumePoint, START } from '../../src/paging/resume-point.ts'
import type { Walk } from '../../src/paging/walk.ts'
import type { Page, PageRequest } from '../../src/upstream/contract/contract.ts'
import { rowOf } from '../support/rows.ts'

const SIZE = 4

/** A list of apps that is asked for by offset; `answer` gives what comes instead of the rows there. */
const pagesOver = (
  ids: readonly string[],
  answer?: (request: PageRequest) => Page<'apps'> | Error | undefined,
  size = SIZE,
) => {
  const learnt: string[] = []
  const asked: number[] = []
  const facts = {
    get: () => learnt.at(-1),
    set: (_name: string, fact: string) => learnt.push(fact),
  }
  const since: (number | undefined)[] = []
  const ask: Walk<'apps'>['ask'] = async (request, _signal, notBefore) => {
    const offset = request.offset ?? 0
    asked.push(offset)
    since.push(notBefore)
    const given = answer?.(request)
    if (given instanceof Error) throw given
    return Promise.resolve(given ?? pageOf(ids.slice(offset, offset + size)))
  }
  const walk = { collection: 'apps', client: { facts, pageSize: () => size }, ask }
  const pages = createOffsetPages(
    walk as unknown as Walk<'apps'>,
    () => false,
    () => 1_000,
  )
  return {
    next: (point: ResumePoint) => pages.next(point, 3, false),
    /** The page behind those rows, of a list that is read from its start again. */
    nextBehind: async (first: readonly string[]) => {
      pages.beginAgain()
      const page = pageOf(first)
      pages.note({ ...page, from: START, next: undefined, origin: { offset: 0 } })
      return pages.next({ sent: first.length, last: first.at(-1) ?? '' }, 3, false)
    },
    hasLostTrack: () => pages.hasLostTrack,
    learnt,
    asked,
    since,
  }
}

const pageOf = (ids: readonly string[]) =>
  ({
    rows: ids.map(id => rowOf('apps', { id })),
    sent: ids.length,
    promisesMore: false,
    unreadable: [],
  }) as unknown as Page<'apps'>

const letters = [...'abcdefghij']
const BEHIND_D = { sent: 4, last: 'd' }

describe('a page by offset', () => {
  test('follows on the row before it, which is not given again; only then is more asked for', async () => {
    const { next, learnt, asked } = pagesOver(letters)
    const first = await next(BEHIND_D)
    expect(first).toMatchObject({ sent: 3, next: { sent: 7, last: 'g' } })
    expect([learnt, asked]).toEqual([['works'], [3]])
    if (first?.next === undefined) throw new Error('no next')
    const second = await next(first.next)
    expect(second).toMatchObject({ sent: 3, next: { sent: 10, last: 'j' } })
    expect(asked.slice(0, 2)).toEqual([3, 6])
    const ids = [first, second].flatMap(page => page?.rows.map(({ id }) => id))
    expect(ids).toEqual([...'efghij'])
  })

  test('is asked for anew where the one before it was shorter than it could be', async () => {
    const { next, asked } = pagesOver(letters, ({ offset }) =>
      offset === 6 ? pageOf(['g', 'h']) : undefined,
    )
    await next(BEHIND_D)
    expect(await next({ sent: 7, last: 'g' })).toMatchObject({ next: { sent: 8, last: 'h' } })
    const rest = await next({ sent: 8, last: 'h' })
    expect(rest?.rows.map(({ id }) => id)).toEqual(['i', 'j'])
    expect(asked).toEqual([3, 6, 9, 12, 7, 10, 13])
  })

  test('is of no use where it does not follow on the row before it', async () => {
    for (const rows of [['x', 'e', 'f'], ['c', 'd', 'e'], []]) {
      const { next, learnt } = pagesOver(letters, () => pageOf(rows))
      expect(await next(BEHIND_D)).toBeUndefined()
      expect(learnt).toEqual(['doubtful'])
    }
  })

  describe('behind rows that have moved', () => {
    const many = [...'abcdefghijklmnopqrst']

    test('goes on where they are found, as they stand now', async () => {
      const { nextBehind, asked, since } = pagesOver(many, undefined, 10)
      expect(await nextBehind([...'0abcdefghi'])).toMatchObject({ sent: 1, next: { last: 'j' } })
      // The first may be one that was asked for before; where they are looked for, Push is asked.
      expect([asked, since]).toEqual([
        [9, 0],
        [1_000, undefined],
      ])
    })

    test('goes on in itself where others have come before them, and the page before it says so', async () => {
      const { nextBehind, asked } = pagesOver(['new', ...many], undefined, 10)
      expect(await nextBehind([...'abcdefghij'])).toMatchObject({
        rows: [...'klmnopqr'].map(id => ({ id })),
        from: { sent: 11, last: 'j' },
      })
      expect(asked).toEqual([9, 0])
    })

    test.each([
      ['in another order', 'jihgfedcbak'],
      ['with others between them', 'abxcdefghik'],
      ['fewer than eight of them', 'xyzabcdefgk'],
    ])('does not where they stand %s: that may be by chance', async (_what, ids) => {
      const { nextBehind } = pagesOver([...ids], undefined, 10)
      expect(await nextBehind([...'abcdefghij'])).toBeUndefined()
    })
  })

  test('is given up where the rows before stand as they stood and it does not follow, twice', async () => {
    const { nextBehind, learnt } = pagesOver(letters, ({ offset }) =>
      offset === undefined ? undefined : pageOf(['x', 'y', 'z']),
    )
    expect(await nextBehind([...'abcd'])).toBeUndefined()
    expect(learnt).toEqual(['doubtful'])
    expect(await nextBehind([...'abcd'])).toBeUndefined()
    expect(learnt).toEqual(['doubtful', 'no'])
  })

  test('is not given up where nothing is left of the rows before, as long as an order holds', async () => {
    const { nextBehind, learnt, asked } = pagesOver(letters)
    for (const rows of ['qrst', 'uvwx', 'yzÄÖ']) expect(await nextBehind([...rows])).toBeUndefined()
    expect(learnt).toEqual(['doubtful'])
    // From the second time on, what stands there now is looked at twice.
    expect(asked).toEqual([3, 0, 3, 0, 0, 3, 0, 0])
  })

  test('is given up where what is looked at twice is in no order that holds', async () => {
    for (const orders of [
      ['abcd', 'dcba'],
      ['abcd', 'efgh'],
      ['abcd', 'hgfd'],
    ]) {
      let asked = 0
      const { nextBehind, learnt } = pagesOver(letters, () =>
        pageOf([...(orders[asked++ % 2] ?? '')]),
      )
      await nextBehind([...'qrst'])
      await nextBehind([...'uvwx'])
      expect(learnt).toEqual(['doubtful', 'changing', 'no'])
    }
  })

  test.each([
    ['gave a token, which goes on in another order perhaps', 'token', true],
    ['gave none, so that an earlier token leads on', undefined, false],
  ])(
    'that begins where the list does says that the place is lost where the one before it %s',
    async (_what, nextToken, isLost) => {
      const { nextBehind, next, hasLostTrack } = pagesOver(letters, ({ offset }) =>
        offset === 6 ? pageOf([...'abcd']) : { ...pageOf([...'defg']), nextToken },
      )
      const joined = await nextBehind([...'abcd'])
      expect(joined?.rows.map(({ id }) => id)).toEqual([...'efg'])
      expect(await next({ sent: 7, last: 'g' })).toBeUndefined()
      expect(hasLostTrack()).toBe(isLost)
    },
  )

  test('is not asked for again anywhere once Push has refused an offset', async () => {
    const { next, learnt } = pagesOver(letters, () => new UpstreamRefusedError('no', 400))
    expect(await next(BEHIND_D)).toBeUndefined()
    expect(learnt).toEqual(['no'])
    const later = pagesOver(letters, ({ offset }) =>
      offset === 4 ? new UpstreamRefusedError('no', 400) : pageOf(['x', 'y', 'z']),
    )
    expect(await later.nextBehind([...'abcdefgh'])).toBeUndefined()
    expect(later.learnt).toEqual(['no'])
  })

  test('that failed for another reason says nothing of offsets', async () => {
    for (const failure of [
      new UpstreamRefusedError('no', 403),
      new UpstreamUnavailableError('down', 503),
    ]) {
      const { next, learnt } = pagesOver(letters, () => failure)
      await expect(next(BEHIND_D)).rejects.toBe(failure)
      expect(learnt).toEqual([])
    }
  })
})
