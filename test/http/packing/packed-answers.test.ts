/** Answers as callers take them: packed, in whichever coding, they are the same. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Metering } from '../../../src/http/apollo/metering.ts'
import { PackedBodies } from '../../../src/http/packing/packed-bodies.ts'
import { directoryForTest } from '../../support/directory.ts'
import { type Kept, startKept } from '../../support/kept-answers.ts'
import { startToy } from '../../support/toy-server.ts'

const unpack: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  plain: bytes => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

interface Asking {
  readonly accepts?: string | undefined
  readonly query: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Not by `fetch`, which unpacks by itself. */
const ask = async (url: string, { accepts, query, method = 'POST', headers = {} }: Asking) => {
  const address = method === 'POST' ? url : `${url}?query=${encodeURIComponent(query)}`
  const sent = request(address, {
    method,
    agent: false,
    headers: {
      'content-type': 'application/json',
      ...(accepts === undefined ? {} : { 'accept-encoding': accepts }),
      ...headers,
    },
  })
  sent.end(method === 'POST' ? JSON.stringify({ query }) : undefined)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const bytes = await buffer(response)
  const coding = response.headers['content-encoding'] ?? 'plain'
  return {
    status: response.statusCode,
    coding,
    bytes: bytes.length,
    text: unpack[coding]?.(bytes).toString(),
    headers: response.headers,
  }
}

const keptForTest = async (): Promise<Kept> => {
  const kept = await startKept()
  onTestFinished(kept.stop)
  await kept.askAnew('{ employees { totalCount } accounts { totalCount } apps { totalCount } }')
  return kept
}

const QUERY = '{ employees { nodes { id department accounts { nodes { id app { id name } } } } } }'
const accepted = [undefined, 'gzip', 'br', 'zstd', 'gzip;q=0, br;q=0', 'identity']

describe.each(['POST', 'GET'])('an answer by %s', method => {
  test('is the same in every coding, made anew, without Apollo and again', async () => {
    const { url } = await keptForTest()
    const texts = new Set<string | undefined>()
    for (let time = 0; time < 3; time += 1)
      for (const accepts of accepted) {
        const { status, coding, bytes, text, headers } = await ask(url, {
          ...{ accepts, method, query: QUERY },
        })
        texts.add(text)
        const isPacked = ['gzip', 'br', 'zstd'].includes(accepts ?? '')
        expect([status, coding]).toEqual([200, isPacked ? accepts : 'plain'])
        expect(headers.vary).toContain('accept-encoding')
        expect(headers['content-length']).toBe(String(bytes))
        expect(headers['content-type']).toContain('application/json')
        if (isPacked) expect(bytes).toBeLessThan((text?.length ?? 0) / 3)
      }
    expect(texts.size).toBe(1)
  })

  test('that is short stays as it is, but for those who take no plain one', async () => {
    const { url } = await keptForTest()
    const query = '{ employees { totalCount } }'
    for (let time = 0; time < 3; time += 1) {
      expect(await ask(url, { method, query, accepts: 'gzip' })).toMatchObject({ coding: 'plain' })
      const forced = await ask(url, { method, query, accepts: 'gzip, identity;q=0' })
      expect(forced).toMatchObject({ coding: 'gzip', text: expect.stringContaining('totalCount') })
    }
  })
})

test('the tag of an answer is the same in every coding, and who has it is sent nothing', async () => {
  const { url } = await keptForTest()
  const asked = accepted.map(accepts => ask(url, { method: 'GET', query: QUERY, accepts }))
  const tags = new Set((await Promise.all(asked)).map(({ headers }) => headers.etag))
  expect(tags.size).toBe(1)
  const headers = { 'if-none-match': [...tags].join() }
  for (const accepts of accepted)
    expect(await ask(url, { method: 'GET', query: QUERY, accepts, headers })).toMatchObject({
      status: 304,
      coding: 'plain',
      bytes: 0,
    })
})

