/** The statements that find rows of a stored list: their places, or all of them with the bodies of events. */
import type { EventSortKey, FoundRow, PageQuery } from '../../events/events.ts'
import {
  comparePlaces,
  keyColumns,
  orderBy,
  placeOf,
  type PlaceOrder,
  toOrder,
} from '../../events/ordering.ts'
import { tables, timeColumns } from '../../events/schema.ts'
import { columnsOf, MOST_BYTES, tooManyBytes, toRow } from '../../events/stored-rows.ts'
import type { StoredName } from '../../model/stored.ts'
import type { Query } from '../connecting/pools.ts'
import { textKeyOf } from './conditions.ts'
import type { RetainedEvents } from './retained.ts'
import type { Bind } from './statement-values.ts'

/** The order that the list is asked for in. */
export const placeOrderOf = ({
  list,
  ordering,
}: Pick<PageQuery, 'list' | 'ordering'>): PlaceOrder => toOrder(list, ordering, textKeyOf)

/** What of a list is there: objects that have gone stay in their table, and for a while events that are past their time. */
export const presentIn = (list: StoredName, { condition }: Retained, bind: Bind): string => {
  if (list === 'events') return condition(bind)
  return timeColumns[list] === undefined ? 'gone_at IS NULL' : 'true'
}

type Retained = Pick<RetainedEvents, 'condition'>

/** Which rows are read, as the end of a statement whose values stand beside it. */
export interface RowsWanted {
  readonly list: StoredName
  readonly order: PlaceOrder
  readonly where: string
  readonly backward: boolean
  readonly limit: number | undefined
  readonly values: readonly unknown[]
  /** Whether one plan is right for all that may stand among the values, so that it need not be planned each time. */
  readonly isPlannedOnce?: boolean
  /** Bytes of bodies at most. */
  readonly mostBytes?: number
}

/** The rows, in the order of the list. @throws {LimitError} where their bodies are too large to be read at once */
export const readFound = async (query: Query, wanted: RowsWanted): Promise<readonly FoundRow[]> => {
  const { list, order, values, mostBytes = MOST_BYTES } = wanted
  const sql = list === 'events' ? withBodies(wanted) : places(wanted)
  const rows = await query(sql, values, { repeats: wanted.isPlannedOnce })
  const bytes = Number(rows[0]?.['all_bytes'] ?? 0)
  if (bytes > mostBytes) throw tooManyBytes(rows.length, bytes, mostBytes)
  const bodies =
    list === 'events'
      ? new Map(rows.map(({ sequence, body }) => [sequence, String(body)]))
      : undefined
  const compare = comparePlaces(order, false)
  return rows
    .map(columns => ({
      connector: String(columns['connector']),
      row: toRow(list, columns, bodies),
      place: placeOf(order, columns),
    }))
    .sort((a, b) => compare(a.place, b.place))
}

const places = ({ list, order, where, backward, limit }: RowsWanted): string =>
  `SELECT ${[...columnsOf(list), ...(list === 'events' ? ['body_bytes'] : []), ...keyColumns(order)].join(', ')}
    FROM ${tables[list]} WHERE ${where} ORDER BY ${orderBy(order, backward)}${limit === undefined ? '' : ` LIMIT ${limit}`}`

/** The bodies are read only where all of them together are not too large, and each by itself: never all that are kept. */
const withBodies = (wanted: RowsWanted): string =>
  `WITH found AS MATERIALIZED (${places(wanted)}),
    size AS MATERIALIZED (SELECT sum(body_bytes)::float8 AS all_bytes FROM found)
  SELECT found.*, size.all_bytes, kept.body FROM found CROSS JOIN size
    LEFT JOIN LATERAL (
      SELECT body FROM event_body
        WHERE event_body.sequence = found.sequence AND event_body.occurred_at = found.occurred_at LIMIT 1
    ) AS kept ON size.all_bytes <= ${wanted.mostBytes ?? MOST_BYTES}`

/** The sequences of those places, as they are asked for. */
export const sequencesOf = (found: readonly EventSortKey[]): readonly number[] =>
  found.map(({ sequence }) => sequence)
