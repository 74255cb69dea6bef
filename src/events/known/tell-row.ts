/** What a row that is told of comes to: nothing new, or a row that is known from now on and what changed of it. */
import type { Told } from '../../model/known-rows.ts'
import {
  changesOf,
  detailsOf,
  type NewChange,
  type RowChange,
  withKnown,
} from '../../model/row-changes.ts'
import type { Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import { bytesOfText } from '../changes/change-log.ts'
import type { KnownList, KnownRow, KnownStorage } from './known-storage.ts'
import type { Later } from './later.ts'

export type ToldRow = Extract<Told, { readonly kind: 'row' }>

/** What is told, and may take. */
export interface Telling {
  readonly list: KnownList
  /** UNIX seconds: what seems to be known since later is known by a clock that was set back. */
  readonly now: number
  /** Bytes that known rows may take. */
  readonly maxBytes: number
  /** Takes what changed. */
  readonly onChange: (change: NewChange) => Later<void>
}

export interface RowTeller {
  /** Takes the row in. `refused`: there is no room for another one. */
  tell(told: ToldRow, telling: Telling): Later<'known' | 'refused'>
  /** Counts what known rows have grown by, at the end of what is told. */
  grown(): Later<void>
  /** Nothing of what was told since is stored. */
  undone(): void
}

/** Rows of ended lists that go at once to make room: deliveries wait for it. */
const DROPPED_AT_ONCE = 5_000

/** What a row takes beside its texts: its columns, and its place in the index. */
const BYTES_OF_ROW = 150
export const rowBytesInSql = `(${BYTES_OF_ROW} + 2 * octet_length(object_id) + coalesce(octet_length(row), 0))`

export const createRowTeller = (storage: KnownStorage): RowTeller => {
  let grownBy = 0
  /** Lists that ended have no rows any more: of many rows for which there is no room, one looks for them. */
  let noneEnded = false

  function* put(known: KnownRow, told: ToldRow, list: KnownList, next: KnownRow): Later<void> {
    yield* storage.putRow(list.id, told.id, next)
    grownBy += bytesOfText(next.row) - bytesOfText(known.row)
  }

  /** What ended goes before what is there now goes without. */
  function* hasRoom(bytes: number, maxBytes: number): Later<boolean> {
    const left = maxBytes - (yield* storage.rowsBytes()) - grownBy - bytes
    if (left >= 0 || noneEnded) return left >= 0
    const dropped = yield* storage.dropEnded(DROPPED_AT_ONCE)
    noneEnded = dropped === 0
    return left + dropped >= 0
  }

  function* first(told: ToldRow, telling: Telling): Later<'known' | 'refused'> {
    const { list, now, maxBytes, onChange } = telling
    const { id, row, at } = told
    // The whole list lacked it later.
    if (row === null || isLater(list.readAt, at, now)) return 'known'
    const bytes = BYTES_OF_ROW + 2 * bytesOfText(id) + bytesOfText(row)
    if (!(yield* hasRoom(bytes, maxBytes))) return 'refused'
    yield* storage.addRow(list.id, id, at, row)
    grownBy += bytes
    list.version += 1
    if (list.wholeSince === null) return 'known'
    for (const each of changesOf(change(told, undefined, parse(row)))) yield* onChange(each)
    return 'known'
  }

  function* differs(known: KnownRow, told: ToldRow, { list, onChange }: Telling): Later<void> {
    const before = known.row === null ? undefined : parse(known.row)
    const after = told.row === null ? undefined : parse(told.row)
    const next = before && after ? withKnown(told.collection, before, after) : after
    const row = next === after ? told.row : JSON.stringify(next)
    if (row === known.row) return
    const hasNewDetails =
      before !== undefined &&
      detailsOf(told.collection).some(name => !hasValue(before, name) && hasValue(next, name))
    yield* put(known, told, list, {
      at: told.at,
      details_at: hasNewDetails ? told.at : known.details_at,
      // As of the list that lacks it, so that whoever was told of it since is heard; known only once that was read to its end.
      gone_at: row === null ? knownAt(told) : null,
      row,
    })
    list.version += 1
    for (const each of changesOf(change(told, before, after))) yield* onChange(each)
  }

  return {
    tell: function* (told, telling) {
      const { list, now } = telling
      const known = yield* storage.row(list.id, told.id)
      if (known === undefined) return yield* first(told, telling)
      const isOld = isLater(known.at, told.at, now) || isLater(list.readAt, told.at, now)
      if (known.row !== told.row && !isOld) yield* differs(known, told, telling)
      return 'known'
    },
    grown: function* () {
      if (grownBy !== 0) yield* storage.growRows(grownBy)
      grownBy = 0
      noneEnded = false
    },
    undone: () => {
      grownBy = 0
      noneEnded = false
    },
  }
}

/** Whether what is known is known of a later moment, one that has been. */
const isLater = (known: number | null, at: number, now: number): boolean =>
  known !== null && known > at && known <= now

const hasValue = (row: Row | undefined, name: string): boolean =>
  row !== undefined && (fieldOf(row, name) ?? null) !== null

const knownAt = ({ at, overAt }: ToldRow): number => Math.max(at, overAt ?? at)

const change = (told: ToldRow, before: Row | undefined, after: Row | undefined): RowChange => {
  const { connector, collection, learntFrom } = told
  return { connector, collection, before, after, at: knownAt(told), learntFrom }
}

const parse = (row: string): Row => JSON.parse(row) as Row
