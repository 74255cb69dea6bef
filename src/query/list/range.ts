/** The range of a list that a page is asked for, read from its arguments: `first` after a cursor, `last` before one. */
import { BadInputError } from '../../errors.ts'
import { filterKey } from '../../filter/filter-key.ts'
import { type Cursor, listKey, readCursor, writeCursor } from './cursor.ts'
import type { ListQuery } from './list-query.ts'
import { ListPage } from './page.ts'
import type { Reader } from '../reading/reader.ts'

/** As GraphQL coerced them; a list that goes one way only has no `last` and `before`. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** How a list writes the position of an item into a cursor, and reads it again. */
export interface CursorFormat<Position> {
  /** @throws BadInputError that names the argument, where the text is no cursor of this list. */
  readonly read: (text: string, argument: string) => Position
  readonly write: (position: Position) => string
}

/** The arguments of a page, checked. */
export interface PageRange<Position = Cursor> {
  /** Items wanted at most; 0 where the list is only to be counted. */
  readonly size: number
  /** The last items are wanted, not the first. */
  readonly backward: boolean
  readonly after: Position | undefined
  readonly before: Position | undefined
  readonly write: (position: Position) => string
}

export const DEFAULT_PAGE = 50
const MAX_PAGE = 1000

/** @throws BadInputError that names the argument and says what it may be. */
export const readRange = <Position>(
  { first = null, last = null, after = null, before = null }: PageArguments,
  { read, write }: CursorFormat<Position>,
): PageRange<Position> => {
  if (first !== null && last !== null)
    throw new BadInputError('Give "first" or "last", not both', 'last')
  const backward = last !== null
  const size = backward ? last : (first ?? DEFAULT_PAGE)
  const name = backward ? 'last' : 'first'
  if (!Number.isInteger(size) || size < 0 || size > MAX_PAGE)
    throw new BadInputError(`"${name}" must be from 0 to ${MAX_PAGE}`, name)
  return {
    size,
    backward,
    after: after === null ? undefined : read(after, 'after'),
    before: before === null ? undefined : read(before, 'before'),
    write,
  }
}

/** The page of size 0. Nothing is read for it, so that nothing says that no item follows, or stands before. */
export const emptyPage = <Item>({
  backward,
  after,
  before,
}: Pick<PageRange<unknown>, 'backward' | 'after' | 'before'>): ListPage<Item> =>
  new ListPage<Item>({
    items: [],
    hasNextPage: !backward || before !== undefined,
    hasPreviousPage: backward || after !== undefined,
    cursor: () => '',
    asOf: null,
    complete: true,
  })

/** The cursors of a list of Push's rows over those connectors. */
export const listCursors = (
  { collection, scope, filter, order }: ListQuery,
  readers: readonly Reader[],
): CursorFormat<Cursor> => {
  let known: string | undefined
  // Made for the first cursor: most pages neither begin at one nor give one.
  const key = (): string =>
    (known ??= listKey([
      collection,
      scope?.field,
      scope?.value,
      filter.kind === 'all' ? '' : filterKey(filter),
      order?.key ?? '',
      readers.map(({ alias }) => alias),
    ]))
  return {
    read: (text, argument) => readCursor(key(), text, argument),
    write: cursor => writeCursor(key(), cursor),
  }
}
