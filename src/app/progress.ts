/** How far an operation is that is still under way, for whoever waits for its answer. */
import type { OperationRecord } from '../graphql/operation/record.ts'
import type { Progress } from '../graphql/operation/progress.ts'
import type { ConnectedClient } from './connectors.ts'

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
