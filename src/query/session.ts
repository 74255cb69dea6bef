/** One operation at work: its demand found, its readers made, and the scans known that it will need for certain. */
import { everything } from '../filter/filter.ts'
import type { Clock } from '../model/clock.ts'
import type { CollectionName } from '../model/rows.ts'
import type { ConnectorStores } from '../store/store.ts'
import { timeMs } from './planning/cost.ts'
import { findDemand, totalCost } from './planning/demand.ts'
import { type Demand } from './planning/step.ts'
import type { ReadFilter, AnyNeed } from './planning/need.ts'
import { type Statistics, StoreStatistics } from './planning/statistics.ts'
import { createHeldTables } from './operation/held-tables.ts'
import { operationStore } from './operation/operation-store.ts'
import { createOperation, type Operation, type OperationOptions } from './operation/operation.ts'
import { createReader, type Reader } from './reading/reader.ts'
import type { Planned } from './planning/report.ts'
import { createMemory } from './planning/observed-cardinality.ts'
import { filterOf } from './list/read-arguments.ts'

export interface SessionOptions extends OperationOptions {
  /** The connectors that this caller sees, as they are when it asks: it ends with those that it began with. */
  readonly connectors: ConnectorStores
  readonly clock: Clock
  readonly needs: readonly AnyNeed[]
  /** Only the plan is wanted: nothing is read. */
  readonly planOnly?: boolean
}

export interface Session {
  readonly operation: Operation
  /** How the operation means to get its rows, for each connector. */
  readonly planned: readonly Planned[]
  readonly readers: ReadonlyMap<string, Reader>
  /** Begins the scans that will be needed for certain, if what is asked can be; undefined where there are none. */
  readonly readAhead: (() => void) | undefined
  /** The answer is complete: what was begun ahead and nobody waits for stops. */
  readonly end: () => void
  /** By what is known, the operation asks Push for nothing. */
  readonly isFree: boolean
}

/** A session; yields where the operation's turn is over. */
export function* openSession(options: SessionOptions): Generator<void, Session> {
  const operation = createOperation(options)
  const readFilter = readFilterFor(operation)
  const readers = new Map<string, Reader>()
  const planned: Planned[] = []
  const memories: (() => void)[] = []
  const held = createHeldTables()
  let ahead: Ahead[] | undefined
  let over: AbortController | undefined
  for (const [alias, store] of options.connectors) {
    const needs = options.needs.filter(({ connectors }) => connectors?.includes(alias) !== false)
    if (needs.length > 0) operation.asked.push(alias)
    const memory = createMemory(store, needs, readFilter, operation.startedAt / 1_000)
    const facts = new StoreStatistics(store, operation, memory)
    const demand = yield* findDemand(needs, facts, readFilter, operation.work)
    const seen = operationStore(store, operation, operation.validity, held)
    const reader = createReader(seen, operation, demand, facts)
    readers.set(alias, reader)
    planned.push({ connector: alias, store, demand, estimate: estimateOf(demand, facts) })
    if (options.planOnly === true) continue
    memories.push(() => {
      memory.keep(operation.observations, demand, operation.isCold)
    })
    for (const name of demand.ahead) (ahead ??= []).push({ reader, name })
  }
  const end = (): void => {
    over?.abort(new Error('The operation is over'))
    held.release()
    const isWhole = options.signal?.aborted !== true
    if (operation.requests > 0 && isWhole) for (const keep of memories) keep()
  }
  return {
    operation,
    readers,
    planned,
    readAhead:
      ahead &&
      (() => {
        over ??= new AbortController()
        for (const { reader, name } of ahead) readAhead(reader, name, operation, over.signal)
      }),
    end,
    isFree: planned.every(({ estimate }) => estimate.requests === 0),
  }
}

const estimateOf = (demand: Demand, facts: Statistics): Planned['estimate'] => {
  const cost = totalCost(demand)
  // What the limiter would allow is looked up only where it matters.
  const isNothing = cost.requests === 0 && cost.depth === 0
  return { requests: cost.requests, ms: isNothing ? 0 : timeMs(cost, facts.terms) }
}

interface Ahead {
  readonly reader: Reader
  readonly name: CollectionName
}

/** A filter that cannot be read is the resolver's to refuse; for the demand it lets everything pass. */
const readFilterFor =
  (operation: Operation): ReadFilter =>
  (name, input) => {
    try {
      return filterOf(name, input, operation)
    } catch {
      return everything
    }
  }

/** Begins a scan before anything asks for it; whoever needs it joins, and hears of its failure then. */
const readAhead = (
  reader: Reader,
  name: CollectionName,
  operation: Operation,
  over: AbortSignal,
): void => {
  // Others may have read it since this was planned.
  if (reader.covered(name) !== undefined) return
  const goingOn = reader.goOnFollowed(name)
  if (goingOn !== undefined) {
    void goingOn.then(() => {
      if (!over.aborted) readAhead(reader, name, operation, over)
    })
    return
  }
  const signal = AbortSignal.any([operation.work.signal, over])
  const { depth, pages } = reader.scanCost(name)
  const inTime =
    timeMs({ requests: pages, depth }, reader.terms()) <= operation.deadline - operation.startedAt
  if (pages > operation.requestsLeft || !inTime) return
  reader
    .scan(name, true)
    .until(
      () => operation.requestsLeft === 0,
      { ...reader.callFor(name), signal },
      reader.demand.parallel.has(name),
    )
    .catch(() => undefined)
}
