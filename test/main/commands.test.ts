import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { runProduct, serveProduct } from '../support/product.ts'
import { startStandIn } from '../support/stand-in.ts'
import { runCommand } from '../support/terminal.ts'

let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn()
})
afterAll(() => standIn.close())

const tenant = (key = standIn.keys.readOnly) => ({
  PUSH_API_KEY: key,
  PUSH_API_URL: standIn.url,
  PUSHGRAPH_RATE: '1000',
  PUSHGRAPH_BURST: '1000',
})

describe('every command', () => {
  test.each([[], ['serve'], ['check'], ['schema'], ['query'], ['export'], ['demo']])(
    'explains itself and tells the version: %s',
    async (...command) => {
      const help = await runCommand([...command, '--help'])
      expect(help).toMatchObject({ exitCode: 0, errors: '' })
      expect(help.output).toContain('Usage: pushgraph')
      expect(await runCommand([...command, '--version'])).toMatchObject({
        exitCode: 0,
        output: '1.2.3\n',
      })
    },
  )

  test('lists every setting in its help', async () => {
    const { output } = await runCommand(['serve', '--help'])
    expect(output).toMatch(/PUSH_API_KEY .*\n.*PUSH_API_KEY_FILE /)
    expect(output).toContain('PUSHGRAPH_DEMO_LATENCY_MS')
  })

  test.each([
    ['an unknown command', ['serv'], /There is no command serv.*--help/],
    ['an unknown option', ['check', '--loud'], /unknown option '--loud'[^]*--help/],
    ['a missing argument', ['query'], /missing required argument 'file'[^]*--help/],
    ['a port that is none', ['demo', '--port', 'x'], /whole number from 0 to 65535/],
    ['webhooks that nothing signs', ['demo', '--webhook', 'http://localhost/'], /--secret/],
    ['webhooks that go nowhere', ['demo', '--secret', 'psws_1'], /--webhook, where they go/],
    [
      'webhooks to what is no address',
      ['demo', '--webhook', 'localhost:4000', '--secret', 'psws_1'],
      /such as http:/,
    ],
    [
      'a time that is none',
      ['webhook', 'verify', '-', '--signature', 't=1', '--at', 'noon'],
      /whole number of seconds/,
    ],
  ])('is refused with the way out and exit code 2: %s', async (_, args, said) => {
    const ended = await runCommand(args)
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toMatch(said)
    expect(ended.errors).not.toContain('    at ')
  })

  test.each(['serve', 'check', 'query'])(
    'names all wrong settings at once and ends with exit code 2: %s',
    async command => {
      const ended = await runCommand([command, ...(command === 'query' ? ['-'] : [])], {
        environment: { PORT: 'x', PUSH_API_KEY: 'a b', LOG_LEVEL: 'loud' },
      })
      expect(ended).toMatchObject({ exitCode: 2, output: '' })
      expect(ended.errors).toMatch(
        /cannot be used:\n {2}- PORT .*\n {2}- PUSH_API_KEY .*\n {2}- LOG/,
      )
    },
  )
})

test.each([
  ['export', { npm_config_types: 'true' }, '--types'],
  ['export', { npm_config_since: '7d', npm_config_out: 'true' }, '--out'],
  ['query', { npm_config_variables: 'true' }, '--variables'],
  ['webhook', { npm_config_secret: 'true' }, '--secret'],
])('%s says how where npm took its options: %j', async (command, took, option) => {
  const ended = await runCommand([command, 'apps'], {
    environment: { ...took, npm_lifecycle_event: 'pushgraph' },
  })
  expect(ended).toMatchObject({ exitCode: 2, output: '' })
  expect(ended.errors).toBe(
    `npm took ${option} for an option of its own. Put -- before the command: npm run pushgraph -- ${command} ${option} ...\n`,
  )
})

test('schema prints the schema and nothing else', async () => {
  const { exitCode, output, errors } = await runCommand(['schema'])
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
  expect(output).toContain('type Employee ')
})

