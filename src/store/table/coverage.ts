/** What of a collection is known to be complete, since when, and which rows of it could not be read. */
import type { Unreadable } from '../../upstream/contract/contract.ts'
import { setBounded } from './bounded-map.ts'

export interface Coverage {
  /** Start of the read that made the whole collection known (milliseconds); undefined before the first. */
  whole: number | undefined
  /** How long that read took, in milliseconds. */
  wholeTookMs: number
  /** Rows that the newest scan could not read: where and why. They are missing here. */
  unreadable: readonly Unreadable[]
  /** Start of the read of the rows whose `field` is `value`. */
  slice(field: string, value: string): number | undefined
  cover(field: string, value: string, asOf: number, unreadable?: readonly Unreadable[]): void
  /** Rows of that slice that could not be read. */
  sliceUnreadable(field: string, value: string): readonly Unreadable[]
  /** Start of the read of all rows whose `field` is later than `seconds`, or than an earlier moment. */
  after(field: string, seconds: number): number | undefined
  coverAfter(field: string, seconds: number, asOf: number, unreadable?: readonly Unreadable[]): void
  /** Rows of that read that could not be read. */
  afterUnreadable(field: string): readonly Unreadable[]
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
}

interface Slice {
  readonly asOf: number
  readonly unreadable: readonly Unreadable[]
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
    wholeTookMs: 0,
    unreadable: [],
    slice: (field, value) => slices.get(sliceKey(field, value))?.asOf,
    sliceUnreadable: (field, value) => slices.get(sliceKey(field, value))?.unreadable ?? [],
    cover: (field, value, asOf, unreadable = []) => {
      setBounded(slices, sliceKey(field, value), { asOf, unreadable })
      onChange()
    },
    after: (field, seconds) => {
      const known = afters.get(field)
      return known !== undefined && known.seconds <= seconds ? known.asOf : undefined
    },
    afterUnreadable: field => afters.get(field)?.unreadable ?? [],
    coverAfter: (field, seconds, asOf, unreadable = []) => {
      afters.set(field, { seconds, asOf, unreadable })
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
    notAfter: moment => {
      for (const known of [slices, afters] as Map<string, Slice>[])
        for (const [key, of] of known) known.set(key, { ...of, asOf: Math.min(of.asOf, moment) })
      for (const [id, asOf] of absents) absents.set(id, Math.min(asOf, moment))
      onChange()
    },
  }
}

const sliceKey = (field: string, value: string): string => `${field}=${value}`
