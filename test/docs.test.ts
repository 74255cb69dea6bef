/** What the README and docs/ show runs as it stands, and what they list is all there is. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildASTSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readJwtIssuers } from '../src/config/jwt-issuers.ts'
import { readTokensFile } from '../src/config/tokens-file.ts'
import { readConnectorsFile } from '../src/config/connectors-file.ts'
import { readDocuments } from '../src/config/documents-files.ts'
import { createReadText } from '../src/graphql/analysis/document-size.ts'
import { createCheckDocuments } from '../src/graphql/documents/check-documents.ts'
import { loadTypeDefs } from '../src/graphql/schema/schema.ts'
import { directoryForTest } from './support/directory.ts'
import { commandFile, serveProduct, type Serving, startProduct } from './support/product.ts'

const root = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', root)).map(name => `docs/${name}`),
].filter(path => path.endsWith('.md'))

/** The fenced examples of a page in one language. */
const examples = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map(
    ([, body]) => body ?? '',
  )

const operations = pages.flatMap(page =>
  examples(page, 'graphql').map((body, index) => ({ page, number: index + 1, body })),
)

describe('the examples', () => {
  let product: Serving
  const stream = (query: string, { signal }: AbortController): Promise<Response> =>
    fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal,
    })
  beforeAll(async () => {
    product = await serveProduct({
      environment: {
        PUSHGRAPH_DEMO_SCALE: '0.1',
        PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
        PUSHGRAPH_DEMO_LATENCY_MS: '1',
        PUSHGRAPH_MUTATIONS: 'on',
        LOG_LEVEL: 'warn',
      },
    })
    // The examples read stored events: the tenant's first login is one.
    const leave = new AbortController()
    const response = await stream(
      'subscription { events(filter: { object: { eq: "LOGIN" } }, since: "2000-01-01T00:00:00Z") { id } }',
      leave,
    )
    const decoder = new TextDecoder()
    let seen = ''
    for await (const chunk of response.body ?? []) {
      seen += decoder.decode(chunk, { stream: true })
      if (seen.includes('"events":{')) break
    }
    leave.abort()
    expect(seen).toContain('"events":{')
  })
  afterAll(async () => {
    product.kill('SIGTERM')
    await product.ended
  })

  const streams = operations.filter(({ body }) => body.startsWith('subscription'))
  const changes = operations.filter(({ body }) => body.startsWith('mutation'))
  // What has changed is asked where something has: in history-docs.test.ts.
  const answered = operations.filter(
    ({ page, body }) => !/^(subscription|mutation)/.test(body) && page !== 'docs/history.md',
  )

  test.each(streams)('example $number of $page opens a stream', async ({ body }) => {
    const leave = new AbortController()
    const response = await stream(body, leave)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    leave.abort()
  })

  test('a subscription without a stream is told how to get one', async () => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: streams[0]?.body }),
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('text/event-stream')
  })

  test.each(answered)('example $number of $page answers without an error', async ({ body }) => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: body }),
    })
    const answer = (await response.json()) as { data: unknown; errors?: unknown }
    expect(answer.errors).toBeUndefined()
    expect(JSON.stringify(answer.data)).not.toContain('"nodes":[]')
  })

  test.each(changes)('example $number of $page changes what it says', async ({ body }) => {
    const ask = async (query: string) => {
      const response = await fetch(`${product.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as {
        data: Readonly<Record<string, { readonly nodes: readonly { readonly id: string }[] }>>
        errors?: unknown
      }
    }
    const list = { updateDetection: 'detections', updateApp: 'apps', deleteAccount: 'accounts' }
    const [name] = /(?<=\{\s*)\w+(?=\()/.exec(body) ?? []
    const collection = list[name as keyof typeof list]
    const { data } = await ask(`{ ${collection}(first: 1) { nodes { id } } }`)
    const id = data[collection]?.nodes[0]?.id ?? ''
    const answer = await ask(body.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, id))
    expect(answer.errors).toBeUndefined()
    // What was changed is shown; nobody is the owner any more.
    const [changed] = Object.values(answer.data[name ?? ''] ?? {}).filter(value => value !== null)
    expect(changed).toBeDefined()
  })

  test('the estimate of a plan is what docs/limits.md shows', async () => {
    const shown = examples('docs/limits.md', 'json')
      .map(text => JSON.parse(text) as Record<string, { readonly max?: number }>)
      .find(example => 'price' in example)
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pushgraph-plan': 'only' },
      body: JSON.stringify({ query: '{ apps { nodes { id name } } }' }),
    })
    expect(await response.json()).toMatchObject({
      extensions: {
        pushgraph: {
          plan: {
            estimate: {
              requests: expect.any(Number),
              ms: expect.any(Number),
              price: { value: expect.any(Number), max: shown?.['price']?.max },
              bytes: { value: expect.any(Number), max: shown?.['bytes']?.max },
            },
          },
        },
      },
    })
  })

  test("the README's curl command gets an answer", async () => {
    const body = /-d '(.*)'/.exec(read('README.md'))?.[1] ?? ''
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const answer = (await response.json()) as { data: { apps: { totalCount: number } } }
    expect(answer.data.apps.totalCount).toBeGreaterThan(0)
  })
})

test('the file that docs/connectors.md shows can be read, with every member that it explains', () => {
  const [example = ''] = examples('docs/connectors.md', 'yaml')
  const [table = ''] = /\| member[\s\S]*?\n\n/.exec(read('docs/connectors.md')) ?? []
  const members = [...table.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, names = '']) =>
    names.split(', ').map(name => name.replaceAll('`', '')),
  )
  expect(members.length).toBeGreaterThan(5)
  const problemsOf = (content: string): readonly string[] => {
    const path = join(directoryForTest(), 'connectors.yaml')
    writeFileSync(path, content)
    return readConnectorsFile(path).problems
  }
  expect(problemsOf(example)).toEqual([])
  const all = JSON.stringify({ connectors: [Object.fromEntries(members.map(name => [name, {}]))] })
  expect(problemsOf(all).join()).not.toContain('unknown members')
})

test('the files that docs/auth.md shows can be read', () => {
  const directory = directoryForTest()
  const [tokens = '', issuers = ''] = examples('docs/auth.md', 'yaml')
  const write = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content)
    return join(directory, name)
  }
  const read = readTokensFile(write('tokens.yaml', tokens), new Set(['acme']))
  expect(read).toMatchObject({
    tokens: [{ name: 'dashboards' }, { name: 'prometheus' }],
    problems: [],
  })
  const { problems, issuers: found } = readJwtIssuers({}, write('jwt.yaml', issuers))
  expect(problems).toEqual([])
  expect(found).toHaveLength(2)
})