describe('schema --possible-types', () => {
  const possibleTypes = async (environment = {}): Promise<Record<string, readonly string[]>> => {
    const ended = await runCommand(['schema', '--possible-types'], { environment })
    expect(ended).toMatchObject({ exitCode: 0, errors: '' })
    return JSON.parse(ended.output) as Record<string, readonly string[]>
  }

  test('prints every interface and union with all that it stands for', async () => {
    const { output } = await runCommand(['schema'])
    const expected = [...output.matchAll(/^type (\w+) implements (.*) \{$/gm)].flatMap(
      ([, type = '', interfaces = '']) => interfaces.split(' & ').map(name => [name, type]),
    )
    const found = Object.entries(await possibleTypes()).flatMap(([name, types]) =>
      types.map(type => [name, type]),
    )
    expect(found.length).toBeGreaterThan(40)
    expect(output).not.toMatch(/^union /m)
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  test('has the names of the settings', async () => {
    const { PushEntity } = await possibleTypes({ PUSHGRAPH_PREFIX: 'Push' })
    expect(PushEntity).toContain('PushAccount')
    expect(PushEntity).toContain('Employee')
  })

  test('is not printed together with what composers take', async () => {
    const ended = await runCommand(['schema', '--possible-types', '--federation'])
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toContain("'--possible-types' cannot be used with option '--federation'")
  })
})

describe('check', () => {
  test('prints a line for each list and ends with 0 where all can be read', async () => {
    const { exitCode, output } = await runCommand(['check'], { environment: tenant() })
    const lines = output.split('\n')
    for (const path of [
      '/employees',
      '/accounts',
      '/apps',
      '/browsers',
      '/findings',
      '/detections',
    ])
      expect(lines).toContainEqual(
        expect.stringMatching(
          new RegExp(`^default +${path} +200 +\\d+ ms +\\d+\\+? +may read, also by id$`),
        ),
      )
    expect(lines).toContainEqual(
      expect.stringMatching(/^default +\/browserExtensions +200 .* may read, not by id$/),
    )
    expect(output).toContain('Learnt of default: byId employees: works')
    expect(output).toContain('All 7 lists can be read')
    expect(exitCode).toBe(0)
  })

  test('ends with 1 where the key is refused, and never shows it', async () => {
    const ended = await runCommand(['check'], { environment: tenant('wrong-s3cr3t') })
    expect(ended.exitCode).toBe(1)
    expect(ended.output).toContain('7 of 7 lists cannot be read')
    expect(ended.output).toMatch(/\/employees +403 /)
    expect(ended.output + ended.errors).not.toContain('s3cr3t')
    // Once for all lists, and not among lines of a log.
    expect(ended.output.match(/refused the key/g)).toHaveLength(1)
    expect(ended.output).toContain('default, 7 of 7 lists: Push refused the key')
    expect(ended.errors).toBe('')
  })

  test('names the address where Push knows none of the lists there', async () => {
    const url = standIn.url.replace(/v1$/, 'v2')
    const ended = await runCommand(['check'], {
      environment: { ...tenant(), PUSH_API_URL: url },
    })
    expect(ended.exitCode).toBe(1)
    expect(ended.output).toContain(
      `the address is not: PUSH_API_URL (or url of the connector) is ${url};`,
    )
  })

  test('tells slips of the settings in words', async () => {
    const { errors } = await runCommand(['check'], {
      environment: { ...tenant(), PUSHGRAPH_PORT: '4000' },
    })
    expect(errors).toBe('PUSHGRAPH_PORT is not a setting; did you mean PORT?\n')
  })

  test('ends with 1 where nobody answers', async () => {
    const { port } = await new Promise<AddressInfo>(resolve => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address() as AddressInfo
        server.close(() => {
          resolve(address)
        })
      })
    })
    const ended = await runProduct(['check'], {
      environment: { ...tenant(), PUSH_API_URL: `http://127.0.0.1:${port}/v1` },
    })
    expect(ended.exitCode).toBe(1)
    expect(ended.output).toMatch(/\/employees +UPSTREAM_UNAVAILABLE /)
  })

  test('wants a key', async () => {
    const ended = await runCommand(['check'])
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toContain('Set PUSH_API_KEY')
  })
})

describe('documents check', () => {
  const check = (files: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runCommand(['documents', 'check', ...args], { files })
  const text = 'query Apps { apps { totalCount } }'
  const id = createHash('sha256').update(text).digest('hex')

  test('prints a line for each document, with its hash', async () => {
    expect(await check({ 'docs/apps.graphql': text }, 'docs')).toEqual({
      exitCode: 0,
      output: `${id}  docs/apps.graphql:1  query Apps\n`,
      errors: 'All 1 documents fit the schema.\n',
    })
    const manifest = { 'manifest.json': JSON.stringify({ a1: text }) }
    expect(await check(manifest, 'manifest.json')).toMatchObject({
      exitCode: 0,
      output: 'a1  manifest.json:1  query Apps\n',
    })
  })

  test('takes those of the settings, and says what is wrong with them', async () => {
    const files = { '.env': 'PUSHGRAPH_DOCUMENTS=docs', 'docs/apps.graphql': '{\n  nope\n}' }
    expect(await check(files)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/^[\da-f]{64} {2}docs\/apps\.graphql:1 {2}query\n$/),
      errors: expect.stringMatching(
        /^docs\/apps\.graphql:2: Cannot query field "nope"[^]*1 problem/,
      ),
    })
    expect(await check({ 'docs/notes.md': '' }, 'docs')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('docs has no .graphql file'),
    })
  })

  test('says what it needs', async () => {
    expect(await check({})).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('PUSHGRAPH_DOCUMENTS'),
    })
    expect(await check({}, 'nowhere')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('nowhere cannot be read (ENOENT)'),
    })
  })
})

