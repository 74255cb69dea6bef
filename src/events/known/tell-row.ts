/** What a row that is told of comes to: nothing new, or a row that is known from now on and what changed of it. */
import type { DatabaseSync } from 'node:sqlite'
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
import type { KnownList } from './known-lists.ts'

export type ToldRow = Extract<Told, { readonly kind: 'row' }>

/** What is told, and may take. */
export interface Telling {
  readonly list: KnownList
  /** UNIX seconds: what seems to be known since later is known by a clock that was set back. */
  readonly now: number
  /** Bytes that known rows may take. */
  readonly maxBytes: number
  /** Takes what changed. */
  readonly onChange: (change: NewChange) => void
}

export interface RowTeller {
  /** Takes the row in. `refused`: there is no room for another one. */
  tell(told: ToldRow, telling: Telling): 'known' | 'refused'
  /** Counts what known rows have grown by, at the end of what is told. */
  grown(): void
  /** Nothing of what was told since is stored. */
  undone(): void
}

interface KnownRow {
  readonly sequence: number
  readonly at: number
  readonly details_at: number | null
  readonly gone_at: number | null
  readonly row: string | null
}

/** What a row takes beside its texts: its columns, and its place in the index. */
const BYTES_OF_ROW = 150
export const rowBytesInSql = `(${BYTES_OF_ROW} + 2 * octet_length(object_id) + coalesce(octet_length(row), 0))`

export const createRowTeller = (database: DatabaseSync): RowTeller => {
  const find = database.prepare(
    'SELECT sequence, at, details_at, gone_at, row FROM known_row WHERE list = ? AND object_id = ?',
  )
  const insert = database.prepare(
    'INSERT INTO known_row (list, object_id, first_at, at, row) VALUES (?, ?, ?, ?, ?)',
  )
  const update = database.prepare(
    'UPDATE known_row SET at = ?, details_at = ?, gone_at = ?, row = ? WHERE sequence = ?',
  )
  const taken = database.prepare('SELECT rows_bytes AS bytes FROM store')
  const grow = database.prepare('UPDATE store SET rows_bytes = rows_bytes + ?')
  let grownBy = 0

  const put = (known: KnownRow, told: ToldRow, row: string | null, detailsAt: number | null) => {
    update.run(told.at, detailsAt, row === null ? told.at : null, row, known.sequence)
    grownBy += bytesOfText(row) - bytesOfText(known.row)
  }

  const first = (told: ToldRow, { list, now, maxBytes, onChange }: Telling) => {
    const { id, row, at } = told
    // The whole list lacked it later.
    if (row === null || isLater(list.readAt, at, now)) return 'known'
    const bytes = BYTES_OF_ROW + 2 * bytesOfText(id) + bytesOfText(row)
    if (Number(taken.get()?.['bytes']) + grownBy + bytes > maxBytes) return 'refused'
    insert.run(list.id, id, at, at, row)
    grownBy += bytes
    list.version += 1
    if (list.wholeSince !== null) changesOf(change(told, undefined, parse(row))).forEach(onChange)
    return 'known'
  }

  const differs = (known: KnownRow, told: ToldRow, { list, onChange }: Telling): void => {
    const before = known.row === null ? undefined : parse(known.row)
    const after = told.row === null ? undefined : parse(told.row)
    const next = before && after ? withKnown(told.collection, before, after) : after
    const row = next === after ? told.row : JSON.stringify(next)
    if (row === known.row) return
    const hasNewDetails =
      before !== undefined &&
      detailsOf(told.collection).some(name => !hasValue(before, name) && hasValue(next, name))
    put(known, told, row, hasNewDetails ? told.at : known.details_at)
    list.version += 1
    changesOf(change(told, before, after)).forEach(onChange)
  }

  return {
    tell: (told, telling) => {
      const { list, now } = telling
      const known = find.get(list.id, told.id) as unknown as KnownRow | undefined
      if (known === undefined) return first(told, telling)
      const isOld = isLater(known.at, told.at, now) || isLater(list.readAt, told.at, now)
      if (known.row !== told.row && !isOld) differs(known, told, telling)
      return 'known'
    },
    grown: () => {
      if (grownBy !== 0) grow.run(grownBy)
      grownBy = 0
    },
    undone: () => {
      grownBy = 0
    },
  }
}

/** Whether what is known is known of a later moment, one that has been. */
const isLater = (known: number | null, at: number, now: number): boolean =>
  known !== null && known > at && known <= now

const hasValue = (row: Row | undefined, name: string): boolean =>
  row !== undefined && (fieldOf(row, name) ?? null) !== null

const change = (
  { connector, collection, at, learntFrom }: ToldRow,
  before: Row | undefined,
  after: Row | undefined,
): RowChange => ({ connector, collection, before, after, at, learntFrom })

const parse = (row: string): Row => JSON.parse(row) as Row
