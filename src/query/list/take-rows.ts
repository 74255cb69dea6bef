/** Taking rows of a table into a page, in the order of their positions. */
import type { Maybe } from '../../model/maybe.ts'
import type { Row } from '../../model/rows.ts'
import type { Table } from '../../store/store.ts'
import type { FrozenRows } from '../../store/table/row-order.ts'
import type { Reader } from '../reading/reader.ts'
import { createTester } from '../reading/row-tester.ts'
import type { PageBuilder, WalkOutcome } from './page-builder.ts'
import { walkCursor } from './position.ts'

/** Where rows were no longer taken: the time slice was over, or the row could not be, or there was none left. */
export interface TakeEnd {
  readonly position: number
  readonly endedBy: 'slice' | 'row' | 'table'
}

export interface RowTaker {
  /** Takes rows while they may be served and the time slice lasts. */
  take(from: number, mayServe: (row: Row) => boolean): TakeEnd
  /** The same for as many time slices as it takes. */
  takeOn(first: TakeEnd, mayServe: (row: Row) => boolean): Promise<TakeEnd>
  /** Goes through what is known to be there to its end, or until the page is full. */
  takeAll(from: number): Maybe<WalkOutcome>
  /** When the oldest of the rows taken was read (milliseconds); Infinity where there is none. */
  oldest(): number
}

/** `frozen`: the rows of a table that is whole, so that how old they are does not matter; else those that it has by then. */
export const createRowTaker = (
  builder: PageBuilder,
  reader: Reader,
  table: Table,
  frozen: FrozenRows<Row> | undefined,
): RowTaker => {
  const { alias } = reader
  const tester = createTester(builder.query.collection, builder.query.filter, reader)
  let oldest = Infinity

  const take: RowTaker['take'] = (from, mayServe) => {
    const rows = frozen ?? table
    for (let position = from; position < rows.end; position += 1) {
      const row = rows.at(position)
      if (row === undefined) continue
      if (!mayServe(row)) return { position, endedBy: 'row' }
      const passes = tester(row)
      if (passes === undefined) return { position, endedBy: 'slice' }
      const cursor = () => walkCursor(table, alias, row, position)
      if (!builder.add(alias, row, passes, cursor)) return { position, endedBy: 'row' }
      if (frozen === undefined) oldest = Math.min(oldest, table.readAt(row.id))
    }
    return { position: rows.end, endedBy: 'table' }
  }

  const takeOn: RowTaker['takeOn'] = async (first, mayServe) => {
    let taken = first
    while (taken.endedBy === 'slice') {
      await builder.operation.work.next()
      taken = take(taken.position, mayServe)
    }
    return taken
  }

  return {
    take,
    takeOn,
    takeAll: from => {
      const taken = take(from, any)
      return taken.endedBy === 'slice' ? takeOn(taken, any).then(outcomeOf) : outcomeOf(taken)
    },
    oldest: () => oldest,
  }
}

const any = (): boolean => true

const outcomeOf = ({ endedBy }: TakeEnd): WalkOutcome =>
  endedBy === 'table' ? 'exhausted' : 'full'
