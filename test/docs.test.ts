/** What the README and docs/ show runs as it stands, and what they list is all there is. */
import { readdirSync, readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveProduct, type Serving } from './support/product.ts'

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
        PUSHGRAPH_DEMO_LATENCY_MS: '1',
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
  const answered = operations.filter(({ body }) => !body.startsWith('subscription'))

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

test('every example fits the schema', () => {
  const schema = buildSchema(read('src/generated/schema.graphql'))
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

test('every link between the pages leads somewhere', () => {
  for (const page of pages)
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() =>
        read(new URL(target, new URL(page, root)).pathname.slice(root.pathname.length)),
      ).not.toThrow()
})
