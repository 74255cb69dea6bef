/** What was told of rows, kept as plainly as possible: every state of every row, each with its moment. */
import { isDeepStrictEqual } from 'node:util'
import type { Told } from '../../../src/model/known-rows.ts'
import type { Row } from '../../../src/model/rows.ts'

/** A row from that moment on (UNIX seconds); null where there is none. */
interface State {
  readonly at: number
  /** From when on it was known: of a row that a list lacks, the end of that. */
  readonly from: number
  readonly row: Row | null
}

interface Moment {
  readonly at: number
  readonly overAt: number
  /** False where the list was known as a whole no more from then on. */
  readonly agreed: boolean
}

export interface ReferenceList {
  readonly rows: Map<string, State[]>
  readonly moments: Moment[]
  wholeSince: number | undefined
  readAt: number
  toldAt: number
}

const keyOf = ({ connector, collection }: Pick<Told, 'connector' | 'collection'>) =>
  `${connector} ${collection}`

export const createReference = () => {
  const lists = new Map<string, ReferenceList>()

  const listOf = (of: Pick<Told, 'connector' | 'collection'>): ReferenceList => {
    const found = lists.get(keyOf(of)) ?? {
      ...{ rows: new Map(), moments: [], wholeSince: undefined },
      ...{ readAt: -Infinity, toldAt: 0 },
    }
    lists.set(keyOf(of), found)
    return found
  }
  const take = (
    list: ReferenceList,
    id: string,
    at: number,
    row: Row | null,
    from: number,
  ): void => {
    const states = list.rows.get(id) ?? []
    const last = states.at(-1)
    // What is older than what is known tells nothing.
    if (at < (last?.at ?? -Infinity) || at < list.readAt) return
    // The same once more is no other state, and known as of the first time.
    if (isDeepStrictEqual(last?.row ?? null, row)) return
    list.rows.set(id, [...states, { at, from, row }])
  }

  return {
    listOf,
    /** Takes in what was told, and counted if it is that a list is whole; `has` says what the table has at that moment. */
    tell: (told: Told, counts: boolean, has: (id: string) => boolean): void => {
      if (told.kind === 'left' || told.kind === 'again') return
      const list = listOf(told)
      if (told.kind === 'missed') {
        if (list.wholeSince === undefined) return
        list.wholeSince = undefined
        const at = Math.max(list.toldAt, list.moments.at(-1)?.overAt ?? 0)
        list.moments.push({ at, overAt: at, agreed: false })
        return
      }
      list.toldAt = Math.max(list.toldAt, told.kind === 'whole' ? told.until : told.at)
      if (told.kind === 'row') {
        const row = told.row === null ? null : (JSON.parse(told.row) as Row)
        take(list, told.id, told.at, row, told.overAt ?? told.at)
        return
      }
      if (!counts || told.at < list.readAt) return
      if (told.isRead) {
        for (const [id, states] of list.rows) {
          const last = states.at(-1)
          if (last !== undefined && last.row !== null && last.at < told.at && !has(id))
            take(list, id, told.at, null, told.until)
        }
        list.wholeSince ??= told.at
        list.readAt = told.at
      }
      if (list.wholeSince === undefined) return
      const newest = list.moments.at(-1)
      if (newest?.agreed === true && newest.at >= told.at) return
      const overAt = Math.max(told.until, newest?.overAt ?? 0)
      list.moments.push({ at: told.at, overAt, agreed: true })
    },
    /** The newest moment at which the list agreed, as it was known at that moment. */
    asOf: (list: ReferenceList, at: number): number | undefined => {
      const last = list.moments.findLast(({ overAt }) => overAt <= at)
      return last?.agreed === true ? last.at : undefined
    },
    /** The row then; null where there was none, undefined where it was not known yet. */
    rowThen: (list: ReferenceList, id: string, at: number): Row | null | undefined =>
      list.rows.get(id)?.findLast(state => state.from <= at)?.row,
  }
}
