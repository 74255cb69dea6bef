/** How much of the processors a thread takes where others want them too. */
import { getPriority, platform, setPriority } from 'node:os'

/**
 * By how much a thread is nicer than the event loop. Where both want the same processor the loop has nine times as much
 * of it, and goes on as soon as something comes for it; elsewhere the thread is as fast as any.
 */
const NICER = 10
const NICEST = 19

/**
 * Has the event loop go before this thread. On Linux alone, where each thread has a priority of its own: elsewhere it is
 * that of the whole process.
 */
export const lowerPriority = (): void => {
  if (platform() !== 'linux') return
  try {
    setPriority(Math.min(NICEST, getPriority() + NICER))
  } catch {
    // Where the system does not allow that, the thread works all the same.
  }
}
