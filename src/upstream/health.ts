/** How a connector fares, in words for its operator. */
import type { Clock } from '../model/clock.ts'
import type { CircuitState } from './request/circuit.ts'
import type { ConnectorHealth } from './contract/contract.ts'

export interface KeyWatch {
  /** Push answered a list at `path` with rows. */
  accepted(path: string): void
  /** Push refused the key at the list `path`; true where it did not the last time. */
  refused(path: string): boolean
  /** What is to be said of the key; undefined while it is accepted everywhere. */
  verdict(): { readonly everywhere: boolean; readonly paths: readonly string[] } | undefined
}

// A key that has opened any list within this time has not been revoked.
const RECENTLY_MS = 60_000

/** Tells a key that is refused from one that may read some lists only. */
export const createKeyWatch = (clock: Clock): KeyWatch => {
  const refused = new Set<string>()
  let acceptedAt = -Infinity

  return {
    accepted: path => {
      refused.delete(path)
      acceptedAt = clock.now()
    },
    refused: path => {
      const isNews = !refused.has(path)
      refused.add(path)
      return isNews
    },
    verdict: () =>
      refused.size === 0
        ? undefined
        : { everywhere: clock.now() - acceptedAt > RECENTLY_MS, paths: [...refused].sort() },
  }
}

/** The worst that can be said. `slowedTo`: the present rate, where it is below the configured one. */
export const describeHealth = (
  alias: string,
  key: ReturnType<KeyWatch['verdict']>,
  circuit: CircuitState,
  slowedTo: number | undefined,
  now: number,
): ConnectorHealth => {
  if (key?.everywhere === true)
    return {
      status: 'FAILING',
      reason:
        `Push refuses the key of connector ${alias}. Set PUSH_API_KEY, or the connector's apiKey, apiKeyFile or ` +
        'apiKeyCommand, to a valid one.',
    }
  if (circuit.state === 'open')
    return {
      status: 'FAILING',
      reason: `Push failed ${circuit.failures} times in a row; the next try is in ${Math.ceil(circuit.retryAfterMs / 1000)} s.`,
    }
  const reasons = [
    circuit.state === 'trial' ? 'Push has been failing and is tried again.' : undefined,
    key && `The key may not read ${key.paths.join(', ')}.`,
    slowedTo === undefined
      ? undefined
      : `Others spend on the same key: ${round(slowedTo)} requests/s are left for now.`,
    circuit.state === 'closed' &&
    circuit.failedAt !== undefined &&
    now - circuit.failedAt < RECENTLY_MS
      ? 'Push failed within the last minute; it was asked again.'
      : undefined,
  ].filter(reason => reason !== undefined)
  return reasons.length === 0
    ? { status: 'OK', reason: null }
    : { status: 'DEGRADED', reason: reasons.join(' ') }
}

const round = (rate: number): number => Math.round(rate * 10) / 10
