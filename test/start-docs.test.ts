/** docs/start.md, followed from its first command to its last. */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StandIn } from '../src/demo/stand-in.ts'
import { commandFile, serveProduct, type Serving } from './support/product.ts'
import { startStandIn } from './support/stand-in.ts'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const blocks = [...read('docs/start.md').matchAll(/^```sh\n([^]*?)^```$/gm)].map(
  ([, script = '']) => script,
)
const [start, ask, key, secret, send, token, ...others] = blocks

let standIn: StandIn
let server: Serving
beforeAll(async () => {
  standIn = await startStandIn()
  // It stands where the clone does: its settings come from `.env` there.
  server = await serveProduct({
    environment: { PUSH_API_URL: standIn.url, LOG_LEVEL: 'warn' },
    files: { '.env': `PUSH_API_KEY=${standIn.keys.readOnly}\n` },
  })
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
  await standIn.close()
})

/** What a command of the page prints, run where the server stands. */
const run = async (script = ''): Promise<string> => {
  const pushgraph = `'${process.execPath}' '${commandFile}'`
  const { stdout } = await promisify(execFile)(
    '/bin/sh',
    [
      '-ec',
      script
        .replaceAll(/npm run (?:-s )?pushgraph(?: --)?/g, pushgraph)
        .replaceAll('http://127.0.0.1:4000', server.url)
        .replace('YOUR-KEY', standIn.keys.readOnly),
    ],
    {
      cwd: server.folder,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        PUSH_API_URL: standIn.url,
        PUSHGRAPH_DATA_DIR: join(server.folder, 'check'),
      },
    },
  )
  return stdout
}

test('the first command is what the README says, too', () => {
  expect(read('README.md')).toContain(start?.trim())
  expect(others).toEqual([])
})

test('the question is answered', async () => {
  const weak = new Set(
    standIn.data.accounts
      .filter(({ mfaRegistered }) => mfaRegistered === false)
      .map(({ employeeId }) => employeeId),
  )
  const totalCount = standIn.data.employees.filter(({ id }) => weak.has(id)).length
  expect(totalCount).toBeGreaterThan(0)
  expect(JSON.parse(await run(ask))).toMatchObject({
    data: { employees: { totalCount, complete: true } },
  })
})

test('the key is tried, in a file that nobody else reads', async () => {
  rmSync(join(server.folder, '.env'))
  expect(await run(key)).toContain('All 7 lists can be read')
  expect(await run('stat -c %a .env')).toBe('600\n')
})

test('the running server takes the secret, and has the event that was sent', async () => {
  await run(secret)
  // It reads its files again within a second of a change.
  await expect.poll(() => run(send).catch(() => ''), { interval: 500 }).toContain('"status":')
  expect(await run(send)).toContain('{"id":"first","object":"LOGIN","email":"ada@example.com"}')
})

test('a token is made, with its entry', async () => {
  const [made = '', entry = ''] = (await run(token)).split('\n')
  expect(made).toMatch(/^pushgraph_/)
  expect(JSON.parse(entry)).toMatchObject({ name: 'me', scopes: ['read', 'events'] })
})
