/** Giving the files of a round their names. */
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ifThere } from '../if-there.ts'
import { makeFolder, syncFolder } from '../sync-folder.ts'

/**
 * Moves what stands below `from` to the same place below `into`, each file whole, and removes `from`; resolves once that is
 * on disk. What a process that was killed has moved is there already, or with whoever took it from there.
 *
 * @throws the system's error: what was not moved stays
 */
export const publish = async (from: string, into: string): Promise<void> => {
  // What cannot be listed is not removed either.
  const entries = await ifThere(readdir(from, { recursive: true, withFileTypes: true }))
  const folders = new Map<string, string[]>()
  for (const entry of (entries ?? []).filter(of => of.isFile())) {
    const folder = join(into, relative(from, entry.parentPath))
    folders.set(folder, [...(folders.get(folder) ?? []), join(entry.parentPath, entry.name)])
  }
  for (const [folder, files] of folders) {
    await makeFolder(folder)
    const named = files.sort().map(file => ({ file, name: join(into, relative(from, file)) }))
    for (const { file, name } of named) await rename(file, name)
    await syncFolder(join(folder, 'any'))
  }
  if (entries !== undefined) await rm(from, { recursive: true })
  await syncFolder(join(dirname(from), 'any'))
}
