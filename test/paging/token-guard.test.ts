import { describe, expect, test } from 'vitest'
import { createTokenGuard, type Page } from '../../src/paging/token-guard.ts'
import { rowOf } from '../support/rows.ts'

const pageOf = (ids: readonly string[], nextToken?: string): Page<'apps'> => ({
  rows: ids.map(id => rowOf('apps', { id })),
  nextToken,
  sent: ids.length,
  promisesMore: false,
  unreadable: [],
  readAt: 0,
})

describe('a token guard', () => {
  test('counts each row once, on whichever page it comes', () => {
    const guard = createTokenGuard('apps')
    guard.note(pageOf(['a', 'b']))
    guard.note(pageOf(['b', 'c']))
    expect([guard.rowsSeen, guard.hasMet('c'), guard.hasMet('d')]).toEqual([3, true, false])
  })

  test('may bring nothing new for twenty-five pages in a row, and no more', () => {
    const guard = createTokenGuard('apps')
    guard.note(pageOf(['a']))
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 25; n += 1) guard.note(pageOf(n % 2 === 0 ? [] : ['a']))
      // Something new makes up for all of them.
      guard.note(pageOf([`new ${round}`]))
    }
    for (let n = 0; n < 25; n += 1) guard.note(pageOf([]))
    expect(() => {
      guard.note(pageOf([]))
    }).toThrow('goes in circles')
  })

  test('may bring once more what it has met, where it goes back', () => {
    const guard = createTokenGuard('apps')
    const pages = Array.from({ length: 40 }, (_, n) => pageOf([`row ${n}`]))
    for (const page of pages) guard.note(page)
    guard.goBack()
    for (const page of pages) guard.note(page)
    expect(guard.rowsSeen).toBe(40)
  })
})

describe('a token that leads back', () => {
  /** Answers each token with the next one of a list. */
  const follow = async (...nextTokens: readonly (string | undefined)[]) => {
    const guard = createTokenGuard('apps')
    const asked: (string | undefined)[] = []
    const ask = async (token: string | undefined) => {
      const next = nextTokens[asked.length]
      asked.push(token)
      return Promise.resolve(pageOf([], next))
    }
    const failure = await (async () => {
      await guard.read(undefined, ask)
      await guard.read('one', ask)
      await guard.read('two', ask)
    })().catch((error: unknown) => error)
    return { asked, failure }
  }

  test('is asked for again, since one answer may be damaged', async () => {
    const { asked, failure } = await follow('one', 'two', 'one', 'two', 'three')
    expect(failure).toBeUndefined()
    expect(asked).toEqual([undefined, 'one', 'two', 'two', 'two'])
  })

  test('is an error where it comes three times', async () => {
    const { asked, failure } = await follow('one', 'two', 'one', 'one', 'two', 'three')
    expect(failure).toMatchObject({
      code: 'UPSTREAM_INVALID',
      message: 'The paging of apps goes in circles',
    })
    expect(asked).toHaveLength(5)
  })

  test('leads on again once the reading has gone back', async () => {
    const guard = createTokenGuard('apps')
    await guard.read('one', () => Promise.resolve(pageOf([], 'two')))
    guard.goBack()
    const page = await guard.read('zero', () => Promise.resolve(pageOf([], 'one')))
    expect(page.nextToken).toBe('one')
  })
})
