/** A graph whose time passes only while nothing is under way: whatever else the machine does, nothing comes too late. */
import { createFakeClock } from './clock.ts'
import { type Answer, type Graph, graphForTest, type GraphOptions } from './graph.ts'
import { quiet } from './parity.ts'

const STEP_MS = 25

/** A graph on a clock of its own, which goes on as an operation waits for it; only to be called within a test. */
export const graphOnOwnTime = async (options: Omit<GraphOptions, 'clock'> = {}): Promise<Graph> => {
  const clock = createFakeClock()
  const graph = await graphForTest({ ...options, clock })
  return {
    ...graph,
    run: async (...args): Promise<Answer> => {
      let isAnswered = false
      const answer = graph.run(...args).finally(() => {
        isAnswered = true
      })
      // Not to be told before somebody waits for it.
      answer.catch(() => undefined)
      for (;;) {
        for (const standIn of graph.standIns) await quiet(standIn)
        if (isAnswered) return answer
        await clock.advance(STEP_MS)
      }
    },
  }
}
