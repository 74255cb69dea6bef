/** Where an export of changes adds its lines: a file that others follow, rotate and remove, or a stream. */
import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { sizeOf, toStream } from '../destination.ts'
import { checkFolder } from '../target.ts'
import { syncFolder } from '../sync-folder.ts'
import type { FileStand } from './progress-file.ts'

/** Where lines are added, for a while. */
export interface LineSink {
  /** Its end, as far as it is known; undefined where it has none. */
  readonly stand: FileStand | undefined
  /**
   * Adds lines; resolves when they are kept. @throws the system's error, such as ENOSPC, or {FileRemovedError}: then
   * some of them may be there behind the known end
   */
  append(text: string): Promise<void>
  close(): Promise<void>
}

/** The end that was known, and who takes a line that stands behind it for one of ours that was written last. */
export type OpenSink = (
  known: FileStand | undefined,
  takes: (line: string) => boolean,
) => Promise<LineSink>

/** The file was removed while lines were written to it: nobody has them. */
export class FileRemovedError extends Error {
  readonly code = 'ENOENT'
}

/** Bytes read at once, and of what is still taken for a line. */
const CHUNK = 1_048_576
const LONGEST_LINE = 64 * CHUNK

const NEWLINE = 0x0a

/**
 * Adds to the file at `path`, which is made where it is missing: who rotates it needs to tell nobody. Whole lines behind
 * the known end are what a process wrote that was killed before it could note them. They stay where they are, since
 * somebody may have read them; what is torn there is cut off.
 */
export const linesInFile =
  (path: string): OpenSink =>
  async (known, takes) => {
    await checkFolder(path)
    const file = await open(path, 'a+')
    try {
      const { size, dev, ino } = await file.stat()
      if (size === 0) await syncFolder(path)
      const inode = `${dev}:${ino}`
      const tail = known !== undefined && size >= known.bytes
      const end = tail ? await takeLines(file, known.bytes, takes) : size
      const bytes = await atLineEnd(file, end, size, known?.inode === inode)
      return fileSink(file, { bytes, inode })
    } catch (error) {
      await file.close()
      throw error
    }
  }

const fileSink = (file: FileHandle, at: FileStand): LineSink => {
  let { bytes } = at
  return {
    get stand() {
      return { ...at, bytes }
    },
    append: async text => {
      await writeWhole(file, Buffer.from(text))
      await file.datasync()
      // Of a file that was only renamed, the lines are where they belong.
      if ((await file.stat()).nlink === 0)
        throw new FileRemovedError('The file was removed while it was written')
      bytes += Buffer.byteLength(text)
    },
    close: () => file.close(),
  }
}

/** The end of the last whole line from that byte on, once they are offered one after another, up to one that is not taken. */
const takeLines = async (
  file: FileHandle,
  from: number,
  takes: (line: string) => boolean,
): Promise<number> => {
  let end = from
  let isTaken = true
  let rest = Buffer.alloc(0)
  const chunk = Buffer.alloc(CHUNK)
  while (rest.length < LONGEST_LINE) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, end + rest.length)
    if (bytesRead === 0) return end
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      isTaken &&= takes(rest.subarray(0, at).toString('utf8'))
      end += at + 1
      rest = rest.subarray(at + 1)
    }
  }
  return end
}

/**
 * The size of the file once it ends with a line: of our own file, what stands behind `end` was torn; of another one it is
 * left to whoever put it there.
 */
const atLineEnd = async (
  file: FileHandle,
  end: number,
  size: number,
  isOurs: boolean,
): Promise<number> => {
  if (end < size && isOurs) {
    await file.truncate(end)
    return end
  }
  if (size === 0) return 0
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, size - 1)
  if (last[0] === NEWLINE) return size
  await writeWhole(file, Buffer.of(NEWLINE))
  return size + 1
}

const writeWhole = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
}

/** Adds to a stream, of which nobody can tell what of it was read. */
export const linesInStream = (stream: Writable): OpenSink => {
  const destination = toStream(stream)
  return () =>
    Promise.resolve({
      stand: undefined,
      append: text => destination.write(Buffer.from(text)),
      close: destination.close,
    })
}

/** Whether there is something in the file. */
export const hasContent = async (path: string): Promise<boolean> => ((await sizeOf(path)) ?? 0) > 0
