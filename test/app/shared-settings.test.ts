import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { settingsOfCommand, sharedSettings } from '../../src/app/shared-settings.ts'
import { readConfig } from '../../src/config/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-settings-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}
const of = (environment: Readonly<Record<string, string>>) =>
  sharedSettings(readConfig({ PUSH_API_KEY: 'k-1', ...environment }, folder))

/** Names of settings that the two have otherwise, or alone. */
const differing = (environment: Readonly<Record<string, string>>): readonly string[] => {
  const [plain, other] = [of({}), of(environment)]
  return [...new Set([...Object.keys(plain), ...Object.keys(other)])]
    .filter(name => plain[name] !== other[name])
    .toSorted()
}

const dataKey = () => randomBytes(32).toString('base64')
const connectors = (aliases: readonly string[]) =>
  JSON.stringify({ connectors: aliases.map(alias => ({ alias, apiKey: 'k-1' })) })

test.each([
  [{}, []],
  [{ PORT: '4001', LOG_LEVEL: 'debug', PUSHGRAPH_DRAIN_S: '5' }, []],
  [{ PUSHGRAPH_RETENTION_DAYS: '1' }, ['PUSHGRAPH_RETENTION_DAYS']],
  [{ PUSHGRAPH_MAX_AGE_S: '1' }, ['PUSHGRAPH_MAX_AGE_S']],
  // How long answers are kept goes by it.
  [{ PUSHGRAPH_STALE_S: '7200' }, ['PUSHGRAPH_KEEP_S', 'PUSHGRAPH_STALE_S']],
  [{ PUSHGRAPH_MUTATIONS: 'on' }, ['PUSHGRAPH_MUTATIONS']],
  [{ PUSHGRAPH_DATA_KEY_FILE: file('key', dataKey()) }, ['PUSHGRAPH_DATA_KEY_FILE']],
  [{ PUSH_API_KEY: 'k-2' }, ['connector default']],
  [{ PUSHGRAPH_RATE: '5' }, ['connector default']],
])('%j differs in %j', (environment, names) => {
  expect(differing(environment as Record<string, string>)).toEqual(names)
})

test('a command beside servers differs from them in what it goes by, too, and in nothing else', () => {
  const ofServer = of({
    ...{ PUSHGRAPH_MUTATIONS: 'on', PUSHGRAPH_PREFIX: 'Push' },
    PUSHGRAPH_RETENTION_DAYS: '1',
  })
  const ofCommand = settingsOfCommand(of({}))
  const names = Object.keys(ofCommand).filter(name => ofCommand[name] !== ofServer[name])
  expect(names).toEqual(['PUSHGRAPH_RETENTION_DAYS'])
})

test('other connectors are told, whatever their order, and nothing of their keys', () => {
  const [one, other, more] = [['a', 'b'], ['b', 'a'], ['a']].map(aliases =>
    sharedSettings(
      readConfig(
        { PUSHGRAPH_CONFIG: file(`${aliases.join('-')}.json`, connectors(aliases)) },
        folder,
      ),
    ),
  )
  expect(other).toEqual(one)
  expect(more?.['connectors']).not.toBe(one?.['connectors'])
  expect(more?.['connector a']).toBe(one?.['connector a'])
  expect(JSON.stringify(one)).not.toContain('k-1')
})
