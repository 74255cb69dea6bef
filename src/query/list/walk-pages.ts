/** Walking through a list whose order is not here, page by page from where upstream the cursor's row stood. */
import { BadInputError } from '../../errors.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { type PageOrigin, rowsBefore } from '../../paging/page-origin.ts'
import { tokenKind } from '../../paging/seams.ts'
import type { Page } from '../../paging/token-guard.ts'
import type { Reader } from '../reading/reader.ts'
import { createTester } from '../reading/row-tester.ts'
import type { WalkCursor } from './cursor.ts'
import { noteGaps, type PageBuilder, stop, type WalkOutcome } from './page-builder.ts'
import { positionIn } from './position.ts'
import { createOriginReader, undefinedIfRefused } from './read-origin.ts'
import { walkTable } from './walk-table.ts'

/** Epoch of positions that are in no table's order. */
const NO_EPOCH = '-'

/** A row of that index on a page. */
interface Spot {
  readonly origin: PageOrigin
  readonly page: Page
  readonly index: number
}

/**
 * Takes the rows behind the cursor's into the page.
 * @throws BadInputError when neither its row nor its place upstream can be found any more
 */
export const walkPages = async (
  builder: PageBuilder,
  reader: Reader,
  after: WalkCursor,
): Promise<WalkOutcome> => {
  const { operation, query } = builder
  const pages = createOriginReader(builder, reader)
  const taker = createTaker(builder, reader, after)
  const read = async (origin: PageOrigin): Promise<Page> => {
    const page = await pages.read(origin)
    builder.seen(page.readAt)
    return page
  }

  const start = await findStart(after, read, reader, query.collection).catch(undefinedIfRefused)
  if (start === undefined) return searchAll(builder, reader, after)
  if (start.isDoubtful === true) noteGaps(builder, reader, ['shifted'])

  if (!(await taker.take(start))) return 'full'
  const readNext = pages.behind(start.page, start.origin)
  let isLast = start.page.nextToken === undefined && !start.page.promisesMore
  if (isLast && isShort(start, reader, query.collection)) noteGaps(builder, reader, ['shifted'])
  while (!isLast) {
    if (builder.isFull()) return 'full'
    if (operation.requestsLeft === 0)
      return stop(builder, reader.alias, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    const page = await readNext()
    // Where no way leads on, the walk begins at the start: there a scan looks for the row and goes on.
    if (page.from.sent < rowsBefore(start.origin)) return searchAll(builder, reader, taker.last())
    builder.seen(page.readAt)
    if (!(await taker.take({ page, origin: page.origin, index: 0 }))) return 'full'
    isLast = page.next === undefined
  }
  return 'exhausted'
}

/** Whether that page is the end of fewer rows than there were, and a token on the way to it may have shifted. */
const isShort = ({ page, origin }: Spot, { store }: Reader, collection: CollectionName): boolean =>
  origin.isUnchecked === true &&
  rowsBefore(origin) + page.sent < (store.expectedRows(collection) ?? 0)

/** Takes the rows of pages that come one behind another. */
const createTaker = (builder: PageBuilder, reader: Reader, after: WalkCursor) => {
  const { operation, query } = builder
  const tester = createTester(query.collection, query.filter, reader)
  // Where the data moved, the cursor's own row or what came on a page before may come again.
  const met = new Set([after.id])
  let last = after

  return {
    /** The cursor of the last row that came. */
    last: (): WalkCursor => last,
    /** False once the page is full and more follows. */
    take: async ({ page, origin, index }: Spot): Promise<boolean> => {
      const before = last
      const cursorOf = (row: Row, at: number) => (): WalkCursor => ({
        kind: 'walk',
        connector: reader.alias,
        id: row.id,
        epoch: NO_EPOCH,
        position: 0,
        page: origin,
        index: at,
        anchor: page.rows[at - 1]?.id ?? (before === after ? undefined : before.id),
      })
      for (const [at, row] of page.rows.entries()) {
        if (at < index || met.has(row.id)) continue
        let passes = tester(row)
        while (passes === undefined) {
          await operation.work.next()
          passes = tester(row)
        }
        if (!builder.add(reader.alias, row, passes, cursorOf(row, at))) return false
      }
      for (const { id } of page.rows) met.add(id)
      const end = page.rows.at(-1)
      // That row is there: the one before it is no sign of where to go on.
      if (end !== undefined) last = { ...cursorOf(end, page.rows.length - 1)(), anchor: undefined }
      return true
    },
  }
}

interface Start extends Spot {
  /** Whether rows may stand between the cursor's and this one. */
  readonly isDoubtful?: boolean
}

/** Where to go on: on the cursor's own page, or near it where the rows before it have moved. */
const findStart = async (
  after: WalkCursor,
  read: (origin: PageOrigin) => Promise<Page>,
  { store }: Reader,
  collection: CollectionName,
): Promise<Start | undefined> => {
  const page = await read(after.page)
  const index = indexBehind(page.rows, after)
  if (index !== undefined) return { origin: after.page, page, index }
  const atFirst: Start = { origin: after.page, page, index: 0 }
  const sent = rowsBefore(after.page)
  if (sent === 0 && after.index === 0) return atFirst
  // A page begins behind the row before it: where the first of its rows has gone, the next one is first.
  const isFirst = 'token' in after.page && after.index === 0
  if (isFirst && isKeyset(after)) return atFirst
  const around: PageOrigin[] = []
  if (sent > 0 && ('offset' in after.page || store.byOffset(collection)))
    around.push({ offset: Math.max(0, sent - store.pageSize()) })
  if (page.nextToken !== undefined) around.push({ token: page.nextToken, sent: sent + page.sent })
  for (const origin of around) {
    const near = await read(origin)
    const at = indexBehind(near.rows, after)
    if (at !== undefined) return { origin, page: near, index: at }
  }
  return isFirst ? { ...atFirst, isDoubtful: true } : undefined
}

/** Whether the token of its page names the row before it. */
const isKeyset = ({ page, anchor }: WalkCursor): boolean =>
  'token' in page &&
  anchor !== undefined &&
  tokenKind({ token: page.token, sent: page.sent, last: anchor }) === 'keyset'

/** The index behind the cursor's row, or, where that has gone, behind the one that stood before it. */
const indexBehind = (rows: readonly Row[], after: WalkCursor): number | undefined => {
  const own = rows.findIndex(({ id }) => id === after.id)
  if (own >= 0) return own + 1
  const before = after.anchor === undefined ? -1 : rows.findIndex(({ id }) => id === after.anchor)
  return before >= 0 ? before + 1 : undefined
}

/** Reads until the row is found again, which puts the list into the order of this process. */
const searchAll = async (
  builder: PageBuilder,
  reader: Reader,
  after: WalkCursor,
): Promise<WalkOutcome> => {
  const { operation, query } = builder
  const table = reader.store.table(query.collection)
  const scan = reader.scan(query.collection)
  const enough = (): boolean =>
    positionIn(table, after) !== undefined || operation.requestsLeft === 0
  const inTime = await scan.until(enough, reader.callFor(query.collection))
  const position = positionIn(table, after)
  if (position !== undefined) return walkTable(builder, reader, table, Math.floor(position) + 1)
  if (!inTime) return stop(builder, reader.alias, 'time (PUSHGRAPH_MAX_WAIT_MS)')
  if (!scan.done) return stop(builder, reader.alias, 'requests (PUSHGRAPH_MAX_REQUESTS)')
  throw new BadInputError('"after" has expired: its row has gone; begin again without it', 'after')
}
