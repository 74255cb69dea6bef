import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema, Kind, parse, validate } from 'graphql'
import { afterAll, describe, expect, test } from 'vitest'
import { resolversWithMutations } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../../src/graphql/schema/schema.ts'
import { pageDataOf, textsOf } from '../../../src/http/pages/page-data.ts'
import { startToy } from '../../support/toy-server.ts'

const scratch = mkdtempSync(join(tmpdir(), 'pushgraph-graphiql-'))
writeFileSync(
  join(scratch, 'index.html'),
  '<!doctype html><title>Pushgraph</title><body><main></main></body>',
)
writeFileSync(
  join(scratch, 'questions.json'),
  JSON.stringify([
    { name: 'Q', title: 'Q?', section: 'S', query: 'query Q { employees { totalCount } }' },
  ]),
)
writeFileSync(join(scratch, 'secret.txt'), 's3cr3t')
mkdirSync(join(scratch, 'assets'))
writeFileSync(join(scratch, 'assets', 'index-abc.js'), 'let x = 1')

const tricky = '{ a(b: "</script><script>alert(1)</script>") }'
const pageData = { tabs: [{ query: tricky }], questions: [], linked: {} }
const toy = await startToy({ graphiqlDirectory: scratch, pageData })
afterAll(async () => {
  await toy.server.stop(1000)
  rmSync(scratch, { recursive: true, force: true })
})

test('the page may load nothing from another host', async () => {
  const response = await fetch(`${toy.url}/graphiql`)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
})

test('the page is given its tabs and questions as data, out of which nothing can break', async () => {
  for (const path of ['/graphiql', '/graphiql/']) {
    const text = await (await fetch(`${toy.url}${path}`)).text()
    const [, json = ''] =
      /<script type="application\/json" id="given">([^<]*)<\/script>/.exec(text) ?? []
    expect(JSON.parse(json)).toEqual({ ...pageData, asksCallers: false })
    expect(text.match(/<script/g)).toHaveLength(1)
  }
})

test('its files are served with their type and kept by the browser', async () => {
  const response = await fetch(`${toy.url}/graphiql/assets/index-abc.js`)
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(await response.text()).toBe('let x = 1')
})

test.each(['..%2fsecret.txt', '..%2F..%2F..%2Fetc%2Fpasswd', '..', '.', 'missing.js', '%00'])(
  'no name leads elsewhere: %s',
  async name => {
    const response = await fetch(`${toy.url}/graphiql/assets/${name}`)
    expect(response.ok && response.url.includes('assets')).toBe(false)
    expect(await response.text()).not.toContain('s3cr3t')
  },
)

test('where the page was never built, the answer is the command that builds it', async () => {
  const unbuilt = await startToy({ graphiqlDirectory: join(scratch, 'nowhere') })
  const response = await fetch(`${unbuilt.url}/graphiql`)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run prepare')
  await unbuilt.server.stop(1000)
})

describe('a default tab', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const schema = buildSchema(read('../../../src/generated/schema.graphql'))
  const names = readdirSync(new URL('../../../src/http/pages/graphiql/tabs', import.meta.url))
  const tabs = names.filter(name => name.endsWith('.graphql'))

  test('is one of seven, of which the last is a stream', () => {
    expect(tabs).toHaveLength(7)
    const streams = tabs.filter(name =>
      /^subscription\b/m.test(read(`../../../src/http/pages/graphiql/tabs/${name}`)),
    )
    expect(streams).toEqual(tabs.slice(-1))
  })

  test.each(tabs)('%s is valid, has a name, and begins with a question it answers', name => {
    const text = read(`../../../src/http/pages/graphiql/tabs/${name}`)
    const document = parse(text)
    expect(validate(schema, document)).toEqual([])
    expect(document.definitions).toHaveLength(1)
    const [operation] = document.definitions
    expect(operation?.kind === Kind.OPERATION_DEFINITION && operation.name?.value).toBeTruthy()
    expect(text.split('\n#\n')[0]).toMatch(/\?$/)
  })

  test('puts a detection away where mutations are served, and is a comment on that where not', () => {
    const triage = tabs.findIndex(name => name.endsWith('-triage.graphql'))
    expect(read(`../../../src/http/pages/graphiql/tabs/${tabs[triage] ?? ''}`)).toContain(
      '#+ mutation PutAway {',
    )
    const plain = pageDataOf(scratch, { naming: createNaming(), mutations: false })
    expect(plain.tabs[triage]?.query).toContain('#+ mutation PutAway {')
    for (const naming of [createNaming(), createNaming('Push')]) {
      const data = pageDataOf(scratch, { naming, mutations: true })
      const served = createExecutableSchema(resolversWithMutations, naming, { mutations: true })
      expect(textsOf(data)).toHaveLength(8)
      for (const text of textsOf(data)) expect(validate(served, parse(text))).toEqual([])
      const { query = '' } = data.tabs[triage] ?? {}
      expect(query).not.toContain('#+')
      expect(parse(query).definitions).toHaveLength(2)
      expect(query).toContain('revision\n')
    }
  })

  test('has questions where the page was built alone', () => {
    const terms = { naming: createNaming(), mutations: false }
    expect(pageDataOf(scratch, terms).questions.map(({ name }) => name)).toEqual(['Q'])
    expect(pageDataOf(join(scratch, 'nowhere'), terms).questions).toEqual([])
  })
})
