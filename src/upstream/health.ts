/** How a connector fares, in words for its operator. */
import { isKeyRefusal, type UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import type { ConnectorHealth } from './contract/contract.ts'
import type { CircuitState } from './request/circuit.ts'

export interface ListWatch {
  /** Push answered a list at `path` with rows. */
  accepted(path: string): void
  /** Push refused the list at `path` for that reason; true where it did not the last time. */
  refused(path: string, reason: UpstreamRefusedError): boolean
  /** How the list at `path` was refused when it was last asked for; undefined where it was not. */
  refusal(path: string): ListRefusal | undefined
  /** What is to be said of the lists; undefined while none is refused. */
  verdict(): RefusedLists | undefined
}

export interface ListRefusal {
  readonly reason: UpstreamRefusedError
  /** In ms since the epoch. */
  readonly at: number
}

export interface RefusedLists {
  /** Whether no list had been answered for a while when one was last refused. */
  readonly everywhere: boolean
  /** Paths that the key may not read, in order. */
  readonly forbidden: readonly string[]
  /** Paths at which Push answers with something else than lists, in order. */
  readonly unusable: readonly string[]
  /** The latest refusal in a sentence, with the way out. */
  readonly reason: string
  /** When it came, in ms since the epoch. */
  readonly refusedAt: number
}

// A key that has opened any list within this time has not been revoked; one refused longer ago may work by now.
const RECENTLY_MS = 60_000

/** Tells a key (or an address) that is refused from one that may read some lists only. */
export const createListWatch = (clock: Clock): ListWatch => {
  const refused = new Map<string, ListRefusal>()
  let acceptedAt = -Infinity
  let refusedAt = -Infinity
  const pathsWhere = (test: (reason: UpstreamRefusedError) => boolean): string[] =>
    [...refused].flatMap(([path, { reason }]) => (test(reason) ? [path] : [])).sort()

  return {
    accepted: path => {
      refused.delete(path)
      acceptedAt = clock.now()
    },
    refused: (path, reason) => {
      const isNews = refused.get(path)?.reason.status !== reason.status
      refused.delete(path)
      refusedAt = clock.now()
      refused.set(path, { reason, at: refusedAt })
      return isNews
    },
    refusal: path => refused.get(path),
    verdict: () => {
      const latest = [...refused.values()].at(-1)
      return latest === undefined
        ? undefined
        : {
            everywhere: refusedAt - acceptedAt > RECENTLY_MS,
            forbidden: pathsWhere(isKeyRefusal),
            unusable: pathsWhere(reason => !isKeyRefusal(reason)),
            reason: latest.reason.message,
            refusedAt,
          }
    },
  }
}

/**
 * The worst that can be said. A connector that failed is failing until a request succeeds, whether or not it is being
 * asked. `slowedTo`: the present rate, where it is below the configured one.
 */
export const describeHealth = (
  lists: RefusedLists | undefined,
  circuit: CircuitState,
  slowedTo: number | undefined,
  now: number,
): ConnectorHealth => {
  if (lists?.everywhere === true)
    // As with a circuit: else no traffic would come that could find the key put right.
    return { status: 'FAILING', reason: lists.reason, asks: now - lists.refusedAt > RECENTLY_MS }
  const neverWorked = !circuit.worked && circuit.failures > 0
  if (circuit.state !== 'closed' || neverWorked)
    return {
      status: 'FAILING',
      reason: describeFailures(circuit),
      asks: circuit.state !== 'open',
    }
  const reasons = [
    lists && lists.forbidden.length > 0
      ? `The key may not read ${lists.forbidden.join(', ')}.`
      : undefined,
    lists && lists.unusable.length > 0
      ? `Push answers with no list at ${lists.unusable.join(', ')}.`
      : undefined,
    slowedTo === undefined
      ? undefined
      : `Others spend on the same key: ${round(slowedTo)} requests/s are left for now.`,
    describeLatestFailure(circuit, now),
  ].filter(reason => reason !== undefined)
  return reasons.length === 0
    ? { status: 'OK', reason: null, asks: true }
    : { status: 'DEGRADED', reason: reasons.join(' '), asks: true }
}

const describeFailures = ({ state, failures, retryAfterMs }: CircuitState): string => {
  const next =
    state === 'open'
      ? `the next try is in ${Math.ceil(retryAfterMs / 1000)} s`
      : 'whoever asks next tries again'
  return `Push failed ${failures} times in a row; ${next}.`
}

const describeLatestFailure = (
  { failures, failedAt }: CircuitState,
  now: number,
): string | undefined => {
  if (failures > 0) return 'Push failed the last time it was asked.'
  if (failedAt === undefined || now - failedAt >= RECENTLY_MS) return undefined
  return 'Push failed within the last minute; it was asked again.'
}

const round = (rate: number): number => Math.round(rate * 10) / 10
