/** Webhooks that tell something else than what happened. */
import type { CollectionName } from '../../model/rows.ts'
import type { RowChange } from '../history.ts'
import type { PushData, PushRows } from '../tenant/objects.ts'
import type { Random } from '../tenant/random.ts'

/** What says which row it is, or is not told at all. */
const NEVER_WRONG: ReadonlySet<string> = new Set(['id', 'extensionId', 'events'])

/**
 * The same change, one member of the row as another one has it, or, of what was changed, as it was before. Undefined where
 * nothing in it can be wrong.
 */
export const misreport = (
  { collection, old, new: now }: RowChange,
  data: PushData,
  random: Random,
): RowChange | undefined => {
  if (now === null) return undefined
  const rows: readonly PushRows[CollectionName][] = data[collection]
  const other: object = old ?? random.pick(rows)
  const members = new Map(Object.entries(now))
  const wrong = Object.entries(other).filter(
    ([name, value]) =>
      !NEVER_WRONG.has(name) && JSON.stringify(value) !== JSON.stringify(members.get(name)),
  )
  if (wrong.length === 0) return undefined
  const [name, value] = random.pick(wrong) as [string, unknown]
  return { collection, old, new: { ...now, [name]: value } }
}
