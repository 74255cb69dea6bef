import { createHash } from 'node:crypto'
import { buildSchema } from 'graphql'
import { describe, expect, it, test } from 'vitest'
import { createReadText } from '../../../src/graphql/analysis/document-size.ts'
import { createCheckDocuments } from '../../../src/graphql/documents/check-documents.ts'
import { bareId, ListedDocuments } from '../../../src/graphql/documents/listed-documents.ts'
import type { DocumentSources } from '../../../src/model/documents.ts'

const schema = buildSchema('type Query { app(id: ID): App } type App { id: ID name: String }')
const checker = (introspection = true, maxTokens = 1_000) =>
  createCheckDocuments({ schema, introspection, readText: createReadText({ maxTokens }) })
const check = checker()

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const folder = (files: Readonly<Record<string, string>>): DocumentSources => ({
  kind: 'folder',
  path: 'documents',
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
})
const manifest = (...texts: readonly string[]): DocumentSources => ({
  kind: 'manifest',
  path: 'manifest.json',
  entries: texts.map((text, index) => ({ id: `id${index}`, text, line: index + 2 })),
})

describe('a folder', () => {
  it('lists a file of one operation under the hash of the file, and of the text that tools print', () => {
    const text = '# The app\nquery App { app { id, ...F } }\nfragment F on App { name }\n'
    const printed =
      'query App {\n  app {\n    id\n    ...F\n  }\n}\n\nfragment F on App {\n  name\n}'
    const { documents, problems } = check(folder({ 'a.graphql': text }))
    expect(problems).toEqual([])
    expect(documents).toEqual([
      {
        ids: [sha256(text), sha256(text.trim()), sha256(printed)],
        text,
        at: 'a.graphql:1',
        says: 'query App',
      },
    ])
  })

  it('lists each operation of a file, with the fragments that it uses alone, and the whole', () => {
    const text =
      'query A { app { ...F } }\nfragment F on App { id }\nquery B { app { ...G } }\nfragment G on App { name }'
    const { documents, problems } = check(folder({ 'ab.graphql': text }))
    expect(problems).toEqual([])
    expect(documents.map(({ at, says }) => [at, says])).toEqual([
      ['ab.graphql:1', 'query A, query B'],
      ['ab.graphql:1', 'query A'],
      ['ab.graphql:3', 'query B'],
    ])
    expect(documents[0]?.ids[0]).toBe(sha256(text))
    const alone = 'query B {\n  app {\n    ...G\n  }\n}\n\nfragment G on App {\n  name\n}'
    expect(documents[2]).toMatchObject({ text: alone, ids: [sha256(alone)] })
  })

  it('lets files share fragments, which may need others', () => {
    const { documents, problems } = check(
      folder({
        'a.graphql': 'query A { app { ...F } }',
        'b.graphql': 'query B { app { ...F } }',
        'f.graphql': 'fragment F on App { ...G }',
        'g.graphql': 'fragment G on App { name } fragment Unused on App { id }',
      }),
    )
    expect(problems).toEqual([])
    expect(documents.map(({ says }) => says)).toEqual(['query A', 'query B'])
    for (const { text } of documents) expect(text).toMatch(/fragment F on[^]*fragment G on/)
    expect(documents[0]?.text).not.toContain('Unused')
  })

  it('has each file use its own fragment where several have one of that name', () => {
    const own = (field: string) => `query { app { ...F } } fragment F on App { ${field} }`
    const { documents, problems } = check(
      folder({ 'a.graphql': own('id'), 'b.graphql': own('name') }),
    )
    expect(problems).toEqual([])
    expect(documents.map(({ text }) => text)).toEqual([own('id'), own('name')])
  })

  it('tells all that is wrong with it, each thing once, with its file and line', () => {
    const { problems } = check(
      folder({
        'a.graphql': '\nquery A { app { ...F } }\nquery A2 { app { nope } }',
        'b.graphql': 'query B { app { ...F } }',
        'broken.graphql': 'query C {\n  app {\n',
        'f.graphql': '\n\nfragment F on App { gone }',
        'g.graphql': 'fragment Same on App { id }',
        'h.graphql': 'fragment Same on App { name }',
        'i.graphql': '\n\n\nquery { app { ...Same } }',
        'j.graphql': 'type App { id: ID }',
        'k.graphql': 'query Unused($id: ID) { app { id } }',
        'l.graphql': 'query Missing { app { ...Nowhere } }',
        'm.graphql': '# Nothing',
      }),
    )
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^a\.graphql:3: Cannot query field "nope"/),
        expect.stringMatching(/^broken\.graphql:3: Syntax Error/),
        expect.stringMatching(/^f\.graphql:3: Cannot query field "gone"/),
        expect.stringMatching(
          /^i\.graphql:4: The fragment Same stands in several files: g\.graphql, h\.graphql/,
        ),
        expect.stringMatching(/^j\.graphql:1: The "App" definition is not executable/),
        expect.stringMatching(/^k\.graphql:1: Variable "\$id" is never used/),
        expect.stringMatching(/^l\.graphql:1: Unknown fragment "Nowhere"/),
        expect.stringMatching(/^m\.graphql:1: Syntax Error/),
      ]),
    )
    expect(problems).toHaveLength(8)
  })
})

