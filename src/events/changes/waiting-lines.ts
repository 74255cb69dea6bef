/** What is learnt of rows and waits to be stored: of each table in its order, the table first that has waited longest. */
import type { Notice, TenantOfRows, Told } from '../../model/known-rows.ts'
import type { Row } from '../../model/rows.ts'
import type { FullList } from '../known/noting.ts'

export interface WaitingNotice {
  readonly connector: string
  readonly tenant: TenantOfRows | undefined
  readonly notice: Notice | MissedNotice
}

/** Something of that list was not taken in. */
interface MissedNotice {
  readonly kind: 'missed'
  readonly collection: Notice['collection']
}

/** Rows and characters stored at once: the event loop and the thread that stores deliveries have others waiting. */
const ROWS_AT_ONCE = 200
const CHARACTERS_AT_ONCE = 262_144

/** What goes to the thread together. */
interface Batch {
  readonly told: readonly Told[]
  readonly of: readonly WaitingNotice[]
}

/**
 * Rows of one page, which have all but themselves in common: a word each, where what is told of a row takes twenty. Those
 * would live long enough to be swept with the whole heap alone.
 */
interface WaitingPage extends WaitingNotice {
  /** What was told of the first of them. */
  readonly notice: RowNotice
  readonly rows: Row[]
}

type RowNotice = Extract<Notice, { readonly kind: 'row' }>

type ListOfRows = Pick<FullList, 'connector' | 'collection'>

/** Those of one table who wait, in their order. */
interface Line {
  /** The list of that table; undefined where it is none, and those of any wait. */
  readonly list: ListOfRows | undefined
  readonly waiting: (WaitingNotice | WaitingPage)[]
  /** How many of the first of them have been taken. */
  taken: number
  /** Since when it waits until more is told, as there may be no need to store any of it; undefined where it does not. */
  heldSince: number | undefined
}

/** Those who wait: of each table in their order, the table first that has waited longest. */
export const createLines = () => {
  const lines = new Map<string, Line>()
  let size = 0
  let current: Batch | undefined

  const take = (): Batch => {
    const told: Told[] = []
    const of: WaitingNotice[] = []
    let characters = 0
    for (const [table, line] of lines)
      while (line.heldSince === undefined) {
        const one = line.waiting[line.taken]
        if (one === undefined) {
          lines.delete(table)
          break
        }
        if ('rows' in one) {
          line.waiting.splice(line.taken, 1, ...noticesOf(one))
          continue
        }
        if (told.length === ROWS_AT_ONCE || characters > CHARACTERS_AT_ONCE) return { told, of }
        line.taken += 1
        size -= 1
        // Nobody needs those any more, and a long list takes a while.
        if (line.taken === ROWS_AT_ONCE) line.taken -= line.waiting.splice(0, line.taken).length
        of.push(one)
        const next = toTold(one)
        told.push(next)
        // The table waits for an answer.
        if (next.kind === 'whole') return { told, of }
        characters += next.kind === 'row' ? (next.row?.length ?? 0) : 0
      }
    return { told, of }
  }

  const dropIn = (
    table: string,
    line: Line | undefined,
    goes: (one: WaitingNotice) => boolean,
  ): void => {
    if (line === undefined) return
    const { list, heldSince } = line
    const left = line.waiting.slice(line.taken).filter(one => !goes(one))
    size -= sizeOf(line)
    const next = { list, waiting: left, taken: 0, heldSince }
    size += sizeOf(next)
    lines.set(table, next)
  }

  return {
    size: () => size + (current?.of.length ?? 0),
    /**
     * `heldSince`: from that moment on it may wait, as long as nothing else is told of its table, or what is held is let go.
     */
    push: (one: WaitingNotice, heldSince?: number): void => {
      const { notice } = one
      const table = 'table' in notice ? notice.table : ''
      let line = lines.get(table)
      if (notice.kind === 'left' && line !== undefined) {
        // Rows that nobody has in memory any more are not held here: they are told when they are read again.
        size -= sizeOf(line)
        lines.delete(table)
        line = undefined
      }
      if (line === undefined) {
        const list = { connector: one.connector, collection: notice.collection }
        line = { list: table === '' ? undefined : list, waiting: [], taken: 0, heldSince }
        lines.set(table, line)
      }
      if (heldSince === undefined) line.heldSince = undefined
      size += 1
      if (notice.kind !== 'row' || notice.row === undefined) line.waiting.push(one)
      else pushRow(line, one, notice, notice.row)
    },
    /** Those of that table need not be told for which that holds. Those of a page go together. */
    drop: (table: string, goes: (one: WaitingNotice) => boolean): void => {
      dropIn(table, lines.get(table), goes)
    },
    /** The same of all tables of that list; those of others are not looked at. */
    dropOfList: (of: ListOfRows, goes: (one: WaitingNotice) => boolean): void => {
      for (const [table, line] of lines)
        if (line.list === undefined || isSameList(line.list, of)) dropIn(table, line, goes)
    },
    /** Those are held no more for whom that is over; since when the others are that have been held longest. */
    letGo: (isOver: (since: number) => boolean = () => true): number | undefined => {
      let longest: number | undefined
      for (const line of lines.values()) {
        const { heldSince } = line
        if (heldSince === undefined || isOver(heldSince)) line.heldSince = undefined
        else longest = Math.min(longest ?? heldSince, heldSince)
      }
      return longest
    },
    /** The first of them, the same ones until they are done. */
    next: (): Batch => (current ??= take()),
    done: (): void => {
      current = undefined
    },
    /** All but the last of them are done. */
    doneButLast: (): void => {
      if (current !== undefined)
        current = { told: current.told.slice(-1), of: current.of.slice(-1) }
    },
  }
}

const isSameList = (one: ListOfRows, other: ListOfRows): boolean =>
  one.connector === other.connector && one.collection === other.collection

/** One more row that waits: with those of its page, where they came right before it. */
const pushRow = ({ waiting }: Line, one: WaitingNotice, notice: RowNotice, row: Row): void => {
  const last = waiting.at(-1)
  const isOfPage =
    last !== undefined &&
    'rows' in last &&
    last.connector === one.connector &&
    last.tenant === one.tenant &&
    last.notice.at === notice.at &&
    last.notice.learntFrom === notice.learntFrom &&
    last.rows.length < ROWS_AT_ONCE
  if (isOfPage) last.rows.push(row)
  else waiting.push({ ...one, notice, rows: [row] })
}

const noticesOf = ({ notice, rows, ...of }: WaitingPage): readonly WaitingNotice[] =>
  rows.map(row => ({ ...of, notice: { ...notice, id: row.id, row } }))

/** Whether it is of a row that was read. */
export const isOfRead = ({ notice }: WaitingNotice): boolean =>
  notice.kind === 'row' && notice.learntFrom === 'READ'

/** How many wait in it. */
const sizeOf = ({ waiting, taken }: Line): number => {
  let size = 0
  for (const one of waiting.slice(taken)) size += 'rows' in one ? one.rows.length : 1
  return size
}

const toTold = ({ connector, tenant, notice }: WaitingNotice): Told => {
  if (notice.kind === 'row') {
    const { row, at, overAt, ...of } = notice
    return {
      ...of,
      connector,
      tenant,
      at: at / 1_000,
      overAt: overAt && overAt / 1_000,
      row: row === undefined ? null : JSON.stringify(row),
    }
  }
  if (notice.kind !== 'whole') return { ...notice, connector, tenant }
  const { answered: _, at, until, ...of } = notice
  return { ...of, connector, tenant, at: at / 1_000, until: until / 1_000 }
}
