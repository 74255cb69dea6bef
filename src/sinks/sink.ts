/**
 * One sink: it takes the sink for this process, reads what comes next, has it delivered, and moves the place once it is
 * accepted, over and over; when there is nothing to send it waits for news.
 */
import { type Clock, pause } from '../model/clock.ts'
import { createOutage } from '../model/outage.ts'
import type { SinkPlace, SinkRecord, SinkSettings, SinkStream } from '../model/sinks/sink.ts'
import { backOffMs } from './back-off.ts'
import { certainOf } from './certain.ts'
import { type Aside, createDeliver, type EndSignals } from './delivery.ts'
import { tellFailure } from './failures.ts'
import { createHolding } from './holding.ts'
import { ClaimLostError, createPlaceBook, type PlaceBook } from './place-book.ts'
import type { SinkClaims, SinkPlaceKeeper } from './places.ts'
import { movedTo, nextStretch } from './position.ts'
import type { Quarantine } from './quarantine.ts'
import type { Sender } from './sender.ts'
import type { SinkSource } from './source.ts'
import { createSinkFigures, type SinkStanding } from './standing.ts'
import { createWaking } from './waking.ts'

export interface SinkOptions {
  readonly settings: SinkSettings
  readonly sender: Sender
  /** Opens what is read from, which ends with the signal. */
  readonly source: (signal: AbortSignal) => SinkSource
  readonly places: SinkPlaceKeeper
  readonly claims: SinkClaims
  readonly quarantine: Quarantine
  /** Those that the sink sends of and that are served now. */
  readonly connectors: () => readonly string[]
  /** Whether it is known whose that connector is: of others nothing may be sent yet. */
  readonly isCertain: (alias: string) => Promise<boolean>
  readonly clock: Clock
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

/** How often it is looked for what is new where nobody tells of it, and for who sends where others do. */
const LOOK_MS = 1_000

/** Begins it at once. */
export const startSink = (options: SinkOptions): RunningSink => {
  const { settings, sender, claims, quarantine, clock, say, onProblem } = options
  const { name } = settings
  const begunAt = clock.now()
  const soon = new AbortController()
  const now = new AbortController()
  const source = options.source(soon.signal)
  const figures = createSinkFigures(settings, clock)
  const outage = createOutage(
    { failing: `Sink ${name} cannot send; it is tried again`, over: `Sink ${name} sends again` },
    onProblem,
  )
  const waking = createWaking(clock)
  const holding = createHolding(name, claims, clock)
  /** Failures in a row to read, or to know whose the sink is. */
  let failures = 0

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
    isOurs: holding.isSure,
    onFailure: failed,
    onWorked: worked,
    onAside: aside => {
      figures.unkept(aside.unkept)
      say(aside.unkept === 0 ? 'warn' : 'error', `Sink ${name}: ${wordsOf(aside)}`)
    },
  })

  /** Connectors that the sink sends of and that are not served here: what is stored of them is sent by who serves them. */
  const tellAway = (
    { behind }: SinkPlace,
    met: readonly string[],
    served: readonly string[],
  ): readonly string[] => {
    const away = met.filter(
      alias => !served.includes(alias) && (settings.connectors?.includes(alias) ?? true),
    )
    for (const alias of away)
      if (!Object.hasOwn(behind, alias))
        say(
          'warn',
          `Sink ${name}: what is stored of connector ${alias}, which is not served here, waits until it is`,
        )
    return away
  }

  /** Sends what comes next in that order. `held`: there is something, of connectors of which it is not known whose they are. */
  const step = async (
    stream: SinkStream,
    book: PlaceBook,
    signals: EndSignals,
  ): Promise<'moved' | 'held' | 'nothing'> => {
    const all = options.connectors()
    const newest = await source.newest(stream)
    const stretch = nextStretch(
      book.of(stream),
      await certainOf(all, options.isCertain, clock),
      newest,
    )
    if (stretch === undefined)
      return nextStretch(book.of(stream), all, newest) === undefined ? 'nothing' : 'held'
    const { items, reached, met, lost } = await source.read(stream, stretch)
    if (lost > 0) {
      say(
        'error',
        `Sink ${name}: up to ${lost} ${stream} were deleted before they could be sent, since they were older than PUSHGRAPH_RETENTION_DAYS or PUSHGRAPH_MAX_HISTORY_MB allows. It goes on with the oldest that are there`,
      )
      book.lost(stream, lost)
    }
    const kept = [...all, ...tellAway(book.of(stream), met, all)]
    const reach = (sequence: number): SinkRecord => {
      const record = book.of(stream)
      return { ...record, ...movedTo(record, stretch.connectors, sequence, kept) }
    }
    const first = items[0]
    if (first !== undefined) {
      figures.waiting(first.storedAt)
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
    const stopTaking = holding.keep(() => {
      lost.abort(new ClaimLostError())
    })
    try {
      const book = await createPlaceBook({
        ...options,
        source,
        take: holding.take,
        begunAt,
        failed,
        worked,
        signal: signals.now,
      })
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
          await waking.news(LOOK_MS, signals.soon)
        }
      }
    } finally {
      stopTaking()
      // Nobody waits for a receiver that hangs.
      sender.release?.().catch(() => undefined)
    }
  }

  const run = async (): Promise<void> => {
    while (!soon.signal.aborted)
      try {
        if (await holding.take()) await sendAsHolder()
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
    wake: waking.wake,
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

const wordsOf = ({ items, unkept, reasons }: Aside): string => {
  const why = [...reasons].join('; ')
  return unkept === 0
    ? `refused for good and set aside in the quarantine: ${items} (${why})`
    : `refused for good: ${items}, of which ${unkept} are not kept, since the quarantine is full: move its file away (${why})`
}