test.each([1_023, 1_024])('an answer of %i bytes is packed from 1,024 on', async length => {
  const { url, server } = await startToy()
  onTestFinished(() => server.stop(0))
  const rest = '{"data":{"hello":"Hello "}}\n'.length
  const query = `{ hello(name: "${'x'.repeat(length - rest)}") }`
  const { coding, text } = await ask(`${url}/graphql`, { query, accepts: 'gzip' })
  expect([text?.length, coding]).toEqual([length, length < 1_024 ? 'plain' : 'gzip'])
})

test('an error is packed like an answer', async () => {
  const { url, server } = await startToy()
  onTestFinished(() => server.stop(0))
  const query = `{ ${Array.from({ length: 9 }, (_, n) => `${'nope'.repeat(20)}${n}`).join(' ')} }`
  const [plain, packed] = [
    await ask(`${url}/graphql`, { query }),
    await ask(`${url}/graphql`, { query, accepts: 'br' }),
  ]
  expect(packed).toMatchObject({ status: 400, coding: 'br', text: plain.text })
})

test('a long answer that is sent once is packed while it is sent, whole, in every coding', async () => {
  const { url, server } = await startToy()
  onTestFinished(() => server.stop(0))
  // Fields are few; their text is long.
  const name = 'Bücher 😀 '.repeat(6_000)
  const query = `{ ${'abcdefgh'
    .split('')
    .map(alias => `${alias}: hello(name: "${name}")`)
    .join(' ')} }`
  const plain = await ask(`${url}/graphql`, { query })
  expect(plain.text?.length).toBeGreaterThan(400_000)
  for (const accepts of ['gzip', 'br', 'zstd'])
    expect(await ask(`${url}/graphql`, { query, accepts })).toMatchObject({
      coding: accepts,
      text: plain.text,
      headers: expect.not.objectContaining({ 'content-length': expect.anything() }),
    })
})

describe('what is no answer', () => {
  const script = 'let x = "Bücher 😀"\n'.repeat(20_000)

  test.each(['/graphiql', '/graphiql/assets/index-abc.js', '/metrics'])(
    '%s is packed too, and the same in every coding',
    async path => {
      const directory = directoryForTest()
      writeFileSync(join(directory, 'index.html'), `<html>${script}</html>`)
      mkdirSync(join(directory, 'assets'))
      writeFileSync(join(directory, 'assets', 'index-abc.js'), script)
      const metering: Metering = {
        operation: () => undefined,
        delivery: () => undefined,
        render: async () => ({ contentType: 'text/plain', text: script }),
      }
      const { url, server } = await startToy({ graphiqlDirectory: directory, metering })
      onTestFinished(() => server.stop(0))
      for (const accepts of [undefined, 'gzip', 'br', 'zstd', 'deflate']) {
        const { coding, text, headers } = await ask(`${url}${path}`, {
          ...{ accepts, method: 'GET', query: '' },
        })
        expect(coding).toBe(accepts === undefined || accepts === 'deflate' ? 'plain' : accepts)
        expect(text).toContain(script)
        expect(headers.vary).toBe('accept-encoding')
      }
      const head = await ask(`${url}${path}`, { accepts: 'gzip', method: 'HEAD', query: '' })
      expect(head).toMatchObject({ status: 200, bytes: 0 })
    },
  )
})

describe('the packed bodies of a kept answer', () => {
  test('are made once for all who ask, and count with it', async () => {
    const grown: number[] = []
    const body = [Buffer.from('so long '.repeat(500)), Buffer.from('and thanks '.repeat(500))]
    const packed = new PackedBodies(body, () => grown.push(packed.bytes))
    const asked = await Promise.all([packed.in('gzip'), packed.in('gzip'), packed.in('br')])
    expect(asked[0]).toBe(asked[1])
    expect(packed.in('gzip')).toBe(asked[0])
    expect(grown).toHaveLength(2)
    expect(grown.at(-1)).toBe(asked[0].length + asked[2].length)
    expect(gunzipSync(asked[0])).toEqual(Buffer.concat(body))
  })
})
