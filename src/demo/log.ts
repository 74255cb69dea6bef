/** What arrived at the stand-in, and what it said. */
import type { RequestRecord, Statistics } from './contract.ts'
import type { FaultKind } from './faults.ts'

export interface Log {
  readonly requests: readonly RequestRecord[]
  /** Records a request that has just arrived. */
  readonly arrive: (request: Arrival) => Entry
  readonly statistics: () => Statistics
  readonly reset: () => void
}

export type Arrival = Omit<RequestRecord, 'n' | 'answeredAt' | 'status' | 'overLimit' | 'fault'>

/** What becomes of a request. */
export interface Entry {
  /** The limiter refused it. */
  readonly refused: () => void
  /** It is made to fail. */
  readonly failed: (kind: FaultKind) => void
  /** It got this status at this time (milliseconds). */
  readonly answered: (status: number, at: number) => void
}

// The newest are kept, so that a demo that runs for weeks does not grow.
const KEPT = 20_000
const SLACK = 5_000

export const createLog = (): Log => {
  let requests: RequestRecord[] = []
  let counts = createCounts()

  return {
    get requests() {
      return requests
    },
    arrive: arrival => {
      // A reset in between leaves the entry with the counts that it belongs to.
      const of = counts
      const record = {
        ...arrival,
        n: ++of.requests,
        answeredAt: null as number | null,
        status: null as number | null,
        overLimit: false,
        fault: null as FaultKind | null,
      }
      if (requests.length >= KEPT + SLACK) requests = requests.slice(SLACK)
      requests.push(record)
      increment(of.byRoute, `${arrival.method} ${arrival.route}`)
      return {
        refused: () => {
          record.overLimit = true
          of.overLimit++
        },
        failed: kind => {
          record.fault = kind
          increment(of.byFault, kind)
        },
        answered: (status, at) => {
          record.status = status
          record.answeredAt = at
          increment(of.byStatus, String(status))
        },
      }
    },
    statistics: () => structuredClone(counts),
    reset: () => {
      requests = []
      counts = createCounts()
    },
  }
}

const createCounts = () => ({
  requests: 0,
  overLimit: 0,
  byRoute: {} as Record<string, number>,
  byStatus: {} as Record<string, number>,
  byFault: {} as Record<string, number>,
})

const increment = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}
