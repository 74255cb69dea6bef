import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile, syncFolder } from '../../src/export/sync-folder.ts'
import { directoryForTest } from '../support/directory.ts'

/** A file system that has no way to sync a folder. */
const UNSYNCED = '/proc'

if (!existsSync(UNSYNCED))
  console.log(`There is no ${UNSYNCED}: folders that cannot be synced are not tried`)

test.skipIf(!existsSync(UNSYNCED))(
  'passes over a file system that cannot sync a folder',
  async () => {
    const folder = await open(UNSYNCED)
    await expect(folder.sync()).rejects.toMatchObject({ code: 'EINVAL' })
    await folder.close()
    await expect(syncFolder(join(UNSYNCED, 'any'))).resolves.toBeUndefined()
  },
)

test('tells of any other failure', async () => {
  const folder = directoryForTest()
  await expect(syncFolder(join(folder, 'any'))).resolves.toBeUndefined()
  const missing = join(folder, 'missing', 'any')
  await expect(syncFolder(missing)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a file that is replaced holds the new text, for its owner alone', async () => {
  const path = join(directoryForTest(), 'file')
  await replaceFile(path, 'one')
  await replaceFile(path, 'two')
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(existsSync(`${path}.tmp`)).toBe(false)
})
