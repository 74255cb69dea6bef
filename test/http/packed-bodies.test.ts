/** Requests with a packed body, at the graph and at the webhooks. */
import { request } from 'node:http'
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { startToy } from '../support/toy-server.ts'

const LIMIT = 1_048_576

const received: string[] = []
const toy = await startToy({
  webhooks: {
    receive: async (_connector, _header, body) => {
      received.push(Buffer.from(body).toString('utf8'))
      return Promise.resolve({ kind: 'stored' })
    },
    counts: () => new Map(),
  },
})
afterAll(() => toy.server.stop(1_000))

interface Told {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
}

/** Not by `fetch`, which closes the connection for us; `chunked`: without a word of how long the body is. */
const post = (
  path: string,
  body: Buffer,
  encoding: string | undefined,
  { chunked = false, type = 'application/json' } = {},
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const asking = request(
      toy.url + path,
      {
        method: 'POST',
        headers: {
          'content-type': type,
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
          ...(chunked ? {} : { 'content-length': body.length }),
        },
      },
      response => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      },
    ).on('error', reject)
    asking.write(body.subarray(0, 10))
    asking.end(body.subarray(10))
  })

const QUESTION = Buffer.from(JSON.stringify({ query: '{ hello(name: "Zoë") }' }))

const codings: readonly (readonly [encoding: string, pack: (plain: Buffer) => Buffer])[] = [
  ['gzip', gzipSync],
  ['GZip', gzipSync],
  [' x-gzip ', gzipSync],
  ['deflate', deflateSync],
  // As some clients take the word.
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', plain => plain],
]

describe.each(codings)('a body packed by %s', (encoding, pack) => {
  it.each([false, true])('is answered like a plain one (chunked: %s)', async chunked => {
    const told = await post('/graphql', pack(QUESTION), encoding, { chunked })
    expect([told.status, JSON.parse(told.text)]).toEqual([200, { data: { hello: 'Hello Zoë' } }])
  })

  it('is taken as what Push wrote', async () => {
    const body = `{"id":"${encoding}","text":"${'ü'.repeat(50_000)}"}`
    const told = await post('/webhooks/acme', pack(Buffer.from(body)), encoding)
    expect(told.status).toBe(200)
    expect(received.at(-1)).toBe(body)
  })

  it('has as many bytes as a plain one may have, and no more', async () => {
    const question = (length: number) => {
      const start = '{"query":"{ hello }'
      return Buffer.from(`${start}${' '.repeat(length - start.length - 2)}"}`)
    }
    expect((await post('/graphql', pack(question(LIMIT)), encoding)).status).toBe(200)
    for (const chunked of [false, true])
      for (const path of ['/graphql', '/webhooks/acme']) {
        const told = await post(path, pack(question(LIMIT + 1)), encoding, { chunked })
        expect(told.status).toBe(413)
        expect(told.text).toContain('larger than the 1048576 bytes')
      }
  })
})

it.each(['gzip', 'deflate', 'br'])(
  'a body that is not packed by %s, or is cut off, is refused',
  async encoding => {
    const [, pack] = codings.find(([name]) => name === encoding) ?? ['', gzipSync]
    const cut = pack(QUESTION).subarray(0, -5)
    for (const body of [QUESTION, cut, Buffer.alloc(0)]) {
      const told = await post('/graphql', body, encoding)
      expect(told.status).toBe(400)
      expect(JSON.parse(told.text)).toEqual({
        errors: [
          {
            message: `The body cannot be unpacked: it must be ${encoding}, and whole`,
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      })
    }
    expect((await post('/graphql', QUESTION, undefined)).status).toBe(200)
  },
)

it.each([
  ['zstd', zstdCompressSync(QUESTION)],
  ['gzip, gzip, gzip, gzip, gzip', gzipSync(QUESTION)],
  ['compress', QUESTION],
])('%s is refused with what would do', async (encoding, body) => {
  for (const path of ['/graphql', '/webhooks/acme']) {
    const told = await post(path, body, encoding)
    expect([told.status, told.headers['accept-encoding']]).toEqual([415, 'gzip, deflate, br'])
    expect(told.text).toContain('gzip, deflate, br')
  }
})

it('a body that was packed by several, one after another, is read', async () => {
  const body = gzipSync(gzipSync(QUESTION))
  expect((await post('/graphql', body, 'identity, gzip, gzip')).status).toBe(200)
})

it('a bomb is not unpacked beyond the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * LIMIT))
  const before = process.memoryUsage().arrayBuffers
  expect((await post('/graphql', bomb, 'gzip')).status).toBe(413)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * LIMIT)
})

it('a type that is none of ours is refused as ever', async () => {
  const told = await post('/graphql', gzipSync(QUESTION), 'gzip', { type: 'application/xml' })
  expect([told.status, told.text]).toEqual([415, expect.stringContaining('must be JSON')])
})

it.each(['/graphql/', '/webhooks/acme/'])('%s is the same path', async path => {
  expect((await post(path, QUESTION, undefined)).status).toBe(200)
})
