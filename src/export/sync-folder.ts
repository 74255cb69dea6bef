/** Names of files that are on the disk, too. */
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../model/system/system-code.ts'

/**
 * Resolves once the name of the file is on disk too, where the system has a way to say so.
 *
 * @throws the system's error where it has one, and fails, such as EIO
 */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path)).catch(unless(UNOPENED))
  try {
    await folder?.sync().catch(unless(UNSYNCED))
  } finally {
    await folder?.close()
  }
}

/** By these a system says that it opens no folder, or that nobody may read this one, in which files can be made all the same. */
const UNOPENED: ReadonlySet<string> = new Set(['EISDIR', 'EACCES', 'EPERM'])
/** By these a file system says that it has no way to sync a folder. */
const UNSYNCED: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF', 'EPERM'])

const unless =
  (passes: ReadonlySet<string>) =>
  (error: unknown): undefined => {
    if (!passes.has(systemCode(error) ?? '')) throw error
  }

/** Makes the folder, and those above it that are missing; resolves once their names are on disk. */
export const makeFolder = async (path: string): Promise<void> => {
  const made = await mkdir(path, { recursive: true })
  for (let each = path; made !== undefined && each.length >= made.length; each = dirname(each))
    await syncFolder(each)
}

/** Puts the text in place of what the file holds, which is at each moment whole, and its owner's alone. */
export const replaceFile = async (path: string, text: string): Promise<void> => {
  const beside = `${path}.tmp`
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  await syncFolder(path)
}
