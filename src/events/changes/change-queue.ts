/** What is learnt of rows on its way to the thread that writes: rows are read faster than a disk takes them. */
import type { Clock } from '../../model/clock.ts'
import type { Notice, Told } from '../../model/known-rows.ts'
import { createOutage } from '../../model/outage.ts'
import type { Noted } from '../known/noting.ts'

export interface ChangeQueue {
  /** Takes in what was learnt of a row of that connector; it is stored a moment later. */
  add(connector: string, notice: Notice): void
  /** Waits until all that was added is stored, or cannot be for now. */
  drain(): Promise<void>
  /** Takes nothing more, and tries no more what could not be stored. */
  end(): void
}

export interface ChangeQueueOptions {
  readonly write: (all: readonly Told[]) => Promise<Noted>
  readonly clock: Clock
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
  const waiting = createLine()
  const missed = new Map<string, Waiting>()
  let running: Promise<void> | undefined
  let pausing: (() => void) | undefined
  let isFailing = false
  let ended = false

  const writeAll = async (): Promise<void> => {
    for (let batch = waiting.next(); batch.taken > 0; batch = waiting.next()) {
      const noted = await options.write(batch.told)
      options.onNoted(noted)
      const { answer } = noted
      // What could not be written waits for the next time, and so does the last one where it is not done yet.
      waiting.drop(answer === 'more' ? batch.taken - 1 : batch.taken)
      isFailing = false
      outage.worked()
      for (const of of missed.values()) waiting.push(of)
      missed.clear()
      if (answer !== undefined && answer !== 'more' && batch.last?.kind === 'whole')
        batch.last.answered(answer)
    }
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

  const miss = (connector: string, { collection }: Notice): void => {
    if (missed.size === 0)
      options.onProblem?.(
        'More rows change than can be stored: some of their changes are lost, and their lists count as known again once they are read again',
        new Error('Too many changes wait'),
      )
    missed.set(`${collection} ${connector}`, { connector, notice: { kind: 'missed', collection } })
  }

  return {
    add: (connector, notice) => {
      if (ended) return
      // As long as what waits can be written, it is no more than what is in memory anyway.
      if (isFailing && waiting.size() >= maxWaiting) {
        miss(connector, notice)
        return
      }
      waiting.push({ connector, notice })
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
  /** How many of those who wait it is. */
  readonly taken: number
  readonly last: Waiting['notice'] | undefined
}

/** Those who wait, in their order. */
const createLine = () => {
  let line: Waiting[] = []
  let gone = 0
  return {
    size: () => line.length - gone,
    push: (one: Waiting): void => {
      line.push(one)
    },
    /** The first of them, up to one after which the table waits for an answer. */
    next: (): Batch => {
      const told: Told[] = []
      let characters = 0
      let last: Waiting | undefined
      for (let index = gone; index < line.length && told.length < ROWS_AT_ONCE; index += 1) {
        last = line[index]
        if (last === undefined) break
        const one = toTold(last)
        told.push(one)
        characters += one.kind === 'row' ? (one.row?.length ?? 0) : 0
        if (one.kind === 'whole' || characters > CHARACTERS_AT_ONCE) break
      }
      return { told, taken: told.length, last: last?.notice }
    },
    drop: (count: number): void => {
      gone += count
      if (gone < line.length / 2) return
      line = line.slice(gone)
      gone = 0
    },
  }
}

const toTold = ({ connector, notice }: Waiting): Told => {
  if (notice.kind === 'row') {
    const { row, at, ...of } = notice
    return { ...of, connector, at: at / 1_000, row: row === undefined ? null : JSON.stringify(row) }
  }
  if (notice.kind !== 'whole') return { ...notice, connector }
  const { answered: _, at, until, ...of } = notice
  return { ...of, connector, at: at / 1_000, until: until / 1_000 }
}
