/** Writing parts one after another, and noting after each batch how far that came. */
import type { Destination } from './destination.ts'
import { type Format, formats } from './format.ts'
import type { CheckpointFile, Stand } from './checkpoint.ts'
import type { Batch, ExportPart, ReadTerms } from './part.ts'

export interface Export {
  readonly parts: readonly ExportPart[]
  readonly format: Format
  /** Of an export that has begun. */
  readonly checkpoint: CheckpointFile
  readonly destination: Destination
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

/**
 * Writes what is still missing and gives the file its name. Returns the lines and bytes that it has.
 *
 * @throws the failure that ended it; what the checkpoint file has noted by then is written, and the same export goes on there
 */
export const runExport = async (all: Export): Promise<Stand> => {
  const { parts, checkpoint, destination, signal, onStand } = all
  const format = formats[all.format]
  if (checkpoint.found === undefined) throw new Error('An export must have begun')
  let stand: Stand = checkpoint.found
  let begun: Begun | undefined
  let next: Begun | undefined

  try {
    while (stand.parts < parts.length) {
      const index = stand.parts
      const part = parts[index] as ExportPart
      begun = next ?? beginPart(all, index, stand)
      // The way to the first page of the next part costs nobody's time.
      next = index + 1 < parts.length ? beginPart(all, index + 1) : undefined
      let met = 0
      for (let read = await begun.first; read.done !== true; read = await begun.batches.next()) {
        signal.throwIfAborted()
        stand = await writeBatch(all, index, read.value, stand)
        met += read.value.met
        onStand({ part, rows: stand.rows, met, isDone: false })
      }
      stand = { ...stand, parts: index + 1, position: undefined }
      checkpoint.advance([], stand)
      onStand({ part, rows: stand.rows, met, isDone: true })
    }
    if (!stand.whole) {
      const end = format.end(stand.rows)
      if (end !== '') await destination.write(end)
      stand = { ...stand, bytes: stand.bytes + Buffer.byteLength(end), whole: true }
      checkpoint.advance([], stand)
    }
    await destination.finish()
    return stand
  } finally {
    await Promise.all([begun?.leave(), next?.leave()])
  }
}

/** A part whose first batch is on its way. */
interface Begun {
  readonly batches: AsyncIterator<Batch>
  readonly first: Promise<IteratorResult<Batch>>
  /** Stops its reading. */
  readonly leave: () => Promise<void>
}

const beginPart = (all: Export, index: number, from?: Stand): Begun => {
  const leave = new AbortController()
  const part = all.parts[index] as ExportPart
  const reading: ReadTerms = {
    isWritten: id => all.checkpoint.isWritten(index, id),
    signal: AbortSignal.any([all.signal, leave.signal]),
    onRequest: all.onRequest,
    onLoss: all.onLoss,
  }
  const batches = part.read(from?.position, reading)[Symbol.asyncIterator]()
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

const writeBatch = async (
  { checkpoint, destination, format }: Export,
  index: number,
  { items, position }: Batch,
  stand: Stand,
): Promise<Stand> => {
  const ids = new Set<string>()
  let { rows } = stand
  let text = ''
  for (const { id, value } of items) {
    if (ids.has(id) || checkpoint.isWritten(index, id)) continue
    ids.add(id)
    text += formats[format].line(JSON.stringify(value), rows)
    rows += 1
  }
  if (text !== '') await destination.write(text)
  const next = { ...stand, position, rows, bytes: stand.bytes + Buffer.byteLength(text) }
  checkpoint.advance([...ids], next)
  return next
}
