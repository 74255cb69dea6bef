import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openSharedDatabase } from '../../src/app/open-database.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
import { createDatabase } from '../support/postgres.ts'

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

const NOBODY_THERE = 'postgres://me:hunter2@127.0.0.1:1/nowhere'
const REFUSED = 'The database cannot be used now: no connection (ECONNREFUSED)'

/** Opens it while each pause between two tries takes no time; asked to stop at the `lastTry`-th of those. */
const opening = async (url: string, lastTry: number, terms: { awaitsDatabase?: boolean } = {}) => {
  const stopping = Promise.withResolvers<void>()
  const destination = new PassThrough({ encoding: 'utf8' })
  let [now, tries] = [0, 1]
  const clock = {
    ...systemClock,
    now: () => now,
    after: (ms: number, callback: () => void) => {
      now += ms
      if (tries === lastTry) stopping.resolve()
      else setImmediate(callback)
      tries += 1
      return () => undefined
    },
  }
  const log = createLog({ level: 'warn', readable: false, destination })
  const failure = await openSharedDatabase(
    { url },
    {
      ...{ clock, log, stopped: stopping.promise, ...terms },
      opens: () => undefined,
      onProblem: () => undefined,
    },
  ).catch((error: unknown) => String(error))
  const said = String(destination.read() ?? '')
  return { failure, tries, said: said.match(/"msg":"[^"]*"/g) ?? [] }
}

test('a database that is not there is waited for half a minute, and no longer where it is asked to stop', async () => {
  const given = await opening(NOBODY_THERE, Infinity)
  expect(given).toEqual({
    failure: `DatabaseUnavailable: ${REFUSED}`,
    tries: 31,
    said: [`"msg":"${REFUSED}. It is tried again for 30 s."`],
  })
  expect(await opening(NOBODY_THERE, 2)).toMatchObject({ failure: given.failure, tries: 3 })
})

test('whoever can wait waits for it until it is there, and says so once', async () => {
  expect(await opening(NOBODY_THERE, 200, { awaitsDatabase: true })).toEqual({
    failure: `DatabaseUnavailable: ${REFUSED}`,
    tries: 201,
    said: [`"msg":"${REFUSED}. It is tried again until it is there."`],
  })
})

test('nobody waits for what does not come by itself', async () => {
  const url = new URL(await createDatabase())
  url.pathname = '/nowhere'
  for (const awaitsDatabase of [false, true])
    expect(await opening(url.href, Infinity, { awaitsDatabase })).toEqual({
      failure: 'DatabaseUnavailable: The database cannot be used now: there is no such database',
      tries: 1,
      said: [],
    })
})
