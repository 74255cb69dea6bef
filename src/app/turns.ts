/** The turns on the event loop of one app: operations have them, and what is taken from disk for them. */
import { plainTime, Turns } from '../work/turns.ts'
import { Work } from '../work/work.ts'

/** Turns that know what this thread took of the processor. */
export const createTurns = (): Turns => new Turns({ ...plainTime, cpu: processorMs })

/** Has steps taken in turns of that caller: each when others have had theirs. */
export const inTurnsOf = (turns: Turns, caller: string) => {
  const work = new Work({ turns, caller })
  return async <Result>(step: () => Result): Promise<Result> => {
    await work.next()
    try {
      return step()
    } finally {
      // It is charged for that.
      work.isOver()
    }
  }
}

/** What this thread took of the processor so far, in milliseconds. */
const processorMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
