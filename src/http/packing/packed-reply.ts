/** Bodies that leave by Fastify's reply, such as pages and figures, in the coding that their callers take. */
import { pipeline, Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { acceptedCoding } from './accepted-coding.ts'
import { packingStream } from './codings.ts'

/** Sends it, packed while it is sent where its caller takes that. */
export const sendPackedBy = (
  reply: FastifyReply,
  { method, headers }: FastifyRequest,
  body: string | Readable,
): FastifyReply => {
  const accepted = acceptedCoding(headers['accept-encoding'])
  void reply.header('vary', 'accept-encoding')
  if (accepted === undefined || method === 'HEAD') return reply.send(body)
  const { coding } = accepted
  const from = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body
  // Fastify is told of what fails by the stream itself.
  const packed = pipeline(from, packingStream(coding), () => undefined)
  return reply.header('content-encoding', coding).send(packed)
}
