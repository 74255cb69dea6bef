import { BadInputError } from '../../errors.ts'
import { type Cursor, listKey, readCursor, writeCursor } from './cursor.ts'
import type { ListQuery } from './list-query.ts'

/** The range of a list that is asked for: its arguments, read and checked. */
export interface PageRange {
  readonly size: number
  readonly backward: boolean
  readonly after: Cursor | undefined
  readonly before: Cursor | undefined
  /** Writes a cursor of this list. */
  write(cursor: Cursor): string
}

export const DEFAULT_PAGE = 50
export const MAX_PAGE = 1000

/**
 * The arguments of a list, checked before anything is read.
 * @throws BadInputError that names the argument and says what it may be.
 */
export const readRange = (question: ListQuery, connectors: readonly string[]): PageRange => {
  const { collection, scope, condition, order, page } = question
  let known: string | undefined
  const key = (): string =>
    (known ??= listKey([
      collection,
      scope?.field,
      scope?.value,
      condition?.key ?? '',
      order?.key ?? '',
      connectors,
    ]))
  const { first = null, last = null, after = null, before = null } = page
  if (first !== null && last !== null)
    throw new BadInputError('Give "first" or "last", not both', 'last')
  const backward = last !== null
  const size = backward ? last : (first ?? DEFAULT_PAGE)
  const name = backward ? 'last' : 'first'
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new BadInputError(`"${name}" must be from 1 to ${MAX_PAGE}`, name)
  return {
    size,
    backward,
    after: after === null ? undefined : readCursor(key(), after, 'after'),
    before: before === null ? undefined : readCursor(key(), before, 'before'),
    write: cursor => writeCursor(key(), cursor),
  }
}
