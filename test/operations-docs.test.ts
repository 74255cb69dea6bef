/** What docs/operations.md and docs/security.md show is taken, and what they name is there. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import { readJwtIssuers } from '../src/config/jwt-issuers.ts'
import { directoryForTest } from './support/directory.ts'

const root = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const operations = read('docs/operations.md')
const examples = (language: string): string[] =>
  [...operations.matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map(
    ([, body = '']) => body,
  )
const settingsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map(line => line.split('=', 2) as [string, string]),
  )

test('the two identity providers and the settings beside them are taken', () => {
  const directory = directoryForTest()
  const issuers = examples('yaml').find(example => example.includes('jwksUrl')) ?? ''
  writeFileSync(join(directory, 'jwt.yaml'), issuers)
  writeFileSync(join(directory, 'tokens.yaml'), '[]')
  const found = readJwtIssuers({}, join(directory, 'jwt.yaml'))
  expect(found.problems).toEqual([])
  expect(found.issuers?.map(({ connectorsClaim }) => connectorsClaim)).toEqual([
    'extn.pushgraphConnectors',
    'pushgraph_connectors',
  ])
  const [proxy, auth] = examples('sh').filter(example => example.startsWith('PUSHGRAPH_'))
  const environment = { ...settingsOf(proxy ?? ''), ...settingsOf(auth ?? '') }
  const config = readConfig(
    { ...environment, HOST: '0.0.0.0', PUSHGRAPH_DATA_DIR: directory },
    directory,
  )
  expect(config.hosts).toContain('pushgraph.example.com')
  expect(config.auth).toMatchObject({ tokens: [], issuers: found.issuers })
})

test('the parts of settings of Envoy and Prometheus can be read', () => {
  for (const example of examples('yaml')) expect(parse(example)).toBeTypeOf('object')
})

test('each alert is among what is to be done', () => {
  const alerts = [...read('examples/alerts/pushgraph.yaml').matchAll(/alert: (\w+)/g)].map(
    ([, name]) => name,
  )
  const [, table = ''] = operations.split('## What to do when')
  expect(alerts.length).toBeGreaterThan(10)
  for (const name of alerts) expect(table).toContain(`\`${name}\``)
  for (const [name] of table.matchAll(/Pushgraph[A-Z]\w+/g)) expect(alerts).toContain(name)
})

test('every setting that they name is one', () => {
  const variables = read('src/config/variables.ts')
  for (const [name] of (operations + read('docs/security.md')).matchAll(/PUSHGRAPH_[A-Z_]*[A-Z]/g))
    expect(variables).toContain(`  ${name}:`)
})

test('the event file is copied while it is in use', () => {
  const directory = directoryForTest()
  const path = join(directory, 'events.db')
  const used = new DatabaseSync(path)
  used.exec('PRAGMA journal_mode = WAL; CREATE TABLE event (id); INSERT INTO event VALUES (1)')
  const script = (examples('sh').find(example => example.startsWith('node -e')) ?? '')
    .replace('data/events.db', path)
    .replace(/^node/, `'${process.execPath}'`)
  execFileSync('/bin/sh', ['-c', script], { cwd: directory })
  const copy = new DatabaseSync(join(directory, 'events-backup.db'))
  expect(copy.prepare('SELECT id FROM event').all()).toEqual([{ id: 1 }])
  copy.close()
  used.close()
})

test('each promise is shown by tests that there are', () => {
  const [, promises = ''] = read('docs/security.md').split('## What is promised')
  const [table = ''] = promises.split('\n## ')
  const rows = table
    .split('\n')
    .filter(line => line.startsWith('| ') && !/^\| (promise|-)/.test(line))
  expect(rows.length).toBeGreaterThan(12)
  for (const row of rows) {
    const tests = [...row.matchAll(/\]\(\.\.\/(test\/[^)]+\.test\.ts)\)/g)].map(
      ([, path = '']) => path,
    )
    expect([row, tests.length]).not.toEqual([row, 0])
    for (const path of tests) expect(read(path)).toMatch(/\btest(\.each)?\(|\bit\(/)
  }
})
