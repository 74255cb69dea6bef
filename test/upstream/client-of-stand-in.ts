/** Reading through the real client, as the rooms above do. */
import { onTestFinished } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { systemClock } from '../../src/model/clock.ts'
import { collectionNames } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import type { ClientOptions, UpstreamClient } from '../../src/upstream/client.ts'
import { createClient } from '../../src/upstream/client.ts'
import type { Call, Page } from '../../src/upstream/contract/contract.ts'
import { openState } from '../../src/upstream/state/state.ts'

/** A client of the stand-in that is not held back by a limit of its own; closed when the running test ends. */
export const clientForTest = (
  standIn: StandIn,
  options: Partial<ClientOptions> = {},
): UpstreamClient => {
  const client = createClient({
    alias: 'default',
    url: standIn.url,
    key: () => standIn.keys.readOnly,
    rate: 10_000,
    burst: 10_000,
    state: options.state ?? openState(':memory:'),
    clock: systemClock,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

export const callFor = (owner = 'someone', changes: Partial<Call> = {}): Call => ({
  owner,
  priority: 'interactive',
  deadline: Date.now() + 50_000,
  ...changes,
})

/** The ids of all pages of a collection in the order read, each once; ends when no page brings anything new. */
export const readIds = async (
  client: UpstreamClient,
  name: CollectionName,
  request: { limit?: number } = {},
): Promise<string[]> => {
  const ids = new Set<string>()
  let nextToken: string | undefined
  do {
    const page: Page = await client.page(
      name,
      { ...request, ...(nextToken === undefined ? {} : { nextToken }) },
      callFor(name),
    )
    for (const { id } of page.rows) ids.add(id)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return [...ids]
}

/** The ids of every collection, read one collection after another; and what they should be. */
export const readEverything = async (
  client: UpstreamClient,
  request?: { limit?: number },
): Promise<Record<string, string[]>> => {
  const everything: Record<string, string[]> = {}
  for (const name of collectionNames) everything[name] = await readIds(client, name, request)
  return everything
}

export const everythingOf = ({ data }: StandIn): Record<string, string[]> =>
  Object.fromEntries(collectionNames.map(name => [name, data[name].map(({ id }) => id)]))
