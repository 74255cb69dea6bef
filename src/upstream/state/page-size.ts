/** The largest page that Push answers with, which nobody outside knows: learnt from the answers themselves. */
import type { Facts } from '../contract/contract.ts'
import { PAGE_SIZE } from '../contract/capabilities.ts'

export interface PageSize {
  /** The page size known, or else presumed. */
  known(): number
  /** The `limit` to ask for when `wanted` rows (all there are, where absent) would be welcome. */
  limit(wanted: number | undefined): number
  /** A page without parameters came: what it tells of the largest one. */
  answered(limit: number, sent: number, more: boolean): void
  /** Push refused this limit with 400. Returns the one to try instead; undefined where the limit was not the cause. */
  refused(limit: number): number | undefined
  /** A page of this limit was accepted after a larger one had been refused. */
  accepted(limit: number): void
}

/** Used in the field, so it is known to be accepted. */
const SAFE = 200
/** More is not asked for: pages of this size make a collection of 100,000 rows a hundred requests. */
const LARGEST = 1000

/** The page size kept in `facts` under `pageSize`. */
export const createPageSize = (facts: Facts): PageSize => {
  const learnt = (): number | undefined => {
    const verdict = Number(facts.get(PAGE_SIZE))
    return Number.isInteger(verdict) && verdict > 0 ? verdict : undefined
  }
  const learn = (size: number): void => {
    if (learnt() !== size) facts.set(PAGE_SIZE, String(size))
  }

  /** The length of the last page that was cut short. */
  let lastCut: number | undefined

  return {
    known: () => learnt() ?? SAFE,
    limit: wanted => {
      const size = learnt()
      // A page shorter than what is used in the field may have been short for another reason: ask for more again.
      const most = size === undefined || size < SAFE ? LARGEST : size
      return Math.max(1, Math.min(wanted ?? most, most))
    },
    answered: (limit, sent, more) => {
      const size = learnt()
      const cut = more && sent > 0 && sent < limit
      const grown = size !== undefined && sent > size
      // The first short page tells the limit; later ones only where the same length comes twice running.
      if (grown || sent >= LARGEST || (cut && (size === undefined || sent === lastCut))) learn(sent)
      if (cut) lastCut = sent
      else if (sent >= limit) lastCut = undefined
    },
    refused: limit => (limit > SAFE ? SAFE : undefined),
    accepted: learn,
  }
}
