/**
 * Hands a batch to the receiver until all of it is taken or set aside: what is refused is halved until it is known which item
 * it is, all else is sent again, the same as before, later and later.
 */
import { type Clock, pause } from '../model/clock.ts'
import { backOffMs } from './back-off.ts'
import type { PlacedItem } from './batch.ts'
import { ClaimLostError } from './place-book.ts'
import type { Quarantine } from './quarantine.ts'
import { NotNowError, RefusedError, type Sender } from './sender.ts'
import { withDeadline } from './deadline.ts'

export interface DeliveryOptions {
  readonly sender: Pick<Sender, 'send'>
  readonly quarantine: Quarantine
  readonly clock: Clock
  /** Whether the sink is still ours to send for, which is asked before each attempt. @throws {Error} where that cannot be said now */
  readonly isOurs: () => Promise<boolean>
  /** Hears of each failure, and each time that it works. */
  readonly onFailure: (error: unknown) => void
  readonly onWorked: () => void
  /** Hears of a batch of which some was set aside, once. */
  readonly onAside: (aside: Aside) => void
}

/** What of one batch the receiver will never take. */
export interface Aside {
  readonly items: number
  /** How many of them are not in the quarantine, which is full. */
  readonly unkept: number
  /** What was said of them, without any of what was sent. */
  readonly reasons: ReadonlySet<string>
}

/** What became of items: so many were taken, so many set aside. */
export interface Delivered {
  readonly sent: number
  readonly quarantined: number
}

/** When it is to end: `soon` as soon as what is under way has, `now` at once. */
export interface EndSignals {
  readonly soon: AbortSignal
  readonly now: AbortSignal
}

/** `done` hears of the items of the batch in their order, as soon as all up to the last of them are taken or set aside. */
export type Deliver = (
  items: readonly PlacedItem[],
  done: (upTo: PlacedItem, what: Delivered) => Promise<void>,
  signals: EndSignals,
) => Promise<void>

/** The receiver may take so long for one batch. */
const WITHIN_MS = 300_000

/** @throws {ClaimLostError}, or the reason of a signal once it is to end */
export const createDeliver =
  (options: DeliveryOptions): Deliver =>
  async (items, done, signals) => {
    const { clock, quarantine, onFailure, onWorked, onAside } = options
    const waiting = [items]
    const aside = { items: 0, unkept: 0, reasons: new Set<string>() }
    let failures = 0

    const again = async (error: unknown): Promise<void> => {
      onFailure(error)
      failures += 1
      const asked = error instanceof NotNowError ? error.retryAfterMs : undefined
      await pause(backOffMs(failures, clock.random(), asked), clock, signals.soon)
    }

    const setAside = async (one: PlacedItem, reason: string): Promise<void> => {
      for (;;)
        try {
          if (!(await quarantine.add(one.item, reason))) aside.unkept += 1
          aside.items += 1
          aside.reasons.add(reason)
          return
        } catch (error) {
          await again(error)
        }
    }

    try {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        signals.soon.throwIfAborted()
        const last = next.at(-1)
        if (last === undefined) continue
        const failure = flawIn(next) ?? (await attempt(options, next, signals.now))
        if (failure === undefined) {
          failures = 0
          onWorked()
          await done(last, { sent: next.length, quarantined: 0 })
        } else if (!(failure.error instanceof RefusedError)) {
          waiting.push(next)
          await again(failure.error)
        } else if (next.length === 1) {
          await setAside(last, failure.error.message)
          failures = 0
          onWorked()
          await done(last, { sent: 0, quarantined: 1 })
        } else {
          const half = Math.ceil(next.length / 2)
          waiting.push(next.slice(half), next.slice(0, half))
        }
      }
    } finally {
      if (aside.items > 0) onAside(aside)
    }
  }

/** What cannot be sent as it should be is set aside like what is refused. */
const flawIn = (items: readonly PlacedItem[]): { readonly error: unknown } | undefined => {
  const flaw = items.find(item => item.flaw !== undefined)?.flaw
  return flaw === undefined ? undefined : { error: new RefusedError(flaw) }
}

/** Undefined where the receiver has taken them. @throws the signal's reason {ClaimLostError} */
const attempt = async (
  { sender, clock, isOurs }: DeliveryOptions,
  items: readonly PlacedItem[],
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> => {
  try {
    // This process may have stood still, or been cut off, since the one before: others may have sent these, and what came after.
    if (!(await isOurs())) throw new ClaimLostError()
    signal.throwIfAborted()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ClaimLostError) throw error
    return { error }
  }
  const message = `The receiver did not take what was sent within ${WITHIN_MS} ms`
  try {
    await withDeadline({ ms: WITHIN_MS, message, clock }, signal, inTime =>
      sender.send(
        items.map(({ item }) => item),
        inTime,
      ),
    )
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    return { error }
  }
}
