/** Changes in the database while some are noted: written at once in the end, in the transaction that `query` asks in. */
import { bytesInSql, DAY_S } from '../../events/changes/change-log.ts'
import type {
  ChangeStorage,
  GoneChanges,
  KeptChange,
  WrittenChange,
} from '../../events/changes/change-storage.ts'
import { awaited, known } from '../../events/known/later.ts'
import { DAY_AFTER_OLDEST_MOMENT, momentsBeforeInSql } from '../../events/known/old-moments.ts'
import type { Told } from '../../model/known-rows.ts'
import type { Query } from '../connecting/pools.ts'
import type { HistoryRow } from './history-row.ts'
import { storable } from '../events/statement-values.ts'

export interface ChangesDraft extends ChangeStorage {
  /** Writes what is not written yet; how many changes are new. */
  writeChanges(): Promise<void>
}

/** A change of a field in the draft, or in the database. */
interface DraftChange {
  readonly sequence: number
  readonly at: number
  new_value: string | null
}

type ChangePlace = Pick<WrittenChange, 'connector' | 'collection' | 'objectId' | 'field'>

/** What the database has of a collection's fields, for whoever folds one into another. */
export const createChangesDraft = (
  query: Query,
  all: readonly Told[],
  history: HistoryRow,
): ChangesDraft => {
  const byField = new Map<string, DraftChange[]>()
  const bySequence = new Map<number, DraftChange>()
  const loaded = new Set<string>()
  const unwritten = new Map<number, WrittenChange>()
  const folded = new Map<number, string | null>()

  const remember = (place: ChangePlace, change: DraftChange): void => {
    const key = placeOf(place)
    bySequence.set(change.sequence, change)
    byField.set(key, [...(byField.get(key) ?? []), change])
  }
  /** Changes of the days of which is told. */
  const load = async ({ connector, collection }: ChangePlace): Promise<void> => {
    const told = all.flatMap(of =>
      of.kind === 'row' && of.connector === connector && of.collection === collection ? [of] : [],
    )
    const found = await query<DraftChange & { readonly objectId: string; readonly field: string }>(
      `SELECT sequence, at, new_value, object_id AS "objectId", field FROM change
        WHERE object_id = ANY ($1::text[]) AND connector = $2::text AND collection = $3::text
          AND field IS NOT NULL AND at >= $4::float8`,
      [
        [...new Set(told.map(({ id }) => storable(id)))],
        connector,
        collection,
        told.reduce((least, { at }) => Math.min(least, at), Infinity) - DAY_S,
      ],
    )
    for (const { objectId, field, ...change } of found)
      remember({ connector, collection, objectId, field }, change)
  }
  const writeChanges = async (): Promise<void> => {
    const [written, folds] = [[...unwritten], [...folded]]
    unwritten.clear()
    folded.clear()
    if (written.length > 0) await query(INSERT, columnsOf(written))
    if (folds.length > 0)
      await query(
        `UPDATE change SET new_value = folded.value
          FROM unnest($1::bigint[], $2::text[]) AS folded (sequence, value)
          WHERE change.sequence = folded.sequence`,
        [folds.map(([sequence]) => sequence), folds.map(([, value]) => value)],
      )
  }

  return {
    changeOf: function* (change, from, until) {
      const list = `${change.collection} ${change.connector}`
      if (!loaded.has(list)) yield* awaited(load(change))
      loaded.add(list)
      return (byField.get(placeOf(change)) ?? [])
        .filter(({ at }) => at >= from && at < until)
        .reduce<DraftChange | undefined>(
          (newest, each) => (newest !== undefined && isNewer(newest, each) ? newest : each),
          undefined,
        )
    },
    addChange: (change, bytes) => {
      const sequence = (history.given += 1)
      history.changesBytes += bytes
      unwritten.set(sequence, change)
      remember(change, { sequence, at: change.at, new_value: change.new })
      return known(undefined)
    },
    foldInto: (sequence, value, bytes) => {
      history.changesBytes += bytes
      const fresh = unwritten.get(sequence)
      if (fresh === undefined) folded.set(sequence, value)
      else unwritten.set(sequence, { ...fresh, new: value })
      const change = bySequence.get(sequence)
      if (change !== undefined) change.new_value = value
      return known(undefined)
    },
    historyBytes: () => known(history.changesBytes + history.rowsBytes + history.momentsBytes),
    oldestChanges: function* (most) {
      yield* awaited(writeChanges())
      return yield* awaited(
        query<KeptChange>(`SELECT ${KEPT_COLUMNS} FROM change ORDER BY sequence LIMIT $1::int`, [
          most,
        ]),
      )
    },
    removeChanges: gone => awaited(removeStoredChanges(query, gone, history)),
    dropMoments: function* (most) {
      return (yield* awaited(query(DROP_MOMENTS, [most]))).length
    },
    writeChanges,
  }
}

/** The columns of one that is to go. */
export const KEPT_COLUMNS = `sequence, collection, field, new_value, at, ${bytesInSql} AS bytes`

/** Deletes them, and remembers that they are gone. */
export const removeStoredChanges = async (
  query: Query,
  { sequences, last, bytes, latest }: GoneChanges,
  history: HistoryRow,
): Promise<void> => {
  history.changesBytes -= bytes
  await query('DELETE FROM change WHERE sequence = ANY ($1::bigint[])', [sequences])
  await query(
    `UPDATE history SET changes_gone = changes_gone + $1::bigint,
      changes_purged = greatest(changes_purged, $2::bigint), cut_at = greatest(cut_at, $3::float8)`,
    [sequences.length, last, latest],
  )
}

const placeOf = ({ connector, collection, objectId, field }: ChangePlace): string =>
  JSON.stringify([connector, collection, storable(objectId), field])

const isNewer = (one: DraftChange, other: DraftChange): boolean =>
  one.at > other.at || (one.at === other.at && one.sequence > other.sequence)

const DROP_MOMENTS = `DELETE FROM known_whole WHERE (list, over_at, agreed) IN (
  ${momentsBeforeInSql(`(${DAY_AFTER_OLDEST_MOMENT})`, '$1::int')}
) RETURNING list`

const INSERT = `INSERT INTO change
  (sequence, connector, collection, object_id, kind, field, old_value, new_value, at, learnt_from)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::float8[], $10::text[])`

const columnsOf = (
  changes: readonly (readonly [sequence: number, change: WrittenChange])[],
): readonly unknown[] => [
  changes.map(([sequence]) => sequence),
  changes.map(([, { connector }]) => connector),
  changes.map(([, { collection }]) => collection),
  changes.map(([, { objectId }]) => storable(objectId)),
  changes.map(([, { kind }]) => kind),
  changes.map(([, { field }]) => field),
  changes.map(([, change]) => change.old),
  changes.map(([, change]) => change.new),
  changes.map(([, { at }]) => at),
  changes.map(([, { learntFrom }]) => learntFrom),
]
