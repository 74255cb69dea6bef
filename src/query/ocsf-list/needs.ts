/** What a page of a timeline will read for certain, as far as its arguments say: for the demand of its operation. */
import { isGiven } from '../../model/values.ts'
import { readCursor } from '../list/cursor.ts'
import { DEFAULT_PAGE } from '../list/range.ts'
import type { Need } from '../planning/need.ts'
import {
  boundsOf,
  firstSegmentOf,
  positionOf,
  segmentsOf,
  type TimelineArguments,
  type TimelinePosition,
} from './arguments.ts'

/**
 * The segment that the page begins in. Undefined filters are as if there were none; what cannot be used needs nothing,
 * and is the timeline's to refuse.
 */
export const timelineNeeds = (
  args: TimelineArguments,
): readonly Pick<Need, 'collection' | 'first' | 'whole' | 'filter'>[] => {
  const { after, filter, first } = args
  if (first === 0) return []
  const position = isGiven(after) ? peek(after) : undefined
  const segment =
    position === undefined
      ? firstSegmentOf(args)
      : segmentsOf(args, position.readAt)[position.segment]
  if (segment === undefined) return []
  const isDated = segment.kind === 'dated'
  const bounds = boundsOf(args, segment)
  // Events cost no request.
  const names = [...segment.collections].filter(name => name !== 'events')
  return names.map(collection => {
    const own = filter?.[collection]
    return {
      collection,
      first: first ?? DEFAULT_PAGE,
      whole: isDated,
      filter: isDated ? { and: [...(isGiven(own) ? [own] : []), { createdAt: bounds }] } : own,
    }
  })
}

/** Where a cursor stands, whichever timeline it is of; undefined where it is none. */
const peek = (text: string): TimelinePosition | undefined => {
  try {
    const [key] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]
    return positionOf(readCursor(String(key), text, 'after'))
  } catch {
    return undefined
  }
}
