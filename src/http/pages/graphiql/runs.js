/** What became of the last question of each tab; in memory alone, as long as the page is open. */
import { useGraphiQL } from '@graphiql/react'
import { useSyncExternalStore } from 'react'

/**
 * By the id of the tab. A run is `{ phase, startedAt, endedAt, attempts, againAt, progress, answer }`: times in
 * milliseconds, `progress` as the server tells it, `answer` as it came. Its phases are `asking`, `again` (until `againAt`),
 * `streaming`, and at last `done`, `failed` or `stopped`.
 */
const runs = new Map()
const listeners = new Set()

/** The tab in front, and whether its plan is wanted beside the answer. */
export const front = { tabId: undefined, wantsPlan: false }

/** A run of the tab in front, as what becomes known of it changes. Once the tab asks anew, nothing changes it. */
export const beginRun = () => {
  const { tabId } = front
  let run = { phase: 'asking', startedAt: Date.now(), attempts: 1 }
  const put = next => {
    run = next
    runs.set(tabId, run)
    for (const listener of listeners) listener()
  }
  put(run)
  return {
    change: changes => {
      if (runs.get(tabId) === run) put({ ...run, ...changes })
    },
    end: phase => {
      const isOver = run.endedAt !== undefined
      if (!isOver && runs.get(tabId) === run) put({ ...run, phase, endedAt: Date.now() })
    },
  }
}

/** Those of closed tabs are forgotten. */
export const keepRunsOf = tabIds => {
  for (const id of runs.keys()) if (!tabIds.includes(id)) runs.delete(id)
}

/** The run of the tab in front; undefined where it has asked nothing yet. */
export const useRun = () => {
  const id = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex].id)
  return useSyncExternalStore(subscribe, () => runs.get(id))
}

const subscribe = listener => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
