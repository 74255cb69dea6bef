/** The requests of a scan, on behalf of all who wait for it. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, Client, Page, PageRequest } from '../../upstream/contract/contract.ts'
import type { Waiters } from './scan-waiters.ts'

export interface ScanRequests<Name extends CollectionName> {
  /** That page, as urgently as the most urgent of those who wait. @throws what the client threw */
  ask(request: PageRequest, signal: AbortSignal, notBefore?: number): Promise<Page<Name>>
  /** Somebody in a hurry has come: asking again joins the request that waits, and moves it forward. */
  moveForward(signal: AbortSignal): void
}

export interface ScanRequestsOptions<Name extends CollectionName> {
  readonly table: { readonly collection: Name }
  readonly client: Pick<Client, 'page'>
  readonly clock: Clock
}

/** A page is waited for this long at most, also where no caller waits that long: others may need it. */
const PAGE_TIMEOUT_MS = 120_000

export const createScanRequests = <Name extends CollectionName>(
  { table: { collection }, client, clock }: ScanRequestsOptions<Name>,
  waiters: Waiters,
): ScanRequests<Name> => {
  // Those made for nobody but the background, for as long as they wait.
  const inBackground = new Map<PageRequest, number | undefined>()

  /** As urgent as the most urgent who waits, for the account of the one who came first. */
  const callOf = (signal: AbortSignal, notBefore: number | undefined): Call => {
    const first = waiters.mostUrgent()
    return {
      owner: `scan ${collection}`,
      ...(first === undefined ? {} : { madeFor: first.owner }),
      priority: first?.priority ?? 'background',
      deadline: clock.now() + PAGE_TIMEOUT_MS,
      signal,
      notBefore,
      ...(first?.onRequest === undefined ? {} : { onRequest: first.onRequest }),
      ...(first?.onKept === undefined ? {} : { onKept: first.onKept }),
    }
  }

  return {
    ask: async (request, signal, notBefore) => {
      const call = callOf(signal, notBefore)
      if (call.priority === 'background') inBackground.set(request, notBefore)
      try {
        return await client.page(collection, request, call)
      } finally {
        inBackground.delete(request)
      }
    },
    moveForward: signal => {
      for (const [request, notBefore] of inBackground)
        client.page(collection, request, callOf(signal, notBefore)).catch(() => undefined)
      inBackground.clear()
    },
  }
}
