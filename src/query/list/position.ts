/** The order of a list, and the positions of its items and cursors in it. */
import { BadInputError } from '../../errors.ts'
import type { NumberOf } from '../../filter/order.ts'
import type { Row } from '../../model/rows.ts'
import { compareText } from '../../model/values.ts'
import type { Table } from '../../store/store.ts'
import type { Cursor, WalkCursor } from './cursor.ts'
import type { ListItem } from './page.ts'
import type { ListQuery, RowSorting } from './list-query.ts'
import type { Reader } from '../reading/reader.ts'

export interface Positioning {
  compare(a: ListItem, b: ListItem): number
  /** How an item stands to the position of the cursor: negative before it, 0 at it. */
  toCursor(cursor: Cursor): (item: ListItem) => number
  cursor(item: ListItem): Cursor
}

/** By the keys asked for, `numbers` being what they count; else in the order in which the rows were first read (`positioned`), or by id. */
export const positioningOf = (
  query: ListQuery,
  readers: readonly Reader[],
  positioned: boolean,
  numbers: NumberOf = () => 0,
): Positioning => {
  if (query.order !== undefined) return byKeys(query.order.over(numbers))
  return positioned ? byPosition(query, readers) : byId
}

const compareIds = (a: ListItem, b: ListItem): number =>
  compareText(a.row.id, b.row.id) || compareText(a.connector, b.connector)

const byId: Positioning = {
  compare: compareIds,
  toCursor: ({ connector, id }) => {
    const at: ListItem = { connector, row: { id } as Row }
    return item => compareIds(item, at)
  },
  cursor: ({ connector, row }) => ({ kind: 'key', connector, id: row.id, keys: [] }),
}

const byKeys = (order: RowSorting): Positioning => {
  // One id in two connectors is two rows.
  const compare = (a: ListItem, b: ListItem): number =>
    order.compare(a.row, b.row) || compareText(a.connector, b.connector)
  return {
    compare,
    toCursor: cursor => {
      const keys = cursor.kind === 'key' ? cursor.keys : []
      const at: ListItem = { connector: cursor.connector, row: order.rowOf(cursor.id, keys) }
      return item => compare(item, at)
    },
    cursor: ({ connector, row }) => ({
      kind: 'key',
      connector,
      id: row.id,
      keys: order.keysOf(row),
    }),
  }
}

const byPosition = ({ collection }: ListQuery, readers: readonly Reader[]): Positioning => {
  const indexes = new Map(readers.map(({ alias }, index) => [alias, index]))
  const tables = new Map(readers.map(({ alias, store }) => [alias, store.table(collection)]))
  const indexOf = (alias: string): number => indexes.get(alias) ?? 0
  const positionOf = ({ connector, row }: ListItem): number =>
    tables.get(connector)?.positionOf(row.id) ?? Infinity
  return {
    compare: (a, b) => indexOf(a.connector) - indexOf(b.connector) || positionOf(a) - positionOf(b),
    toCursor: cursor => {
      const table = tables.get(cursor.connector)
      const position =
        cursor.kind === 'walk' && table !== undefined ? positionIn(table, cursor) : undefined
      if (position === undefined)
        throw new BadInputError('The cursor has expired: begin again without it', 'after')
      const index = indexOf(cursor.connector)
      return item => indexOf(item.connector) - index || positionOf(item) - position
    },
    cursor: ({ connector, row }) => {
      const table = tables.get(connector)
      if (table === undefined) throw new Error('an item of another list')
      return walkCursor(table, connector, row, table.positionOf(row.id) ?? table.end)
    },
  }
}

/**
 * The position of the cursor's row in this table, or, where it has gone, half a position behind the row before it;
 * undefined where the table knows neither.
 */
export const positionIn = (table: Table, cursor: WalkCursor): number | undefined => {
  if (cursor.epoch === table.epoch) return cursor.position
  const own = table.positionOf(cursor.id)
  if (own !== undefined || cursor.anchor === undefined) return own
  const before = table.positionOf(cursor.anchor)
  return before === undefined ? undefined : before + 0.5
}

/** The cursor of a row at that position of the table, with the page upstream that it was read from. */
export const walkCursor = (
  table: Table,
  connector: string,
  row: Row,
  position: number,
): WalkCursor => {
  const { page, index } = table.origin(position) ?? { page: { offset: 0 }, index: position }
  const anchor = table.at(position - 1)?.id
  return { kind: 'walk', connector, id: row.id, epoch: table.epoch, position, page, index, anchor }
}
