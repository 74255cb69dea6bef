/**
 * One sink: it takes the sink for this process, reads what comes next, has it delivered, and moves the place once it is
 * accepted, over and over; when there is nothing to send it waits for news.
 */
import { type Clock, pause } from '../model/clock.ts'
import { createOutage } from '../model/outage.ts'
import type { SinkRecord, SinkSettings, SinkStream } from '../model/sinks/sink.ts'
import { backOffMs } from './back-off.ts'
import { createDeliver, type EndSignals } from './delivery.ts'
import { tellFailure } from './failures.ts'
import { ClaimLostError, createPlaceBook, type PlaceBook } from './place-book.ts'
import type { SinkClaims, SinkPlaceKeeper } from './places.ts'
import { movedTo, nextStretch } from './position.ts'
import type { Quarantine } from './quarantine.ts'
import type { Sender } from './sender.ts'
import type { SinkSource } from './source.ts'
import { createSinkFigures, type SinkStanding } from './standing.ts'

export interface SinkOptions {
  readonly settings: SinkSettings
  readonly sender: Sender
  readonly source: SinkSource
  readonly places: SinkPlaceKeeper
  readonly claims: SinkClaims
  readonly quarantine: Quarantine
  /** Those that the sink sends of and that are served now. */
  readonly connectors: () => readonly string[]
  /** Whether it is known whose that connector is: of others nothing may be sent yet. */
  readonly isCertain: (alias: string) => Promise<boolean>
  readonly clock: Clock
  /** Milliseconds that the receiver may take for one batch; five minutes where absent. */
  readonly withinMs?: number | undefined
  readonly say: (level: 'info' | 'warn' | 'error', message: string) => void
  /** Told once while a failure lasts, and without an error when it is over. */
  readonly onProblem: (message: string, error: unknown) => void
}

export interface RunningSink {
  readonly settings: SinkSettings
  standing(): SinkStanding
  /** Something was stored. */
  wake(): void
  /** Ends; what is under way has `withinMs` to be accepted. */
  close(withinMs: number): Promise<void>
}

/** How often it is looked for what is new where nobody tells of it, and whether the sink is still ours. */
const LOOK_MS = 1_000
/** A claim that was looked after so long ago is looked after before anything is sent. */
const SURE_MS = 1_000
/** Whose a connector is is waited for so long: it may have to be asked of Push. */
const CERTAIN_MS = 500

