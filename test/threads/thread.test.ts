import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('gives a thread no more of a young generation than it says, whatever the process was started with', () => {
  const program = fileURLToPath(new URL('young-process.ts', import.meta.url))
  const megabytes = execFileSync(process.execPath, ['--max-semi-space-size=32', program, '16'], {
    encoding: 'utf8',
  })
  expect(Number(megabytes)).toBeGreaterThan(4)
  expect(Number(megabytes)).toBeLessThanOrEqual(16)
})
