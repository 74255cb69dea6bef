/**
 * Our cursors: a position in a list, bound to that list. They hold ids and where a page begins upstream, never a
 * customer's values beyond the keys that the list is sorted by.
 */
import { createHash } from 'node:crypto'
import { BadInputError } from '../../errors.ts'
import { type PageOrigin, rowsBefore } from '../../paging/page-origin.ts'
import { isPrimitive } from '../../model/values.ts'

/** A row of a list in the order in which it was first read. */
export interface WalkCursor {
  readonly kind: 'walk'
  readonly connector: string
  readonly id: string
  /** Of the table that the position holds in. */
  readonly epoch: string
  readonly position: number
  /** Where upstream the page with this row begins, and how many rows of it stand before. */
  readonly page: PageOrigin
  readonly index: number
  /** The id of the row before it, which is looked for when its own row has gone. */
  readonly anchor: string | undefined
}

/** A row of a sorted list: the values that it is sorted by, then what breaks ties. */
export interface KeyCursor {
  readonly kind: 'key'
  readonly connector: string
  readonly id: string
  readonly keys: readonly (string | number | boolean | null)[]
}

export type Cursor = WalkCursor | KeyCursor

/** What makes a list this list and no other: its cursors are of no use elsewhere. */
export const listKey = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)

export const writeCursor = (list: string, cursor: Cursor): string => {
  const position =
    cursor.kind === 'walk'
      ? [
          'w',
          cursor.connector,
          cursor.id,
          cursor.epoch,
          cursor.position,
          'token' in cursor.page ? cursor.page.token : cursor.page.offset,
          cursor.index,
          cursor.anchor ?? null,
          rowsBefore(cursor.page),
          ...(cursor.page.isUnchecked === true ? [1] : []),
        ]
      : ['k', cursor.connector, cursor.id, ...cursor.keys]
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url')
}

/**
 * The position that a cursor stands for.
 * @throws BadInputError when it is no cursor of ours, or one of another list.
 */
export const readCursor = (list: string, text: string, argument: string): Cursor => {
  const parts = parse(text)
  const cursor = parts === undefined ? undefined : toCursor(parts.slice(1))
  if (parts === undefined || cursor === undefined)
    throw new BadInputError(
      `"${argument}" is not a cursor: give an endCursor or startCursor that this list returned`,
      argument,
    )
  if (parts[0] !== list)
    throw new BadInputError(
      `"${argument}" is a cursor of another list: filter, orderBy and connectors must stay the same from page to page`,
      argument,
    )
  return cursor
}

const parse = (text: string): readonly unknown[] | undefined => {
  // Any text decodes to something; only what encodes to the same text again was written here.
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

const toCursor = (parts: readonly unknown[]): Cursor | undefined => {
  const [kind, connector, id, ...rest] = parts
  if (typeof connector !== 'string' || typeof id !== 'string') return undefined
  if (kind === 'k')
    return rest.every(isKey) ? { kind: 'key', connector, id, keys: rest } : undefined
  const [epoch, position, from, index, anchor = null, before, unchecked] = rest
  if (kind !== 'w' || typeof epoch !== 'string' || !isCount(position) || !isCount(index))
    return undefined
  if (anchor !== null && typeof anchor !== 'string') return undefined
  // Earlier versions did not say how many rows stand before the page.
  const page = toOrigin(from, before ?? Math.max(0, position - index), unchecked === 1)
  if (page === undefined) return undefined
  return { kind: 'walk', connector, id, epoch, position, page, index, anchor: anchor ?? undefined }
}

const toOrigin = (from: unknown, sent: unknown, isUnchecked: boolean): PageOrigin | undefined => {
  const mark = isUnchecked ? ({ isUnchecked } as const) : {}
  if (typeof from === 'string' && isCount(sent)) return { token: from, sent, ...mark }
  return isCount(from) ? { offset: from, ...mark } : undefined
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isKey = (value: unknown): value is string | number | boolean | null =>
  value === null || isPrimitive(value)
