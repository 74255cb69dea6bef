/** What writes the things of an export, and notes in its checkpoint what is written for good. */
import type { CheckpointFile, Place, Stand } from './checkpoint.ts'
import { type Compression, packedBy } from './compression.ts'
import type { Destination } from './destination.ts'
import { formats, type TextFormat } from './format.ts'
import type { Batch, ExportPart } from './part.ts'

export interface ExportWriter {
  /** What was given to it: of that the checkpoint has noted all, or all but what is still held. */
  readonly stand: Stand
  /** Whether that thing of the part was given to it, or was written by an earlier process. */
  has(part: number, id: string): boolean
  /**
   * Takes what of the batch it does not have. Calls follow one another.
   *
   * @throws the system's error, such as ENOSPC: then what the checkpoint has noted stays as it is
   */
  write(part: number, of: ExportPart, batch: Batch): Promise<void>
  /** Notes that nothing more comes of that part. */
  done(part: number): Promise<void>
  /** Writes and notes what is held, where the export ends before its end. */
  flush(): Promise<void>
  /** Writes what is held and whatever belongs to the end, and gives all of it its name. */
  finish(): Promise<void>
}

/** With the place of one part moved. */
export const withPlace = (stand: Stand, part: number, place: Place): Stand => ({
  ...stand,
  places: new Map(stand.places).set(part, place),
})

/** How things become text, and that text bytes. */
export interface TextForm {
  readonly format: TextFormat
  readonly compression?: Compression | undefined
}

/** Writes one file of text, every batch at once. */
export const linesTo = (
  destination: Destination,
  { format, compression }: TextForm,
  checkpoint: CheckpointFile,
): ExportWriter => {
  const { line, end } = formats[format]
  const pack = packedBy(compression)
  let stand = begunOf(checkpoint)
  const append = async (text: string): Promise<number> => {
    if (text === '') return stand.bytes
    const bytes = await pack(text)
    await destination.write(bytes)
    return stand.bytes + bytes.length
  }
  return {
    get stand() {
      return stand
    },
    has: checkpoint.isWritten,
    write: async (part, _of, { items, position }) => {
      const ids = new Set<string>()
      let { rows } = stand
      let text = ''
      for (const { id, value } of items) {
        if (ids.has(id) || checkpoint.isWritten(part, id)) continue
        ids.add(id)
        text += line(JSON.stringify(value), rows)
        rows += 1
      }
      const bytes = await append(text)
      stand = { ...withPlace(stand, part, position), rows, bytes }
      checkpoint.advance(new Map([[part, [...ids]]]), stand)
    },
    done: async part => {
      stand = withPlace(stand, part, 'done')
      checkpoint.advance(new Map([[part, []]]), stand)
      await Promise.resolve()
    },
    flush: () => Promise.resolve(),
    finish: async () => {
      if (!stand.whole) {
        stand = { ...stand, bytes: await append(end(stand.rows)), whole: true }
        checkpoint.end(stand)
      }
      await destination.finish()
    },
  }
}

/** Where an export stands that has begun. */
export const begunOf = ({ found }: CheckpointFile): Stand => {
  if (found === undefined) throw new Error('An export must have begun')
  return found
}
