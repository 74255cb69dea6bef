/** What it comes to that a table is whole: rows that it does not have are gone, and the list is known as a whole. */
import type { Told, WholeAnswer } from '../../model/known-rows.ts'
import type { KnownLists } from './known-lists.ts'
import type { KnownList, KnownStorage } from './known-storage.ts'
import type { Later } from './later.ts'
import type { ToldRow } from './tell-row.ts'
import type { ToldTable, ToldTables } from './told-tables.ts'

export type ToldWhole = Extract<Told, { readonly kind: 'whole' }>

export interface WholeLists {
  /** `tell` takes in that a row has gone; it is `now` (UNIX seconds). */
  whole(
    told: ToldWhole,
    list: KnownList,
    now: number,
    tell: (gone: ToldRow) => Later<unknown>,
  ): Later<WholeAnswer>
}

/** Known rows looked at in one go: deliveries wait for it. */
const AT_ONCE = 2_000
/** Rows that a table is asked for; where others told of more, it is to tell all of them. */
const MOST_ASKED = 10_000

export const createWholeLists = (
  storage: Pick<KnownStorage, 'rowsBehind' | 'rowsSince'>,
  lists: KnownLists,
  tables: ToldTables,
): WholeLists => {
  /** Compares the next known rows with those that are there; whether that was all. */
  function* compare(
    told: ToldWhole,
    list: KnownList,
    table: ToldTable,
    tell: (gone: ToldRow) => Later<unknown>,
  ): Later<boolean> {
    const { connector, collection, table: name, at, until: overAt } = told
    const rows = yield* storage.rowsBehind(list.id, table.compared.upTo, AT_ONCE)
    for (const row of rows) {
      if (row.gone_at !== null || table.ids?.has(row.id) === true) continue
      // It may have come since, to who else reads the list.
      if (row.at >= at) table.compared.hasOpen = true
      else
        yield* tell({
          ...{ kind: 'row', connector, collection, table: name, id: row.id, row: null, at, overAt },
          learntFrom: 'READ',
        })
    }
    const last = rows.length < AT_ONCE ? undefined : rows.at(-1)
    if (last !== undefined) table.compared.upTo = last.id
    return last === undefined
  }

  /** The table has what the file had when it was told of that read, unless others have told of more since. */
  const knowAgain = ({ table: name, at, until, told }: ToldWhole, list: KnownList): WholeAnswer => {
    const isSame = list.wholeSince !== null && list.readAt === at && list.toldAt <= until
    tables.forget(name)
    if (!isSame) return 'unsure'
    Object.assign(tables.of(name, list), { told, ids: undefined, wholeAt: at })
    return 'known'
  }

  return {
    whole: function* (told, list, now, tell) {
      if (told.isKnown === true) return knowAgain(told, list)
      const { at, until, isRead } = told
      const table = tables.of(told.table, list)
      if (table.told !== told.told) {
        // Something of it was lost on the way.
        tables.forget(told.table)
        return 'unsure'
      }
      const isOld = list.readAt !== null && list.readAt > at && list.readAt <= now
      if (isOld) return 'known'
      let since = table.wholeAt
      if (table.ids !== undefined && isRead) {
        const isAlone = table.version === list.version
        const isDone = yield* compare(told, list, table, tell)
        if (isAlone) table.version = list.version
        if (!isDone) return 'more'
        if (!table.compared.hasOpen) table.ids = undefined
        table.compared = { upTo: '', hasOpen: false }
        list.wholeSince ??= Math.max(at, list.beganAt ?? at)
        since = at
      } else if (list.wholeSince === null) return table.ids === undefined ? 'unsure' : 'known'
      const open = isRead && table.open !== undefined && table.open.at < at ? table.open : undefined
      if (list.version !== table.version || open !== undefined) {
        since = Math.min(since, open?.since ?? since)
        const asked = yield* storage.rowsSince(list.id, since, MOST_ASKED + 1)
        table.version = list.version
        if (isRead) table.open = asked.some(row => row.at > at) ? { since: at, at } : undefined
        else table.open = { since: Math.min(since, table.open?.since ?? since), at }
        if (asked.length > MOST_ASKED) {
          tables.forget(told.table)
          return 'unsure'
        }
        if (asked.length > 0) return asked.map(({ id }) => id)
      }
      if (isRead) list.readAt = at
      table.wholeAt = at
      yield* lists.agreed(list, at, until, now)
      return 'known'
    },
  }
}
