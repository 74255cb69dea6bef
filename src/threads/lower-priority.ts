/** How much of the processors a thread takes where others want them too. */
import { getPriority, platform, setPriority } from 'node:os'

const NICEST = 19

/**
 * By how much a thread is nicer than the event loop, where both want the same processor; elsewhere it is as fast as any.
 * `far`: the loop has nine times as much of it, and goes on as soon as something comes for it. `little`: it has two and a
 * half times as much, for what others on a busy machine must not keep from its work.
 */
export const nicer = { little: 4, far: 10 }

/**
 * Has the event loop go before this thread. On Linux alone, where each thread has a priority of its own: elsewhere it is
 * that of the whole process.
 */
export const lowerPriority = (by: number): void => {
  if (platform() !== 'linux') return
  try {
    setPriority(Math.min(NICEST, getPriority() + by))
  } catch {
    // Where the system does not allow that, the thread works all the same.
  }
}
