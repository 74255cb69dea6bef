import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { readDocuments } from '../../src/config/documents-files.ts'
import { directoryForTest } from '../support/directory.ts'

const TEXT = '{ apps { totalCount } }'

const inFile = (content: string) => {
  const directory = directoryForTest()
  const path = join(directory, 'manifest.json')
  writeFileSync(path, content)
  return readDocuments(path, directory)
}

describe('a manifest', () => {
  it.each([
    [
      'of Apollo',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: 'a1', name: 'Apps', type: 'query', body: TEXT }],
      },
    ],
    ['of Relay or Hive', { a1: TEXT }],
  ])('%s is read', (_, content) => {
    const { sources, problems } = inFile(JSON.stringify(content, null, 2))
    expect(problems).toEqual([])
    expect(sources).toMatchObject({ kind: 'manifest', entries: [{ id: 'a1', text: TEXT }] })
  })

  it('has the lines of its ids', () => {
    const { sources } = inFile(JSON.stringify({ a: TEXT, b: TEXT, 7: TEXT }, null, 2))
    expect(sources).toMatchObject({
      entries: [
        { id: '7', line: 2 },
        { id: 'a', line: 3 },
        { id: 'b', line: 4 },
      ],
    })
  })

  it.each([
    ['{ "a": ', /manifest\.json is neither JSON nor YAML at line 1/],
    ['[]', /must be a manifest of documents/],
    ['{}', /lists no document/],
    ['{"a": 1}', /a must be text/],
    ['{"": "{ a }"}', /must have ids of 1 to 1,000 letters/],
    ['{"format": "other", "version": 1, "operations": []}', /format must be apollo-persisted/],
    [
      '{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}',
      /version must be 1/,
    ],
    [
      '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}',
      /operations\[0\]\.body must be text/,
    ],
    [
      '{"format": "apollo-persisted-query-manifest", "version": 1,\n"operations": [\n{"id": "a", "body": "{ a }"},\n{"id": "a", "body": "{ b }"}]}',
      /manifest\.json:4: the id a is that of another document/,
    ],
  ])('that cannot be used is refused: %s', (content, why) => {
    expect(inFile(content).problems.join()).toMatch(why)
  })
})

describe('a manifest as large as may be', () => {
  const listing = (count: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`id${n}`, TEXT])))
  const ofBytes = (bytes: number): string => `{"a":"${' '.repeat(bytes - 8)}"}`

  it('is read, and one document more is refused', () => {
    expect(inFile(listing(10_000)).problems).toEqual([])
    expect(inFile(listing(10_001)).problems.join()).toContain('more than the 10000 documents')
  })

  it('is read, and one byte more is refused', () => {
    expect(inFile(ofBytes(33_554_432)).problems).toEqual([])
    expect(inFile(ofBytes(33_554_433)).problems.join()).toContain('more than the 33554432 bytes')
  })
})

describe('a folder', () => {
  it('is read with all folders in it, in the order of names; each of these is watched', () => {
    const directory = directoryForTest()
    mkdirSync(join(directory, 'docs/b'), { recursive: true })
    for (const name of ['c.graphql', 'a.gql', 'b/x.GRAPHQL', 'notes.md', '.hidden.graphql'])
      writeFileSync(join(directory, 'docs', name), TEXT)
    const { sources, files, problems } = readDocuments(join(directory, 'docs'), directory)
    expect(problems).toEqual([])
    expect(sources?.kind === 'folder' && sources.files.map(({ path }) => path)).toEqual([
      'docs/a.gql',
      'docs/b/x.GRAPHQL',
      'docs/c.graphql',
    ])
    expect(files.map(file => file.slice(directory.length + 1)).sort()).toEqual([
      'docs',
      'docs/a.gql',
      'docs/b',
      'docs/b/x.GRAPHQL',
      'docs/c.graphql',
    ])
  })

  it('is read once as Kubernetes mounts it, and where a link leads back into it', () => {
    const directory = directoryForTest()
    mkdirSync(join(directory, '..2026'))
    writeFileSync(join(directory, '..2026', 'a.graphql'), TEXT)
    symlinkSync('..2026', join(directory, '..data'))
    symlinkSync(join('..data', 'a.graphql'), join(directory, 'a.graphql'))
    symlinkSync('.', join(directory, 'again'))
    const { sources, problems } = readDocuments(directory, '/')
    expect(problems).toEqual([])
    expect(sources).toMatchObject({ files: [{ text: TEXT }] })
  })

  it('is read with a file that is as large as one may be', () => {
    const path = directoryForTest()
    writeFileSync(join(path, 'a.graphql'), ' '.repeat(1_048_576))
    expect(readDocuments(path, '/').problems).toEqual([])
  })

  it.each([
    [() => undefined, /has no \.graphql file/],
    [
      (path: string) => symlinkSync('gone', join(path, 'a.graphql')),
      /a\.graphql cannot be read \(ENOENT\)/,
    ],
    [
      (path: string) => writeFileSync(join(path, 'a.graphql'), ' '.repeat(1_048_577)),
      /more than the 1048576 bytes/,
    ],
    [(path: string) => renameSync(path, `${path}-gone`), /cannot be read \(ENOENT\)/],
  ])('that cannot be used is refused (%#)', (change, why) => {
    const path = join(directoryForTest(), 'docs')
    mkdirSync(path)
    change(path)
    expect(readDocuments(path, '/').problems.join()).toMatch(why)
  })
})

it('is told of with all else that is wrong with the settings', () => {
  const directory = directoryForTest()
  const read = (env: Readonly<Record<string, string>>) => () => readConfig(env, directory)
  expect(read({ PUSHGRAPH_DOCUMENTS: 'nowhere', PORT: 'x' })).toThrow(
    /PORT must[^]*PUSHGRAPH_DOCUMENTS: nowhere cannot be read \(ENOENT\)/,
  )
  expect(read({ PUSHGRAPH_DOCUMENTS_MODE: 'only' })).toThrow(/PUSHGRAPH_DOCUMENTS is needed/)
  expect(read({ PUSHGRAPH_DOCUMENTS_MODE: 'some' })).toThrow(/one of allow, prefer, only/)
  expect(readConfig({ PUSHGRAPH_DOCUMENTS_MODE: 'prefer' }, directory).warnings).toEqual([
    expect.stringContaining('has no effect without PUSHGRAPH_DOCUMENTS'),
  ])
  expect(readConfig({}, directory).documents).toEqual({ mode: 'prefer', sources: undefined })
})
