/**
 * Takes in what is told of rows: what the file knows of them says what is new, however many processes tell of it and whatever
 * each of them happens to remember.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Told, WholeAnswer } from '../../model/known-rows.ts'
import { inTransaction } from '../../model/sqlite-file.ts'
import type { CollectionName } from '../../model/rows.ts'
import { createChangeLog, giveSpaceBack } from '../changes/change-log.ts'
import { createKnownLists, type KnownList } from './known-lists.ts'
import { createRowTeller, type Telling, type ToldRow } from './tell-row.ts'
import { createToldTables } from './told-tables.ts'
import { createWholeLists } from './whole-lists.ts'

/** What became of what was told. */
export interface Noted {
  /** How many changes were stored. */
  readonly stored: number
  /** How many older ones had to go so that all have room. */
  readonly cut: number
  /** How many rows were not taken in, as there is no room for them. */
  readonly refused: number
  /** What came of what was told last, where that was that a table is whole. */
  readonly answer: WholeAnswer | undefined
}

/** On which terms it is taken in. */
export interface NotingTerms {
  /** Bytes that rows and changes may take; beyond, the oldest changes go, and no further row comes in. */
  readonly maxBytes: number
  /** UNIX seconds. */
  readonly now: number
}

export interface Noting {
  /**
   * Takes it in, all of it or nothing. That a table is whole comes last, or again where there is `more` to do.
   *
   * @throws SQLite's error where the file cannot be written; then nothing has changed
   */
  note(all: readonly Told[], terms: NotingTerms): Noted
}

/** What writes known rows and changes into that file; the statements are prepared once. */
export const createNoting = (database: DatabaseSync): Noting => {
  const log = createChangeLog(database)
  const lists = createKnownLists(database)
  const tables = createToldTables()
  const wholes = createWholeLists(database, lists, tables)
  const rows = createRowTeller(database)

  const noteAll = (all: readonly Told[], { maxBytes, now }: NotingTerms): Noted => {
    const touched = new Map<string, KnownList>()
    let [stored, refused] = [0, 0]
    let answer: WholeAnswer | undefined
    const listOf = (connector: string, collection: CollectionName): KnownList => {
      const key = `${collection} ${connector}`
      const list = touched.get(key) ?? lists.of(connector, collection)
      touched.set(key, list)
      return list
    }
    const onChange: Telling['onChange'] = change => {
      if (log.add(change)) stored += 1
    }
    const tellRow = (told: ToldRow, list: KnownList) => {
      list.toldAt = Math.max(list.toldAt, told.at)
      return rows.tell(told, { list, now, maxBytes, onChange })
    }

    for (const told of all) {
      if (told.kind === 'left') {
        tables.forget(told.table)
        continue
      }
      const list = listOf(told.connector, told.collection)
      if (told.kind === 'missed') lists.brokenOff(list)
      else if (told.kind === 'again') tables.forget(told.table)
      else if (told.kind === 'whole') {
        if (told.isKnown !== true) list.toldAt = Math.max(list.toldAt, told.at)
        answer = wholes.whole(told, list, now, gone => tellRow(gone, list))
      } else {
        const table = tables.of(told.table, list)
        table.told += 1
        if (told.row === null) table.ids?.delete(told.id)
        else table.ids?.add(told.id)
        const isAlone = table.version === list.version
        if (tellRow(told, list) === 'refused') {
          refused += 1
          lists.brokenOff(list)
          // It has not told all, as it will hear when it is whole.
          tables.forget(told.table)
        }
        if (isAlone) table.version = list.version
      }
    }
    rows.grown()
    for (const list of touched.values()) lists.save(list)
    return { stored, refused, answer, cut: log.makeRoom(maxBytes) }
  }

  return {
    note: (all, terms) => {
      try {
        const noted = inTransaction(database, () => noteAll(all, terms))
        giveSpaceBack(database, noted.cut)
        return noted
      } catch (error) {
        // What is remembered of who told goes beyond what is in the file.
        rows.undone()
        for (const told of all) if (told.kind !== 'missed') tables.forget(told.table)
        throw error
      }
    },
  }
}
