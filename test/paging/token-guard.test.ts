import { describe, expect, test } from 'vitest'
import { createTrail, type Page } from '../../src/paging/token-guard.ts'
import { rowOf } from '../support/rows.ts'

const pageOf = (ids: readonly string[], nextToken?: string): Page<'apps'> => ({
  rows: ids.map(id => rowOf('apps', { id })),
  nextToken,
  sent: ids.length,
  unreadable: [],
  readAt: 0,
})

describe('a trail', () => {
  test('counts each row once, on whichever page it comes', () => {
    const trail = createTrail('apps')
    trail.note(pageOf(['a', 'b']))
    trail.note(pageOf(['b', 'c']))
    expect([trail.met, trail.hasMet('c'), trail.hasMet('d')]).toEqual([3, true, false])
  })

  test('may bring nothing new for twenty-five pages in a row, and no more', () => {
    const trail = createTrail('apps')
    trail.note(pageOf(['a']))
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 25; n += 1) trail.note(pageOf(n % 2 === 0 ? [] : ['a']))
      // Something new makes up for all of them.
      trail.note(pageOf([`new ${round}`]))
    }
    for (let n = 0; n < 25; n += 1) trail.note(pageOf([]))
    expect(() => {
      trail.note(pageOf([]))
    }).toThrow('goes in circles')
  })

  test('may bring once more what it has met, where it goes back', () => {
    const trail = createTrail('apps')
    const pages = Array.from({ length: 40 }, (_, n) => pageOf([`row ${n}`]))
    for (const page of pages) trail.note(page)
    trail.goBack()
    for (const page of pages) trail.note(page)
    expect(trail.met).toBe(40)
  })
})

describe('a token that leads back', () => {
  /** Answers each token with the next one of a list. */
  const follow = async (...nextTokens: readonly (string | undefined)[]) => {
    const trail = createTrail('apps')
    const asked: (string | undefined)[] = []
    const ask = async (token: string | undefined) => {
      const next = nextTokens[asked.length]
      asked.push(token)
      return Promise.resolve(pageOf([], next))
    }
    const failure = await (async () => {
      await trail.read(undefined, ask)
      await trail.read('one', ask)
      await trail.read('two', ask)
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

  test('leads on again once the trail has gone back', async () => {
    const trail = createTrail('apps')
    await trail.read('one', () => Promise.resolve(pageOf([], 'two')))
    trail.goBack()
    const page = await trail.read('zero', () => Promise.resolve(pageOf([], 'one')))
    expect(page.nextToken).toBe('one')
  })
})
