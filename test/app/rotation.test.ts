import { createHash } from 'node:crypto'
import { renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConnectorChanges } from '../../src/app/connector-changes.ts'
import { type Replaceable, replaceBy } from '../../src/app/serving/replace.ts'
import { createRotation } from '../../src/app/rotation.ts'
import { readConfig } from '../../src/config/config.ts'
import type { AuthSettings, TokenEntry } from '../../src/model/callers.ts'
import { directoryForTest } from '../support/directory.ts'

const file = (...aliases: readonly string[]): string =>
  `connectors:\n${aliases.map(alias => `  - { alias: ${alias}, apiKey: s3cr3t-of-${alias} }\n`).join('')}`

const noSinks = { newSinks: [], goneSinks: [], otherSinks: [] }

const unchanged: ConnectorChanges = {
  added: [],
  removed: [],
  replaced: [],
  limited: [],
  secrets: [],
}

const noDocuments: Replaceable['documents'] = {
  read: () => {
    throw new Error('nothing is listed')
  },
  replace: () => undefined,
  settings: { mode: 'prefer', sources: undefined },
}

/** A rotation over a file, the aliases that it handed on each time, and the lines of its log. */
const rotationForTest = (changes: Partial<ConnectorChanges> = {}) => {
  const directory = directoryForTest()
  const path = join(directory, 'connectors.yaml')
  const write = (content: string): void => {
    writeFileSync(path, content)
  }
  write(file('acme'))
  const readAgain = () => readConfig({ PUSHGRAPH_CONFIG: path }, directory)
  const lines: string[] = []
  const taken: string[] = []
  const say = (level: string) => (message: unknown) => lines.push(`${level} ${String(message)}`)
  const rotation = createRotation({
    readAgain,
    files: readAgain().files,
    replace: ({ connectors }) => {
      taken.push(connectors.map(({ alias }) => alias).join())
      return { ...unchanged, ...changes }
    },
    log: { info: say('info'), error: say('error') } as never,
  })
  onTestFinished(rotation.end)
  return { directory, path, write, rotation, lines, taken }
}

describe('settings that are read again', () => {
  it('are handed on as a whole, and the log says what that changed', () => {
    const { write, rotation, lines, taken } = rotationForTest({
      added: ['globex'],
      removed: ['initech', 'hooli'],
      replaced: ['umbrella'],
      limited: ['acme'],
      secrets: ['acme', 'wonka'],
    })
    write(file('acme', 'globex'))
    rotation.reload()
    expect(taken).toEqual(['acme,globex'])
    expect(lines).toEqual([
      'info The settings were read again. Added: globex. Removed: initech, hooli. Begun anew, at another address or with another key: umbrella. With other limits: acme. With other webhook secrets: acme, wonka.',
    ])
  })

  it('are said to be what they were where nothing changed', () => {
    const { rotation, lines } = rotationForTest()
    rotation.reload()
    expect(lines).toEqual(['info The settings were read again. The connectors are what they were.'])
  })

  it.each([
    ['no YAML', 'connectors: ['],
    ['empty', ''],
    ['without a key', 'connectors: [{ alias: acme }]'],
    ['right but for its last connector', file('acme', 'globex', 'Not-An-Alias')],
    ['with a secret that YAML takes for an alias', 'connectors: [{ alias: a, apiKey: *s3cr3t }]'],
  ])(
    'stay as they were where the file is %s, and the log says why without a value, once',
    (_, content) => {
      const { write, rotation, lines, taken } = rotationForTest()
      write(content)
      for (let n = 0; n < 3; n += 1) rotation.reload()
      expect(taken).toEqual([])
      expect(lines).toEqual([
        expect.stringMatching(/^error .* the ones before stay\..*PUSHGRAPH_CONFIG/s),
      ])
      expect(lines.join()).not.toMatch(/s3cr3t/)

      // Another mistake is news, and so is the same one after it was mended.
      write(file('a', 'a'))
      rotation.reload()
      write(file('acme'))
      rotation.reload()
      write(content)
      rotation.reload()
      expect(lines.map(line => line.split(' ')[0])).toEqual(['error', 'error', 'info', 'error'])
    },
  )

  it('stay where no connector is left', () => {
    const { directory, taken } = rotationForTest()
    const lines: string[] = []
    const say = (message: unknown) => lines.push(String(message))
    createRotation({
      readAgain: () => readConfig({}, directory),
      files: [],
      replace: replaceBy({
        connectors: ({ length }) => {
          taken.push(String(length))
          return unchanged
        },
        sinks: () => noSinks,
        authentication: undefined,
        auth: undefined,
        documents: noDocuments,
      }),
      log: { info: say, error: say } as never,
    }).reload()
    expect([taken, lines]).toEqual([[], [expect.stringMatching(/No connector is left/)]])
  })

  it('stay where the reading itself fails, which is not quoted', () => {
    const lines: string[] = []
    const say = (message: unknown) => lines.push(String(message))
    const rotation = createRotation({
      readAgain: () => {
        throw new TypeError('s3cr3t')
      },
      files: [],
      replace: () => unchanged,
      log: { info: say, error: say } as never,
    })
    rotation.reload()
    expect(lines).toEqual([
      'The settings were read again and cannot be used; the ones before stay. (TypeError)',
    ])
  })
})

