/** Answers as rows: decoded, and asked for once more where rows of them cannot be read. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { AskPush } from '../request/attempts.ts'
import type { RequestPath } from '../request/attempt.ts'
import type { Page, Unreadable } from '../contract/contract.ts'
import type { Decoders } from './decode.ts'
import { UnreadableRowsError, createUnreadableRows } from '../request/unreadable-rows.ts'
import { readOne, decodePage } from './page-answer.ts'
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

  return {
    page: async (name, requestPath, flight) => {
      let attempts = 0
      let partly: Page<typeof name> | undefined
      try {
        return await ask(requestPath, flight, ({ json, readAt }) => {
          const page = { ...decodePage(json, decoders[name]), readAt }
          if (page.unreadable.length === 0) return page
          attempts += 1
          partly = page
          const error = failureOf(name, page.unreadable)
          if (error.confirmed && page.rows.length > 0) return page
          throw error
        })
      } catch (error) {
        if (partly === undefined || flight.urgency.signal.aborted) throw error
        if (attempts >= CONFIRMING_ATTEMPTS) unreadableRows.confirm(name, partly.unreadable)
        // What could be read is worth more than the failure of asking again.
        if (partly.rows.length > 0) return partly
        throw error
      }
    },

    one: async (name, id, requestPath, flight) => {
      let attempts = 0
      let fault: Unreadable | undefined
      try {
        return await ask(requestPath, flight, ({ json, readAt }) => {
          const answer = readOne(json, id, decoders[name])
          if (answer.kind === 'row') return { row: answer.row, readAt }
          attempts += 1
          fault = answer.fault
          throw failureOf(name, [fault])
        })
      } catch (error) {
        if (fault !== undefined && attempts >= CONFIRMING_ATTEMPTS)
          unreadableRows.confirm(name, [fault])
        throw error
      }
    },
  }
}