test('the manifests that docs/documents.md shows can be read, and fit the schema', () => {
  const check = createCheckDocuments({
    schema: buildASTSchema(loadTypeDefs()),
    introspection: true,
    readText: createReadText({ maxTokens: 20_000 }),
  })
  const manifests = examples('docs/documents.md', 'json')
  expect(manifests).toHaveLength(2)
  for (const manifest of manifests) {
    const directory = directoryForTest()
    writeFileSync(join(directory, 'manifest.json'), manifest)
    const { sources, problems } = readDocuments(join(directory, 'manifest.json'), directory)
    expect(problems).toEqual([])
    expect(sources && check(sources)).toMatchObject({
      documents: [{ ids: ['8a8b6d0a7e8a4a0f1f4c4f2c8e8b1c9d'], says: 'query AppCount' }],
      problems: [],
    })
  }
})

test('a document is listed and asked for as docs/documents.md says', async () => {
  const [serve = '', check = '', ask = ''] = examples('docs/documents.md', 'sh')
  const [document = ''] = examples('docs/documents.md', 'graphql')
  const environment = Object.fromEntries(
    [...serve.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const directory = directoryForTest()
  mkdirSync(join(directory, 'documents'))
  writeFileSync(join(directory, 'documents', 'app-count.graphql'), document)
  const run = async (script: string): Promise<string> =>
    (await promisify(execFile)('/bin/sh', ['-c', script], { cwd: directory })).stdout
  const checked = await run(
    check.replace('npm run pushgraph --', `'${process.execPath}' '${commandFile}'`),
  )
  const hash = checked.slice(0, 64)
  expect(hash).toBe((await run('sha256sum documents/app-count.graphql')).slice(0, 64))

  const server = await serveProduct({
    environment: {
      ...environment,
      PUSHGRAPH_DOCUMENTS: join(directory, 'documents'),
      PUSHGRAPH_DEMO_SCALE: '0.02',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  const answers = await run(
    ask.replaceAll('http://127.0.0.1:4000', server.url).replaceAll('HASH', hash),
  )
  expect(answers.match(/"totalCount":\d+/g)).toHaveLength(3)
})

test('a webhook can be tried out as docs/webhooks.md says', async () => {
  const [api, serve = '', send = '', ask = ''] = examples('docs/webhooks.md', 'sh')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const [, command = ''] = /^npm run (\S+)\n$/.exec(api ?? '') ?? []
  expect(scripts[command]).toBe('node src/main.ts demo')
  const standIn = startProduct(['demo', '--port', '0'])
  onTestFinished(async () => {
    standIn.kill('SIGTERM')
    await standIn.ended
  })
  await expect.poll(standIn.output).toContain('Ctrl-C')

  expect(serve).toMatch(/ npm start\n$/)
  const environment = Object.fromEntries(
    [...serve.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const url = /PUSH_API_URL=(\S+)/.exec(standIn.output())?.[1] ?? ''
  expect(environment['PUSH_API_URL']).toBe(url.replace(/:\d+\//, ':4001/'))
  expect(standIn.output()).toContain(`PUSH_API_KEY=${environment['PUSH_API_KEY']}\n`)
  const server = await serveProduct({ environment: { ...environment, PUSH_API_URL: url } })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })

  expect(send).toContain('npm run -s pushgraph -- ')
  const script = send
    .replace('npm run -s pushgraph --', `'${process.execPath}' '${commandFile}'`)
    .replace('http://127.0.0.1:4000', server.url)
  const sendIt = async () =>
    (await promisify(execFile)('/bin/sh', ['-c', script], { cwd: directoryForTest() })).stdout
  expect(await sendIt()).toBe('200 {"status":"stored"}\n')
  expect(await sendIt()).toBe('200 {"status":"known"}\n')

  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: /-d '(.*)'/.exec(ask)?.[1] ?? '',
  })
  expect(await response.json()).toMatchObject({
    data: { events: { nodes: [{ id: 'try-1', object: 'LOGIN', email: 'ada@example.com' }] } },
  })
})

test('every example fits the schema', () => {
  const schema = buildASTSchema(loadTypeDefs({ mutations: true }))
  expect(operations.length).toBeGreaterThan(5)
  for (const { body } of operations) expect(validate(schema, parse(body))).toEqual([])
})

test('every setting is in the README and in .env.example', () => {
  const names = [...read('src/config/variables.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(
    ([, name]) => name ?? '',
  )
  expect(names).toContain('PUSH_API_KEY')
  for (const name of names) {
    expect(read('README.md')).toContain(`\`${name}\``)
    expect(read('.env.example')).toContain(`${name}=`)
  }
})

test('the README lists every page of docs/ once', () => {
  const [, list = ''] = read('README.md').split('## Documentation')
  const listed = [...list.matchAll(/^\| \[(docs\/\S+\.md)\]\(\1\)/gm)].map(([, path]) => path)
  expect(listed.toSorted()).toEqual(pages.filter(path => path.startsWith('docs/')).toSorted())
})

test('every link between the pages leads somewhere, and to a heading that is there', () => {
  const headingsOf = (path: string): ReadonlySet<string> =>
    new Set(
      [
        ...read(path)
          .replaceAll(/^```[^]*?^```/gm, '')
          .matchAll(/^#+ (.*)$/gm),
      ].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\d _-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    )
  for (const page of pages)
    for (const [, target = '', heading] of read(page).matchAll(
      /\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g,
    )) {
      const path = new URL(target === '' ? page : target, new URL(page, root)).pathname
      const file = target === '' ? page : path.slice(root.pathname.length)
      expect([page, target, existsSync(new URL(file, root))]).toEqual([page, target, true])
      if (heading !== undefined && file.endsWith('.md'))
        expect([page, target, heading, headingsOf(file).has(heading)]).toEqual([
          page,
          target,
          heading,
          true,
        ])
    }
})