describe('a watched file', () => {
  it('is read once it has changed, and once for each change', async () => {
    const { path, write, rotation, taken } = rotationForTest()
    rotation.watch()
    write(file('acme', 'b'))
    await expect.poll(() => taken).toEqual(['acme,b'])
    writeFileSync(`${path}.new`, file('acme', 'c'))
    renameSync(`${path}.new`, path)
    await expect.poll(() => taken).toEqual(['acme,b', 'acme,c'])
    // The same content at another time is read too, and changes nothing.
    utimesSync(path, 1, 1)
    await expect.poll(() => taken.length).toBe(3)
    expect(taken.at(-1)).toBe('acme,c')
  })

  it('is read where it changed between its first reading and the watch', async () => {
    const { write, rotation, taken } = rotationForTest()
    write(file('acme', 'meanwhile'))
    expect(taken).toEqual([])
    rotation.watch()
    await expect.poll(() => taken).toEqual(['acme,meanwhile'])
  })

  it('is another one where the settings name another', async () => {
    const directory = directoryForTest()
    const write = (name: string, content: string): void => {
      writeFileSync(join(directory, name), content)
    }
    write('one.yaml', file('one'))
    write('two.yaml', file('two'))
    write('.env', 'PUSHGRAPH_CONFIG=one.yaml')
    const taken: string[] = []
    const log = { info: () => undefined, error: () => undefined } as never
    const readAgain = () => readConfig({}, directory)
    const { files } = readAgain()
    const rotation = createRotation({
      readAgain,
      files,
      replace: ({ connectors }) => {
        taken.push(connectors.map(({ alias }) => alias).join())
        return unchanged
      },
      log,
    })
    onTestFinished(rotation.end)
    rotation.watch()
    write('.env', 'PUSHGRAPH_CONFIG=two.yaml')
    await expect.poll(() => taken).toEqual(['two'])
    write('two.yaml', file('two', 'three'))
    await expect.poll(() => taken).toEqual(['two', 'two,three'])
  })
})

describe('what takes the place of what was there', () => {
  const token = (name: string, scopes: readonly 'read'[] = ['read']): TokenEntry => ({
    name,
    sha256: createHash('sha256').update(name).digest('hex'),
    scopes,
    connectors: undefined,
    expiresAt: undefined,
  })
  const settings = (...tokens: readonly TokenEntry[]): AuthSettings => ({
    tokens,
    issuers: undefined,
  })
  const rest = { connectors: [], sinks: [], files: [], documents: noDocuments.settings }

  it('names tokens that came, went, or have other rights, of the demo tenant too', () => {
    const given: AuthSettings[] = []
    const replace = replaceBy({
      connectors: undefined,
      sinks: () => noSinks,
      authentication: { replace: next => given.push(next) },
      auth: settings(token('a'), token('b'), token('c')),
      documents: noDocuments,
    })
    const next = settings(token('b'), token('c', []), token('d'))
    expect(replace({ ...rest, auth: next })).toEqual({
      ...noSinks,
      newTokens: ['d'],
      goneTokens: ['a'],
      otherTokens: ['c'],
      documents: [],
    })
    expect(given).toEqual([next])
    expect(replace({ ...rest, auth: next })).toMatchObject({ newTokens: [], otherTokens: [] })
  })

  it.each([
    [undefined, settings()],
    [settings(), undefined],
  ])('does not begin or cease to ask callers who they are', (before, after) => {
    const replace = replaceBy({
      connectors: () => unchanged,
      sinks: () => noSinks,
      authentication: before && { replace: () => undefined },
      auth: before,
      documents: noDocuments,
    })
    expect(() => replace({ ...rest, auth: after })).toThrow(/by a restart alone/)
  })
})
