import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openSharedDatabase } from '../../src/app/open-database.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'

const sources = new URL('../../src/', import.meta.url)

/** Serves a demo tenant in a process of its own; which of the driver's files that read. */
const SCRIPT = `
  const { createRequire, registerHooks } = await import('node:module')
  const read = []
  registerHooks({ load: (url, context, next) => { read.push(url); return next(url, context) } })
  const { createApp } = await import('${new URL('app.ts', sources).href}')
  const { readConfig } = await import('${new URL('config/config.ts', sources).href}')
  const { createLog } = await import('${new URL('http/logging/log.ts', sources).href}')
  await import('${new URL('main/program.ts', sources).href}')
  const config = readConfig({ PORT: '0', PUSHGRAPH_DEMO_SCALE: '0.01' }, '${tmpdir()}')
  const app = await createApp(config, createLog({ level: 'silent', readable: false, destination: process.stderr }))
  await app.stop(0)
  const files = [...read, ...Object.keys(createRequire('${sources.href}').cache)]
  console.log(JSON.stringify({ files: files.length, driver: files.filter(file => /node_modules.pg/.test(file)) }))
  process.exit(0)
`

test('without a database its driver is not even read', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    encoding: 'utf8',
    cwd: tmpdir(),
  })
  const { files, driver } = JSON.parse(said) as {
    readonly files: number
    readonly driver: readonly string[]
  }
  expect(files).toBeGreaterThan(300)
  expect(driver).toEqual([])
})

test('whoever is asked to stop waits for no database', async () => {
  const stopping = Promise.withResolvers<void>()
  // It waits for the next try, whose time never comes.
  const clock = { ...systemClock, after: () => (stopping.resolve(), () => undefined) }
  const log = createLog({ level: 'silent', readable: false, destination: new PassThrough() })
  const opening = openSharedDatabase(
    { url: 'postgres://me:hunter2@127.0.0.1:1/nowhere' },
    {
      ...{ clock, log, stopped: stopping.promise },
      opens: () => undefined,
      onProblem: () => undefined,
    },
  )
  await expect(opening).rejects.toThrow(
    'The database cannot be used now: no connection (ECONNREFUSED)',
  )
})