export const startSink = (options: SinkOptions): RunningSink => {
  const { settings, sender, source, claims, quarantine, clock, say, onProblem } = options
  const { name } = settings
  const soon = new AbortController()
  const now = new AbortController()
  const figures = createSinkFigures(settings, clock)
  const outage = createOutage(
    { failing: `Sink ${name} cannot send; it is tried again`, over: `Sink ${name} sends again` },
    onProblem,
  )
  let wake = (): void => undefined
  let isNews = false
  let takenAt = -Infinity
  /** Failures in a row to read, or to know whose the sink is. */
  let failures = 0
  let isFull = false

  const failed = (error: unknown): void => {
    figures.failed(tellFailure(error))
    outage.failed(error)
  }
  const worked = (): void => {
    figures.worked()
    outage.worked()
    failures = 0
  }
  const deliver = createDeliver({
    sender,
    quarantine,
    clock,
    withinMs: options.withinMs,
    onFailure: failed,
    onWorked: worked,
    onFull: () => {
      if (isFull) return
      isFull = true
      say(
        'error',
        `The quarantine of sink ${name} is full: what is refused from now on is not kept`,
      )
    },
  })

  const take = async (): Promise<boolean> => {
    const isOurs = await claims.take(name)
    if (isOurs) takenAt = clock.now()
    return isOurs
  }

  const news = (signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const end = (): void => {
        stop()
        signal.removeEventListener('abort', end)
        wake = () => undefined
        resolve()
      }
      const stop = clock.after(LOOK_MS, end)
      signal.addEventListener('abort', end, { once: true })
      wake = end
      if (isNews || signal.aborted) end()
      isNews = false
    })

  /** While it is ours that is said again and again; `lost` hears when it is not any more. */
  const keepTaking = (lost: () => void): (() => void) => {
    let stop = (): void => undefined
    let isOver = false
    const goOn = (): void => {
      stop = clock.after(LOOK_MS, () => {
        void take().then(
          isOurs => (isOurs ? isOver || goOn() : lost()),
          // Nobody else can take it either, or whoever does keeps the place from being moved here.
          () => isOver || goOn(),
        )
      })
    }
    goOn()
    return () => {
      isOver = true
      stop()
    }
  }

  /** Those of which it is known in time whose they are. */
  const certain = async (aliases: readonly string[]): Promise<readonly string[]> => {
    const known = new Set<string>()
    const all = Promise.all(
      aliases.map(async alias => {
        if (await options.isCertain(alias).catch(() => false)) known.add(alias)
      }),
    )
    await new Promise<void>(resolve => {
      const stop = clock.after(CERTAIN_MS, resolve)
      void all.then(() => {
        stop()
        resolve()
      })
    })
    return aliases.filter(alias => known.has(alias))
  }

  /** Sends what comes next in that order. `held`: there is something, of connectors of which it is not known whose they are. */
  const step = async (
    stream: SinkStream,
    book: PlaceBook,
    signals: EndSignals,
  ): Promise<'moved' | 'held' | 'nothing'> => {
    const all = options.connectors()
    const newest = await source.newest(stream)
    const stretch = nextStretch(book.of(stream), await certain(all), newest)
    if (stretch === undefined)
      return nextStretch(book.of(stream), all, newest) === undefined ? 'nothing' : 'held'
    const { items, reached, lost } = await source.read(stream, stretch)
    if (lost > 0) {
      say(
        'error',
        `Sink ${name}: up to ${lost} ${stream} were deleted before they could be sent, since they were older than PUSHGRAPH_RETENTION_DAYS or PUSHGRAPH_MAX_HISTORY_MB allows. It goes on with the oldest that are there`,
      )
      book.lost(stream, lost)
    }
    const reach = (sequence: number): SinkRecord => {
      const record = book.of(stream)
      return { ...record, ...movedTo(record, stretch.connectors, sequence, all) }
    }
    const first = items[0]
    if (first !== undefined) {
      figures.waiting(first.storedAt)
      if (clock.now() - takenAt > SURE_MS && !(await take())) throw new ClaimLostError()
      await deliver(
        items,
        async (upTo, what) => {
          figures.delivered(what)
          const moved = reach(upTo.sequence)
          await book.move({
            ...moved,
            sent: moved.sent + what.sent,
            quarantined: moved.quarantined + what.quarantined,
          })
        },
        signals,
      )
    }
    await book.pass(reach(reached))
    return 'moved'
  }

  const sendAsHolder = async (): Promise<void> => {
    const lost = new AbortController()
    const signals = {
      soon: AbortSignal.any([soon.signal, lost.signal]),
      now: AbortSignal.any([now.signal, lost.signal]),
    }
    const stopTaking = keepTaking(() => {
      lost.abort(new ClaimLostError())
    })
    try {
      const book = await createPlaceBook({ ...options, take, failed, worked, signal: signals.now })
      figures.holds(book)
      while (!signals.soon.aborted) {
        const steps = new Set<Awaited<ReturnType<typeof step>>>()
        for (const stream of settings.send) {
          steps.add(await step(stream, book, signals))
          signals.soon.throwIfAborted()
        }
        worked()
        if (!steps.has('moved')) {
          figures.caughtUp(steps.has('held'))
          await news(signals.soon)
        }
      }
    } finally {
      stopTaking()
    }
  }

  const run = async (): Promise<void> => {
    while (!soon.signal.aborted)
      try {
        if (await take()) await sendAsHolder()
        else {
          figures.isElsewhere()
          await pause(LOOK_MS, clock, soon.signal)
        }
      } catch (error) {
        if (soon.signal.aborted) break
        if (error instanceof ClaimLostError) continue
        failed(error)
        failures += 1
        await pause(backOffMs(failures, clock.random()), clock, soon.signal).catch(() => undefined)
      }
  }
  const running = run()

  return {
    settings,
    standing: figures.standing,
    wake: () => {
      isNews = true
      wake()
    },
    close: async withinMs => {
      soon.abort(new Error('The sink is closed'))
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const stops = [
        clock.after(withinMs, () => {
          now.abort(new Error('The sink is closed'))
        }),
        // Whoever reads from a store that does not answer is not waited for.
        clock.after(withinMs + LOOK_MS, resolve),
      ]
      await Promise.race([running, late])
      for (const stop of stops) stop()
      await sender.close().catch(() => undefined)
      await claims.leave(name).catch(() => undefined)
    },
  }
}
