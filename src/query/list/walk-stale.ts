/** Making stale rows of a list fresh without a scan from its start: by their own page, or by their ids. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { Row } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import type { Table } from '../../store/store.ts'
import { createTokenGuard, type Unreadable } from '../../paging/token-guard.ts'
import type { PageBuilder, WalkOutcome } from './page-builder.ts'
import type { Reader } from '../reading/reader.ts'

export interface Jump {
  /** False once Push no longer knew the place of a page. */
  isPossible(): boolean
  /** Reads the page that the position stands on, or the one that follows the last row of all. */
  to(position: number): Promise<WalkOutcome | undefined>
  /** Asks for the rows before `until` that should have come by now and did not: gone, or moved behind. */
  lookUp(position: number, until: number): Promise<undefined>
}

export const createJump = (
  { operation, query, range }: PageBuilder,
  reader: Reader,
  table: Table,
  fresh: (row: Row) => boolean,
  note: (unreadable: readonly Unreadable[]) => void,
): Jump => {
  const { collection } = query
  const trail = createTokenGuard(collection)
  // What follows the last row of all, once its page was read here.
  let onward: PageOrigin | undefined
  let isThrough = false
  let isPossible = true

  const lookUp: Jump['lookUp'] = async (position, until) => {
    const ids: string[] = []
    for (let at = position; at < until && ids.length < range.size; at += 1) {
      const row = table.at(at)
      if (row !== undefined && !fresh(row)) ids.push(row.id)
    }
    for (const answer of await reader.rows(collection, ids))
      if (answer instanceof Error) throw answer
    return undefined
  }

  const to: Jump['to'] = async position => {
    const isAtEnd = position >= table.end
    if (isAtEnd && isThrough) return 'exhausted'
    const known = table.origin(isAtEnd ? table.end - 1 : position)?.page
    const origin = (isAtEnd ? onward : undefined) ?? known ?? { offset: 0 }
    const page = await trail
      .read('token' in origin ? origin.token : undefined, () =>
        reader.store.readPage(collection, toRequest(origin), reader.callFor(collection)),
      )
      .catch((error: unknown) => {
        if (!isRefusal(error)) throw error
        return undefined
      })
    if (page === undefined) {
      isPossible = false
      return undefined
    }
    trail.note(page)
    note(page.unreadable)
    operation.read(page.rows.length)
    if (!isAtEnd) return lookUp(position, position + page.rows.length)
    table.turnPage(origin)
    for (const { id } of page.rows) table.place(id)
    isThrough = page.nextToken === undefined
    onward = page.nextToken === undefined ? undefined : { token: page.nextToken }
    return undefined
  }

  return {
    isPossible: () => isPossible,
    to,
    lookUp,
  }
}

/** The request for the page that begins there. */
export const toRequest = (
  origin: PageOrigin,
): { readonly nextToken?: string; readonly offset?: number } => {
  if ('token' in origin) return { nextToken: origin.token }
  return origin.offset === 0 ? {} : { offset: origin.offset }
}

/** Push does not take that token or offset (any more). */
export const isRefusal = (error: unknown): boolean =>
  error instanceof UpstreamRefusedError && error.status === 400
