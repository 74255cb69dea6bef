/**
 * Bodies that come packed, as gateways send them (`Content-Encoding`): read as if they had come plain. The signature of
 * a webhook is over what Push wrote, whatever packed it on the way.
 */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { readCodings, unpackBody } from '../model/content-coding.ts'
import { toRefusal } from './refusals/refuse.ts'

const ACCEPTED = 'gzip, deflate, br'

/** Unpacks the bodies of POST requests of that scope; a body has `maxBytes` at most, packed and unpacked. */
export const unpackBodies = (scope: FastifyInstance, maxBytes: number): void => {
  scope.addHook('preParsing', (request, reply, payload, done) => {
    const header = request.headers['content-encoding']
    if (header === undefined || request.method !== 'POST') {
      done(null, payload)
      return
    }
    const codings = readCodings(header)
    if (codings?.length === 0) {
      done(null, payload)
      return
    }
    if (codings === undefined) {
      reply
        .code(415)
        .header('accept-encoding', ACCEPTED)
        .send(toRefusal('BAD_REQUEST', `A body may be packed by ${ACCEPTED}, or several of them`))
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
            toRefusal(
              'BAD_REQUEST',
              `The body cannot be unpacked: it must be ${header.trim().toLowerCase()}, and whole`,
            ),
          )
    }
    collect(payload, maxBytes)
      .then(async packed => {
        const body = await unpackBody(codings, packed, maxBytes)
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
