/**
 * Making the rows that a walk comes to fresh: by the scan of their collection where that is near, else without it, by
 * their own page or by their ids.
 */
import type { Row } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import type { Scan, Table } from '../../store/store.ts'
import type { Reader } from '../reading/reader.ts'
import type { Lack, PageBuilder } from './page-builder.ts'
import { createOriginReader, undefinedIfRefused } from './read-origin.ts'

/** Up to this many pages ahead of a scan, a row is waited for; beyond, its own page is read. */
const NEAR_PAGES = 1

/** Reads what the position needs; says what ended the reading where nothing more can be read. */
export type Advance = (position: number) => Promise<'exhausted' | Lack | undefined>

export const createAdvance = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  scan: Scan,
  fresh: (row: Row) => boolean,
): Advance => {
  const { operation, query } = builder
  const jump = createJump(builder, reader, table, fresh)
  return async position => {
    if (operation.requestsLeft === 0) return 'requests (PUSHGRAPH_MAX_REQUESTS)'
    const ahead = position - scan.rows
    if (ahead < 0) return jump.lookUp(position, scan.rows)
    if (ahead > NEAR_PAGES * reader.store.pageSize() && jump.isPossible()) return jump.to(position)
    const before = scan.rows
    const enough = (): boolean => {
      const row = table.at(position)
      const isThere = row === undefined ? table.end > position : fresh(row)
      return isThere || scan.rows > position || operation.requestsLeft === 0
    }
    const inTime = await scan.until(enough, reader.callFor(query.collection))
    operation.read(scan.rows - before)
    return inTime ? undefined : 'time (PUSHGRAPH_MAX_WAIT_MS)'
  }
}

interface Jump {
  /** False once Push no longer knew where a page began. */
  isPossible(): boolean
  /** Reads the page that the position stands on, or the one that follows the last row of all. */
  to(position: number): Promise<'exhausted' | undefined>
  /** Asks for the rows before `until` that should have come by now and did not: gone, or moved behind. */
  lookUp(position: number, until: number): Promise<undefined>
}

const createJump = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  fresh: (row: Row) => boolean,
): Jump => {
  const { range, query } = builder
  const pages = createOriginReader(builder, reader)
  /** What follows the last row of all, once its page was read here. */
  let next: PageOrigin | undefined
  let isThrough = false
  let isPossible = true

  const lookUp: Jump['lookUp'] = async (position, until) => {
    const ids: string[] = []
    for (let at = position; at < until && ids.length < range.size; at += 1) {
      const row = table.at(at)
      if (row !== undefined && !fresh(row)) ids.push(row.id)
    }
    for (const answer of await reader.rows(query.collection, ids))
      if (answer instanceof Error) throw answer
    return undefined
  }

  const to: Jump['to'] = async position => {
    const isAtEnd = position >= table.end
    if (isAtEnd && isThrough) return 'exhausted'
    const known = table.origin(isAtEnd ? table.end - 1 : position)?.page
    const origin = (isAtEnd ? next : undefined) ?? known ?? { offset: 0 }
    const page = await pages.read(origin).catch(undefinedIfRefused)
    if (page === undefined) {
      isPossible = false
      return undefined
    }
    pages.guard.note(page)
    if (!isAtEnd) return lookUp(position, position + page.rows.length)
    table.turnPage(origin)
    for (const { id } of page.rows) table.place(id)
    isThrough = page.nextToken === undefined
    // Where there is more without a token, the scan finds it or says that it cannot.
    isPossible = !page.promisesMore
    next = page.nextToken === undefined ? undefined : { token: page.nextToken }
    return undefined
  }

  return { isPossible: () => isPossible, to, lookUp }
}
