/** Rows as they were at a moment: what they are now, with what changed since undone. Each question sees one moment of the database. */
import type { AsyncReading } from '../../events/event-tasks.ts'
import { DAY_S } from '../../events/changes/change-log.ts'
import {
  asItWas,
  goneMeanwhile,
  type RowNow,
  toKnownRead,
  type Undone,
} from '../../events/known/as-it-was.ts'
import type { ListThen } from '../../model/known-rows.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Query } from '../connecting/pools.ts'
import type { Questions } from '../events/questions.ts'
import { storable } from '../events/statement-values.ts'

/** Known rows looked at in one go. */
const AT_ONCE = 500

export const createKnownThen = (
  questions: Questions,
): Pick<AsyncReading, 'knownReads' | 'listThen' | 'rowsThen' | 'rowThen'> => ({
  knownReads: terms =>
    questions.ask(terms, async query => {
      const lists = await query(
        'SELECT * FROM known_list WHERE whole_since IS NOT NULL AND read_at IS NOT NULL AND ended_at IS NULL ORDER BY id',
      )
      return lists.map(toKnownRead)
    }),
  listThen: (connector, collection, at, terms) =>
    questions.ask(terms, async query => (await listAt(query, connector, collection, at)).then),
  rowsThen: (connector, collection, at, after, limit, terms) =>
    questions.askAtOnce(terms, async query => {
      const { list, isCut, endedAt } = await listAt(query, connector, collection, at)
      if (isCut && after !== '') throw goneMeanwhile()
      if (isCut || list === undefined) return { rows: [], next: undefined }
      const rows: string[] = []
      for (let from = after; ;) {
        const most = Math.min(AT_ONCE, limit - rows.length)
        const known = await query<RowNow>(
          `SELECT ${COLUMNS} FROM known_row WHERE list = $1::int AND object_id > $2::text
            ORDER BY object_id LIMIT $3::int`,
          [list, storable(from), most],
        )
        rows.push(...(await asTheyWere(query, { connector, collection, at, endedAt }, known)))
        const next = known.length < most ? undefined : known.at(-1)?.id
        if (next === undefined || rows.length >= limit) return { rows, next }
        from = next
      }
    }),
  rowThen: (connector, collection, id, at, terms) =>
    questions.askAtOnce(terms, async query => {
      const { list, isCut, endedAt, then } = await listAt(query, connector, collection, at)
      if (isCut) return undefined
      const known = await query<RowNow>(
        `SELECT ${COLUMNS} FROM known_row WHERE list = $1::int AND object_id = $2::text AND first_at <= $3::float8`,
        [list ?? null, storable(id), at],
      )
      if (known.length > 0) {
        const [row = null] = await asTheyWere(query, { connector, collection, at, endedAt }, known)
        return row
      }
      return then.asOf === undefined ? undefined : null
    }),
})

const COLUMNS = 'object_id AS id, first_at, at, gone_at, details_at, row'

interface Then {
  readonly connector: string
  readonly collection: CollectionName
  readonly at: number
  /** When their list ended; null where it did not. */
  readonly endedAt: number | null
}

const listAt = async (
  query: Query,
  connector: string,
  collection: CollectionName,
  at: number,
): Promise<{
  readonly list: number | undefined
  readonly isCut: boolean
  readonly endedAt: number | null
  readonly then: ListThen
}> => {
  const [found] = await query<{
    readonly id: number | null
    readonly whole_since: number | null
    readonly ended_at: number | null
    readonly cut_at: number | null
    readonly as_of: number | null
  }>(
    // That of now, or the one that another tenant's took the place of after that moment.
    `SELECT list.id, list.whole_since, list.ended_at, history.cut_at, CASE WHEN moment.agreed = 1 THEN moment.at END AS as_of
      FROM history
      LEFT JOIN LATERAL (
        SELECT id, whole_since, ended_at FROM known_list
          WHERE connector = $1::text AND collection = $2::text AND (ended_at IS NULL OR ended_at > $3::float8)
          ORDER BY ended_at NULLS LAST LIMIT 1
      ) AS list ON true
      LEFT JOIN LATERAL (
        SELECT at, agreed FROM known_whole WHERE known_whole.list = list.id AND over_at <= $3::float8
          ORDER BY over_at DESC, agreed LIMIT 1
      ) AS moment ON true`,
    [connector, collection, at],
  )
  const isCut = at < (found?.cut_at ?? -Infinity)
  return {
    list: found?.id ?? undefined,
    isCut,
    endedAt: found?.ended_at ?? null,
    then: {
      asOf: isCut ? undefined : (found?.as_of ?? undefined),
      cutAt: found?.cut_at ?? undefined,
      wholeSince: found?.ended_at === null ? (found.whole_since ?? undefined) : undefined,
    },
  }
}

/** Those of them that were known by then and there, in their order. */
const asTheyWere = async (
  query: Query,
  { connector, collection, at, endedAt }: Then,
  known: readonly RowNow[],
): Promise<readonly string[]> => {
  const there = known.filter(row => row.first_at <= at)
  if (there.length === 0) return []
  const since = await query<Undone>(
    // What is folded into a change of that day may be later than it.
    `SELECT object_id AS id, kind, field, old_value, new_value, at FROM change
      WHERE object_id = ANY ($1::text[]) AND at >= $2::float8 AND connector = $3::text AND collection = $4::text
        AND at < coalesce($5::float8, 'Infinity')
      ORDER BY object_id, sequence DESC`,
    [there.map(({ id }) => id), Math.floor(at / DAY_S) * DAY_S, connector, collection, endedAt],
  )
  const changes = Map.groupBy(since, ({ id }) => id)
  return there.flatMap(row => asItWas(collection, row, changes.get(row.id) ?? [], at) ?? [])
}
