/** The example of several replicas, from its start to its end. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const start = fileURLToPath(new URL('../../examples/replicas/start.ts', import.meta.url))

test('shows a question, webhooks and a subscription across replicas, and that one may die', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [start, '--once'], {
    env: { PATH: process.env['PATH'], PORT: '0' },
  })
  const [, first, second, third] =
    /none has read anything yet:\n {2}at \d+: (.*)\n {2}at \d+: (.*)\n {2}at \d+: (.*)\n/.exec(
      stdout,
    ) ?? []
  expect(first).toMatch(/^\d+ accounts of \d+ employees, [1-9]\d* requests to Push$/)
  // The tenant lives: its webhooks change the counts between two questions, but make nobody ask Push.
  for (const later of [second, third])
    expect(later).toMatch(/^\d+ accounts of \d+ employees, 0 requests to Push$/)
  const [, heard = ''] = /webhooks come to any of them:\n([^]*?)\n\n/.exec(stdout) ?? []
  expect(heard.split('\n').length).toBeGreaterThanOrEqual(5)
  const [, after = ''] = /the others go on:\n([^]*)$/.exec(stdout) ?? []
  const servers = [...after.matchAll(/^ {2}at (\d+): \d+ accounts$/gm)].map(([, server]) => server)
  expect(servers).toHaveLength(4)
  expect(new Set(servers).size).toBe(2)
})
