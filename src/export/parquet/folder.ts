/** The folder of an export in Parquet: files below another name, until all of them are there. */
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ifThere } from '../if-there.ts'
import { makeFolder, syncFolder } from '../sync-folder.ts'

export interface ParquetFolder {
  /** Writes the file of that number, whose name says it, into a folder of the folder; resolves when it is on the disk. */
  write(folder: string, number: number, bytes: Uint8Array): Promise<void>
  /** Gives the folder its name. */
  finish(): Promise<void>
  close(): Promise<void>
}

/** Files of an export that stand below `path`, numbered from 0 without a gap; undefined where there is no folder. */
export const filesIn = async (path: string): Promise<number | undefined> => {
  const found = await findFiles(path)
  if (found === undefined) return undefined
  const numbers = new Set(found.map(({ number }) => number))
  let files = 0
  while (numbers.has(files)) files += 1
  return files
}

/**
 * Writes below `path`, which is renamed to `name` in the end. Of what stands there, so many files stay; what came later was
 * not noted by whoever was killed then, and is removed. `beganAt` tells the files of one export from those of others.
 */
export const toFolder = async (
  path: string,
  name: string,
  beganAt: number,
  files: number,
): Promise<ParquetFolder> => {
  await makeFolder(path)
  for (const { file, number } of (await findFiles(path)) ?? []) if (number >= files) await rm(file)
  return {
    write: async (folder, number, bytes) => {
      const into = join(path, folder)
      await makeFolder(into)
      const named = join(into, fileName(beganAt, number))
      const file = await open(named, 'w')
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await syncFolder(named)
    },
    finish: async () => {
      await rename(path, name)
      await syncFolder(name)
    },
    close: () => Promise.resolve(),
  }
}

const findFiles = async (
  path: string,
): Promise<readonly { readonly file: string; readonly number: number }[] | undefined> => {
  const entries = await ifThere(readdir(path, { recursive: true, withFileTypes: true }))
  return entries
    ?.filter(entry => entry.isFile())
    .map(({ parentPath, name }) => ({ file: join(parentPath, name), number: numberOf(name) }))
}

/** The moment is in the name, so that the files of several may be put into one folder. */
const fileName = (beganAt: number, number: number): string =>
  `part-${beganAt}-${String(number).padStart(5, '0')}.parquet`

/** Infinity of what is none of ours. */
const numberOf = (name: string): number => {
  const [, digits] = /^part-\d+-(\d+)\.parquet$/.exec(name) ?? []
  return digits === undefined ? Infinity : Number(digits)
}
