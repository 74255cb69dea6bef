/** Walking through a list whose order is not here, page by page from where upstream the cursor's row stood. */
import { BadInputError } from '../../errors.ts'
import type { Row } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import type { Page } from '../../paging/token-guard.ts'
import type { Reader } from '../reading/reader.ts'
import { createTester } from '../reading/row-tester.ts'
import type { WalkCursor } from './cursor.ts'
import { type PageBuilder, stop, type WalkOutcome } from './page-builder.ts'
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
  const tester = createTester(query.collection, query.filter, reader)
  const pages = createOriginReader(builder, reader)
  const read = async (origin: PageOrigin): Promise<Page> => {
    const page = await pages.read(origin)
    builder.seen(page.readAt)
    return page
  }

  const start = await findStart(after, read, reader).catch(undefinedIfRefused)
  if (start === undefined) return searchAll(builder, reader, after)

  let { origin, page, index } = start
  for (;;) {
    for (; index < page.rows.length; index += 1) {
      const row = page.rows[index]
      // Where the data moved, the cursor's own row or what came on a page before may come again.
      if (row === undefined || row.id === after.id || pages.guard.hasMet(row.id)) continue
      let passes = tester(row)
      while (passes === undefined) {
        await operation.timeSlice.next()
        passes = tester(row)
      }
      const cursor = cursorOn({ page, origin, index }, row.id, reader.alias)
      if (!builder.add(reader.alias, row, passes, cursor)) return 'full'
    }
    pages.guard.note(page)
    const last = page.rows.at(-1)
    if (page.nextToken === undefined && !page.promisesMore) return 'exhausted'
    if (builder.isFull()) return 'full'
    // Only the scan knows where a page stands that has no token behind it.
    if (page.nextToken === undefined) {
      const index = page.rows.length - 1
      const spot = { page, origin, index }
      const at = last === undefined ? after : cursorOn(spot, last.id, reader.alias)()
      // That row is there: the one before it is no sign of where to go on.
      return searchAll(builder, reader, { ...at, anchor: undefined })
    }
    if (operation.requestsLeft === 0)
      return stop(builder, reader.alias, 'requests (PUSHGRAPH_MAX_REQUESTS)')
    origin = { token: page.nextToken }
    page = await read(origin)
    index = 0
  }
}

/** Where to go on: on the cursor's own page, or near it where the rows before it have moved. */
const findStart = async (
  after: WalkCursor,
  read: (origin: PageOrigin) => Promise<Page>,
  { store }: Reader,
): Promise<Spot | undefined> => {
  const page = await read(after.page)
  const index = indexBehind(page.rows, after)
  if (index !== undefined) return { origin: after.page, page, index }
  // A page begins behind the row before it: where the first of its rows has gone, the next one is first.
  if ('token' in after.page && after.index === 0) return { origin: after.page, page, index: 0 }
  const around: PageOrigin[] = page.nextToken === undefined ? [] : [{ token: page.nextToken }]
  if ('offset' in after.page && after.page.offset > 0)
    around.unshift({ offset: Math.max(0, after.page.offset - store.pageSize()) })
  for (const origin of around) {
    const near = await read(origin)
    const at = indexBehind(near.rows, after)
    if (at !== undefined) return { origin, page: near, index: at }
  }
  return undefined
}

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

const cursorOn =
  ({ page, origin, index }: Spot, id: string, connector: string) =>
  (): WalkCursor => ({
    kind: 'walk',
    connector,
    id,
    epoch: NO_EPOCH,
    position: 0,
    page: origin,
    index,
    anchor: page.rows[index - 1]?.id,
  })
