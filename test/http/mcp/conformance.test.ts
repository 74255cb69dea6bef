/**
 * The protocol's own conformance suite, in both of its eras: lifecycle, listing, calling, progress, origins. What it finds wanting is
 * listed in expected-failures.yml, each with its reason; what it no longer finds wanting must not be listed there.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Progress } from '../../../src/graphql/operation/progress.ts'
import { startToy } from '../../support/toy-server.ts'
import { toyTools } from '../../support/toy-tools.ts'
import { setup } from '../../support/conformance/install.ts'

const here = (name: string): string =>
  fileURLToPath(new URL(`../../support/conformance/${name}`, import.meta.url))
const suite = here('node_modules/@modelcontextprotocol/conformance/dist/index.js')

beforeAll(setup)

/** The tools that its scenarios call, as far as answers of a graph can be what they want. */
const fixtures = [
  '"Answers." query TestSimpleText { hello }',
  '"Fails." query TestErrorHandling { bug }',
  '"Takes its time." query TestToolWithProgress { slow }',
]

/** Its slow field answers once it was told a few times how far it is. */
const startServer = async (): Promise<string> => {
  let told = 0
  const progressOf = (): Progress => {
    told += 1
    if (told % TOLD === 0) release()
    const none = { expectedMs: 0, waitedMs: 0, rowsRead: 0, reading: [], connectors: [] }
    return { ...none, requests: told, expectedRequests: TOLD }
  }
  const { url, server, release } = await startToy({ ...toyTools({ more: fixtures }), progressOf })
  onTestFinished(() => server.stop(0))
  return url
}

const TOLD = 4

test.each([
  ['2026-07-28', 'expected-failures-2026.yml'],
  ['2025-11-25', 'expected-failures-2025.yml'],
])('of the revision %s, nothing is wanting but what is listed', async (revision, expected) => {
  const url = await startServer()
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-conformance-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const child = spawn(
    process.execPath,
    [
      ...[suite, 'server', '--url', `${url}/mcp`, '--spec-version', revision, '--suite', 'all'],
      ...['--expected-failures', here(expected), '--output-dir', folder, '--timeout', '120000'],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const said = await text(child.stdout)
  const exitCode = child.exitCode ?? (await new Promise(resolve => child.once('close', resolve)))
  const summary = said.slice(said.indexOf('=== SUMMARY'))
  expect(exitCode === 0 ? '' : summary).toBe('')
  expect(summary).toMatch(/Total: \d+ passed/)
})
