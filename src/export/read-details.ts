/** What lists leave out of an object, read by its id. */
import type { CollectionName, Rows } from '../model/rows.ts'
import type { ReadTerms } from './part.ts'
import type { Retry } from './retry.ts'
import type { Source } from './source.ts'

export type Detail<Name extends CollectionName> = (row: Rows[Name]) => Promise<Rows[Name]>

/** Refusals from which on Push is taken not to answer by id at all, where it never has. */
const MOST_REFUSALS = 3

/**
 * Reads what is missing in rows of that collection; undefined where nothing ever is. A row that Push does not answer
 * with by id stays as it is, and the reading is told of it.
 */
export const createDetail = <Name extends CollectionName>(
  { name, source, retry }: { readonly name: Name; readonly source: Source; readonly retry: Retry },
  { signal, onRequest, onLoss }: ReadTerms,
): Detail<Name> | undefined => {
  if (name !== 'detections') return undefined
  let refusals = 0
  let works = false

  return async row => {
    if (!('events' in row) || row.events !== null) return row
    if (source.readsById(name) && (works || refusals < MOST_REFUSALS)) {
      const found = await retry(() => source.one(name, row.id, { signal, onRequest }), signal)
      if (found !== null) {
        works = true
        return found
      }
      refusals += 1
    }
    onLoss('The events of a detection are missing: Push does not answer with it by its id.')
    return row
  }
}
