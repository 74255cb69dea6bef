/** The places of one sink in this process, and their way to where they are kept: none moves back, and none is moved by two. */
import { type Clock, pause } from '../model/clock.ts'
import type { SinkRecord, SinkSettings, SinkStream } from '../model/sinks/sink.ts'
import { backOffMs } from './back-off.ts'
import type { SinkClaims, SinkPlaceKeeper } from './places.ts'
import type { SinkSource } from './source.ts'

/** Another process sends for the sink by now. */
export class ClaimLostError extends Error {}

export interface PlaceBook {
  of(stream: SinkStream): SinkRecord
  /** Both together. */
  all(): readonly SinkRecord[]
  /** Keeps the record; resolves once it is on disk. @throws {ClaimLostError}, and the signal's reason */
  move(record: SinkRecord): Promise<void>
  /** The same, where nothing was sent on the way: it need not be kept each time. */
  pass(record: SinkRecord): Promise<void>
  /** So many were deleted before they could be sent, which is kept with the next move. */
  lost(stream: SinkStream, count: number): void
}

export interface PlaceBookOptions {
  readonly settings: Pick<SinkSettings, 'name' | 'send'>
  readonly source: Pick<SinkSource, 'beginning'>
  readonly places: SinkPlaceKeeper
  readonly claims: Pick<SinkClaims, 'holder'>
  /** Whether the sink is still ours. */
  readonly take: () => Promise<boolean>
  /** UNIX milliseconds: a sink without a place has what is stored since then. */
  readonly begunAt: number
  readonly failed: (error: unknown) => void
  readonly worked: () => void
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** So far, and for so long, may be passed by before it is kept: after a crash it is looked through again. */
const PASSED = 1_000
const PASSED_MS = 60_000

/** The places as they are kept; a sink that has none yet begins where its settings say. @throws {ClaimLostError} */
export const createPlaceBook = async (options: PlaceBookOptions): Promise<PlaceBook> => {
  const { settings, source, places, claims, take, begunAt, failed, worked, clock, signal } = options
  const records = new Map<SinkStream, SinkRecord>()
  const kept = new Map<SinkStream, SinkRecord>()
  let keptAt = clock.now()

  const load = async (): Promise<ReadonlyMap<SinkStream, SinkRecord>> =>
    new Map(
      (await places.sinkPlaces())
        .filter(({ sink }) => sink === settings.name)
        .map(record => [record.stream, record]),
    )

  const isAsKept = async (stream: SinkStream): Promise<boolean> =>
    (await load()).get(stream)?.sequence === kept.get(stream)?.sequence

  const tryToMove = async (record: SinkRecord): Promise<boolean> => {
    if (await places.moveSink(record, claims.holder)) return true
    // Another one sends for it, or it was only forgotten whose it is, as after a crash of the database.
    if (!(await take()) || !(await isAsKept(record.stream))) throw new ClaimLostError()
    return false
  }

  const move = async (record: SinkRecord): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      let failure: unknown
      try {
        if (await tryToMove(record)) {
          if (failures > 1) worked()
          kept.set(record.stream, record)
          keptAt = clock.now()
          records.set(record.stream, record)
          return
        }
      } catch (error) {
        if (error instanceof ClaimLostError) throw error
        failure = error
      }
      signal.throwIfAborted()
      // What was accepted is not sent again only because that could not be written down yet.
      if (failure !== undefined) failed(failure)
      await pause(backOffMs(failures, clock.random()), clock, signal)
    }
  }

  const found = await load()
  for (const stream of settings.send) {
    const record = found.get(stream)
    if (record !== undefined) {
      records.set(stream, record)
      kept.set(stream, record)
      continue
    }
    const sequence = await source.beginning(stream, begunAt)
    const about = { sink: settings.name, stream, sent: 0, quarantined: 0, lost: 0 }
    await move({ ...about, sequence, behind: {} })
  }

  const of = (stream: SinkStream): SinkRecord => {
    const record = records.get(stream)
    if (record === undefined) throw new Error(`The sink has no place in ${stream}`)
    return record
  }

  return {
    of,
    all: () => [...records.values()],
    move,
    pass: async record => {
      const before = kept.get(record.stream)?.sequence ?? 0
      const far = record.sequence - before
      const isLong = clock.now() - keptAt >= PASSED_MS
      if (far >= PASSED || (far > 0 && isLong)) await move(record)
      else records.set(record.stream, record)
    },
    lost: (stream, count) => {
      const record = of(stream)
      records.set(stream, { ...record, lost: record.lost + count })
    },
  }
}
