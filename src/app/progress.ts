/** How far an operation is that is still under way, for whoever waits for its answer. */
import type { OperationRecord } from '../graphql/operation/record.ts'
import type { ConnectedClient } from './connectors.ts'

export interface Progress {
  /** Requests to Push so far, and how many it was expected to take when it began. */
  readonly requests: number
  readonly expectedRequests: number
  /** Milliseconds that it was expected to take when it began. */
  readonly expectedMs: number
  /** For turns within Push's limit so far, those of all its requests together. */
  readonly waitedMs: number
  readonly rowsRead: number
  /** The lists that it asks Push for. */
  readonly reading: readonly Reading[]
  readonly connectors: readonly Waiting[]
}

interface Reading {
  readonly connector: string
  readonly collection: string
  /** In words, as its plan has it. */
  readonly reading: string
  readonly requests: number
  readonly expectedRequests: number
}

/** What a connector that it asks stands at. */
interface Waiting {
  readonly alias: string
  readonly status: 'OK' | 'DEGRADED' | 'FAILING'
  /** Null while it is OK. */
  readonly reason: string | null
  /** Requests that wait for their turn, whoever's they are. */
  readonly queued: number
  /** How long one would wait that came now. */
  readonly estimatedWaitMs: number
}

export const progressOf = (
  { summary, plan, asked }: NonNullable<OperationRecord['soFar']>,
  clients: readonly ConnectedClient[],
): Progress => {
  const report = plan(false)
  const { requests, waitedMs, rowsRead } = summary()
  return {
    requests,
    expectedRequests: report.estimate.requests,
    expectedMs: report.estimate.ms,
    waitedMs,
    rowsRead,
    reading: report.connections
      .filter(({ estimate }) => estimate.requests > 0)
      .map(({ connector, collection, reading, requests = 0, estimate }) => ({
        connector,
        collection,
        reading,
        requests,
        expectedRequests: estimate.requests,
      })),
    connectors: clients
      .filter(({ alias }) => asked.includes(alias))
      .map(({ alias, client }) => {
        const { status, reason } = client.health()
        const { queued, estimatedWaitMs } = client.rateLimit()
        return { alias, status, reason, queued, estimatedWaitMs }
      }),
  }
}
