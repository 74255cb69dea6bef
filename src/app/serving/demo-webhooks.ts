/** The life of the demo tenant: first what its webhooks told in the last 30 days, then what happens from now on. */
import type { ConnectorConfig } from '../../config/connectors.ts'
import { createPast, type PastEvent } from '../../demo/past.ts'
import { type StandIn, USUAL_ACTIVITY_PER_MINUTE } from '../../demo/stand-in.ts'
import type { Events } from '../../events/events.ts'
import type { Clock } from '../../model/clock.ts'
import { readDelivery } from '../../webhooks/delivery.ts'

const DAYS = 30
/** Stored in one go; whoever asks meanwhile is answered in between. */
const AT_ONCE = 100

export interface DemoWebhooks {
  readonly standIn: StandIn
  readonly connector: ConnectorConfig
  /** Where the server listens. */
  readonly url: string
  readonly events: Pick<Events, 'append'>
  readonly retentionDays: number
  /** Of its objects; 0 keeps its data as it is. */
  readonly changesPerMinute: number
  readonly clock: Clock
  readonly onProblem: (message: string, error: unknown) => void
}

/** Begins with the past, behind whatever is asked first; the returned function ends it. */
export const startDemoWebhooks = (options: DemoWebhooks): (() => void) => {
  const { standIn, connector, url, clock, onProblem } = options
  const [secret] = connector.webhookSecrets()
  if (secret === undefined) return () => undefined
  let isOver = false
  const begin = async (): Promise<void> => {
    try {
      await storePast(options, () => isOver)
    } catch (error) {
      if (!isOver) onProblem('The past of the demo tenant could not be stored', error)
    }
    if (isOver) return
    standIn.sendWebhooks({ url: `${reachable(url)}/webhooks/${connector.alias}`, secret })
    const { changesPerMinute } = options
    standIn.set({ changesPerMinute, activityPerMinute: USUAL_ACTIVITY_PER_MINUTE })
  }
  const cancel = clock.after(0, () => void begin())
  return () => {
    isOver = true
    cancel()
    standIn.set({ changesPerMinute: 0, activityPerMinute: 0 })
    standIn.sendWebhooks(undefined)
  }
}

/** Each as if it had arrived when it was sent, and never a second time: the same tenant has the same past. */
const storePast = async (
  { standIn, connector, events, retentionDays }: DemoWebhooks,
  isOver: () => boolean,
): Promise<void> => {
  const store = async ({ at, body }: PastEvent): Promise<void> => {
    const delivery = readDelivery(body, at)
    if (!delivery.ok) throw new Error(delivery.problem)
    await events.append({ ...delivery.event, connector: connector.alias, receivedAt: at })
  }
  let slice: Promise<void>[] = []
  for (const event of createPast(standIn.origin, Math.min(DAYS, retentionDays))) {
    if (isOver()) return
    slice.push(store(event))
    if (slice.length < AT_ONCE) continue
    await Promise.all(slice)
    slice = []
  }
  await Promise.all(slice)
}

/** An address at which this machine reaches itself, where it listens at all of its addresses. */
const reachable = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
