import { describe, expect, it } from 'vitest'
import { UpstreamInvalidError } from '../../../src/errors.ts'
import type { Decode } from '../../../src/upstream/decode/decode.ts'
import { decodeOne, decodePage } from '../../../src/upstream/decode/page-answer.ts'

/** A row is its id; 'bad' cannot be read. */
const decode: Decode<{ readonly id: string }> = (sent, fault) => {
  if (sent !== 'bad') return { id: sent as string }
  fault.path = 'email'
  fault.reason = 'is missing'
  return undefined
}

describe('a page', () => {
  it.each([
    { case: 'more', paging: { moreResults: true, nextToken: 't' }, token: 't', promise: false },
    { case: 'a token alone', paging: { nextToken: 't' }, token: 't', promise: false },
    { case: 'no more', paging: { moreResults: false, nextToken: 't' }, promise: false },
    { case: 'a null token', paging: { moreResults: true, nextToken: null }, promise: true },
    { case: 'an absent token', paging: { moreResults: true }, promise: true },
    { case: 'an empty token', paging: { moreResults: true, nextToken: '' }, promise: true },
    { case: 'a null token alone', paging: { nextToken: null }, promise: false },
    { case: 'nothing', paging: {}, promise: false },
    { case: 'no paging at all', paging: undefined, promise: false },
  ])('that says $case leads on accordingly', ({ paging, token, promise }) => {
    const { nextToken, promisesMore } = decodePage({ result: ['a'], paging }, decode)
    expect([nextToken, promisesMore]).toEqual([token, promise])
  })

  it('may be empty though there are more', () => {
    const page = decodePage({ result: [], paging: { nextToken: 't' } }, decode)
    expect(page).toMatchObject({ rows: [], nextToken: 't', sent: 0, unreadable: [] })
  })

  it('leaves out rows that cannot be read, and says where they stand', () => {
    const page = decodePage({ result: ['a', 'bad', 'b', 'bad'] }, decode)
    expect(page.rows).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(page.sent).toBe(4)
    expect(page.unreadable).toEqual([
      { path: 'result[1].email', reason: 'is missing' },
      { path: 'result[3].email', reason: 'is missing' },
    ])
  })

  it('says of each row that cannot be read what is wrong with that one, whatever was noted of those before', () => {
    const decodeOdd: Decode<{ readonly id: string }> = (sent, fault) => {
      fault.path ||= `${String(sent)}.email`
      fault.reason ||= `${String(sent)} is missing`
      return sent === 'odd' ? { id: 'odd' } : undefined
    }
    expect(decodePage({ result: ['odd', 'a', 'b'] }, decodeOdd).unreadable).toEqual([
      { path: 'result[1].a.email', reason: 'a is missing' },
      { path: 'result[2].b.email', reason: 'b is missing' },
    ])
  })

  it.each([
    { case: 'a list', answer: [], path: '' },
    { case: 'null', answer: null, path: '' },
    { case: 'without result', answer: { results: [] }, path: 'result' },
    { case: 'with a result that is no list', answer: { result: {} }, path: 'result' },
    { case: 'with paging that is no object', answer: { result: [], paging: 7 }, path: 'paging' },
    {
      case: 'with a token that is no text',
      answer: { result: [], paging: { nextToken: 7 } },
      path: 'paging.nextToken',
    },
    {
      case: 'with a vague end',
      answer: { result: [], paging: { moreResults: 'no' } },
      path: 'paging.moreResults',
    },
  ])('cannot be read when it is $case', ({ answer, path }) => {
    const read = () => decodePage(answer, decode)
    expect(read).toThrow(
      expect.objectContaining({ constructor: UpstreamInvalidError, fields: { path } }),
    )
  })
})

describe('one object', () => {
  it('is given when it is the one asked for', () => {
    expect(decodeOne('a', 'a', decode)).toEqual({ rows: [{ id: 'a' }], unreadable: [] })
  })

  it('is none when it is another one, though it differs in letter case alone', () => {
    const fault = { path: 'id', reason: 'is not the one asked for' }
    expect(decodeOne('A', 'a', decode)).toEqual({ rows: [], unreadable: [fault] })
  })

  it('is none, with the path, when it cannot be read', () => {
    expect(decodeOne('bad', 'bad', decode)).toEqual({
      rows: [],
      unreadable: [{ path: 'email', reason: 'is missing' }],
    })
  })
})
