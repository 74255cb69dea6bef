/** A delivery's way: signature, content, disk; then it is acknowledged, and then all who follow hear of it. */
import { EventsUnavailable, type Events } from '../events/events.ts'
import type { Clock } from '../model/clock.ts'
import type { EventRow } from '../model/events.ts'
import { createOutage } from '../model/outage.ts'
import { readDelivery } from './delivery.ts'
import { type Refusal, verify } from './signature.ts'

/** What became of a delivery. All but the first two leave nothing behind. */
export type ReceiptOutcome =
  | { readonly kind: 'stored' }
  /** The connector had an event of that id already. */
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown connector' }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** `problem` is a sentence without any value of the body. */
  | { readonly kind: 'unreadable'; readonly problem: string }
  | { readonly kind: 'unavailable' }

export interface ReceiverOptions {
  /** The secrets of that connector's webhook now; undefined where there is no such connector. */
  readonly secretsOf: (connector: string) => readonly string[] | undefined
  readonly events: Pick<Events, 'append'>
  /** Whether it is known well enough whose that connector is; where absent, it is of every one. */
  readonly takesFor?: (connector: string) => Promise<boolean>
  readonly clock: Clock
  /** Told of each event that was stored, once it is on disk, with the time by our clock at which it happened (ms). */
  readonly onStored?: (event: EventRow, happenedAt: number) => void
  /** Told that a delivery to that connector was not taken: Push may try again, or give up. */
  readonly onMissed?: (connector: string) => void
  readonly onProblem?: (message: string, error: unknown) => void
}

export interface Receiver {
  /** Takes one delivery; resolves with `stored` or `known` once the event is on disk. */
  receive(connector: string, header: string | undefined, body: Uint8Array): Promise<ReceiptOutcome>
  /** Deliveries so far, by connector and outcome. */
  counts(): ReadonlyMap<string, ReadonlyMap<ReceiptOutcome['kind'], number>>
}

/**
 * How long ago the event happened when it was signed, at least. Both times are Push's, so that its clock and ours may
 * differ; both are cut to whole seconds, and a change must not seem older than a read that began before it.
 */
const ageMs = (signedAt: number, occurredAt: number): number =>
  Math.max(0, signedAt - occurredAt - 1) * 1_000

export const createReceiver = (options: ReceiverOptions): Receiver => {
  const { clock, secretsOf } = options
  const counts = new Map<string, Map<ReceiptOutcome['kind'], number>>()
  const outage = createOutage(
    {
      failing: 'A webhook event could not be stored; Push will send it again',
      over: 'Webhook events are stored again',
    },
    options.onProblem,
  )

  const take = async (
    connector: string,
    header: string | undefined,
    body: Uint8Array,
  ): Promise<ReceiptOutcome> => {
    const arrivedAt = clock.now()
    const secrets = secretsOf(connector)
    if (secrets === undefined) return { kind: 'unknown connector' }
    const verdict = verify({ header, body, secrets, nowSeconds: arrivedAt / 1_000 })
    if (!verdict.ok) return { kind: 'refused', reason: verdict.reason }
    const delivery = readDelivery(body, arrivedAt / 1_000)
    if (!delivery.ok) return { kind: 'unreadable', problem: delivery.problem }
    try {
      if ((await options.takesFor?.(connector)) === false) return { kind: 'unavailable' }
      const stored = await options.events.append({
        ...delivery.event,
        connector,
        receivedAt: arrivedAt / 1_000,
      })
      outage.worked()
      if (stored === null) return { kind: 'known' }
      // Where Push does not say when it happened, it is news when it is signed.
      const isToldWhen = !stored.inferred.includes('timestamp')
      const age = isToldWhen ? ageMs(verdict.signedAt, stored.occurredAt) : 0
      tellStored(stored, arrivedAt - age)
      return { kind: 'stored' }
    } catch (error) {
      if (!(error instanceof EventsUnavailable)) throw error
      outage.failed(error)
      return { kind: 'unavailable' }
    }
  }

  /** What follows from an event must not undo its acknowledgement. */
  const tellStored = (event: EventRow, happenedAt: number): void => {
    try {
      options.onStored?.(event, happenedAt)
    } catch (error) {
      options.onProblem?.('A stored event could not be followed', error)
    }
  }

  return {
    receive: async (connector, header, body) => {
      const outcome = await take(connector, header, body)
      const label = outcome.kind === 'unknown connector' ? '' : connector
      const ofConnector = counts.get(label) ?? new Map<ReceiptOutcome['kind'], number>()
      if (['refused', 'unreadable', 'unavailable'].includes(outcome.kind))
        options.onMissed?.(connector)
      counts.set(label, ofConnector.set(outcome.kind, (ofConnector.get(outcome.kind) ?? 0) + 1))
      return outcome
    },
    counts: () => counts,
  }
}
