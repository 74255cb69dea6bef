/** A receiver by script: it takes, refuses, fails, loses its answer or hangs, as chance has it, and knows what it has taken. */
import { NotNowError, RefusedError, type Sender, type SinkItem } from '../../../src/sinks/sender.ts'

export type Behaviour = 'take' | 'fail' | 'not now' | 'take, lose the answer' | 'hang'

export interface ScriptedReceiver {
  readonly sender: Sender
  /** Ids in the order in which they were taken, as often as they were. */
  readonly taken: readonly string[]
  /** Ids of which whoever sent them could not know that they were taken. */
  readonly untold: ReadonlySet<string>
  /** How often something was sent. */
  readonly sends: () => number
  /** The most that were sent together, and whether two were ever under way at once. */
  readonly most: () => { readonly items: number; readonly atOnce: number }
}

export interface Script {
  readonly next: () => Behaviour
  /** What it never takes. */
  readonly refuses?: (item: SinkItem) => boolean
}

export const createScriptedReceiver = ({
  next,
  refuses = () => false,
}: Script): ScriptedReceiver => {
  const taken: string[] = []
  const untold = new Set<string>()
  let [sends, underWay, atOnce, most] = [0, 0, 0, 0]

  const take = (items: readonly SinkItem[]): void => {
    for (const { id } of items) taken.push(id)
  }
  const behave = async (items: readonly SinkItem[], signal: AbortSignal): Promise<void> => {
    const behaviour = next()
    // It comes later than it was sent.
    await new Promise(resolve => setImmediate(resolve))
    if (behaviour === 'fail') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    if (behaviour === 'not now') throw new NotNowError('busy', 5)
    if (behaviour === 'hang') {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        if (signal.aborted) reject(signal.reason as Error)
      })
    }
    // Whoever has left has sent nothing whole.
    signal.throwIfAborted()
    if (items.some(refuses)) throw new RefusedError('400: malformed')
    take(items)
    if (behaviour === 'take') return
    for (const { id } of items) untold.add(id)
    throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
  }

  return {
    taken,
    untold,
    sends: () => sends,
    most: () => ({ items: most, atOnce }),
    sender: {
      send: async (items, signal) => {
        sends += 1
        underWay += 1
        atOnce = Math.max(atOnce, underWay)
        most = Math.max(most, items.length)
        try {
          await behave(items, signal)
        } finally {
          underWay -= 1
        }
      },
      close: () => Promise.resolve(),
    },
  }
}
