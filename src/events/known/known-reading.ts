/** Rows as they were at a moment: what they are now, with what changed since undone. */
import type { DatabaseSync } from 'node:sqlite'
import type { KnownRead, ListThen, RowsThen } from '../../model/known-rows.ts'
import type { CollectionName } from '../../model/rows.ts'
import { DAY_S } from '../changes/change-log.ts'
import type { QuestionWork } from '../question-work.ts'
import { asItWas, goneMeanwhile, type RowNow, toKnownRead, type Undone } from './as-it-was.ts'

/** Moments are UNIX seconds. What was learnt just now may be on its way into the file: whoever needs it waits for `noted` first. */
export interface KnownReading {
  /** How the list was known at that moment. */
  listThen(connector: string, collection: CollectionName, at: number): ListThen
  /**
   * The rows of which it was known at that moment that they are there, as they were known then, in the order of their ids: up
   * to `limit` behind `after`, '' for the first page. None where what changed since has been deleted.
   *
   * @throws {GatewayError} where that is deleted between two pages
   */
  rowsThen(
    connector: string,
    collection: CollectionName,
    at: number,
    after: string,
    limit: number,
  ): QuestionWork<RowsThen>
  /** The newest read of each list that is known as a whole. */
  knownReads(): readonly KnownRead[]
  /** One of them; null where it was known that there is none, undefined where it was not known. */
  rowThen(
    connector: string,
    collection: CollectionName,
    id: string,
    at: number,
  ): string | null | undefined
}

interface Page extends RowsThen {
  readonly isCut: boolean
}

/** Known rows looked at in one stretch. */
const AT_ONCE = 200

export const createKnownReading = (database: DatabaseSync): KnownReading => {
  // That of now, or the one that another tenant's took the place of after that moment.
  const list = database.prepare(
    `SELECT id, whole_since, ended_at FROM known_list
      WHERE connector = ? AND collection = ? AND (ended_at IS NULL OR ended_at > ?)
      ORDER BY ended_at IS NULL, ended_at LIMIT 1`,
  )
  const agreed = database.prepare(
    'SELECT at, agreed FROM known_whole WHERE list = ? AND over_at <= ? ORDER BY over_at DESC, agreed LIMIT 1',
  )
  const reads = database.prepare(
    'SELECT * FROM known_list WHERE whole_since IS NOT NULL AND read_at IS NOT NULL AND ended_at IS NULL',
  )
  const cut = database.prepare('SELECT cut_at FROM store')
  const columns = 'object_id AS id, first_at, at, gone_at, details_at, row'
  const some = database.prepare(
    `SELECT ${columns} FROM known_row WHERE list = ? AND object_id > ? ORDER BY object_id LIMIT ?`,
  )
  const one = database.prepare(`SELECT ${columns} FROM known_row WHERE list = ? AND object_id = ?`)
  const changed = database.prepare(
    `SELECT object_id AS id, kind, field, old_value, new_value, at
      FROM change INDEXED BY change_by_object
      WHERE object_id >= ? AND object_id <= ? AND at >= ? AND at < ? AND connector = ? AND collection = ?
      ORDER BY object_id, sequence DESC`,
  )

  const cutAt = (): number | undefined => {
    const at = cut.get()?.['cut_at']
    return typeof at === 'number' ? at : undefined
  }
  const isCut = (at: number): boolean => at < (cutAt() ?? -Infinity)

  const listThen: KnownReading['listThen'] = (connector, collection, at) => {
    const found = list.get(connector, collection, at)
    const moment = found && agreed.get(Number(found['id']), at)
    const since = found?.['ended_at'] === null ? found['whole_since'] : undefined
    return {
      asOf: moment?.['agreed'] === 1 && !isCut(at) ? Number(moment['at']) : undefined,
      cutAt: cutAt(),
      wholeSince: typeof since === 'number' ? since : undefined,
    }
  }

  /**
   * What changed of the objects from the first id to the last since the day of that moment began and before the end of their
   * list, the last one that was stored first, by id.
   */
  const changesSince = (
    connector: string,
    collection: CollectionName,
    at: number,
    endedAt: number,
    [first, last]: readonly [string, string],
  ): ReadonlyMap<string, readonly Undone[]> => {
    // What is folded into a change of that day may be later than it.
    const day = Math.floor(at / DAY_S) * DAY_S
    const of = [first, last, day, endedAt, connector, collection]
    const since = changed.all(...of) as unknown as Undone[]
    return Map.groupBy(since, ({ id }) => id)
  }

  /** The next known rows as they were. */
  const page = (
    connector: string,
    collection: CollectionName,
    at: number,
    after: string,
    most: number,
  ): Page => {
    const found = list.get(connector, collection, at)
    const known = (found?.['id'] === undefined
      ? []
      : some.all(found['id'], after, most)) as unknown as readonly RowNow[]
    const [first, last] = [known[0], known.at(-1)]
    if (isCut(at) || first === undefined || last === undefined)
      return { rows: [], next: undefined, isCut: isCut(at) }
    const ids = [first.id, last.id] as const
    const changes = changesSince(connector, collection, at, endOf(found), ids)
    const rows = known.flatMap(row =>
      row.first_at > at ? [] : (asItWas(collection, row, changes.get(row.id) ?? [], at) ?? []),
    )
    return { rows, next: known.length < most ? undefined : last.id, isCut: false }
  }

  /** The same moment of the file for all that `look` reads. */
  const atOnce = <Result>(look: () => Result): Result => {
    database.exec('BEGIN')
    try {
      return look()
    } finally {
      database.exec('COMMIT')
    }
  }

  return {
    listThen: (...asked) => atOnce(() => listThen(...asked)),
    knownReads: () => reads.all().map(toKnownRead),
    rowsThen: function* (connector, collection, at, after, limit) {
      const rows: string[] = []
      for (let from = after; ;) {
        const most = Math.min(AT_ONCE, limit - rows.length)
        const found = atOnce(() => page(connector, collection, at, from, most))
        if (found.isCut && from !== '') throw goneMeanwhile()
        rows.push(...found.rows)
        if (found.next === undefined || rows.length >= limit) return { rows, next: found.next }
        from = found.next
        yield
      }
    },
    rowThen: (connector, collection, id, at) =>
      atOnce(() => {
        if (isCut(at)) return undefined
        const found = list.get(connector, collection, at)
        const row = (found === undefined
          ? undefined
          : one.get(Number(found['id']), id)) as unknown as RowNow | undefined
        if (row !== undefined && row.first_at <= at) {
          const changes = changesSince(connector, collection, at, endOf(found), [id, id])
          return asItWas(collection, row, changes.get(id) ?? [], at) ?? null
        }
        return listThen(connector, collection, at).asOf === undefined ? undefined : null
      }),
  }
}

/** When that list ended (UNIX seconds). */
const endOf = (list: Readonly<Record<string, unknown>> | undefined): number =>
  typeof list?.['ended_at'] === 'number' ? list['ended_at'] : Infinity
