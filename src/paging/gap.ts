/** What may be missing of a list though it was read as far as it goes, and why. */
import type { CollectionName } from '../model/rows.ts'
import type { Unreadable } from '../upstream/contract/contract.ts'

/**
 * `cutOff`: Push promises more and gives no way to come by it. `shifted`: rows came and went while the pages were read,
 * and those that moved up may have been passed by. `unknown`: of the moment that was asked for, not all of it is known.
 */
export type PagingGap = 'cutOff' | 'shifted' | 'unknown'

/** A row that was sent and cannot be read, or rows that the paging passed by. */
export type Gap = Unreadable | PagingGap

export const isUnreadable = (gap: Gap): gap is Unreadable => typeof gap !== 'string'

/** A sentence for whoever gets the list, without its full stop. */
export const describePagingGap = (name: CollectionName, gap: PagingGap): string => {
  switch (gap) {
    case 'cutOff':
      return `Push says that there are more ${name} than it sent, and gives no place from which they can be read on`
    case 'shifted':
      return `The ${name} changed while their pages were read, and some may have been passed by`
    case 'unknown':
      return `Not all ${name} of that moment are known: the list was first read as a whole later, or what changed since has been deleted`
    default:
      return gap satisfies never
  }
}
