/**
 * Bodies of requests, read whole: never more of them than allowed, one by one and all that are on their way, and as if
 * they had come plain where they come packed, as gateways send them (`Content-Encoding`). The signature of a webhook is
 * over what Push wrote, whatever packed it on the way.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Codings, readCodings, unpackBody } from '../model/http/content-coding.ts'
import type { Admission, HeldBytes } from './admission/admission.ts'
import type { Caller } from './admission/caller.ts'
import { FewAtOnce } from './admission/few-at-once.ts'
import { drop } from './body-pieces.ts'
import { RequestRefusal } from './refusals/refuse.ts'

const ACCEPTED = 'gzip, deflate, br'

/** Bodies unpacked at once, each of which may become as large as one may be. */
const UNPACKED_AT_ONCE = 8

export interface BodyOptions {
  /** Bytes that one body may have, packed and unpacked. */
  readonly maxBytes: number
  readonly callerOf: Admission['callerOf']
  /** Counts what has come of bodies that are not whole yet. */
  readonly held: HeldBytes
  /** Those of all who have bodies read there. */
  readonly turns: BodyTurns
}

/** What is done of bodies that do not come in one piece. */
export type BodyTurns = FewAtOnce<{ readonly caller: Caller; readonly go: () => void }>

/** What is taken of one body before others have their turn; the last piece comes on top. */
const FEW_BYTES = 16_384

/** Pieces that are taken, and bodies that are refused, in one pass of the event loop; a piece has 64 KB at most. */
const FEW = { most: 24, ms: 2 }

export const createBodyTurns = (): BodyTurns => new FewAtOnce(FEW, ({ go }) => go())

type Done<Body> = (error: Error | null, body?: Body) => void

/** Has a scope read bodies of that type, into what `read` makes of their bytes. */
export const readBodies = <Body>(
  scope: FastifyInstance,
  type: string,
  options: BodyOptions,
  read: (bytes: Buffer) => Body,
): void => {
  const unpacking = createGate(UNPACKED_AT_ONCE)

  scope.addContentTypeParser(
    type,
    (request: FastifyRequest, payload: Readable, done: Done<Body>) => {
      const header = request.headers['content-encoding']
      const codings = header === undefined ? [] : readCodings(header)
      if (codings === undefined) {
        done(unknownCoding())
        return
      }
      const coming = new ComingBody(request, options)
      coming.read(payload, (error, bytes) => {
        if (bytes === undefined) done(error)
        else if (codings.length === 0) done(null, read(bytes))
        else
          unpacking(() => unpack(codings, bytes, options.maxBytes, header ?? ''))
            .finally(() => coming.forget())
            .then(
              body => done(null, read(body)),
              (failure: Error) => done(failure),
            )
      })
    },
  )
}

/** Has a scope answer without reading any body. */
export const readNoBodies = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    '*',
    (_request: FastifyRequest, _payload: Readable, done: Done<undefined>) => done(null),
  )
}

/** One body while it comes; what has come is counted for its caller until it is whole, unpacked and all. */
class ComingBody {
  readonly #request: FastifyRequest
  readonly #options: BodyOptions
  #caller: Caller = ''
  #counted = 0
  /** What has come; behind `length`, room for more. */
  #bytes: Buffer | undefined
  #length = 0
  /** Bytes in this turn. */
  #inTurn = 0

  constructor(request: FastifyRequest, options: BodyOptions) {
    this.#request = request
    this.#options = options
  }

  /** Of a plain body nothing is counted any more when `done` is called. */
  read(payload: Readable, done: Done<Buffer>): void {
    const { headers } = this.#request
    const expected = Number(headers['content-length'])
    if (expected > this.#options.maxBytes) {
      done(tooLarge())
      return
    }
    const onData = (chunk: Buffer): void => {
      const refused = this.#add(chunk, expected)
      if (refused !== undefined) end(refused)
      else if (this.#length !== expected && this.#isForLater(chunk)) this.#goOnLater(payload)
    }
    const onEnd = (): void => end(null)
    const stop = (): void => {
      payload.off('data', onData).off('end', onEnd).off('error', onError)
    }
    const end = (error: Error | null): void => {
      stop()
      if (error !== null || headers['content-encoding'] === undefined) this.forget()
      if (error === null) done(null, this.#bytes?.subarray(0, this.#length) ?? Buffer.alloc(0))
      else this.#refuse(payload, () => done(error))
    }
    const onError = (): void => end(new RequestRefusal(400, 'The body did not come whole'))
    payload.on('data', onData).on('end', onEnd).on('error', onError)
  }

  /** Whether the next piece is for another turn: small ones are not, since what is not taken at once is held one by one. */
  #isForLater({ length }: Buffer): boolean {
    this.#inTurn += length
    if (this.#inTurn < FEW_BYTES) return false
    this.#inTurn = 0
    return true
  }

  /** Of many bodies that come at the same time, each has its next piece taken in its turn. */
  #goOnLater(payload: Readable): void {
    payload.pause()
    this.#options.turns.later({ caller: this.#whose(), go: () => payload.resume() })
  }

  /**
   * Many are refused at the same moment: when too much has come of all together, and when one who sent them leaves. What
   * is left of it is dropped: the connection ends with the answer.
   */
  #refuse(payload: Readable, go: () => void): void {
    this.#bytes = undefined
    // Not paused: small pieces would be held one by one until then.
    payload.on('data', drop)
    this.#options.turns.soon({ caller: this.#whose(), go })
  }

  #whose(): Caller {
    return (this.#caller ||= this.#options.callerOf(this.#request.raw))
  }

  /** Nothing of it is held any more. */
  forget(): void {
    if (this.#counted > 0) this.#options.held.give(this.#caller, this.#counted)
    this.#counted = 0
  }

  /** Why no more of it is taken; undefined where it is. */
  #add(chunk: Buffer, expected: number): Error | undefined {
    const { maxBytes, held } = this.#options
    const length = this.#length + chunk.length
    if (length > maxBytes) return tooLarge()
    // Most bodies come in one piece: nothing of them waits.
    if (length !== expected || this.#counted > 0)
      try {
        held.take(this.#whose(), chunk.length)
        this.#counted += chunk.length
      } catch (error) {
        return error as Error
      }
    this.#keep(chunk)
    return undefined
  }

  /** In one piece that doubles: of a body that comes byte by byte, a list would take hundreds of times as much. */
  #keep(chunk: Buffer): void {
    const length = this.#length + chunk.length
    if (this.#bytes === undefined) this.#bytes = chunk
    else {
      if (length > this.#bytes.length) {
        const larger = Buffer.allocUnsafe(2 * length)
        this.#bytes.copy(larger, 0, 0, this.#length)
        this.#bytes = larger
      }
      chunk.copy(this.#bytes, this.#length)
    }
    this.#length = length
  }
}

const unpack = async (
  codings: Codings,
  packed: Buffer,
  maxBytes: number,
  header: string,
): Promise<Buffer> => {
  try {
    return await unpackBody(codings, packed, maxBytes)
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw new RequestRefusal(
      400,
      `The body cannot be unpacked: it must be ${header.trim().toLowerCase()}, and whole`,
    )
  }
}

const tooLarge = (): Error => Object.assign(new Error('too large'), { statusCode: 413 })

const unknownCoding = (): RequestRefusal =>
  new RequestRefusal(415, `A body may be packed by ${ACCEPTED}, or several of them`, {
    'accept-encoding': ACCEPTED,
  })

/** Lets so much work run at once; the rest waits in its order. */
const createGate = (most: number) => {
  let free = most
  const waiting: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
