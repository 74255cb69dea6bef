/** What commands do about sinks, which they never send for. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryForTest } from '../../support/directory.ts'
import { runProduct } from '../../support/product.ts'
import { standInForTest } from '../../support/stand-in.ts'

test('check tries each sink, and forget erases from what receivers refused', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const config = join(folder, 'sinks.json')
  const environment = {
    PUSHGRAPH_CONFIG: config,
    PUSH_API_KEY: standIn.keys.full,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_DATA_DIR: join(folder, 'data'),
  }
  const sinks = [{ name: 'spool', kind: 'file', path: join(folder, 'spool.ndjson') }]
  writeFileSync(config, JSON.stringify({ sinks }))
  const right = await runProduct(['check'], { environment })
  expect([right.exitCode, right.output]).toEqual([
    0,
    expect.stringContaining('Sink spool (file): can be made'),
  ])
  expect(existsSync(join(folder, 'spool.ndjson'))).toBe(false)
  const { PUSH_API_KEY: _, PUSH_API_URL: __, ...withoutKey } = environment
  const keyless = await runProduct(['check'], { environment: withoutKey })
  expect([keyless.exitCode, keyless.output, keyless.errors]).toEqual([
    2,
    'Sink spool (file): can be made\n',
    expect.stringContaining('There is no key to check'),
  ])
  const away = { name: 'away', kind: 'http', url: 'http://127.0.0.1:9/' }
  writeFileSync(config, JSON.stringify({ sinks: [...sinks, away] }))
  const wrong = await runProduct(['check'], { environment })
  expect([wrong.exitCode, wrong.output]).toEqual([
    1,
    expect.stringContaining('Sink away (http): cannot be reached: failed: ECONNREFUSED'),
  ])

  const quarantine = join(folder, 'data', 'quarantine-away.ndjson')
  const lines = ['ann@example.com', 'bob@example.com'].map(
    email => `{"connector":"default","item":{"email":"${email}"}}\n`,
  )
  writeFileSync(quarantine, lines.join(''))
  const forgotten = await runProduct(['forget', '--email', 'Ann@example.com'], { environment })
  expect([forgotten.exitCode, forgotten.output, forgotten.errors]).toEqual([
    0,
    expect.stringMatching(/Erased from quarantines of sinks in .*: 1 item\./),
    expect.stringContaining('What sinks have sent is with their receivers'),
  ])
  expect(readFileSync(quarantine, 'utf8')).toBe(lines[1])
})
