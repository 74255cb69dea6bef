/** What stored events tell of what happened to objects while nobody followed them. */
import type { Events } from '../events/events.ts'
import type { ChangesSince } from '../store/reading/catch-up.ts'
import type { Period } from '../upstream/state/tenancies.ts'
import { changeOf } from '../webhooks/follow.ts'
import { createHappenedAt } from '../webhooks/happened-at.ts'

/** Events read at once. */
const AT_ONCE = 200
/** With more than these since then, to read anew is quicker, and what follows single objects would forget the first of them. */
const MOST = 10_000

/**
 * The changes of each connector that its stored events tell of; none where it was of another tenant since then, whose events
 * they may be, while nobody told of its own. `periodsOf`: when it was of its present tenant, undefined for always.
 */
export const createChangesSince =
  (
    events: Pick<Events, 'sequenceBefore' | 'after'>,
    periodsOf: (alias: string) => readonly Period[] | undefined,
  ): ((alias: string) => ChangesSince) =>
  alias =>
  async (since, each) => {
    const periods = periodsOf(alias)
    if (periods?.some(({ from, until }) => from <= since && until === Infinity) === false)
      return false
    let last = await events.sequenceBefore(since / 1_000)
    const happenedAt = createHappenedAt()
    // What came before shows how quick events are.
    happenedAt.see(await events.after(last - AT_ONCE, AT_ONCE))
    for (let seen = 0; ;) {
      const found = await events.after(last, AT_ONCE)
      seen += found.length
      if (seen > MOST) return false
      happenedAt.see(found)
      for (const event of found) {
        if (event.connector !== alias) continue
        const change = changeOf(event, happenedAt.of(event))
        if (change !== undefined) each(change)
      }
      const end = found.at(-1)
      if (end === undefined || found.length < AT_ONCE) return true
      last = end.sequence
    }
  }
