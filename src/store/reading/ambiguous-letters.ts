/**
 * Letters beyond ASCII that are held to be equal to one of ASCII: the Kelvin sign to k, the long s to s. Nobody knows
 * whether Push holds them to be equal too, so its `email` parameter may miss an address that is written with one. Such
 * addresses are next to impossible (no domain has these letters, and normalized text no Kelvin sign), and hardly an
 * address is without a k or an s: the parameter is used until a scan has met one, and no more from then on.
 */
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Facts } from '../../upstream/contract/contract.ts'
import type { Table } from '../table/table.ts'
import { emailLettersFact } from '../../upstream/contract/capabilities.ts'

const TWINS = /[\u017f\u037e\u1fef\u212a]/

/** Whether the last scan met an address that a question in ASCII may miss. */
export const hasTwins = (name: CollectionName, facts: Facts): boolean =>
  facts.get(emailLettersFact(name)) === 'ambiguous'

/** Looks through what a scan has brought. */
export const noteTwins = ({ collection, values }: Table, facts: Facts): void => {
  if (!collections[collection].pushdown.some(({ field }) => field === 'email')) return
  const has = values().some(row => 'email' in row && TWINS.test(row.email ?? ''))
  if (has !== hasTwins(collection, facts))
    facts.set(emailLettersFact(collection), has ? 'ambiguous' : 'plain')
}
