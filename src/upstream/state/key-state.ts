/**
 * What is known under a key: the limit it shares with others, and what was learnt with it. A key can come late (from a
 * command) and can be replaced by another one of the same tenant, which goes on with all of it.
 */
import type { Clock } from '../../model/clock.ts'
import type { BucketLimits } from '../limiter/bucket.ts'
import type { Facts } from '../contract/contract.ts'
import type { OnEvent } from '../contract/events.ts'
import type { Keys } from './keys.ts'
import { createLatency, type Latency } from './latency.ts'
import { createLimiter, type Limiter } from '../limiter/limiter.ts'
import { createPageSize, type PageSize } from './page-size.ts'
import type { Measures, SizesByConnector } from './sizes.ts'
import { stateId, type State } from './state.ts'

/** Everything that is kept under one key. */
export interface KeyState {
  readonly limiter: Limiter
  readonly latency: Latency
  readonly facts: Facts
  readonly sizes: SizesByConnector
  readonly measures: Measures
  readonly pageSize: PageSize
}

/** The same before a key has been read: presumptions, and nothing is kept. */
export type PresumedState = Omit<KeyState, 'limiter'> & { readonly limiter?: undefined }

export interface KeyStates {
  /** What is kept under the key in use, if one has been read. */
  current(): KeyState | PresumedState
  /** What is kept under `key`, which is the one in use from now on: of the same tenant as the one before. */
  use(key: string): KeyState
  /** What is kept under that id. */
  at(id: string): KeyState
  /** Under which id that is kept; undefined before a key has been read. */
  id(): string | undefined
  /** The limits that the connector is to keep to now. */
  limits(): BucketLimits
  /** It is to keep to these from now on. */
  limit(limits: BucketLimits): void
  /** The connector spends nothing any more: its limits bind nobody else. */
  leave(): void
  /** Those of the key in use at each call. */
  readonly facts: Facts
  readonly sizes: SizesByConnector
  readonly measures: Measures
}

export interface KeyStateOptions {
  readonly url: string
  readonly limits: BucketLimits
  readonly state: State
  readonly clock: Clock
}

/** The states of the connector at `url` whose keys are `keys`. */
export const createKeyStates = (
  { url, limits: configured, state, clock }: KeyStateOptions,
  keys: Pick<Keys, 'known'>,
  onEvent: OnEvent,
): KeyStates => {
  const presumed = presume()
  const spender = {}
  const opened = new Map<string, Limiter>()
  let limits = configured
  let hasLeft = false
  let inUse: { readonly key: string; readonly id: string; readonly state: KeyState } | undefined

  const open = (id: string): KeyState => {
    const limiter = state.limiters.get(id) ?? createLimiter(state.bucket(id), clock, limits)
    // What is on its way yet may ask for another key.
    if (!hasLeft) {
      limiter.limitFor(spender, limits)
      state.limiters.set(id, limiter)
      opened.set(id, limiter)
    }
    const facts = withNews(state.facts(id), onEvent)
    return {
      limiter,
      facts,
      sizes: state.sizes(id),
      measures: state.measures(id),
      latency: createLatency(state.measures(id)),
      pageSize: createPageSize(facts),
    }
  }

  const use = (key: string): KeyState => {
    if (inUse?.key === key) return inUse.state
    const id = state.keptAs(stateId(url, key))
    inUse = { key, id, state: inUse?.id === id ? inUse.state : open(id) }
    return inUse.state
  }

  const current = (): KeyState | PresumedState => {
    const key = keys.known()
    return key === undefined ? (inUse?.state ?? presumed) : use(key)
  }

  return {
    use,
    at: open,
    current,
    id: () => {
      current()
      return inUse?.id
    },
    limits: () => limits,
    limit: next => {
      limits = next
      inUse?.state.limiter.limitFor(spender, next)
    },
    leave: () => {
      hasLeft = true
      for (const [id, limiter] of opened) {
        limiter.limitFor(spender, undefined)
        // Connectors may come and go for months. What is on its way yet is told to the bucket all the same.
        if (!limiter.isInUse() && state.limiters.get(id) === limiter) state.limiters.delete(id)
      }
    },
    facts: {
      get: name => current().facts.get(name),
      set: (name, verdict) => current().facts.set(name, verdict),
      all: () => current().facts.all(),
    },
    measures: {
      get: name => current().measures.get(name),
      set: (name, value) => current().measures.set(name, value),
    },
    sizes: {
      get: collection => current().sizes.get(collection),
      set: (collection, rows, newest) => current().sizes.set(collection, rows, newest),
      seen: question => current().sizes.seen(question),
      see: (question, objects) => current().sizes.see(question, objects),
    },
  }
}

const presume = (): PresumedState => {
  const nothing = (): undefined => undefined
  const facts: Facts = { get: nothing, set: nothing, all: () => new Map() }
  return {
    facts,
    measures: { get: nothing, set: nothing },
    sizes: { get: nothing, set: nothing, seen: nothing, see: nothing },
    latency: createLatency({ get: nothing, set: nothing }),
    pageSize: createPageSize(facts),
  }
}

const withNews = (facts: Facts, onEvent: OnEvent): Facts => ({
  ...facts,
  set: (name, verdict) => {
    if (facts.get(name) === verdict) return
    facts.set(name, verdict)
    onEvent({ kind: 'learnt', fact: name, verdict })
  },
})
