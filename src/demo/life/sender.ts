/**
 * Sends webhooks as Push does: signed anew for each send, and sent again where nobody takes them. By switches they are
 * lost, late, out of order, sent twice, or wrong.
 */
import { createHmac } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Switches } from '../switches.ts'
import type { Random } from '../tenant/random.ts'

/** Where webhooks go, and the secret by which they are signed. */
export interface WebhookTarget {
  /** Such as `http://127.0.0.1:4000/webhooks/default`. */
  readonly url: string
  readonly secret: string
}

/** Counts since the start. A webhook is in one of the first three once it is settled. */
export interface WebhookCounts {
  /** Answered with a 2xx, at whatever try. */
  readonly taken: number
  /** Given up after the last try, or nobody was there to send it to any more. */
  readonly refused: number
  /** Never sent, by the switch. */
  readonly lost: number
  /** Sent a second time though taken, by the switch. */
  readonly repeated: number
  /** Told a member wrongly, by the switch. */
  readonly misreported: number
}

export interface Sender {
  /** Sends one with that body, a JSON object, by chance as the switches have it; false where it is lost. */
  send(body: object): boolean
  /** Where they go from now on; undefined: nowhere. */
  to(target: WebhookTarget | undefined): void
  readonly counts: { -readonly [Name in keyof WebhookCounts]: WebhookCounts[Name] }
  /** Resolves when no send waits for its answer; those that are late or to be sent again are not waited for. */
  settled(): Promise<void>
  /** Nothing more is sent. */
  stop(): void
}

/** After so many milliseconds each webhook that was not taken is sent again. */
const AGAIN_AFTER_MS = [60_000, 300_000, 900_000]
/** Who has not answered by then has not taken it. */
const PATIENCE_MS = 5_000
/** Held back for others to overtake, at most. */
const MOST_HELD = 8

export const createSender = (
  switches: Pick<Switches, 'webhookLoss' | 'webhookDelayMs' | 'webhookReorder' | 'webhookRepeats'>,
  clock: Clock,
  random: () => Random,
): Sender => {
  const counts = { taken: 0, refused: 0, lost: 0, repeated: 0, misreported: 0 }
  const waiting = new Set<() => void>()
  const underWay = new Set<Promise<void>>()
  let held: string[] = []
  let target: WebhookTarget | undefined
  let leave = new AbortController()

  const later = (ms: number, act: () => void): void => {
    if (ms <= 0) {
      act()
      return
    }
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel)
      act()
    })
    waiting.add(cancel)
  }

  const post = (body: string, attempt: number, isRepeat: boolean): void => {
    if (target === undefined) return
    const sent = isTaken(target, body, clock, leave.signal).then(taken => {
      if (taken) {
        if (!isRepeat) counts.taken += 1
        return
      }
      const again = AGAIN_AFTER_MS[attempt]
      if (again === undefined || leave.signal.aborted) {
        if (!isRepeat) counts.refused += 1
      } else
        later(again, () => {
          post(body, attempt + 1, isRepeat)
        })
    })
    underWay.add(sent)
    void sent.then(() => underWay.delete(sent))
  }

  const goOut = (body: string): void => {
    post(body, 0, false)
    if (!random().chance(switches.webhookRepeats)) return
    counts.repeated += 1
    later(random().next() * Math.max(1_000, switches.webhookDelayMs), () => {
      post(body, 0, true)
    })
  }

  const overtake = (body: string): void => {
    if (random().chance(switches.webhookReorder) && held.length < MOST_HELD) {
      held.push(body)
      return
    }
    goOut(body)
    const overtaken = held
    held = []
    overtaken.forEach(goOut)
  }

  const stop = (): void => {
    for (const cancel of waiting) cancel()
    waiting.clear()
    held = []
    leave.abort()
    leave = new AbortController()
  }

  return {
    counts,
    send: body => {
      if (target === undefined) return true
      if (random().chance(switches.webhookLoss)) {
        counts.lost += 1
        return false
      }
      later(random().next() * switches.webhookDelayMs, () => {
        overtake(JSON.stringify(body))
      })
      return true
    },
    to: next => {
      if (next === undefined) stop()
      target = next
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    stop,
  }
}

/** Whether it was taken: a 2xx within the time that Push waits. */
const isTaken = async (
  { url, secret }: WebhookTarget,
  body: string,
  clock: Clock,
  leave: AbortSignal,
): Promise<boolean> => {
  const signedAt = Math.floor(clock.now() / 1_000)
  const mac = createHmac('sha256', secret).update(`${signedAt}.${body}`).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-signature': `t=${signedAt},v1=${mac.toUpperCase()}`,
  }
  const late = new AbortController()
  const cancel = clock.after(PATIENCE_MS, () => {
    late.abort()
  })
  try {
    const signal = AbortSignal.any([late.signal, leave])
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  } finally {
    cancel()
  }
}
