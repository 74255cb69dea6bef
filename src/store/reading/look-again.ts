/** What may have been changed may also be changed later: the object is looked at again now and then. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call } from '../../upstream/contract/contract.ts'
import type { AnewReader } from './read-anew.ts'

/** After so long, each time. */
const LOOK_AGAIN_MS = [5_000, 60_000]
const WITHIN_MS = 30_000

/** Has the object read again, in the background; a failure is nobody's. */
export const createLookAgain =
  ({ readAnew }: AnewReader, clock: Clock) =>
  (name: CollectionName, id: string): void => {
    for (const ms of LOOK_AGAIN_MS)
      clock.after(ms, () => {
        const now = clock.now()
        const call: Call = {
          owner: 'after a write',
          priority: 'background',
          deadline: now + WITHIN_MS,
        }
        readAnew(name, id, now, call).catch(() => undefined)
      })
  }
