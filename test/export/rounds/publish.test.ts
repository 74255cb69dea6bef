import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { publish } from '../../../src/export/rounds/publish.ts'
import { directoryForTest } from '../../support/directory.ts'

describe('the files of a round', () => {
  test('are moved with the folders that they stand in, and again where some were moved before', async () => {
    const folder = directoryForTest()
    const [from, into] = [join(folder, 'from'), join(folder, 'into')]
    mkdirSync(join(from, 'a/b'), { recursive: true })
    writeFileSync(join(from, 'a/b/1'), 'one')
    writeFileSync(join(from, '2'), 'two')
    await publish(from, into)
    await publish(from, into)
    expect(readFileSync(join(into, 'a/b/1'), 'utf8')).toBe('one')
    expect(readFileSync(join(into, '2'), 'utf8')).toBe('two')
    expect(existsSync(from)).toBe(false)
  })

  test('stay where they cannot be read, which is no word of there being none', async () => {
    const folder = directoryForTest()
    const from = join(folder, 'from')
    // A way that leads nowhere fails for everybody, the owner of the machine too.
    symlinkSync('from', from)
    await expect(publish(from, join(folder, 'into'))).rejects.toMatchObject({ code: 'ELOOP' })
    expect(lstatSync(from).isSymbolicLink()).toBe(true)
  })
})
