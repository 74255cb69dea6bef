/** Answers as rows: decoded, and asked for once more where rows of them cannot be read. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { AskPush } from '../request/attempts.ts'
import type { PushAnswer, RequestPath } from '../request/attempt.ts'
import type { Page, Unreadable } from '../contract/contract.ts'
import type { Decoders } from './decode.ts'
import { UnreadableRowsError, createUnreadableRows } from '../request/unreadable-rows.ts'
import { decodeOne, decodePage, type DecodedRows } from './page-answer.ts'
import type { Flight } from '../request/single-flight.ts'

export interface ReadRow<Row> {
  readonly row: Row
  readonly readAt: number
}

export interface AnswerReader {
  /** @throws {UpstreamInvalidError} when no row of a page that has some can be read; see {@link AskPush} for the rest */
  page<Name extends CollectionName>(
    name: Name,
    requestPath: RequestPath,
    flight: Flight,
  ): Promise<Page<Name>>
  /** The same of a page that is at hand. @throws {UpstreamInvalidError} when it is none */
  keptPage<Name extends CollectionName>(name: Name, answer: PushAnswer): Page<Name>
  /** @throws {UpstreamInvalidError} when the object cannot be read, or is another one; see {@link AskPush} for the rest */
  one<Name extends CollectionName>(
    name: Name,
    id: string,
    requestPath: RequestPath,
    flight: Flight,
  ): Promise<ReadRow<Rows[Name]>>
}

// A damaged answer does not come this often in a row.
const CONFIRMING_ATTEMPTS = 3

/** Reads by `ask`. */
export const createAnswerReader = (
  ask: AskPush,
  decoders: Decoders,
  clock: Clock,
): AnswerReader => {
  const unreadableRows = createUnreadableRows(clock)

  const failureOf = (
    name: CollectionName,
    unreadable: readonly Unreadable[],
  ): UnreadableRowsError => {
    const [{ path, reason } = { path: '', reason: 'cannot be read' }] = unreadable
    return new UnreadableRowsError(
      `Push's answer cannot be read: ${path === '' ? 'it' : path} ${reason}.`,
      path,
      unreadableRows.confirmed(name, unreadable),
    )
  }

  /** What `decode` finds, once all of it can be read, or asking again brings no more. */
  const read = async <Found extends DecodedRows>(
    name: CollectionName,
    requestPath: RequestPath,
    flight: Flight,
    decode: (json: unknown) => Found,
  ): Promise<Found & { readonly readAt: number }> => {
    let attempts = 0
    let partly: (Found & { readonly readAt: number }) | undefined
    try {
      return await ask(requestPath, flight, ({ json, readAt }) => {
        const found = { ...decode(json), readAt }
        if (found.unreadable.length === 0) return found
        attempts += 1
        partly = found
        const error = failureOf(name, found.unreadable)
        if (error.confirmed && found.rows.length > 0) return found
        throw error
      })
    } catch (error) {
      if (partly === undefined || flight.urgency.signal.aborted) throw error
      if (attempts >= CONFIRMING_ATTEMPTS) unreadableRows.confirm(name, partly.unreadable)
      // What could be read is worth more than the failure of asking again.
      if (partly.rows.length > 0) return partly
      throw error
    }
  }

  return {
    page: (name, requestPath, flight) =>
      read(name, requestPath, flight, json => decodePage(json, decoders[name])),
    keptPage: (name, { json, readAt }) => ({ ...decodePage(json, decoders[name]), readAt }),
    one: async (name, id, requestPath, flight) => {
      const decode = (json: unknown) => decodeOne(json, id, decoders[name])
      const { rows, readAt } = await read(name, requestPath, flight, decode)
      const [row] = rows
      // An answer without the row is a failure.
      return { row: row as NonNullable<typeof row>, readAt }
    },
  }
}
