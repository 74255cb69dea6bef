/** The changes that are stored: written down in the order in which they are told, and gone in that order where room is needed. */
import { isTimeOfUse, type NewChange } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Later } from '../known/later.ts'
import type { ChangeStorage, GoneChanges, KeptChange } from './change-storage.ts'

export interface ChangeLog {
  /** Stores the change; false where it goes into the one of the same day, as times of use do. */
  add(change: NewChange): Later<boolean>
  /**
   * Deletes the oldest until all that is stored takes no more than that; how many went. Where none is left, the oldest moments
   * at which lists agreed go. It is `now` (UNIX seconds).
   */
  makeRoom(maxBytes: number, now: number): Later<number>
}

/** What is remembered from one to the next of those who make room. */
export interface MomentsLookedFor {
  /** When none was left that could go (UNIX seconds). */
  noneAt: number
}

export const noMomentsLookedFor = (): MomentsLookedFor => ({ noneAt: -Infinity })

/** What a change takes beside its texts: its columns, and its places in the indexes. */
const BYTES_OF_CHANGE = 200
export const bytesInSql = `(${BYTES_OF_CHANGE} + 2 * octet_length(object_id)
  + coalesce(octet_length(old_value), 0) + coalesce(octet_length(new_value), 0))`
export const DAY_S = 86_400
/** Changes or moments deleted at once to make room: deliveries wait for it. */
const CUT_AT_ONCE = 5_000
/** To look for moments is to look at all lists: where none was left, nobody does so for so long. */
const NONE_LEFT_S = 60

export const createChangeLog = (
  storage: ChangeStorage,
  moments = noMomentsLookedFor(),
): ChangeLog => ({
  add: function* (change) {
    const { connector, collection, objectId, kind, field, at, learntFrom } = change
    const [old, now] = [toJson(change.old), toJson(change.new)]
    const written = { connector, collection, objectId, kind, field, at, learntFrom, old, new: now }
    const day = Math.floor(at / DAY_S) * DAY_S
    const folded = change.isOfUse ? yield* storage.changeOf(written, day, day + DAY_S) : undefined
    if (folded !== undefined) {
      const until = folded.new_value
      if (!isLater(change.new, until)) return false
      yield* storage.foldInto(folded.sequence, now, bytesOfText(now) - bytesOfText(until))
      return false
    }
    const bytes = BYTES_OF_CHANGE + 2 * bytesOfText(objectId) + bytesOfText(old) + bytesOfText(now)
    yield* storage.addChange(written, bytes)
    return true
  },
  makeRoom: function* (maxBytes, now) {
    const excess = (yield* storage.historyBytes()) - maxBytes
    if (excess <= 0) return 0
    const gone = goneOf(yield* storage.oldestChanges(CUT_AT_ONCE), excess)
    if (gone === undefined) {
      // Where that is still to come, the clock was set back since.
      const isNoneLeft = now >= moments.noneAt && now < moments.noneAt + NONE_LEFT_S
      if (!isNoneLeft && (yield* storage.dropMoments(CUT_AT_ONCE)) === 0) moments.noneAt = now
      return 0
    }
    // Of a clock that was set back since, one may tell of what is still to come.
    yield* storage.removeChanges({ ...gone, latest: Math.min(gone.latest, now) })
    return gone.sequences.length
  },
})

/** Those changes, of the first ones no more than take so many bytes; undefined where there is none. */
export const goneOf = (
  changes: Iterable<KeptChange>,
  mostBytes = Infinity,
): GoneChanges | undefined => {
  const sequences: number[] = []
  let [bytes, latest] = [0, -Infinity]
  for (const change of changes) {
    if (bytes >= mostBytes) break
    sequences.push(change.sequence)
    bytes += change.bytes
    latest = Math.max(latest, toldUntil(change))
  }
  if (sequences.length === 0) return undefined
  return { sequences, last: sequences.reduce((a, b) => Math.max(a, b)), bytes, latest }
}

/** The last moment that the change tells of: one of a time of use tells of its day up to then. */
const toldUntil = ({ collection, field, new_value: now, at }: KeptChange): number => {
  if (field === null || !isTimeOfUse(collection as CollectionName, field)) return at
  return Math.max(at, Math.min(Number(now), (Math.floor(at / DAY_S) + 1) * DAY_S))
}

const toJson = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

/** Of two times of use the later one, whichever was told first. */
const isLater = (value: unknown, than: unknown): boolean =>
  typeof than !== 'string' || (typeof value === 'number' && value > Number(than))

/** Bytes of a text; 0 where there is none. */
export const bytesOfText = (text: unknown): number =>
  typeof text === 'string' ? Buffer.byteLength(text) : 0
