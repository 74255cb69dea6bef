/** Whose rows a connector's are, as they are noted; where it was another tenant's, what is known of that one's lists ends. */
import { collectionNames } from '../model/collections.ts'
import type { TenantOfRows } from '../model/known-rows.ts'
import type { StoreOptions } from '../store/store.ts'
import type { UpstreamClient } from '../upstream/client.ts'

/**
 * The tenant that the connector is of; undefined as long as that is not known. The same object as long as it is the same
 * tenant: it goes along with each row.
 */
export const createTenantOfRows = (
  alias: string,
  client: Pick<UpstreamClient, 'keptAs' | 'since' | 'periods'>,
  onNotice: StoreOptions['onNotice'],
): (() => TenantOfRows | undefined) => {
  let known: TenantOfRows | undefined
  return () => {
    const id = client.keptAs()
    if (id === known?.id) return known
    known = id === undefined ? undefined : { id, sinceSeconds: client.since() / 1_000 }
    // Lists that nobody reads anew would stay the former's, and be shown as those of now.
    if (known !== undefined && client.periods() !== undefined)
      for (const collection of collectionNames)
        onNotice?.(alias, { kind: 'again', collection, table: `lists of ${known.id}` }, known)
    return known
  }
}
