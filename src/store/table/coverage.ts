/** What of a collection is known to be complete, since when, and what may be missing from it all the same. */
import type { Row } from '../../model/rows.ts'
import type { Gap } from '../../paging/gap.ts'
import { setBounded } from './bounded-map.ts'

export interface Coverage {
  /**
   * The last moment at which a read of the whole collection, or a probe of a followed one, agreed with what is here
   * (milliseconds); undefined before the first read.
   */
  whole: number | undefined
  /** Start of the newest read of the whole collection, where a probe has agreed since; else that is `whole`. */
  readBeforeProbes: number | undefined
  /** Whether webhooks tell of every change, as far as anybody knows: it need not be read again. */
  followed: boolean
  /** How long that read took, in milliseconds. */
  wholeTookMs: number
  /** What the newest scan could not bring, and is missing here. */
  gaps: readonly Gap[]
  /** Start of the read of the rows whose `field` is `value`. */
  slice(field: string, value: string): number | undefined
  cover(field: string, value: string, asOf: number, gaps?: readonly Gap[]): void
  /** What may be missing from that slice. */
  sliceGaps(field: string, value: string): readonly Gap[]
  /** Start of the read of all rows whose `field` is later than `seconds`, or than an earlier moment. */
  after(field: string, seconds: number): number | undefined
  coverAfter(field: string, seconds: number, asOf: number, gaps?: readonly Gap[]): void
  /** What may be missing from that read. */
  afterGaps(field: string): readonly Gap[]
  /** Since when it is known that no object has that id. */
  absent(id: string): number | undefined
  missing(id: string, asOf: number): void
  /** What seems to have been read later counts as read then: the clock was set back. */
  notAfter(moment: number): void
}

/** Coverage with what the table alone may change. */
export interface OwnCoverage extends Coverage {
  /** An object with that id is there after all. */
  present(id: string): void
  /** Forgets the slices read up to then. */
  forgetSlices(until: number): void
  /** Forgets every part that the row is in. */
  forgetPartsWith(row: Row): void
}

interface Slice {
  readonly asOf: number
  readonly gaps: readonly Gap[]
}

interface After extends Slice {
  readonly seconds: number
}

/** Nothing is known yet; `onChange` is called with every change of what is known of single ids or slices. */
export const createCoverage = (onChange: () => void = () => undefined): OwnCoverage => {
  const slices = new Map<string, Slice>()
  // The newest read of what is later than a moment, by field.
  const afters = new Map<string, After>()
  const absents = new Map<string, number>()

  return {
    whole: undefined,
    readBeforeProbes: undefined,
    followed: false,
    wholeTookMs: 0,
    gaps: [],
    slice: (field, value) => slices.get(sliceKey(field, value))?.asOf,
    sliceGaps: (field, value) => slices.get(sliceKey(field, value))?.gaps ?? [],
    cover: (field, value, asOf, gaps = []) => {
      setBounded(slices, sliceKey(field, value), { asOf, gaps })
      onChange()
    },
    after: (field, seconds) => {
      const known = afters.get(field)
      return known !== undefined && known.seconds <= seconds ? known.asOf : undefined
    },
    afterGaps: field => afters.get(field)?.gaps ?? [],
    coverAfter: (field, seconds, asOf, gaps = []) => {
      afters.set(field, { seconds, asOf, gaps })
    },
    absent: id => absents.get(id),
    missing: (id, asOf) => {
      setBounded(absents, id, asOf)
      onChange()
    },
    present: id => absents.delete(id),
    forgetSlices: until => {
      for (const [key, { asOf }] of slices) if (asOf <= until) slices.delete(key)
      onChange()
    },
    forgetPartsWith: row => {
      for (const [field, value] of Object.entries(row)) {
        const text = String(value)
        slices.delete(sliceKey(field, text))
        slices.delete(sliceKey(`${field} folded`, text.toLowerCase()))
        const known = afters.get(field)
        if (known !== undefined && typeof value === 'number' && value > known.seconds)
          afters.delete(field)
      }
      onChange()
    },
    notAfter: moment => {
      for (const known of [slices, afters] as Map<string, Slice>[])
        for (const [key, of] of known) known.set(key, { ...of, asOf: Math.min(of.asOf, moment) })
      for (const [id, asOf] of absents) absents.set(id, Math.min(asOf, moment))
      onChange()
    },
  }
}

/** Start of the newest read of the whole collection (milliseconds); undefined where there was none. */
export const wholeReadAt = ({
  whole,
  readBeforeProbes,
}: Pick<Coverage, 'whole' | 'readBeforeProbes'>): number | undefined => readBeforeProbes ?? whole

const sliceKey = (field: string, value: string): string => `${field}=${value}`
