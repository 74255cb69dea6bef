/** How far an operation is, as notifications: numbers and words of ours alone. */
import type { ServerNotification } from '@modelcontextprotocol/server'
import type { Progress } from '../../graphql/operation/progress.ts'

type Notify = (notification: ServerNotification) => Promise<void>

/** Undefined where nobody asked to be told. What is told only ever grows. */
export const createProgressNotices = (
  progressToken: string | number | undefined,
  notify: Notify,
): ((progress: Progress) => void) | undefined => {
  if (progressToken === undefined) return undefined
  let last = -1
  return progress => {
    const { requests, expectedRequests } = progress
    if (requests <= last) return
    last = requests
    const total = Math.max(requests, expectedRequests)
    const params = { progressToken, progress: requests, total, message: sentenceOf(progress) }
    // Whoever left is told nothing.
    notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
}

const sentenceOf = ({ requests, expectedRequests, reading, connectors }: Progress): string => {
  const lists = [...new Set(reading.map(({ collection }) => collection))].join(', ')
  const waitMs = Math.max(0, ...connectors.map(({ estimatedWaitMs }) => estimatedWaitMs))
  const wait = waitMs < 1_000 ? '' : `, each waiting ${Math.round(waitMs / 1_000)} s for its turn`
  return `Push is read${lists === '' ? '' : ` (${lists})`}: ${requests} of about ${Math.max(requests, expectedRequests)} requests${wait}`
}
