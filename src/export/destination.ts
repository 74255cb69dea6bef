/** Where an export goes: a file that gets its name once it is whole, or a stream. */
import { open, rename, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { ifThere } from './if-there.ts'
import { syncFolder } from './sync-folder.ts'

export interface Destination {
  /**
   * Resolves when the bytes are kept: on the disk, or with whoever reads the stream. `name`: of the file that they belong
   * to, where there are several.
   */
  write(bytes: Uint8Array, name?: string): Promise<void>
  /** Everything is written: gives the file its name. */
  finish(): Promise<void>
  close(): Promise<void>
}

/** Bytes of the file at `path`; undefined where there is none. */
export const sizeOf = async (path: string): Promise<number | undefined> =>
  (await ifThere(stat(path)))?.size

/**
 * Writes to `path` from that byte on, whatever stood behind it; the file is renamed to `name` in the end.
 *
 * @throws the system's error, such as ENOSPC: then what was written before stays as it is
 */
export const toFile = async (path: string, name: string, from: number): Promise<Destination> => {
  const file = await open(path, from === 0 ? 'w' : 'r+')
  await file.truncate(from)
  let at = from
  return {
    write: async bytes => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
        done += bytesWritten
      }
      at += bytes.length
      await file.datasync()
    },
    finish: async () => {
      await rename(path, name)
      await syncFolder(name)
    },
    close: () => file.close(),
  }
}

/** Writes to a stream, as fast as it is read. */
export const toStream = (stream: Writable): Destination => ({
  write: bytes =>
    new Promise((resolve, reject) => {
      stream.write(bytes, error => {
        if (error) reject(error)
        else resolve()
      })
    }),
  finish: () => Promise.resolve(),
  close: () => Promise.resolve(),
})
