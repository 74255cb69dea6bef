/**
 * Whose list a connector's is: where the connector is pointed at another tenant, the list of the one before ends, and nothing
 * of it counts as changed. Of two who take it for that of different tenants, he is right who began to later.
 */
import type { TenantOfRows } from '../../model/known-rows.ts'
import type { KnownList, ListStorage } from './known-storage.ts'
import type { Later } from './later.ts'

/** Whom nothing was heard of for so long holds nobody off. */
const SILENT_S = 900

/**
 * The list that takes in what is told of that tenant `now` (UNIX seconds): the one given, or an empty one that takes its place.
 * Undefined where none does: somebody takes the connector for another one's since a later moment, or nobody knows yet whose it is.
 */
export function* listOfTenant(
  storage: Pick<ListStorage, 'saveList' | 'replaceList'>,
  list: KnownList,
  tenant: TenantOfRows | undefined,
  now: number,
): Later<KnownList | undefined> {
  const { tenant: known } = list
  if (tenant === undefined) return known === null ? list : undefined
  if (known === null || known.id === tenant.id) {
    if (known === null || isLater(tenant, known, now)) list.tenant = tenant
    return list
  }
  const isNewer = isLater(tenant, known, now)
  const isSilent = now - Math.max(list.toldAt, list.beganAt ?? 0) >= SILENT_S
  if (!isNewer && !isSilent) return undefined
  yield* storage.saveList(list)
  const sinceSeconds = tenant.sinceSeconds > known.sinceSeconds ? tenant.sinceSeconds : now
  // What it was at any moment since then is not what is known of the one before.
  return yield* storage.replaceList(list, { ...tenant, sinceSeconds }, sinceSeconds)
}

/** Whether that is since a later moment; one that has not been yet is of a clock that was set back. */
const isLater = (one: TenantOfRows, other: TenantOfRows, now: number): boolean =>
  one.sinceSeconds > other.sinceSeconds || other.sinceSeconds > now
