import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError, UpstreamUnavailableError } from '../../src/errors.ts'
import { createAhead } from '../../src/export/pages-ahead.ts'
import type { Walk } from '../../src/paging/resume-point.ts'
import type { Page, PageRequest } from '../../src/export/source.ts'
import { rowOf } from '../support/rows.ts'

const SIZE = 4

/** A list of apps that is asked for by offset; `answer` gives what comes instead of the rows there. */
const walkOver = (
  ids: readonly string[],
  answer?: (request: PageRequest) => Page<'apps'> | Error,
) => {
  const learnt: boolean[] = []
  const asked: number[] = []
  const source = {
    pageSize: () => SIZE,
    offsets: () => learnt.at(-1),
    learntOffsets: (_name: string, works: boolean) => learnt.push(works),
    expectedRows: () => ids.length,
    width: () => 3,
  }
  const ask = async (request: PageRequest): Promise<Page<'apps'>> => {
    const offset = request.offset ?? 0
    asked.push(offset)
    const given = answer?.(request)
    if (given instanceof Error) throw given
    return Promise.resolve(given ?? pageOf(ids.slice(offset, offset + SIZE)))
  }
  const walk = { name: 'apps', source, parameters: {}, ask } as unknown as Walk<'apps'>
  const ahead = createAhead(walk, { sent: 4, last: 'd' }, 1, new AbortController().signal)
  if (ahead === undefined) throw new Error('offsets are known not to work')
  return { ahead, learnt, asked }
}

const pageOf = (ids: readonly string[]) =>
  ({
    rows: ids.map(id => rowOf('apps', { id })),
    sent: ids.length,
    unreadable: [],
  }) as unknown as Page<'apps'>

const letters = [...'abcdefghij']
const PLACE = { sent: 4, last: 'd' }

describe('a page by offset', () => {
  test('follows on the row before it, which is not given again; only then is more asked for', async () => {
    const { ahead, learnt, asked } = walkOver(letters)
    const first = await ahead.next(PLACE)
    expect(first).toMatchObject({ sent: 3, next: { sent: 7, last: 'g' } })
    expect([learnt, asked]).toEqual([[true], [3]])
    if (first === 'broken' || first.next === undefined) throw new Error('no next')
    const second = await ahead.next(first.next)
    expect(second).toMatchObject({ sent: 3, next: { sent: 10, last: 'j' } })
    expect(asked.slice(0, 2)).toEqual([3, 6])
    const ids = [first, second].flatMap(page =>
      page === 'broken' ? [] : page.rows.map(({ id }) => id),
    )
    expect(ids).toEqual([...'efghij'])
  })

  test('is of no use where it does not follow on the row before it', async () => {
    for (const rows of [['x', 'e', 'f'], ['c', 'd', 'e'], []]) {
      const { ahead, learnt } = walkOver(letters, () => pageOf(rows))
      expect(await ahead.next(PLACE)).toBe('broken')
      expect(learnt).toEqual([])
    }
  })

  test('is not asked for again anywhere once Push has refused an offset', async () => {
    const { ahead, learnt } = walkOver(letters, () => new UpstreamRefusedError('no', 400))
    expect(await ahead.next(PLACE)).toBe('broken')
    expect(learnt).toEqual([false])
  })

  test('that failed for another reason says nothing of offsets', async () => {
    for (const failure of [
      new UpstreamRefusedError('no', 403),
      new UpstreamUnavailableError('down', 503),
    ]) {
      const { ahead, learnt } = walkOver(letters, () => failure)
      await expect(ahead.next(PLACE)).rejects.toBe(failure)
      expect(learnt).toEqual([])
    }
  })
})
