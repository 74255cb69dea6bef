/** Callers who ask by GET, and whether what they have is still the answer. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { entityTagOf, namesTag } from '../../../src/http/answering/entity-tag.ts'
import { type Kept, startKept } from '../../support/kept-answers.ts'

const QUERY = '{ employees { totalCount nodes { id department } } }'
const PREFLIGHT = { 'apollo-require-preflight': 'true' }

const keptForTest = async (): Promise<Kept> => {
  const kept = await startKept()
  onTestFinished(kept.stop)
  await kept.askAnew('{ employees { totalCount } accounts { totalCount } apps { totalCount } }')
  return kept
}

/** Not by `fetch`, which asks for an answer of its own where it is given a tag. */
const get = async (url: string, headers: Readonly<Record<string, string>> = {}, query = QUERY) => {
  const address = `${url}?query=${encodeURIComponent(query)}`
  const sent = request(address, { headers: { ...PREFLIGHT, ...headers }, agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const { etag = '', vary, 'cache-control': cacheControl } = response.headers
  return {
    status: response.statusCode,
    text: await readText(response),
    ...{ etag, cacheControl, vary },
    length: response.headers['content-length'],
    type: response.headers['content-type'],
  }
}

describe('an answer by GET', () => {
  test('is kept like any other, and has a tag, for its caller alone', async () => {
    const { url, counted } = await keptForTest()
    const answers = [await get(url), await get(url)]
    const before = { ...counted }
    answers.push(await get(url))
    expect(counted.begun).toBe(before.begun)
    expect(counted.byStore).toBe(before.byStore + 1)
    const [{ text, etag } = { text: '', etag: '' }] = answers
    expect(etag).toMatch(/^W\/"[\w-]{24}"$/)
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 200,
        text,
        etag,
        cacheControl: expect.stringMatching(/^private, max-age=\d+$/),
        vary: expect.stringContaining('authorization'),
      })
  })

  test('is not sent to those who have it, and nothing is read for them', async () => {
    const { url, counted, clock, push } = await keptForTest()
    const { etag } = await get(url)
    // Made anew, it is the same, too.
    expect(await get(url, { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
    push.answersLeft = 0
    const before = { ...counted }
    await clock.advance(10_000)
    const told = await get(url, { 'if-none-match': `"other", ${etag.replace('W/', '')}` })
    expect(told).toEqual({
      ...{ status: 304, text: '', etag, length: undefined, type: undefined },
      cacheControl: expect.stringMatching(/^private, max-age=\d+$/),
      vary: expect.stringContaining('authorization'),
    })
    expect(counted).toMatchObject({ begun: before.begun, byStore: before.byStore + 1 })
  })

  test('is another one once its rows are others', async () => {
    const { url, upstream, clock } = await keptForTest()
    const { etag } = await get(url)
    await get(url)
    for (const row of upstream.employees) Object.assign(row, { department: 'Elsewhere' })
    await clock.advance(3_600_000)
    const anew = await get(url, { 'if-none-match': etag })
    expect(anew).toMatchObject({ status: 200, text: expect.stringContaining('Elsewhere') })
    expect(anew.etag).not.toBe(etag)
  })

  test('that may not be kept has no tag, and is always sent', async () => {
    const { url } = await keptForTest()
    for (const query of ['{ nope }', '{ employees(first: -1) { totalCount } }'])
      expect(await get(url, { 'if-none-match': '*' }, query)).toMatchObject({
        text: expect.stringContaining('"errors"'),
        etag: '',
        cacheControl: 'no-store',
      })
  })

  test('is not given to what a page of another site may have sent, though it is kept', async () => {
    const { url } = await keptForTest()
    const { etag } = await get(url)
    await get(url)
    await get(url)
    const address = `${url}?query=${encodeURIComponent(QUERY)}`
    for (const headers of [{}, { 'content-type': 'text/plain' }, { 'if-none-match': etag }])
      expect((await fetch(address, { headers })).status).toBe(400)
    const json = { 'content-type': 'application/json' }
    for (let n = 0; n < 3; n += 1)
      expect((await fetch(address, { headers: json })).status).toBe(200)
    const text = { headers: { 'content-type': 'text/plain' } }
    expect((await fetch(address, text)).status).toBe(400)
  })

  test('is one by GET alone', async () => {
    const { ask } = await keptForTest()
    for (let n = 0; n < 3; n += 1) {
      const { status, headers, text } = await ask(QUERY, { headers: { 'if-none-match': '*' } })
      expect([status, headers.get('etag')]).toEqual([200, null])
      expect(text).toContain('totalCount')
    }
  })
})

describe('a header If-None-Match', () => {
  test.each([
    ['W/"a"', true],
    ['"a"', true],
    ['"b", W/"a"', true],
    ['"b","a","c"', true],
    ['*', true],
    [' * ', true],
    ['"b"', false],
    ['W/"b"', false],
    ['a', false],
    ['"', false],
    ['', false],
    ['"*"', false],
    ['"A"', false],
  ])('of %s names the tag W/"a": %s', (header, names) => {
    expect(namesTag(header, 'W/"a"')).toBe(names)
  })

  test('names nothing where there is none', () => {
    expect(namesTag(undefined, 'W/"a"')).toBe(false)
  })
})

test('a tag is that of all bytes, in however many pieces these are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), texts => {
      const whole = Buffer.from(texts.join('').toWellFormed())
      const half = Math.floor(whole.length / 2)
      const sum = createHash('sha256').update(whole).digest().subarray(0, 18)
      const tag = `W/"${sum.toString('base64url')}"`
      expect(entityTagOf(whole)).toBe(tag)
      expect(entityTagOf(whole.toString('utf8'))).toBe(tag)
      expect(entityTagOf([whole.subarray(0, half), whole.subarray(half)])).toBe(tag)
    }),
  )
})
