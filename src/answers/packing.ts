/** An answer as it is kept: packed together with what it answers, so that none can pass for another. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { KeptAnswer, PushQuestion } from './contract.ts'

export interface AnsweredQuestion {
  readonly question: PushQuestion
  readonly answer: KeptAnswer
}

/**
 * The same with the body as the bytes of its text, in memory of its own: a thread can hand it over as it is, and no heap
 * has it to look through while it waits.
 */
export interface UnreadAnswer extends Omit<KeptAnswer, 'body'> {
  readonly question: PushQuestion
  readonly body: Uint8Array<ArrayBuffer>
}

/** What is worked on at once: as much as most answers come to, packed and unpacked. */
const PACKED_CHUNK = 32 * 1_024
const UNPACKED_CHUNK = 128 * 1_024

const packing = {
  chunkSize: PACKED_CHUNK,
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    // So that bytes that were changed are found out.
    [constants.ZSTD_c_checksumFlag]: 1,
  },
}
/** No text of the runtime is longer. */
const unpacking = { chunkSize: UNPACKED_CHUNK, maxOutputLength: 512 * 1_048_576 }
const LINE_END = 0x0a

/** The bytes that say all of it. */
export const packAnswer = ({ question, answer }: AnsweredQuestion): Uint8Array => {
  const { tenant, path } = question
  const head = JSON.stringify([tenant, path, answer.askedAt, answer.dateSeconds ?? null])
  return zstdCompressSync(`${head}\n${answer.body}`, packing)
}

/** What was packed. @throws where the bytes were changed or cut; the message may hold some of what they say */
export const unpackAnswer = (bytes: Uint8Array): UnreadAnswer => {
  const unpacked = zstdDecompressSync(bytes, unpacking)
  const headEnd = unpacked.indexOf(LINE_END)
  const head: unknown = JSON.parse(unpacked.toString('utf8', 0, headEnd))
  if (!isHead(head)) throw new TypeError('No head')
  const [tenant, path, askedAt, dateSeconds] = head
  const body = unpacked.subarray(headEnd + 1)
  return {
    question: { tenant, path },
    askedAt,
    dateSeconds: dateSeconds ?? undefined,
    // What is unpacked has a whole chunk of memory, be it ever so short.
    body: body.length < body.buffer.byteLength / 2 ? new Uint8Array(body) : body,
  }
}

export const toKeptAnswer = ({ body, askedAt, dateSeconds }: UnreadAnswer): KeptAnswer => ({
  body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(),
  askedAt,
  dateSeconds,
})

type Head = readonly [tenant: string, path: string, askedAt: number, dateSeconds: number | null]

const isHead = (head: unknown): head is Head =>
  Array.isArray(head) &&
  head.length === 4 &&
  typeof head[0] === 'string' &&
  typeof head[1] === 'string' &&
  typeof head[2] === 'number' &&
  (head[3] === null || typeof head[3] === 'number')
