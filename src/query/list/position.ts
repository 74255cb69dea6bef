/** The order of a list, and how its cursors stand in it. */
import { BadInputError } from '../../errors.ts'
import type { Row } from '../../model/rows.ts'
import type { Table } from '../../store/store.ts'
import type { Cursor, WalkCursor } from './cursor.ts'
import type { ListItem } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { RowOrdering } from './list-query.ts'
import type { Reader } from '../reading/reader.ts'
import { compareText } from '../../model/values.ts'

export interface Placing {
  compare(a: ListItem, b: ListItem): number
  /** How the item stands to the place of a cursor: negative before it, 0 at it. */
  toPlace(cursor: Cursor): (item: ListItem) => number
  cursor(item: ListItem): Cursor
}

/** By the keys asked for; else in the order in which a scan first met the rows, or by id. */
export const positioningOf = (
  question: ListQuery,
  readers: readonly Reader[],
  positioned: boolean,
): Placing => {
  if (question.order !== undefined) return byKeys(question.order)
  return positioned ? byPosition(question, readers) : byId
}

const compareIds = (a: ListItem, b: ListItem): number =>
  compareText(a.row.id, b.row.id) || compareText(a.connector, b.connector)

const byId: Placing = {
  compare: compareIds,
  toPlace: cursor => {
    const place: ListItem = { connector: cursor.connector, row: { id: cursor.id } as Row }
    return item => compareIds(item, place)
  },
  cursor: ({ connector, row }) => ({ kind: 'key', connector, id: row.id, keys: [] }),
}

const byKeys = (order: RowOrdering): Placing => {
  // One id in two connectors is two rows.
  const compare = (a: ListItem, b: ListItem): number =>
    order.compare(a.row, b.row) || compareText(a.connector, b.connector)
  return {
    compare,
    toPlace: cursor => {
      const keys = cursor.kind === 'key' ? cursor.keys : []
      const place: ListItem = { connector: cursor.connector, row: order.rowOf(cursor.id, keys) }
      return item => compare(item, place)
    },
    cursor: ({ connector, row }) => ({
      kind: 'key',
      connector,
      id: row.id,
      keys: order.keysOf(row),
    }),
  }
}

const byPosition = (question: ListQuery, readers: readonly Reader[]): Placing => {
  const timeSlice = new Map(readers.map(({ alias }, index) => [alias, index]))
  const tables = new Map(
    readers.map(reader => [reader.alias, reader.store.table(question.collection)]),
  )
  const turnOf = (alias: string): number => timeSlice.get(alias) ?? 0
  const positionOf = ({ connector, row }: ListItem): number =>
    tables.get(connector)?.positionOf(row.id) ?? Infinity
  return {
    compare: (a, b) => turnOf(a.connector) - turnOf(b.connector) || positionOf(a) - positionOf(b),
    toPlace: cursor => {
      const table = tables.get(cursor.connector)
      const position =
        cursor.kind === 'walk' && table !== undefined ? positionIn(table, cursor) : undefined
      if (position === undefined)
        throw new BadInputError('The cursor has expired: begin again without it', 'after')
      const turn = turnOf(cursor.connector)
      return item => turnOf(item.connector) - turn || positionOf(item) - position
    },
    cursor: ({ connector, row }) => {
      const table = tables.get(connector)
      if (table === undefined) throw new Error('an item of another list')
      return placeOf(table, connector, row, table.positionOf(row.id) ?? table.end)
    },
  }
}

/**
 * Where the cursor's row stands in this table, or, where it has gone, half a place behind the one before it;
 * undefined where the table knows neither.
 */
export const positionIn = (table: Table, cursor: WalkCursor): number | undefined => {
  if (cursor.epoch === table.epoch) return cursor.position
  const own = table.positionOf(cursor.id)
  if (own !== undefined || cursor.anchor === undefined) return own
  const before = table.positionOf(cursor.anchor)
  return before === undefined ? undefined : before + 0.5
}

/** The place of a row in a table's order, with the page upstream from which it was read. */
export const placeOf = (
  table: Table,
  connector: string,
  row: Row,
  position: number,
): WalkCursor => {
  const { page, index } = table.origin(position) ?? { page: { offset: 0 }, index: position }
  const anchor = table.at(position - 1)?.id
  return { kind: 'walk', connector, id: row.id, epoch: table.epoch, position, page, index, anchor }
}
