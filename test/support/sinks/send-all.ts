import { expect } from 'vitest'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import { RefusedError, type Sender, type SinkItem } from '../../../src/sinks/sender.ts'
import { createRandom } from '../clock.ts'

export interface Sent {
  readonly accepted: readonly string[]
  readonly refused: readonly string[]
  readonly failures: readonly unknown[]
}

/** Far more than any test needs; one that needs more would never end. */
const MOST_ATTEMPTS = 1_000

/**
 * Sends as the engine does, but plainly: one batch after the other until all are taken or refused, and halves of a batch
 * that is refused. `has` is asked at each acceptance.
 */
export const sendAll = async (
  sender: Sender,
  items: readonly SinkItem[],
  { most = 5, has }: { readonly most?: number; readonly has: () => readonly string[] },
): Promise<Sent> => {
  const accepted: string[] = []
  const refused: string[] = []
  const failures: unknown[] = []
  let at = 0
  let size = most
  for (let attempt = 0; at < items.length; attempt += 1) {
    expect(attempt).toBeLessThan(MOST_ATTEMPTS)
    const batch = items.slice(at, at + size)
    const ids = batch.map(({ id }) => id)
    try {
      await sender.send(batch, new AbortController().signal)
      expect(has()).toEqual(expect.arrayContaining(ids))
      accepted.push(...ids)
      at += batch.length
      size = most
    } catch (error) {
      if (!(error instanceof RefusedError)) failures.push(error)
      else if (batch.length > 1) size = Math.ceil(batch.length / 2)
      else {
        refused.push(...ids)
        at += 1
        size = most
      }
    }
  }
  return { accepted, refused, failures }
}

/** A clock by which time passes so many times faster: waiting is short, and what it waits for is real. */
export const fasterClock = (times: number): Clock => {
  const start = systemClock.now()
  return {
    now: () => start + (systemClock.now() - start) * times,
    after: (ms, callback) => systemClock.after(ms / times, callback),
    random: createRandom(1),
  }
}

/** One after the other, and the last one for ever. */
export const inTurn = <Deed>(deeds: readonly Deed[], last: Deed): (() => Deed) => {
  const left = deeds.values()
  return () => left.next().value ?? last
}
