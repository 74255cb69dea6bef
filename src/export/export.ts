/** Writing parts, connectors side by side, and noting after each batch how far that came. */
import { GatewayError } from '../errors.ts'
import type { Stand } from './checkpoint.ts'
import { type Batch, type ExportPart, IncompleteListError, type ReadTerms } from './part.ts'
import type { ExportWriter } from './writer.ts'

export interface Export {
  readonly parts: readonly ExportPart[]
  readonly writer: ExportWriter
  /** Aborting ends it between two batches. */
  readonly signal: AbortSignal
  readonly onRequest: () => void
  readonly onLoss: ReadTerms['onLoss']
  readonly onStand: (stand: PartStand) => void
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
  /** For each of them the part that it stands at, and why. */
  readonly failures: readonly { readonly part: ExportPart; readonly failure: GatewayError }[]

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

  const waiting = byConnector(parts)
  const readOnwards = async (): Promise<void> => {
    for (let numbers = waiting.shift(); numbers !== undefined; numbers = waiting.shift())
      try {
        await writing.connector(numbers)
      } catch (failure) {
        // What is no failure of a connector ends the whole: no room on the disk, an interruption, a bug.
        if (!(failure instanceof GatewayError)) leave.abort(failure)
        signal.throwIfAborted()
        leave.signal.throwIfAborted()
        const number = numbers.find(each => !writing.isDone(each)) ?? 0
        failures.push({ part: parts[number] as ExportPart, failure: failure as GatewayError })
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

/** The numbers of each connector's parts, in their order. */
const byConnector = (parts: readonly ExportPart[]): number[][] => {
  const numbers = new Map<string, number[]>()
  for (const [number, { connector }] of parts.entries()) {
    const known = numbers.get(connector)
    if (known === undefined) numbers.set(connector, [number])
    else known.push(number)
  }
  return [...numbers.values()]
}

/** Writes parts, a batch at a time, whichever connector it is of. */
class Writing {
  readonly #all: Export
  /** The last batch whose turn has come. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(all: Export) {
    this.#all = all
  }

  isDone(number: number): boolean {
    return this.#all.writer.stand.places.get(number) === 'done'
  }

  /** Writes what is still missing of these parts, one after another. */
  async connector(numbers: readonly number[]): Promise<void> {
    const missing = numbers.filter(number => !this.isDone(number))
    let begun: Begun | undefined
    let next: Begun | undefined
    let incomplete: IncompleteListError | undefined
    try {
      for (const [index, number] of missing.entries()) {
        begun = next ?? beginPart(this.#all, number)
        // Its way to Push is under way while this one is written.
        const following = missing[index + 1]
        next = following === undefined ? undefined : beginPart(this.#all, following)
        await this.#part(number, begun).catch((error: unknown) => {
          // Another list may be whole.
          if (!(error instanceof IncompleteListError)) throw error
          incomplete ??= error
        })
      }
    } finally {
      await Promise.all([begun?.leave(), next?.leave()])
    }
    if (incomplete !== undefined) throw incomplete
  }

  async #part(number: number, { first, batches }: Begun): Promise<void> {
    const { parts, writer, signal, onStand } = this.#all
    const part = parts[number] as ExportPart
    let met = 0
    for (let read = await first; read.done !== true; read = await batches.next()) {
      const batch = read.value
      await this.#inTurn(async () => {
        signal.throwIfAborted()
        await writer.write(number, part, batch)
      })
      met += batch.met
      onStand({ part, rows: writer.stand.rows, met, isDone: false })
    }
    await this.#inTurn(async () => {
      signal.throwIfAborted()
      await writer.done(number)
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

const beginPart = (all: Export, number: number): Begun => {
  const leave = new AbortController()
  const part = all.parts[number] as ExportPart
  const place = all.writer.stand.places.get(number)
  const reading: ReadTerms = {
    isWritten: id => all.writer.has(number, id),
    signal: AbortSignal.any([all.signal, leave.signal]),
    onRequest: all.onRequest,
    onLoss: all.onLoss,
  }
  const batches = part.read(place === 'done' ? undefined : place, reading)[Symbol.asyncIterator]()
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
