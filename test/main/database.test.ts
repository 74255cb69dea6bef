import { expect, test } from 'vitest'
import { createDatabase } from '../support/postgres.ts'
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
