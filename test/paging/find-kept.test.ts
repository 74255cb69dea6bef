import { describe, expect, test } from 'vitest'
import { findKept, type KeptSearch } from '../../src/paging/find-kept.ts'
import type { ResumePoint } from '../../src/paging/resume-point.ts'
import type { Page, PageRequest } from '../../src/upstream/contract/contract.ts'

const BEHIND_ROW: ResumePoint = { token: 'behind d', sent: 4, last: 'd' }
const BY_OFFSET: ResumePoint = { sent: 4, last: 'd' }

interface Asked {
  readonly request: PageRequest
  readonly notBefore: number
}

/** What is found where the pages of those requests are kept, and what was looked for. */
const search = async (
  kept: readonly PageRequest[],
  given: Partial<KeptSearch<'apps'>> = {},
  readAt = 1_000,
) => {
  const asked: Asked[] = []
  const found = await findKept<'apps'>({
    ...{ point: BEHIND_ROW, fallback: BEHIND_ROW, isPromised: false },
    seams: { overlap: () => false, mustLookBack: () => false },
    offsets: { isPossible: () => true, requestAt: ({ sent }) => ({ offset: sent - 1, limit: 4 }) },
    ...{ next: () => 500, began: () => 200 },
    find: async (request, notBefore) => {
      asked.push({ request, notBefore })
      const isKept = kept.some(one => JSON.stringify(one) === JSON.stringify(request))
      return isKept ? ({ readAt } as Page<'apps'>) : undefined
    },
    ...given,
  })
  return { by: found?.by, asked }
}

const token: PageRequest = { nextToken: 'behind d' }
const offset: PageRequest = { offset: 3, limit: 4 }
const byToken: Asked = { request: token, notBefore: 500 }
// Side by side they were asked for in any order, but not before the list was begun.
const byOffset: Asked = { request: offset, notBefore: 200 }

describe('a kept page', () => {
  test('is looked for by its token, and else by its offset', async () => {
    expect(await search([token, offset])).toEqual({ by: 'token', asked: [byToken] })
    expect(await search([offset])).toEqual({ by: 'offset', asked: [byToken, byOffset] })
    expect(await search([])).toEqual({ by: undefined, asked: [byToken, byOffset] })
  })

  test.each<[string, Partial<KeptSearch<'apps'>>]>([
    ['may have shifted', { seams: { overlap: () => true, mustLookBack: () => false } }],
    ['only a second look confirms', { seams: { overlap: () => false, mustLookBack: () => true } }],
    ['is not there, though more is promised', { isPromised: true }],
  ])('is not looked for by a token that %s', async (_, given) => {
    expect(await search([token, offset], given)).toEqual({ by: 'offset', asked: [byOffset] })
  })

  test('is not looked for by an offset that does not work, nor at the start', async () => {
    const offsets = { isPossible: () => false, requestAt: () => offset }
    expect(await search([offset], { offsets })).toEqual({ by: undefined, asked: [byToken] })
    const start = { point: { sent: 0 }, fallback: { sent: 0 } }
    expect(await search([offset], start)).toEqual({
      by: undefined,
      asked: [{ request: {}, notBefore: 500 }],
    })
  })

  test('may be the end of the list that was looked for by the last token', async () => {
    const given = { point: BY_OFFSET, fallback: BEHIND_ROW }
    expect(await search([token], given)).toEqual({ by: 'lastToken', asked: [byOffset, byToken] })
    expect(await search([offset, token], given)).toEqual({ by: 'offset', asked: [byOffset] })
    // Where more is promised, the list does not end there.
    const promised = await search([token], { ...given, isPromised: true })
    expect(promised).toEqual({ by: undefined, asked: [byOffset] })
    const started = await search([token], { ...given, fallback: { sent: 0 } })
    expect(started).toEqual({ by: undefined, asked: [byOffset] })
  })

  test('will not do where somebody has come meanwhile who needs a newer one', async () => {
    let since = 500
    const next = (): number => (since += 300)
    expect((await search([token], { next }, 1_099)).by).toBeUndefined()
    since = 500
    expect((await search([token], { next }, 1_100)).by).toBe('token')
  })
})
