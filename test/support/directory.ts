/** Folders that a test may write into. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty directory, gone when the running test ends. */
export const directoryForTest = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true })
  })
  return path
}
