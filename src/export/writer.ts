/** What writes the things of an export, and notes in its checkpoint what is written for good. */
import type { CheckpointFile, Place, Stand } from './checkpoint.ts'
import { type Compression, packedBy } from './compression.ts'
import type { Destination } from './destination.ts'
import { formats, type TextFormat } from './format.ts'
import { type Batch, type ExportItem, type ExportPart, partKey } from './part.ts'

export interface ExportWriter {
  /** What was given to it: of that the checkpoint has noted all, or all but what is still held. */
  readonly stand: Stand
  /** Whether that thing of the part was given to it, in that state, or was written by an earlier process. */
  has(of: ExportPart, id: string, state?: string): boolean
  /** The last state in which that thing was given to it, or was written in an earlier round. */
  lastState(of: ExportPart, id: string): string | undefined
  /**
   * Takes what of the batch it does not have. Calls follow one another.
   *
   * @throws the system's error, such as ENOSPC: then what the checkpoint has noted stays as it is
   */
  write(of: ExportPart, batch: Batch): Promise<void>
  /** Notes that nothing more comes of that part. */
  done(of: ExportPart): Promise<void>
  /** Writes and notes what is held, where the export ends before its end. */
  flush(): Promise<void>
  /** Writes what is held and whatever belongs to the end, and gives all of it its name. */
  finish(): Promise<void>
}

/** With the part at that place. */
export const withPlace = (stand: Stand, of: ExportPart, place: Place): Stand => ({
  ...stand,
  places: new Map(stand.places).set(partKey(of), place),
})

/** With the part at its end. */
export const withEnd = (stand: Stand, of: ExportPart): Stand =>
  withPlace(stand, of, { ...stand.places.get(partKey(of)), done: 1 })

/** What of the batch is not written yet; it counts as written once the export advances. */
export const takeNew = (
  checkpoint: CheckpointFile,
  of: ExportPart,
  { items }: Batch,
): readonly ExportItem[] => items.filter(({ id, state }) => checkpoint.take(partKey(of), id, state))

/** What was given before is what its checkpoint has taken. */
export const takenBy = (checkpoint: CheckpointFile): Pick<ExportWriter, 'has' | 'lastState'> => ({
  has: (of, id, state) => checkpoint.isWritten(partKey(of), id, state),
  lastState: (of, id) => checkpoint.lastState(partKey(of), id),
})

/** How things become text, and that text bytes. */
export interface TextForm {
  readonly format: TextFormat
  readonly compression?: Compression | undefined
  /** Into which file of a folder what is written of that part goes; absent where there is one file. */
  readonly nameOf?: (of: ExportPart) => string
}

/** Writes text, every batch at once: one file, or several in a folder. */
export const linesTo = (
  destination: Destination,
  { format, compression, nameOf }: TextForm,
  checkpoint: CheckpointFile,
): ExportWriter => {
  const { line, end } = formats[format]
  const pack = packedBy(compression)
  let stand = begunOf(checkpoint)
  const append = async (name: string, text: string, rows: number): Promise<void> => {
    if (text === '') return
    const bytes = await pack(text)
    await destination.write(bytes, name)
    const before = stand.texts.get(name) ?? NO_TEXT
    const after = { rows: before.rows + rows, bytes: before.bytes + bytes.length }
    stand = {
      ...stand,
      rows: stand.rows + rows,
      bytes: stand.bytes + bytes.length,
      texts: new Map(stand.texts).set(name, after),
    }
  }
  return {
    get stand() {
      return stand
    },
    ...takenBy(checkpoint),
    write: async (of, batch) => {
      const name = nameOf?.(of) ?? ONE
      const rows = stand.texts.get(name)?.rows ?? 0
      const items = takeNew(checkpoint, of, batch)
      const lines = items.map(({ value }, index) => line(JSON.stringify(value), rows + index))
      await append(name, lines.join(''), items.length)
      stand = withPlace(stand, of, batch.position)
      checkpoint.advance(stand)
    },
    done: async of => {
      stand = withEnd(stand, of)
      checkpoint.advance(stand)
      await Promise.resolve()
    },
    flush: () => Promise.resolve(),
    finish: async () => {
      if (!stand.whole) {
        // One file alone is there though there is nothing in it.
        for (const name of nameOf === undefined ? [ONE] : stand.texts.keys())
          await append(name, end(stand.texts.get(name)?.rows ?? 0), 0)
        stand = { ...stand, whole: true }
        checkpoint.end(stand)
      }
      await destination.finish()
    },
  }
}

const NO_TEXT = { rows: 0, bytes: 0 }

/** The name of the only file. */
const ONE = ''

/** Where an export stands that has begun. */
export const begunOf = ({ found }: CheckpointFile): Stand => {
  if (found === undefined) throw new Error('An export must have begun')
  return found
}
