/**
 * Making the rows that a walk comes to fresh: by the scan of their collection where that is near, else without it, by
 * their own page or by their ids.
 */
import type { Row } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import type { Page } from '../../paging/token-guard.ts'
import type { Scan, Table } from '../../store/store.ts'
import type { Reader } from '../reading/reader.ts'
import type { Lack, PageBuilder } from './page-builder.ts'
import { createOriginReader, type NextPage, undefinedIfRefused } from './read-origin.ts'

/** Up to this many pages ahead of a scan, a row is waited for; beyond, its own page is read. */
const NEAR_PAGES = 1

const START_OF_LIST: PageOrigin = { offset: 0 }

/** Reads what the position needs; says what ended the reading where nothing more can be read. `settled`: gets the ids of rows of which nothing newer can be had. */
export type Advance = (position: number) => Promise<'exhausted' | Lack | undefined>

export const createAdvance = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  scan: Scan,
  fresh: (row: Row) => boolean,
  settled: Set<string>,
): Advance => {
  const { operation, query } = builder
  const jump = createJump(builder, reader, table, fresh, settled)
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
  settled: Set<string>,
): Jump => {
  const { range, query } = builder
  const pages = createOriginReader(builder, reader)
  /** Reads what follows the last row of all, once its page was read here. */
  let readNext: NextPage | undefined
  let lastRead: { readonly page: Page; readonly origin: PageOrigin } | undefined
  let isThrough = false
  let isPossible = true

  const lookUp: Jump['lookUp'] = async (position, until) => {
    const ids: string[] = []
    for (let at = position; at < until && ids.length < range.size; at += 1) {
      const row = table.at(at)
      if (row !== undefined && !fresh(row)) ids.push(row.id)
    }
    for (const answer of await reader.rows(query.collection, ids, true))
      if (answer instanceof Error) throw answer
    // What is old all the same is served so, with a warning: to ask again would bring no more.
    for (const id of ids) settled.add(id)
    return undefined
  }

  /** What has no position yet comes behind all others. */
  const place = (page: Page, origin: PageOrigin): void => {
    const unplaced = page.rows.filter(({ id }) => table.positionOf(id) === undefined)
    if (unplaced.length > 0) table.turnPage(origin)
    for (const { id } of unplaced) table.place(id)
  }

  /** The page that a position was placed from; undefined where Push does not know any more where it begins. */
  const readAt = async (position: number) => {
    const origin = table.origin(position)?.page ?? START_OF_LIST
    // The last of the known rows and what follows them are often of one page.
    if (lastRead?.origin === origin) return lastRead
    const page = await pages.read(origin).catch(undefinedIfRefused)
    lastRead = page && { page, origin }
    return lastRead
  }

  /** Whether a page shows rows that were placed last: only then is it clear what follows them. */
  const showsLast = ({ rows }: Page): boolean => {
    const from = table.end - 1 - (table.origin(table.end - 1)?.index ?? 0)
    return table.end === 0 || rows.some(({ id }) => (table.positionOf(id) ?? -1) >= from)
  }

  const readBehindLast = async (): Promise<'exhausted' | undefined> => {
    if (isThrough) return 'exhausted'
    if (readNext !== undefined) {
      const page = await readNext()
      place(page, page.origin)
      isThrough = page.next === undefined
      return undefined
    }
    const read = await readAt(table.end - 1)
    isPossible = read !== undefined && showsLast(read.page)
    if (read === undefined || !isPossible) return undefined
    place(read.page, read.origin)
    readNext = pages.behind(read.page, read.origin)
    isThrough = read.page.nextToken === undefined && !read.page.promisesMore
    return undefined
  }

  /** Whether a page shows any row that was placed: else it may stand beyond rows that nobody has met. */
  const isAmongPlaced = ({ rows }: Page): boolean =>
    rows.some(({ id }) => table.positionOf(id) !== undefined)

  const to: Jump['to'] = async position => {
    if (position >= table.end) return readBehindLast()
    const read = await readAt(position)
    isPossible = read !== undefined && isAmongPlaced(read.page)
    if (read === undefined || !isPossible) return undefined
    place(read.page, read.origin)
    return lookUp(position, position + read.page.rows.length)
  }

  return { isPossible: () => isPossible, to, lookUp }
}