describe('a manifest', () => {
  it('lists each entry under its id, and the hash of its text', () => {
    const text = 'query A { app { id } }'
    const { documents, problems } = check(manifest(text))
    expect(problems).toEqual([])
    const listed = new ListedDocuments(documents)
    expect(listed.byId('id0')).toBe(text)
    expect(listed.byId(sha256(text))).toBe(text)
    expect(listed.byId('id1')).toBeUndefined()
  })

  it('tells of each entry that does not fit, where it stands', () => {
    const { problems } = check(
      manifest(
        'query A { app { id } }',
        'query {\n app {\n  nope\n } }',
        'query {',
        '{ app { ...F } }',
      ),
    )
    expect(problems).toEqual([
      expect.stringMatching(
        /^manifest\.json:3: id1, line 3 of its text: Cannot query field "nope"/,
      ),
      expect.stringMatching(/^manifest\.json:4: id2: Syntax Error/),
      expect.stringMatching(/^manifest\.json:5: id3: Unknown fragment "F"/),
    ])
  })
})

test('what no caller could ask is told, too', () => {
  expect(checker(false)(manifest('{ __schema { queryType { name } } }')).problems).toEqual([
    expect.stringContaining('PUSHGRAPH_INTROSPECTION is off'),
  ])
  const fields = (count: number) => `{ app { ${'id '.repeat(count)} } }`
  expect(checker(true, 20)(manifest(fields(15))).problems).toEqual([])
  expect(checker(true, 20)(folder({ 'a.graphql': fields(16) })).problems).toEqual([
    expect.stringMatching(/^a\.graphql:1: .*PUSHGRAPH_MAX_TOKENS/),
  ])
})

test('what fitted before and is unchanged still fits, what changed is looked at again', () => {
  const again = checker()
  const files = { 'a.graphql': 'query A { app { ...F } }', 'f.graphql': 'fragment F on App { id }' }
  expect(again(folder(files)).problems).toEqual([])
  expect(again(folder(files)).problems).toEqual([])
  expect(again(folder({ ...files, 'f.graphql': 'fragment F on App { nope }' })).problems).toEqual([
    expect.stringContaining('f.graphql:1: Cannot query field "nope"'),
  ])
  expect(again(manifest('{ app { id } }', '{ app { id } }')).problems).toEqual([])
})

describe('a text', () => {
  const listed = new ListedDocuments([{ ids: [], text: 'query A { app { id, name } }' }])

  it.each([
    ['query A { app { id, name } }', true],
    ['  query A{app{id name}}  # the app', true],
    ['query A { app { id } }', false],
    ['query A { app { id, name } } query B { app { id } }', false],
    ['query B { app { id, name } }', false],
    ['query A { app { id, name "} }', false],
    ['', false],
  ])('%s is a listed one: %s', (text, is) => {
    expect(listed.has(text)).toBe(is)
  })

  it('that is far longer than any is not even read', () => {
    expect(listed.has(`query A { app { id, name } }${' '.repeat(28 * 3)}`)).toBe(true)
    expect(listed.has(`query A { app { id, name } }${' '.repeat(28 * 3 + 1)}`)).toBe(false)
  })
})

test('ids are understood as clients write them', () => {
  const hash = sha256('x')
  for (const id of [hash, hash.toUpperCase(), `sha256:${hash}`, `app~1.2.3~${hash}`])
    expect(bareId(id)).toBe(hash)
  for (const id of ['5d41402abc4b2a76b9719d911017c592', 'a~b', 'a~b~', 'a~b~c~d', 'Apps'])
    expect(bareId(id)).toBe(id)
})
