/** A graph whose stand-in sends its webhooks to it, on a clock of their own: what a server is to a living tenant. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { EventRow, NewEvent } from '../../src/model/events.ts'
import type { WebhookTarget } from '../../src/demo/stand-in.ts'
import { collectionNames } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import type { ChangesSince } from '../../src/store/reading/catch-up.ts'
import type { ConnectorStore } from '../../src/store/store.ts'
import type { Change } from '../../src/store/table/follow.ts'
import { changeOf } from '../../src/webhooks/follow.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { SECRET } from './deliveries.ts'
import { type Graph, graphForTest, type GraphOptions } from './graph.ts'
import { quiet } from './parity.ts'

export interface FollowingGraph extends Graph {
  readonly clock: FakeClock
  readonly connector: ConnectorStore
  /** Lets time pass until all that is due in it was answered. */
  readonly pass: (ms: number) => Promise<void>
  /** The tenant makes changes of its own until one is of that kind, and tells of each. */
  readonly until: (
    collection: CollectionName,
    type: 'CREATE' | 'UPDATE' | 'DELETE',
  ) => Promise<void>
  /** Where webhooks go, and what signs them rightly. */
  readonly target: WebhookTarget
  /** All that it was told of, for a process that comes after it. */
  readonly changesSince: () => ChangesSince
  /** That one hears of every event from now on, as another replica does. */
  readonly tellToo: (other: Pick<ConnectorStore, 'follow'>) => void
  /** It takes nothing and reads nothing any more. Its stand-in goes on. */
  readonly leave: () => Promise<void>
}

const SLICE_MS = 1_000

/** Closed when the running test ends; only to be called within one. */
export const followingGraph = async ({
  clock = createFakeClock(),
  ...options
}: Omit<GraphOptions, 'clock'> & { clock?: FakeClock } = {}): Promise<FollowingGraph> => {
  const graph = await graphForTest({
    refresh: true,
    reconcileMs: 21_600_000,
    scale: 0.02,
    ...options,
    clock,
  })
  const connector = graph.store.connector('default')
  if (connector === undefined) throw new Error('no connector')
  // One that comes after another says itself how it goes on.
  if (options.over === undefined)
    connector.resume({ missedAt: clock.now(), settledAt: clock.now() })
  const known = new Set<string>()
  const told: Change[] = []
  const followers: Pick<ConnectorStore, 'follow'>[] = [connector]
  let hasLeft = false
  const receiver = createReceiver({
    secretsOf: () => [SECRET],
    clock,
    events: {
      append: async (event: NewEvent): Promise<EventRow | null> => {
        if (known.has(event.id)) return null
        known.add(event.id)
        return { ...event, sequence: known.size }
      },
    },
    onStored: (event, at) => {
      const change = changeOf(event, at)
      if (change === undefined) return
      told.push(change)
      for (const follower of followers) follower.follow(change)
    },
    onMissed: () => {
      connector.missed()
    },
  })
  const server = createServer((request, response) => {
    if (hasLeft) {
      request.destroy()
      return
    }
    void buffer(request).then(async body => {
      const header = String(request.headers['x-signature'])
      const { kind } = await receiver.receive('default', header, body)
      response.writeHead(kind === 'stored' || kind === 'known' ? 200 : 503).end()
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const target = { url: `http://127.0.0.1:${port}/`, secret: SECRET }
  graph.standIn.sendWebhooks(target)

  const isReading = (): boolean =>
    collectionNames.some(name =>
      ['probe', 'whole'].some(job => connector.refresher.isRefreshing(`${job} ${name}`)),
    )
  const settle = async (): Promise<void> => {
    await graph.standIn.webhooksSettled()
    do await quiet(graph.standIn)
    while (isReading())
    await graph.standIn.webhooksSettled()
  }
  const pass = async (ms: number): Promise<void> => {
    await settle()
    for (let left = ms; left > 0; left -= SLICE_MS) {
      await clock.advance(Math.min(left, SLICE_MS))
      await settle()
    }
  }
  return {
    ...graph,
    standIn: graph.standIn,
    clock,
    connector,
    pass,
    until: async (collection, type) => {
      for (;;) {
        const change = graph.standIn.step()
        if (change === undefined) throw new Error('nothing happens')
        await pass(1_000)
        const isCreate = change.old === null
        const isDelete = change.new === null
        const made = isCreate ? 'CREATE' : isDelete ? 'DELETE' : 'UPDATE'
        if (change.collection === collection && made === type) return
      }
    },
    target,
    changesSince: () => async (since, each) => {
      for (const change of told) if ((change.toldAt ?? change.at) >= since) each(change)
      return true
    },
    tellToo: other => {
      followers.push(other)
    },
    leave: async () => {
      hasLeft = true
      await graph.store.close()
    },
  }
}
