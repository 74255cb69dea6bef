/** Writing parts, connectors side by side, and noting after each batch how far that came. */
import { GatewayError } from '../errors.ts'
import { isDone, type Stand } from './checkpoint.ts'
import {
  type Batch,
  type ExportPart,
  IncompleteListError,
  partKey,
  type ReadTerms,
} from './part.ts'
import { PlaceLostError } from './stored-place.ts'
import type { ExportWriter } from './writer.ts'

export interface Export {
  readonly parts: readonly ExportPart[]
  readonly writer: ExportWriter
  /** Aborting ends it between two batches. */
  readonly signal: AbortSignal
  readonly onRequest: () => void
  readonly onLoss: ReadTerms['onLoss']
  readonly onStand: (stand: PartStand) => void
  /** Whether the parts of a connector behind one that failed are read too, which leaves them in another order. */
  readonly passesFailed?: boolean
}

/** How far a part has come. */
export interface PartStand {
  readonly part: ExportPart
  /** Lines written, of all parts. */
  readonly rows: number
  /** Things of this part met since the export began or went on. */
  readonly met: number
  readonly isDone: boolean
}

/** Connectors that could not be read to their end; whatever the others have is written. */
export class ConnectorsFailedError extends Error {
  /** For each of them the part that it stands at, and why; besides, each part whose place is lost. */
  readonly failures: readonly {
    readonly part: ExportPart
    readonly failure: GatewayError | PlaceLostError
  }[]

  constructor(failures: ConnectorsFailedError['failures']) {
    super('Some connectors could not be read to their end')
    this.failures = failures
  }
}

/** So many connectors are read at once: each keeps a few pages in memory. */
const MOST_AT_ONCE = 20

/**
 * Writes what is still missing and gives the file its name: connectors side by side, the parts of each one after another.
 * Returns the lines and bytes that it has.
 *
 * @throws {ConnectorsFailedError} when all others are written; or at once what else ended it. What the checkpoint file has
 *   noted by then is written, and the same export goes on there.
 */
export const runExport = async (all: Export): Promise<Stand> => {
  const { parts, writer, signal } = all
  const leave = new AbortController()
  const writing = new Writing({ ...all, signal: AbortSignal.any([signal, leave.signal]) })
  const failures: ConnectorsFailedError['failures'][number][] = []

  const waiting = [...Map.groupBy(parts, ({ connector }) => connector).values()]
  const readOnwards = async (): Promise<void> => {
    for (let its = waiting.shift(); its !== undefined; its = waiting.shift())
      try {
        failures.push(...(await writing.connector(its)))
      } catch (failure) {
        // What is no failure of a connector ends the whole: no room on the disk, an interruption, a bug.
        signal.throwIfAborted()
        leave.abort(failure)
        throw failure
      }
  }
  const readers = Array.from({ length: Math.min(MOST_AT_ONCE, waiting.length) }, readOnwards)
  const ends = await Promise.allSettled(readers)
  // After a failure to write nothing more can be written.
  leave.signal.throwIfAborted()
  if (signal.aborted || failures.length > 0) await writer.flush()
  signal.throwIfAborted()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  if (failures.length > 0) throw new ConnectorsFailedError(failures)
  await writer.finish()
  return writer.stand
}

/** Writes parts, a batch at a time, whichever connector it is of. */
class Writing {
  readonly #all: Export
  /** The last batch whose turn has come. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(all: Export) {
    this.#all = all
  }

  /**
   * Writes what is still missing of these parts, one after another. Those are returned whose place is lost, and the first
   * that failed otherwise.
   */
  async connector(parts: readonly ExportPart[]): Promise<ConnectorsFailedError['failures']> {
    const { places } = this.#all.writer.stand
    const missing = parts.filter(part => !isDone(places.get(partKey(part))))
    let begun: Begun | undefined
    let next: Begun | undefined
    const failed: ConnectorsFailedError['failures'][number][] = []
    let hasEnded = false
    try {
      for (const [index, part] of missing.entries()) {
        begun = next ?? beginPart(this.#all, part)
        // Its way to Push is under way while this one is written.
        const following = missing[index + 1]
        next = following === undefined ? undefined : beginPart(this.#all, following)
        await this.#part(part, begun).catch((failure: unknown) => {
          this.#all.signal.throwIfAborted()
          const isLost = failure instanceof PlaceLostError
          if (!isLost && !(failure instanceof GatewayError)) throw failure
          if (isLost || failed.every(of => of.failure instanceof PlaceLostError))
            failed.push({ part, failure })
          // Another list may be whole.
          hasEnded = !(failure instanceof IncompleteListError || this.#all.passesFailed === true)
        })
        if (hasEnded) break
      }
    } finally {
      await Promise.all([begun?.leave(), next?.leave()])
    }
    return failed
  }

  async #part(part: ExportPart, { first, batches }: Begun): Promise<void> {
    const { writer, signal, onStand } = this.#all
    let met = 0
    for (let read = await first; read.done !== true; read = await batches.next()) {
      const batch = read.value
      await this.#inTurn(async () => {
        signal.throwIfAborted()
        await writer.write(part, batch)
      })
      met += batch.met
      onStand({ part, rows: writer.stand.rows, met, isDone: false })
    }
    await this.#inTurn(async () => {
      signal.throwIfAborted()
      await writer.done(part)
    })
    onStand({ part, rows: writer.stand.rows, met, isDone: true })
  }

  /**
   * Runs when all before it are through, so that lines of two batches do not mix. Where one of them failed nobody knows
   * what the file holds behind the stand, and none is written any more.
   */
  #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(run)
    turn.catch(() => undefined)
    this.#turn = turn
    return turn
  }
}

/** A part whose first batch is on its way. */
interface Begun {
  readonly batches: AsyncIterator<Batch>
  readonly first: Promise<IteratorResult<Batch>>
  /** Stops its reading. */
  readonly leave: () => Promise<void>
}

const beginPart = (all: Export, part: ExportPart): Begun => {
  const leave = new AbortController()
  const reading: ReadTerms = {
    isWritten: (id, state) => all.writer.has(part, id, state),
    lastState: id => all.writer.lastState(part, id),
    signal: AbortSignal.any([all.signal, leave.signal]),
    onRequest: all.onRequest,
    onLoss: all.onLoss,
  }
  const from = all.writer.stand.places.get(partKey(part))
  const batches = part.read(from, reading)[Symbol.asyncIterator]()
  const first = batches.next()
  // Whoever awaits it hears of its failure; nobody may come to.
  first.catch(() => undefined)
  return {
    batches,
    first,
    leave: async () => {
      leave.abort(new Error('Nobody reads this part any more'))
      await batches.return?.().catch(() => undefined)
    },
  }
}
