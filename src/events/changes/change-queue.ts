/** What is learnt of rows on its way to the thread that writes: rows are read faster than a disk takes them. */
import type { Clock } from '../../model/clock.ts'
import type { KnownRead, Notice, TenantOfRows, Told } from '../../model/known-rows.ts'
import { createOutage } from '../../model/outage.ts'
import type { Noted } from '../known/noting.ts'

export interface ChangeQueue {
  /** Takes in what was learnt of a row of that connector, which is of that tenant; it is stored a moment later. */
  add(connector: string, notice: Notice, tenant?: TenantOfRows): void
  /** Waits until all that was added is stored, or cannot be for now. */
  drain(): Promise<void>
  /** Takes nothing more, and tries no more what could not be stored. */
  end(): void
}

export interface ChangeQueueOptions {
  readonly write: (all: readonly Told[]) => Promise<Noted>
  readonly clock: Clock
  /** The newest read of each list that the file knows already. */
  readonly knownReads?: readonly KnownRead[]
  /** Hears of what was stored. */
  readonly onNoted: (noted: Noted) => void
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
  /** Rows that may wait where nothing can be written; more are not noted. */
  readonly maxWaiting?: number
}

/** Rows and characters stored at once: the event loop and the thread that stores deliveries have others waiting. */
const ROWS_AT_ONCE = 200
const CHARACTERS_AT_ONCE = 262_144
const MAX_WAITING = 100_000
const AGAIN_MS = 1_000

interface Waiting {
  readonly connector: string
  readonly tenant: TenantOfRows | undefined
  readonly notice: Notice | MissedNotice
}

/** Something of that list was not taken in. */
interface MissedNotice {
  readonly kind: 'missed'
  readonly collection: Notice['collection']
}

export const createChangeQueue = (options: ChangeQueueOptions): ChangeQueue => {
  const { clock, maxWaiting = MAX_WAITING } = options
  const outage = createOutage(
    {
      failing: 'What changed in rows could not be stored; it is tried again',
      over: 'What changes in rows is stored again',
    },
    options.onProblem,
  )
  const waiting = createLines()
  const reads = createKnownReads(options.knownReads ?? [])
  const missed = new Map<string, Waiting>()
  let running: Promise<void> | undefined
  let pausing: (() => void) | undefined
  let isFailing = false
  let ended = false

  const writeAll = async (): Promise<void> => {
    for (let batch = waiting.next(); batch.of.length > 0; batch = waiting.next()) {
      const noted = await options.write(batch.told)
      options.onNoted(noted)
      const { answer } = noted
      // What could not be written waits for the next time, and so does the last one where it is not done yet.
      if (answer === 'more') waiting.doneButLast()
      else waiting.done()
      isFailing = false
      outage.worked()
      for (const of of missed.values()) waiting.push(of)
      missed.clear()
      if (noted.refused > 0) reads.forgetAll()
      const last = batch.of.at(-1)
      if (answer === undefined || answer === 'more' || last?.notice.kind !== 'whole') continue
      if (answer === 'known') reads.isKnown(last.connector, last.notice)
      else reads.forget(last)
      last.notice.answered(answer)
    }
    waiting.done()
  }

  const run = async (): Promise<void> => {
    try {
      await writeAll()
    } catch (error) {
      if (ended) return
      isFailing = true
      outage.failed(error)
      pausing = clock.after(AGAIN_MS, () => {
        pausing = undefined
        begin()
      })
    } finally {
      running = undefined
    }
  }

  const begin = (): void => {
    // What becomes of other rows in the same turn of the event loop goes along.
    if (pausing === undefined) running ??= Promise.resolve().then(run)
  }

  const miss = ({ connector, tenant, notice: { collection } }: Waiting): void => {
    if (missed.size === 0)
      options.onProblem?.(
        'More rows change than can be stored: some of their changes are lost, and their lists count as known again once they are read again',
        new Error('Too many changes wait'),
      )
    const of: Waiting = { connector, tenant, notice: { kind: 'missed', collection } }
    missed.set(`${collection} ${connector}`, of)
    reads.forget(of)
  }

  return {
    add: (connector, notice, tenant) => {
      if (ended) return
      const of = { connector, tenant, notice }
      // As long as what waits can be written, it is of rows that are in memory anyway.
      if (isFailing && waiting.size() >= maxWaiting) {
        miss(of)
        return
      }
      if (notice.kind === 'again') reads.forget(of)
      if (notice.kind === 'whole' && reads.has(connector, notice)) {
        waiting.dropRead(notice.table)
        waiting.push({ ...of, notice: { ...notice, isKnown: true } })
      } else waiting.push(of)
      begin()
    },
    drain: async () => {
      while (running !== undefined) await running
    },
    end: () => {
      ended = true
      pausing?.()
    },
  }
}

