/**
 * Bodies that come packed, as gateways send them (`Content-Encoding`): read as if they had come plain. The signature of
 * a webhook is over what Push wrote, whatever packed it on the way.
 */
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { toRefusal } from './refusals/refuse.ts'

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const unzip: Unpack = promisify(gunzip)
const inflateWrapped: Unpack = promisify(inflate)
const inflateBare: Unpack = promisify(inflateRaw)

/** `deflate` means the format of zlib; some clients leave out its two bytes at the front. */
const inflateEither: Unpack = (packed, options) =>
  ((packed[0] ?? 8) & 0x0f) === 8 && packed.length > 1 && packed.readUInt16BE(0) % 31 === 0
    ? inflateWrapped(packed, options)
    : inflateBare(packed, options)

/** By its name in the header. @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const codings: ReadonlyMap<string, Unpack | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  ['gzip', unzip],
  ['x-gzip', unzip],
  ['deflate', inflateEither],
  ['br', promisify(brotliDecompress)],
])
const ACCEPTED = 'gzip, deflate, br'

/** Unpacks the bodies of POST requests of that scope; a body has `maxBytes` at most, packed and unpacked. */
export const unpackBodies = (scope: FastifyInstance, maxBytes: number): void => {
  scope.addHook('preParsing', (request, reply, payload, done) => {
    const header = request.headers['content-encoding']
    if (header === undefined || request.method !== 'POST') {
      done(null, payload)
      return
    }
    const name = header.trim().toLowerCase()
    const unpack = codings.get(name)
    if (unpack === undefined && codings.has(name)) {
      done(null, payload)
      return
    }
    if (unpack === undefined) {
      reply
        .code(415)
        .header('accept-encoding', ACCEPTED)
        .send(toRefusal('BAD_REQUEST', `A body may be packed by one of ${ACCEPTED}`))
      return
    }
    const refuse = (error: unknown): void => {
      // The rest of it would come before the next request.
      reply.header('connection', 'close')
      if (error instanceof RangeError) done(Object.assign(error, { statusCode: 413 }))
      else
        reply
          .code(400)
          .send(
            toRefusal('BAD_REQUEST', `The body cannot be unpacked: it must be ${name}, and whole`),
          )
    }
    collect(payload, maxBytes)
      .then(async packed => {
        const body = await unpack(packed, { maxOutputLength: maxBytes })
        done(null, Object.assign(Readable.from(body), { receivedEncodedLength: packed.length }))
      })
      .catch(refuse)
  })
}

/** @throws {RangeError} where there are more, as unpacking does */
const collect = async (payload: Readable, maxBytes: number): Promise<Buffer> => {
  const parts: Buffer[] = []
  let length = 0
  // Destroyed, it would take along the connection on which the refusal is to leave.
  for await (const part of payload.iterator({ destroyOnReturn: false })) {
    const bytes = part as Buffer
    length += bytes.length
    if (length > maxBytes) throw new RangeError('More bytes than allowed')
    parts.push(bytes)
  }
  return Buffer.concat(parts, length)
}
