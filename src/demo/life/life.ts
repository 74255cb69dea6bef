/** The tenant's own life: its data changes by chance at the rate that is set, and its webhooks tell of it. */
import type { Clock } from '../../model/clock.ts'
import type { PastChange, RowChange } from '../history.ts'
import type { Lists } from '../lists.ts'
import type { Switches } from '../switches.ts'
import type { PushRows } from '../tenant/objects.ts'
import { createRandom, type Random } from '../tenant/random.ts'
import { activity, toldOf } from '../webhooks.ts'
import { nextChange } from './next-change.ts'
import { misreport } from './misreport.ts'
import { createSender, type WebhookCounts, type WebhookTarget } from './sender.ts'

/** Logins and the like a minute in the demo tenant: about one every three seconds. */
export const USUAL_ACTIVITY_PER_MINUTE = 17

const MAX_UNTOLD = 1_000

export interface Life {
  /** To be called at the start, and when the switches have changed. */
  readonly retune: () => void
  /** Makes the next change at once, whatever the rate; undefined where nothing can happen. */
  readonly step: () => RowChange | undefined
  /** Sends webhooks there from now on; undefined: nowhere. */
  readonly sendTo: (target: WebhookTarget | undefined) => void
  readonly counts: WebhookCounts
  /** The newest changes whose webhook was lost by the switch, the oldest first; 1,000 are kept. */
  readonly untold: readonly PastChange[]
  readonly settled: () => Promise<void>
  readonly stop: () => void
}

export interface LifeOptions {
  readonly lists: () => Lists
  readonly switches: Readonly<Switches>
  readonly seed: number
  readonly clock: Clock
}

/** Nothing happens until it is tuned to the switches. */
export const createLife = ({ lists, switches, seed, clock }: LifeOptions): Life => {
  // Ids of events are to be others at each start: whoever kept the former ones would take them for known.
  const begun = clock.now()
  let made: Random | undefined
  const random = (): Random => (made ??= createRandom(seed, `life ${begun}`))
  const sender = createSender(switches, clock, random)

  const untold: PastChange[] = []

  const tell = (payload: object, seconds: number): boolean =>
    sender.send({ version: '1', id: random().uuid(), timestamp: seconds, ...payload })

  const step = (): RowChange | undefined => {
    const seconds = Math.floor(clock.now() / 1_000)
    const change = nextChange(lists().data, random(), seconds)
    if (change === undefined) return undefined
    make(lists(), change)
    const wrong = random().chance(switches.webhookMisreports)
      ? misreport(change, lists().data, random())
      : undefined
    if (wrong !== undefined) sender.counts.misreported += 1
    const told = toldOf(wrong ?? change, id => lists().find('employees', id))
    if (!tell(told, seconds)) untold.push({ ...change, at: clock.now() })
    if (untold.length > MAX_UNTOLD) untold.shift()
    return change
  }

  const rhythms = [
    createRhythm(clock, random, () => switches.changesPerMinute, step),
    createRhythm(
      clock,
      random,
      () => switches.activityPerMinute,
      () => {
        const seconds = Math.floor(clock.now() / 1_000)
        if (lists().data.accounts.length > 0 && lists().data.apps.length > 0)
          tell(activity(lists(), random(), seconds), seconds)
      },
    ),
  ]

  return {
    retune: () => {
      for (const rhythm of rhythms) rhythm.retune()
    },
    step,
    sendTo: sender.to,
    counts: sender.counts,
    untold,
    settled: sender.settled,
    stop: () => {
      for (const rhythm of rhythms) rhythm.stop()
      sender.stop()
    },
  }
}

const make = (lists: Lists, { collection, old, new: now }: RowChange): void => {
  if (now === null) lists.remove(collection, (old as PushRows[typeof collection]).id)
  else if (old === null) lists.insert(collection, now)
  else lists.update(collection, old.id, now)
}

interface Rhythm {
  /** Begins anew where the rate is another one. */
  readonly retune: () => void
  readonly stop: () => void
}

/** Acts so often a minute, at times that chance moves by half of what lies between two. */
const createRhythm = (
  clock: Clock,
  random: () => Random,
  perMinute: () => number,
  act: () => void,
): Rhythm => {
  let rate = 0
  let cancel = (): void => undefined
  const next = (): void => {
    cancel = clock.after((60_000 / rate) * (0.5 + random().next()), () => {
      next()
      act()
    })
  }
  const stop = (): void => {
    cancel()
    rate = 0
  }
  return {
    retune: () => {
      if (perMinute() === rate) return
      stop()
      rate = perMinute()
      if (rate > 0) next()
    },
    stop,
  }
}
