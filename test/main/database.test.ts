import { existsSync, readdirSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../examples/replicas/free-port.ts'
import { startPostgres } from '../../examples/replicas/postgres.ts'
import { directoryForTest } from '../support/directory.ts'
import { exportingForTest } from '../support/exporting.ts'
import { createDatabase } from '../support/postgres.ts'
import { standInForTest } from '../support/stand-in.ts'
import { runCommand } from '../support/terminal.ts'

test('migrate makes the tables once, and says so', async () => {
  const environment = { PUSHGRAPH_DATABASE_URL: await createDatabase() }
  expect(await runCommand(['migrate'], { environment })).toMatchObject({
    exitCode: 0,
    output: 'The tables are of version 1 now (1 step).\n',
  })
  expect(await runCommand(['migrate'], { environment })).toMatchObject({
    exitCode: 0,
    output: 'The tables are of version 1 already.\n',
  })
})

test('migrate without a database says what is missing', async () => {
  expect(await runCommand(['migrate'])).toMatchObject({
    exitCode: 2,
    errors: expect.stringContaining('Set PUSHGRAPH_DATABASE_URL') as unknown,
  })
})

test('a database that cannot be reached ends a command with a sentence, and without its address', async () => {
  const environment = { PUSHGRAPH_DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/nowhere' }
  const failed = await runCommand(['migrate'], { environment })
  expect(failed).toMatchObject({
    exitCode: 1,
    errors: 'The database cannot be used now: no connection (ECONNREFUSED)\n',
  })
})

test('check looks at the database first, and fails where that will not do', async () => {
  const environment = { PUSHGRAPH_DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/nowhere' }
  const failed = await runCommand(['check'], { environment })
  expect(failed.exitCode).toBe(1)
  expect(failed.output).toMatch(/^database +server +failed +The database cannot be used now/)
  expect(failed.output + failed.errors).not.toContain('hunter2')
})

test('an export that is repeated waits for its database, and ends in order while it does', async () => {
  const port = await freePort()
  const environment = { PUSHGRAPH_DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres` }
  const lake = exportingForTest(await standInForTest(), environment, directoryForTest(), 'lake')
  const repeated = ['--every', '1s', '--types', 'apps']
  const start = (...args: string[]) => {
    const running = lake.start(...args)
    onTestFinished(() => void running.kill('SIGKILL'))
    return running
  }
  const [waiting, stopped] = [
    start(...repeated),
    start('--changes', '--cursor', lake.file, '--every', '1s'),
  ]
  for (const each of [waiting, stopped])
    await expect.poll(each.errors).toContain('It is tried again until it is there.')
  stopped.kill('SIGTERM')
  expect(await stopped.ended).toMatchObject({ exitCode: 0 })
  const server = await startPostgres({ port })
  onTestFinished(server.stop)
  await expect
    .poll(() => (existsSync(lake.file) ? readdirSync(lake.file) : []))
    .toEqual([expect.stringMatching(/^apps-/)])
  waiting.kill('SIGTERM')
  expect(await waiting.ended).toMatchObject({ exitCode: 0 })
  expect(waiting.errors().match(/It is tried again/g)).toHaveLength(1)
})
