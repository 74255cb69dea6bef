/** Listed documents as the server has them: checked at the start, and read again while it runs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
import { directoryForTest } from '../support/directory.ts'

const APPS = 'query Apps { apps(first: 1) { totalCount } }'
const PEOPLE = 'query People { employees(first: 1) { totalCount } }'

const appForTest = async (files: Readonly<Record<string, string>>) => {
  const directory = directoryForTest()
  const put = (name: string, text: string): void =>
    writeFileSync(join(directory, 'docs', name), text)
  mkdirSync(join(directory, 'docs'))
  for (const [name, text] of Object.entries(files)) put(name, text)
  const environment = {
    PORT: '0',
    PUSHGRAPH_DATA_DIR: join(directory, 'data'),
    PUSHGRAPH_DEMO_SCALE: '0.01',
    PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
    PUSHGRAPH_DEMO_LATENCY_MS: '1',
    PUSHGRAPH_DOCUMENTS: 'docs',
    PUSHGRAPH_DOCUMENTS_MODE: 'only',
  }
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ level: 'info', readable: false, destination })
  const read = () => readConfig(environment, directory)
  const app = await createApp(read(), log, systemClock, read)
  onTestFinished(() => app.stop(0))
  const url = `${await app.listen()}/graphql`
  const ask = async (body: object): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { errors } = (await response.json()) as {
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
    }
    return errors?.[0]?.extensions.code ?? 'ok'
  }
  const byHash = (text: string): Promise<string> =>
    ask({ documentId: createHash('sha256').update(text).digest('hex') })
  return { directory, put, app, ask, byHash, lines }
}

test('a server does not begin with documents that do not fit, and says all that is wrong', async () => {
  await expect(
    appForTest({ 'a.graphql': '{ nope }', 'b.graphql': '{\n  apps {', 'c.graphql': APPS }),
  ).rejects.toThrow(
    /PUSHGRAPH_DOCUMENTS: docs\/b\.graphql:2: [^]*PUSHGRAPH_DOCUMENTS: docs\/a\.graphql:1: Cannot query field "nope"/,
  )
})

test('documents are read again: those that have gone are served no more, not even from what was kept', async () => {
  const { directory, put, app, ask, byHash, lines } = await appForTest({ 'apps.graphql': APPS })
  for (let n = 0; n < 3; n += 1) {
    expect(await byHash(APPS)).toBe('ok')
    expect(await ask({ query: APPS })).toBe('ok')
  }
  expect(await ask({ query: PEOPLE })).toBe('QUERY_NOT_IN_SAFELIST')

  // A new version that cannot be used leaves the one before in force.
  put('people.graphql', 'query People { nope }')
  app.reload()
  expect(lines.join()).toContain('the ones before stay')
  expect(lines.join()).toContain('docs/people.graphql:1: Cannot query field')
  expect(await byHash(APPS)).toBe('ok')
  expect(await ask({ query: PEOPLE })).toBe('QUERY_NOT_IN_SAFELIST')

  put('people.graphql', PEOPLE)
  rmSync(join(directory, 'docs', 'apps.graphql'))
  app.reload()
  expect(lines.join()).toContain('Listed documents: 1 (only)')
  expect(await byHash(PEOPLE)).toBe('ok')
  expect(await ask({ query: PEOPLE })).toBe('ok')
  expect(await byHash(APPS)).toBe('PERSISTED_QUERY_NOT_FOUND')
  expect(await ask({ query: APPS })).toBe('QUERY_NOT_IN_SAFELIST')

  // By itself, too.
  put('apps.graphql', APPS)
  await expect.poll(() => byHash(APPS), { timeout: 30_000 }).toBe('ok')
})
