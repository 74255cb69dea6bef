/**
 * Takes in what is told of rows: what is kept of them says what is new, however many processes tell of it and whatever each
 * of them happens to remember.
 */
import type { Told, WholeAnswer } from '../../model/known-rows.ts'
import type { CollectionName } from '../../model/rows.ts'
import { createChangeLog, type MomentsLookedFor } from '../changes/change-log.ts'
import type { ChangeStorage } from '../changes/change-storage.ts'
import { createKnownLists } from './known-lists.ts'
import type { KnownList, KnownStorage } from './known-storage.ts'
import type { Later } from './later.ts'
import { listOfTenant } from './list-tenants.ts'
import { createRowTeller, type Telling, type ToldRow } from './tell-row.ts'
import type { ToldTables } from './told-tables.ts'
import { createWholeLists } from './whole-lists.ts'

/** What became of what was told. */
export interface Noted {
  /** How many changes were stored. */
  readonly stored: number
  /** How many older ones had to go so that all have room. */
  readonly cut: number
  /** How many rows were not taken in, as there is no room for them. */
  readonly refused: number
  /** The lists that they are of. */
  readonly full: readonly FullList[]
  /** What came of what was told last, where that was that a table is whole. */
  readonly answer: WholeAnswer | undefined
}

/** A list of which there was no room for a row. */
export interface FullList {
  readonly connector: string
  readonly collection: CollectionName
  /** No row of it is known at all. */
  readonly isUnknown: boolean
}

/** On which terms it is taken in. */
export interface NotingTerms {
  /** Bytes that rows and changes may take; beyond, the oldest changes go, and no further row comes in. */
  readonly maxBytes: number
  /** UNIX seconds. */
  readonly now: number
}

export interface Noting {
  /** Takes it in, in a transaction. That a table is whole comes last, or again where there is `more` to do. */
  note(all: readonly Told[], terms: NotingTerms): Later<Noted>
  /** None of that is stored: what is remembered of who told goes beyond it. */
  undone(all: readonly Told[]): void
}

/** Clocks of replicas may differ by so much; what seems to be further ahead is of a clock that was set back. */
const CLOCKS_DIFFER_S = 1
/** What is told may have been asked for so long before. */
const UNDER_WAY_S = 60

/** What takes in what is told where that is kept; `tables` is what this process remembers of those that tell, and `moments` of room. */
export const createNoting = (
  storage: KnownStorage & ChangeStorage,
  tables: ToldTables,
  moments?: MomentsLookedFor,
): Noting => {
  const log = createChangeLog(storage, moments)
  const lists = createKnownLists(storage)
  const wholes = createWholeLists(storage, lists, tables)
  const rows = createRowTeller(storage)

  function* note(all: readonly Told[], { maxBytes, now }: NotingTerms): Later<Noted> {
    const touched = new Map<string, KnownList>()
    const full = new Map<string, FullList>()
    let [stored, refused] = [0, 0]
    let answer: WholeAnswer | undefined
    const onChange: Telling['onChange'] = function* (change) {
      if (yield* log.add(change)) stored += 1
    }
    /** What seems to be known of a moment that is still to come holds out against nothing, and was there before. */
    const notAfterNow = function* (list: KnownList): Later<void> {
      if (list.toldAt <= now + CLOCKS_DIFFER_S) return
      list.toldAt = now - UNDER_WAY_S
      yield* storage.rowsNotAfter(list.id, list.toldAt)
      yield* storage.removeMomentsAfter(list.id, list.toldAt)
    }
    const tellRow = (told: ToldRow, list: KnownList) => {
      list.toldAt = Math.max(list.toldAt, told.at)
      return rows.tell(told, { list, now, maxBytes, onChange })
    }

    for (const each of all) {
      const told = notLater(each, now)
      if (told.kind === 'left') {
        tables.forget(told.table)
        continue
      }
      const key = `${told.collection} ${told.connector}`
      const before = touched.get(key) ?? (yield* lists.list(told.connector, told.collection))
      const list = yield* listOfTenant(storage, before, told.tenant, now)
      touched.set(key, list ?? before)
      if (list === undefined) {
        // What somebody knows of whom it is not known whose it is may be missing.
        if (told.tenant === undefined) yield* lists.brokenOff(before)
        if (told.kind === 'whole') answer = 'unsure'
        if (told.kind !== 'missed') tables.forget(told.table)
        continue
      }
      yield* notAfterNow(list)
      if (told.kind === 'missed') yield* lists.brokenOff(list)
      else if (told.kind === 'again') tables.forget(told.table)
      else if (told.kind === 'whole') {
        if (told.isKnown !== true) list.toldAt = Math.max(list.toldAt, told.until)
        answer = yield* wholes.whole(told, list, now, gone => tellRow(gone, list))
      } else {
        const table = tables.of(told.table, list)
        table.told += 1
        if (told.row === null) table.ids?.delete(told.id)
        else table.ids?.add(told.id)
        const isAlone = table.version === list.version
        if ((yield* tellRow(told, list)) === 'refused') {
          refused += 1
          if (!full.has(key)) full.set(key, yield* fullList(told, list))
          yield* lists.brokenOff(list)
          // It has not told all, as it will hear when it is whole.
          tables.forget(told.table)
        }
        if (isAlone) table.version = list.version
      }
    }
    yield* rows.grown()
    for (const list of touched.values()) yield* lists.saveList(list)
    const cut = yield* log.makeRoom(maxBytes, now)
    return { stored, refused, full: [...full.values()], answer, cut }
  }

  function* fullList({ connector, collection }: ToldRow, { id }: KnownList): Later<FullList> {
    const isUnknown = (yield* storage.rowsBehind(id, '', 1)).length === 0
    return { connector, collection, isUnknown }
  }

  return {
    note,
    undone: all => {
      rows.undone()
      for (const told of all) if (told.kind !== 'missed') tables.forget(told.table)
    },
  }
}

/** The same, of now where it waited while the clock was set back: nothing is stored of a moment that is still to come. */
const notLater = (told: Told, now: number): Told => {
  if (!('at' in told)) return told
  const last = (told.kind === 'row' ? told.overAt : told.until) ?? told.at
  if (told.at <= now && last <= now) return told
  const [at, over] = [Math.min(told.at, now), Math.min(last, now)]
  return told.kind === 'row' ? { ...told, at, overAt: over } : { ...told, at, until: over }
}
