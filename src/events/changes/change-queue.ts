/** What is learnt of rows on its way to the thread that writes: rows are read faster than a disk takes them. */
import type { Clock } from '../../model/clock.ts'
import type { KnownRead, Notice, TenantOfRows, Told } from '../../model/known-rows.ts'
import { createOutage } from '../../model/outage.ts'
import type { FullList, Noted } from '../known/noting.ts'
import { createKnownReads } from './known-reads.ts'
import { createLeftOut } from './left-out.ts'
import { createLines, isOfRead, type WaitingNotice } from './waiting-lines.ts'

export interface ChangeQueue {
  /** Takes in what was learnt of a row of that connector, which is of that tenant; it is stored a moment later. */
  add(connector: string, notice: Notice, tenant?: TenantOfRows): void
  /** The newest read of each list that the file knows by now. */
  know(reads: readonly KnownRead[]): void
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

const MAX_WAITING = 100_000
const AGAIN_MS = 1_000
/** How long what is read from kept answers may wait for the rest of its list, of which all may be known. */
const HELD_MS = 10_000

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
  const reads = createKnownReads(options.knownReads)
  const leftOut = createLeftOut(clock)
  const missed = new Map<string, WaitingNotice>()
  let running: Promise<void> | undefined
  let pausing: (() => void) | undefined
  let stopHolding: (() => void) | undefined
  let isFailing = false
  let ended = false

  const leaveOut = (list: FullList): void => {
    leftOut.add(list)
    waiting.dropOfList(list, leftOut.has)
  }

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
      for (const list of noted.full) {
        reads.forget(list)
        if (list.isUnknown) leaveOut(list)
      }
      const last = batch.of.at(-1)
      if (answer === undefined || answer === 'more' || last?.notice.kind !== 'whole') continue
      if (answer === 'known') reads.isKnown(last.connector, last.notice)
      else reads.forget({ ...last, collection: last.notice.collection })
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

  /** Lets go what has been held for long enough; those of another table have their own time. */
  const letGo = (): void => {
    const now = clock.now()
    const longest = waiting.letGo(since => since > now || since <= now - HELD_MS)
    stopHolding = longest === undefined ? undefined : clock.after(longest + HELD_MS - now, letGo)
    begin()
  }

  const miss = ({ connector, tenant, notice: { collection } }: WaitingNotice): void => {
    if (missed.size === 0)
      options.onProblem?.(
        'More rows change than can be stored: some of their changes are lost, and their lists count as known again once they are read again',
        new Error('Too many changes wait'),
      )
    const of: WaitingNotice = { connector, tenant, notice: { kind: 'missed', collection } }
    missed.set(`${collection} ${connector}`, of)
    reads.forget({ connector, collection })
  }

  return {
    add: (connector, notice, tenant) => {
      if (ended || leftOut.has({ connector, notice })) return
      const of = { connector, tenant, notice }
      // As long as what waits can be written, it is of rows that are in memory anyway.
      if (isFailing && waiting.size() >= maxWaiting) {
        miss(of)
        return
      }
      if (notice.kind === 'again') reads.forget({ connector, collection: notice.collection })
      if (notice.kind === 'whole' && reads.has(connector, notice)) {
        waiting.drop(notice.table, isOfRead)
        waiting.push({ ...of, notice: { ...notice, isKnown: true } })
      } else if (reads.mayHave(connector, notice)) {
        waiting.push(of, clock.now())
        stopHolding ??= clock.after(HELD_MS, letGo)
        return
      } else waiting.push(of)
      begin()
    },
    know: reads.setAll,
    drain: async () => {
      waiting.letGo()
      begin()
      while (running !== undefined) await running
    },
    end: () => {
      ended = true
      pausing?.()
      stopHolding?.()
    },
  }
}