/** What goes to the thread together. */
interface Batch {
  readonly told: readonly Told[]
  readonly of: readonly Waiting[]
}

/** Those of one table who wait, in their order. */
interface Line {
  readonly waiting: Waiting[]
  /** How many of them have been taken. */
  taken: number
}

/** Those who wait: of each table in their order, the table first that has waited longest. */
const createLines = () => {
  const lines = new Map<string, Line>()
  let size = 0
  let current: Batch | undefined

  const take = (): Batch => {
    const told: Told[] = []
    const of: Waiting[] = []
    let characters = 0
    for (const [table, line] of lines)
      for (;;) {
        const one = line.waiting[line.taken]
        if (one === undefined) {
          lines.delete(table)
          break
        }
        if (told.length === ROWS_AT_ONCE || characters > CHARACTERS_AT_ONCE) return { told, of }
        line.taken += 1
        size -= 1
        of.push(one)
        const next = toTold(one)
        told.push(next)
        // The table waits for an answer.
        if (next.kind === 'whole') return { told, of }
        characters += next.kind === 'row' ? (next.row?.length ?? 0) : 0
      }
    return { told, of }
  }

  return {
    size: () => size + (current?.of.length ?? 0),
    push: (one: Waiting): void => {
      const { notice } = one
      const table = 'table' in notice ? notice.table : ''
      let line = lines.get(table)
      if (notice.kind === 'left' && line !== undefined) {
        // Rows that nobody has in memory any more are not held here: they are told when they are read again.
        size -= line.waiting.length - line.taken
        lines.delete(table)
        line = undefined
      }
      if (line === undefined) lines.set(table, (line = { waiting: [], taken: 0 }))
      line.waiting.push(one)
      size += 1
    },
    /** Those of the table that were read need not be told. */
    dropRead: (table: string): void => {
      const line = lines.get(table)
      if (line === undefined) return
      const left = line.waiting
        .slice(line.taken)
        .filter(({ notice }) => notice.kind !== 'row' || notice.learntFrom !== 'READ')
      size -= line.waiting.length - line.taken - left.length
      lines.set(table, { waiting: left, taken: 0 })
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

type WholeNotice = Extract<Notice, { readonly kind: 'whole' }>

/**
 * The newest read of each list that the file knows. What is kept of Push's answers is read into tables again and again, and
 * to look for each row in the file costs more than to read it.
 */
const createKnownReads = (known: readonly KnownRead[]) => {
  const keyOf = (connector: string, { collection }: { readonly collection: string }): string =>
    `${collection} ${connector}`
  const reads = new Map(
    known.map(read => [keyOf(read.connector, read), { at: read.at, until: read.until }]),
  )
  return {
    has: (connector: string, whole: WholeNotice): boolean => {
      const read = reads.get(keyOf(connector, whole))
      return read !== undefined && whole.isRead && whole.at === read.at && whole.until <= read.until
    },
    isKnown: (connector: string, { isRead, isKnown, at, until, ...of }: WholeNotice): void => {
      if (isRead && isKnown !== true) reads.set(keyOf(connector, of), { at, until })
    },
    forget: ({ connector, notice }: Waiting): void => {
      reads.delete(keyOf(connector, notice))
    },
    forgetAll: (): void => {
      reads.clear()
    },
  }
}

const toTold = ({ connector, tenant, notice }: Waiting): Told => {
  if (notice.kind === 'row') {
    const { row, at, ...of } = notice
    return {
      ...of,
      connector,
      tenant,
      at: at / 1_000,
      row: row === undefined ? null : JSON.stringify(row),
    }
  }
  if (notice.kind !== 'whole') return { ...notice, connector, tenant }
  const { answered: _, at, until, ...of } = notice
  return { ...of, connector, tenant, at: at / 1_000, until: until / 1_000 }
}
