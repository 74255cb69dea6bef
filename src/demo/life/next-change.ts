/** What happens to a tenant of itself: people come and go, log in, lose a factor, an app is approved, a finding resolved. */
import { collectionNames } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { RowChange } from '../history.ts'
import type { PushData, PushRows } from '../tenant/objects.ts'
import { createWeighted, type Random } from '../tenant/random.ts'
import { happenings } from './happenings.ts'

const anyCollection = createWeighted(collectionNames, name => happenings[name].weight)

/** What cannot happen, such as a change of a list that is empty, is another thing at the next throw. */
const THROWS = 50

/**
 * What happens next at that moment (UNIX seconds), by chance; nothing of it is done yet. Undefined where the tenant is so
 * empty that nothing can happen.
 */
export const nextChange = (
  data: PushData,
  random: Random,
  seconds: number,
): RowChange | undefined => {
  for (let thrown = 0; thrown < THROWS; thrown++) {
    const change = changeIn(anyCollection(random), data, random, seconds)
    if (change !== undefined) return change
  }
  return undefined
}

const changeIn = <Name extends CollectionName>(
  collection: Name,
  data: PushData,
  random: Random,
  seconds: number,
): RowChange<Name> | undefined => {
  const rows: readonly PushRows[Name][] = data[collection]
  const { created, deleted, make, change } = happenings[collection]
  const chance = random.next()
  if (chance < created) {
    const row = make(data, random, seconds)
    return row === undefined ? undefined : { collection, old: null, new: row }
  }
  if (rows.length === 0) return undefined
  const old = random.pick(rows)
  if (chance < created + deleted)
    // The last one stays, so that there is somebody to whom something can happen.
    return rows.length === 1 ? undefined : { collection, old, new: null }
  const members = change(old, data, random, seconds)
  const differs = Object.entries(members).some(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name as keyof PushRows[Name]]),
  )
  return differs ? { collection, old, new: { ...old, ...members } } : undefined
}
