/** What a timeline is asked with, and the places in it. */
import { BadInputError } from '../../errors.ts'
import { compareText, isGiven } from '../../model/values.ts'
import { readCursor, writeCursor } from '../list/cursor.ts'
import { type CursorFormat, type PageArguments, readRange } from '../list/range.ts'
import { type TimelineKindName, timelineKinds } from './kinds.ts'

export interface ObjectTimelineTerms extends Pick<PageArguments, 'first' | 'after'> {
  /** UNIX seconds: at or after this time. */
  readonly since?: number | null | undefined
  /** UNIX seconds: before this time. */
  readonly until?: number | null | undefined
  /** All where absent. */
  readonly kinds?: readonly TimelineKindName[] | null | undefined
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
}

/** A place among the items: what stands there may have gone, and others may have come. */
export interface TimelinePlace {
  /** UNIX seconds. */
  readonly at: number
  /** The index of its kind. */
  readonly kind: number
  /** What tells it apart from others of its kind at the same moment; of what is stored here, its sequence. */
  readonly id: string
  /** Empty for what is stored here, whose sequence is of all connectors. */
  readonly connector: string
}

/** Events and changes have sequences, which lie before all kinds of moments. */
const isStoredKind = (kind: number): boolean => kind < 2

/** The newest first; at the same moment by kind, then the latest stored first, or by id and connector. */
export const compareTimelinePlaces = (a: TimelinePlace, b: TimelinePlace): number =>
  b.at - a.at ||
  a.kind - b.kind ||
  (isStoredKind(a.kind)
    ? Number(b.id) - Number(a.id)
    : compareText(a.id, b.id) || compareText(a.connector, b.connector))

/** Looks at the terms alone. @throws BadInputError when they cannot be used */
export const checkObjectTimeline = (terms: ObjectTimelineTerms): void => {
  checkTimes(terms)
  readRange({ first: terms.first }, { read: () => undefined, write: () => '' })
}

/** @throws BadInputError where nothing can lie between them */
export const checkTimes = ({ since, until }: ObjectTimelineTerms): void => {
  if (isGiven(since) && isGiven(until) && since > until)
    throw new BadInputError('"since" must not be later than "until"', 'since')
}

/** What else makes it this timeline and no other. Where no kinds were named, cursors are those of the first two kinds, as they ever were. */
export const termsKey = ({ since, until, kinds }: ObjectTimelineTerms): readonly unknown[] => [
  since ?? null,
  until ?? null,
  kinds ? timelineKinds.filter(kind => kinds.includes(kind)) : ['EVENT', 'CHANGE'],
]

/** The cursors of the timeline with that key. */
export const timelineCursors = (key: string): CursorFormat<TimelinePlace> => ({
  read: (text, argument) => {
    const cursor = readCursor(key, text, argument)
    const [at, kind] = cursor.kind === 'key' ? cursor.keys : []
    const { id, connector } = cursor
    const isPlace =
      typeof at === 'number' &&
      typeof kind === 'number' &&
      timelineKinds[kind] !== undefined &&
      (!isStoredKind(kind) || Number.isSafeInteger(Number(id)))
    if (!isPlace) throw new BadInputError(`"${argument}" is a cursor of another list`, argument)
    return { at, kind, id, connector }
  },
  write: ({ at, kind, id, connector }) =>
    writeCursor(key, { kind: 'key', connector, id, keys: [at, kind] }),
})
