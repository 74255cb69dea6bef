/** Whether wrong counts that a lost webhook leads to are right again as soon as promised, and counted as drift. */
import type { PastChange } from '../../src/demo/stand-in.ts'
import type { CollectionName } from '../../src/model/rows.ts'

/** A count that was served though it was wrong. */
export interface WrongCount {
  readonly collection: CollectionName
  /** When it was served (milliseconds), and how long it had been wrong by then. */
  readonly at: number
  readonly wrongMs: number
}

export interface WrongnessTerms {
  /** So often what is followed is probed, and read whole to check (milliseconds). */
  readonly probeMs: number
  readonly reconcileMs: number
  /** What it takes beside that: to ask, to answer, to read. */
  readonly slackMs: number
}

/** Push can be asked for what is new in these; in others for what was used, which tells of few of the changes that count. */
const CREATED_IS_SEEN: ReadonlySet<CollectionName> = new Set([
  'employees',
  'apps',
  'findings',
  'detections',
])

/**
 * For how long that count may be wrong (milliseconds): two probes, where they can see all that was not told since it was
 * right, else until all is read to check.
 */
export const mayBeWrongFor = (
  of: WrongCount,
  untold: readonly PastChange[],
  terms: WrongnessTerms,
): number => {
  const causes = causesOf(of, untold, terms)
  const areSeen =
    causes.length > 0 &&
    CREATED_IS_SEEN.has(of.collection) &&
    causes.every(({ old }) => old === null)
  return (areSeen ? 2 * terms.probeMs : terms.reconcileMs) + terms.slackMs
}

/** What was not as promised, a sentence each. `drift`: how many objects were found to be otherwise than told, by collection. */
export const broken = (
  wrong: readonly WrongCount[],
  untold: readonly PastChange[],
  drift: ReadonlyMap<string, number>,
  terms: WrongnessTerms,
): readonly string[] => {
  const tooLong = wrong.flatMap(of => {
    const most = mayBeWrongFor(of, untold, terms)
    if (of.wrongMs <= most) return []
    return [`${of.collection} wrong for ${seconds(of.wrongMs)} s, at most ${seconds(most)}`]
  })
  // What was served wrong later than that may not have been found yet.
  const dueAt = Math.max(...wrong.map(({ at }) => at)) - terms.reconcileMs - terms.slackMs
  const uncounted = wrong
    .filter(of => of.at <= dueAt && (drift.get(of.collection) ?? 0) === 0)
    .filter(of => causesOf(of, untold, terms).length > 0)
    .map(({ collection }) => `no drift of ${collection} is counted`)
  return [...tooLong, ...new Set(uncounted)]
}

/** What was not told since that count was right. */
const causesOf = (
  { collection, at, wrongMs }: WrongCount,
  untold: readonly PastChange[],
  { slackMs }: WrongnessTerms,
): readonly PastChange[] =>
  untold.filter(
    of => of.collection === collection && of.at >= at - wrongMs - slackMs && of.at <= at,
  )

const seconds = (ms: number): number => Math.round(ms / 1_000)
