/** What lists leave out of an object, read by its id. */
import type { CollectionName, Rows } from '../model/rows.ts'
import { byIdFact } from '../upstream/contract/capabilities.ts'
import type { Facts, Lookup } from '../upstream/contract/contract.ts'
import type { ReadTerms } from './part.ts'

export type Detail<Name extends CollectionName> = (row: Rows[Name]) => Promise<Rows[Name]>

/** Refusals from which on Push is taken not to answer by id at all, where it never has. */
const MOST_REFUSALS = 3

/**
 * Reads what is missing in rows of that collection; undefined where nothing ever is. A row that Push does not answer
 * with by id stays as it is, and the reading is told of it.
 */
export const createDetail = <Name extends CollectionName>(
  name: Name,
  facts: Facts,
  readOne: (id: string) => Promise<Lookup<Name>>,
  onLoss: ReadTerms['onLoss'],
): Detail<Name> | undefined => {
  if (name !== 'detections') return undefined
  let refusals = 0
  let works = false

  return async row => {
    if (!('events' in row) || row.events !== null) return row
    if (facts.get(byIdFact(name)) !== 'no' && (works || refusals < MOST_REFUSALS)) {
      const found = await readOne(row.id)
      if (found.kind === 'row') {
        works = true
        return found.row
      }
      refusals += 1
    }
    onLoss('The events of a detection are missing: Push does not answer with it by its id.')
    return row
  }
}
