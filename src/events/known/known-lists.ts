/** The moments at which each list of which rows are known was known as a whole. */
import type { KnownList, ListStorage } from './known-storage.ts'
import type { Later } from './later.ts'

export interface KnownLists extends Pick<ListStorage, 'list' | 'saveList'> {
  /**
   * What is known of the list agreed with Push at `at`, and all that says so had come by `overAt`; it is `now` (UNIX
   * seconds).
   */
  agreed(list: KnownList, at: number, overAt: number, now: number): Later<void>
  /** It is known as a whole no more, until it is read again. To be saved. */
  brokenOff(list: KnownList): Later<void>
}

/** Moments at which a list agreed are kept so far apart, but for the newest. */
const APART_S = 900

export const createKnownLists = (storage: ListStorage): KnownLists => ({
  list: storage.list,
  saveList: storage.saveList,
  agreed: function* ({ id }, at, overAt, now) {
    // The clock was set back.
    yield* storage.removeMomentsAfter(id, now)
    const [last, before] = yield* storage.moments(id)
    if (last?.agreed === 1 && last.at >= at) return
    if (last?.agreed === 1 && before?.agreed === 1 && last.at - before.at < APART_S)
      yield* storage.removeMoment(id, last.over_at)
    const over = Math.max(overAt, last?.over_at ?? overAt)
    yield* storage.addMoment(id, { over_at: over, at, agreed: 1 })
  },
  brokenOff: function* (list) {
    if (list.wholeSince === null) return
    list.wholeSince = null
    const [last] = yield* storage.moments(list.id)
    const at = Math.max(list.toldAt, last?.over_at ?? list.toldAt)
    yield* storage.addMoment(list.id, { over_at: at, at, agreed: 0 })
  },
})
