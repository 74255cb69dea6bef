/** The files of text of a round: one for each type, below another name until all of them are whole. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stand } from '../checkpoint.ts'
import { type Compression, endings } from '../compression.ts'
import { type Destination, sizeOf, toFile } from '../destination.ts'
import type { TextFormat } from '../format.ts'
import type { ExportPart } from '../part.ts'
import { makeFolder, syncFolder } from '../sync-folder.ts'
import { publish } from './publish.ts'

/** The name of the file for what is written of that part, such as `findings-20261130T081500000Z.ndjson.gz`. */
export const textNameOf =
  (beganAt: number, format: TextFormat, compression: Compression | undefined) =>
  ({ type }: Pick<ExportPart, 'type'>): string => {
    const moment = new Date(beganAt).toISOString().replaceAll(/[-:.]/g, '')
    const ending = compression === undefined ? '' : endings[compression]
    return `${type}-${moment}.${format}${ending}`
  }

/** Whether there is all that was noted of those files. */
export const areThere = async (path: string, texts: Stand['texts']): Promise<boolean> => {
  for (const [name, { bytes }] of texts)
    if (((await sizeOf(join(path, name))) ?? -1) < bytes) return false
  return true
}

/**
 * Writes below `path`, from where each file was noted to end; what stands behind that, and files that were never noted, go.
 * In the end they are given their names below `into`.
 */
export const toTexts = async (
  path: string,
  into: string,
  texts: Stand['texts'],
): Promise<Destination> => {
  await makeFolder(path)
  for (const name of await readdir(path))
    if (!texts.has(name)) await rm(join(path, name), { recursive: true })
  const files = new Map<string, Destination>()

  const open = async (name: string): Promise<Destination> => {
    const at = join(path, name)
    const file = await toFile(at, join(into, name), texts.get(name)?.bytes ?? 0)
    files.set(name, file)
    await syncFolder(at)
    return file
  }

  return {
    write: async (bytes, name = '') => (files.get(name) ?? (await open(name))).write(bytes),
    finish: () => publish(path, into),
    close: async () => {
      for (const file of files.values()) await file.close()
    },
  }
}