describe('query', () => {
  const document = 'query Some($n: Int!) { employees(first: $n) { nodes { email } } }'

  test('prints the answer as JSON, from a file with variables', async () => {
    const { exitCode, output, errors } = await runCommand(
      ['query', 'some.graphql', '--variables', '{"n": 2}'],
      { environment: tenant(), files: { 'some.graphql': document } },
    )
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
    const answer = JSON.parse(output) as { data: { employees: { nodes: unknown[] } } }
    expect(answer.data.employees.nodes).toHaveLength(2)
  })

  test('reads standard input, variables of a file, and the operation asked for', async () => {
    const { exitCode, output } = await runProduct(
      ['query', '-', '--variables', '@v.json', '--operation', 'Some'],
      {
        environment: tenant(),
        input: `${document} query Other { apps(first: 1) { nodes { name } } }`,
        files: { 'v.json': '{"n": 1}' },
      },
    )
    expect(exitCode).toBe(0)
    expect(JSON.parse(output)).toHaveProperty('data.employees')
  })

  test.each([
    ['that is not valid', '{ nothing }', /Cannot query field/],
    ['that cannot be read', '{ employees', /Syntax Error/],
    ['whose answer has errors', '{ employees(first: -1) { nodes { email } } }', /BAD_USER_INPUT/],
  ])('ends with 1 and prints the errors for an operation %s', async (_, input, said) => {
    const ended = await runCommand(['query', '-'], { environment: tenant(), input })
    expect(ended.exitCode).toBe(1)
    expect(ended.output).toMatch(said)
    expect(JSON.parse(ended.output)).toHaveProperty('errors')
  })

  test.each([
    ['alone', 'subscription { events { id } }', []],
    [
      'by its name',
      'query A { apps { totalCount } } subscription B { events { id } }',
      ['--operation', 'B'],
    ],
  ])('says where a subscription is answered: %s', async (_, input, options) => {
    const ended = await runCommand(['query', '-', ...options], { environment: tenant(), input })
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toMatch(/ask a running server for it over HTTP or WebSocket/)
  })

  test('answers a query that stands beside a subscription', async () => {
    const input = 'query A { apps { totalCount } } subscription B { events { id } }'
    const ended = await runCommand(['query', '-', '--operation', 'A'], {
      environment: tenant(),
      input,
    })
    expect(ended.exitCode).toBe(0)
  })

  test.each([
    [['query', 'missing.graphql'], /missing.graphql cannot be read \(ENOENT\)/],
    [['query', '-', '--variables', '[1]'], /--variables must be a JSON object/],
    [['query', '-', '--variables', '{s3cr3t'], /--variables must be a JSON object/],
    [['query', '-', '--variables', '@missing.json'], /missing.json cannot be read/],
  ])('refuses what it cannot read: %j', async (args, said) => {
    const ended = await runCommand(args, { environment: tenant(), input: document })
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toMatch(said)
    expect(ended.errors).not.toContain('s3cr3t')
  })
})

describe('query --url', () => {
  const ask = (url: string, input: string, ...more: readonly string[]) =>
    runCommand(['query', '-', '--url', url, ...more], { input })

  test('asks a running server, with no settings of its own', async () => {
    const server = await serveProduct({
      environment: { PUSHGRAPH_DEMO_SCALE: '0.02', PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0' },
    })
    onTestFinished(async () => {
      server.kill('SIGTERM')
      await server.ended
    })
    const document = 'query Some($n: Int!) { employees(first: $n) { nodes { email } } }'
    for (const url of [server.url, `${server.url}/graphql`]) {
      const ended = await ask(url, document, '--variables', '{"n": 2}')
      // On a busy machine it says that it still waits.
      expect(ended.errors.replaceAll(/^.* has been asked for \d+ s\n/gm, '')).toBe('')
      expect(ended.exitCode).toBe(0)
      const answer = JSON.parse(ended.output) as { data: { employees: { nodes: unknown[] } } }
      expect(answer.data.employees.nodes).toHaveLength(2)
    }
    const refused = await ask(server.url, '{ nothing }')
    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.output)).toHaveProperty('errors')
    const page = await ask(`${standIn.url}/employees`, '{ __typename }')
    expect(page).toMatchObject({ exitCode: 1, output: '' })
    expect(page.errors).toMatch(/is not GraphQL's\. Is Pushgraph running there\?/)
  })

  test.each([
    ['not an address', 2, /--url must be the address of a running server/],
    ['http://127.0.0.1:9', 1, /127\.0\.0\.1:9\/graphql cannot be reached \(bad port\)/],
  ])('says what is wrong with %s', async (url, exitCode, said) => {
    const ended = await ask(url, '{ __typename }')
    expect(ended).toMatchObject({ exitCode, output: '' })
    expect(ended.errors).toMatch(said)
  })
})
