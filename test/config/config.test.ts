import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig, readSchemaSettings, variableHelp } from '../../src/config/config.ts'
import { ConfigError, GatewayError } from '../../src/errors.ts'

const scratch = mkdtempSync(join(tmpdir(), 'pushgraph-config-'))
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

let folders = 0
/** A fresh folder with these files. */
const folder = (files: Readonly<Record<string, string>> = {}): string => {
  const path = join(scratch, `folder-${folders++}`)
  mkdirSync(path)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  return path
}

const problemsOf = (
  environment: Record<string, string>,
  directory = folder(),
): readonly string[] => {
  try {
    readConfig(environment, directory)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('nothing set means the demo tenant on this machine, with the documented defaults', () => {
  const directory = folder()
  const config = readConfig({}, directory)
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 4000,
    hosts: [],
    origins: [],
    connectors: [],
    maxRequests: 250,
    maxWaitMs: 25_000,
    maxCpuMs: 5_000,
    maxAnswerBytes: 33_554_432,
    maxAgeMs: 60_000,
    staleMs: 900_000,
    reconcileMs: 21_600_000,
    refresh: true,
    dataDirectory: join(directory, 'data'),
    introspection: true,
    prefix: '',
    limits: { maxDepth: 30, maxAliases: 500, maxTokens: 20_000, maxCost: 5_000_000 },
    logLevel: 'info',
    demo: { seed: 1, scale: 1, latencyMs: 120, changesPerMinute: 6 },
    warnings: [],
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('a key alone makes one connector with the alias default', async () => {
  const { connectors } = readConfig({ PUSH_API_KEY: 'k-123' }, folder())
  expect(connectors).toHaveLength(1)
  expect(connectors[0]).toMatchObject({
    alias: 'default',
    url: 'https://api.pushsecurity.com/v1',
    rate: 10,
    burst: 10,
  })
  expect(await connectors[0]?.key()).toBe('k-123')
})

test('a variable set to nothing counts as left out', () => {
  expect(readConfig({ PORT: '', PUSH_API_KEY: '  ' }, folder())).toMatchObject({
    port: 4000,
    connectors: [],
  })
})

test('lines of .env count, and the environment wins over them', () => {
  const directory = folder({ '.env': 'PORT=5000\nLOG_LEVEL="warn" # quiet\n' })
  expect(readConfig({}, directory)).toMatchObject({ port: 5000, logLevel: 'warn' })
  expect(readConfig({ PORT: '6000' }, directory)).toMatchObject({ port: 6000, logLevel: 'warn' })
})

describe('a wrong value is refused with the name of its variable and the way out', () => {
  const cases: readonly [environment: Record<string, string>, said: RegExp][] = [
    [{ PORT: '70000' }, /^PORT must be a whole number from 0 to 65535; leave it out for 4000$/],
    [{ PORT: '0x50' }, /^PORT must be a whole number/],
    [{ PUSHGRAPH_RATE: '0' }, /^PUSHGRAPH_RATE must be a number from 0.1/],
    [{ PUSHGRAPH_BURST: '1.5' }, /^PUSHGRAPH_BURST must be a whole number/],
    [{ PUSHGRAPH_MAX_REQUESTS: '-1' }, /^PUSHGRAPH_MAX_REQUESTS must/],
    [{ PUSHGRAPH_REFRESH: 'yes' }, /^PUSHGRAPH_REFRESH must be one of on, off/],
    [{ PUSHGRAPH_PREFIX: 'push' }, /^PUSHGRAPH_PREFIX must be .* begin with a capital/],
    [{ PUSHGRAPH_PREFIX: 'P_' }, /^PUSHGRAPH_PREFIX must/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of fatal, error, warn/],
    [{ HOST: 'http://x' }, /^HOST must be an IP address or a host name/],
    [{ HOST: '0.0.0.0' }, /^HOST is not an address of this machine alone.*PUSHGRAPH_AUTH=none/],
    [{ HOST: '::' }, /^HOST is not an address of this machine alone/],
    [{ HOST: '127.0.0.1.example.com' }, /^HOST is not an address of this machine alone/],
    [{ PUSHGRAPH_AUTH: 'basic' }, /^PUSHGRAPH_AUTH must be none, tokens/],
    [{ PUSH_API_KEY: 'two words' }, /^PUSH_API_KEY must be one line of printable letters/],
    [{ PUSH_API_KEY: 'k', PUSH_API_KEY_FILE: '/etc/hostname' }, /both set; leave one of them out/],
    [{ PUSH_API_URL: 'https://x.example/v1' }, /^PUSH_API_URL is set, but no key/],
    [{ PUSH_API_KEY: 'k', PUSH_API_URL: 'nonsense' }, /^PUSH_API_URL must be an address/],
    [{ PUSH_API_KEY: 'k', PUSH_API_URL: 'http://api.example/v1' }, /must begin with https/],
    [{ PUSH_API_KEY: 'k', PUSH_API_URL: 'ftp://127.0.0.1/' }, /must begin with https/],
    [{ PUSH_API_KEY: 'k', PUSH_API_URL: 'https://u:p@api.example' }, /user name or password/],
    [{ PUSH_API_KEY: 'k', PUSH_API_URL: 'https://api.example/?key=1' }, /query or a fragment/],
    [{ PUSH_API_KEY_FILE: 'missing.txt' }, /^PUSH_API_KEY_FILE names .*missing.txt.*ENOENT/],
    [{ PUSHGRAPH_CONFIG: 'missing.yaml' }, /^PUSHGRAPH_CONFIG: .*missing.yaml cannot be read/],
    [{ PUSH_API_KEY: 'k', PUSHGRAPH_CONFIG: 'x.yaml' }, /^PUSHGRAPH_CONFIG is set beside PUSH_API/],
    [
      { PUSHGRAPH_DATA_DIR: '/etc/hostname/x' },
      /^PUSHGRAPH_DATA_DIR leads through \/etc\/hostname/,
    ],
  ]
  test.each(cases)('%j', (environment, said) => {
    expect(problemsOf(environment)).toContainEqual(expect.stringMatching(said))
  })
})

describe('a number may be as small and as large as is said, and no more', () => {
  const tried = (environment: Record<string, string>): number =>
    problemsOf({ PUSH_API_KEY: 'k', ...environment }).length

  test.each<[name: string, below: string, least: string, most: string, above: string]>([
    ['PORT', '-1', '0', '65535', '65536'],
    ['PUSHGRAPH_RATE', '0.09', '0.1', '1000', '1000.1'],
    ['PUSHGRAPH_BURST', '0', '1', '1000', '1001'],
    ['PUSHGRAPH_MAX_REQUESTS', '0', '1', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_WAIT_MS', '99', '100', '3600000', '3600001'],
    ['PUSHGRAPH_MAX_DEPTH', '0', '1', '1000', '1001'],
    ['PUSHGRAPH_MAX_ALIASES', '-1', '0', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_TOKENS', '9', '10', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_COST', '0', '1', '1000000000000', '1000000000001'],
    ['PUSHGRAPH_MAX_CPU_MS', '9', '10', '3600000', '3600001'],
    ['PUSHGRAPH_MAX_ANSWER_MB', '0', '1', '256', '257'],
    ['PUSHGRAPH_MAX_OPERATIONS', '0', '1', '100000', '100001'],
    ['PUSHGRAPH_MAX_OPERATIONS_ALL', '0', '1', '100000', '100001'],
    ['PUSHGRAPH_MAX_WAITING', '-1', '0', '100000', '100001'],
    ['PUSHGRAPH_MAX_WAITING_ALL', '-1', '0', '100000', '100001'],
    ['PUSHGRAPH_MAX_CALLER_RATE', '0.09', '0.1', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_CALLER_RATE_ALL', '0.09', '0.1', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_SUBSCRIPTIONS', '-1', '0', '100000', '100001'],
    ['PUSHGRAPH_MAX_SUBSCRIPTIONS_ALL', '-1', '0', '100000', '100001'],
    ['PUSHGRAPH_MAX_SOCKETS', '0', '1', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_SOCKETS_ALL', '0', '1', '1000000', '1000001'],
    ['PUSHGRAPH_MAX_UNREAD_MB', '0', '1', '1048576', '1048577'],
    ['PUSHGRAPH_MAX_UNREAD_MB_ALL', '0', '1', '1048576', '1048577'],
    ['PUSHGRAPH_MAX_BODIES_MB', '0', '1', '1048576', '1048577'],
    ['PUSHGRAPH_MAX_BODIES_MB_ALL', '0', '1', '1048576', '1048577'],
    ['PUSHGRAPH_MAX_AGE_S', '-1', '0', '31536000', '31536001'],
    ['PUSHGRAPH_STALE_S', '-1', '0', '31536000', '31536001'],
    ['PUSHGRAPH_RECONCILE_S', '-1', '0', '31536000', '31536001'],
    ['PUSHGRAPH_MAX_MEMORY_MB', '0', '1', '1048576', '1048577'],
    ['PUSHGRAPH_RETENTION_DAYS', '0', '1', '36500', '36501'],
    ['PUSHGRAPH_DEMO_SEED', '-1', '0', '2147483647', '2147483648'],
    ['PUSHGRAPH_DEMO_SCALE', '0.009', '0.01', '100', '100.1'],
    ['PUSHGRAPH_DEMO_LATENCY_MS', '-1', '0', '60000', '60001'],
    ['PUSHGRAPH_DEMO_CHANGES_PER_MINUTE', '-1', '0', '6000', '6000.1'],
  ])('%s', (name, below, least, most, above) => {
    expect([below, least, most, above].map(value => tried({ [name]: value }))).toEqual([1, 0, 0, 1])
  })

  test.each([
    ['rate', '0.09', '0.1', '1000', '1000.1'],
    ['burst', '0', '1', '1000', '1001'],
  ])('%s of a connector', (name, ...values) => {
    const problems = values.map(value => {
      const content = `connectors: [{alias: a, apiKey: k, ${name}: ${value}}]`
      const directory = folder({ 'connectors.yaml': content })
      return problemsOf({ PUSHGRAPH_CONFIG: 'connectors.yaml' }, directory).length
    })
    expect(problems).toEqual([1, 0, 0, 1])
  })
})

test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])(
  'the loopback host %s needs nothing written out',
  host => {
    expect(problemsOf({ HOST: host })).toEqual([])
  },
)

test('a host that others reach is fine once PUSHGRAPH_AUTH=none is written out', () => {
  expect(readConfig({ HOST: '0.0.0.0', PUSHGRAPH_AUTH: 'none' }, folder())).toMatchObject({
    host: '0.0.0.0',
    hosts: [],
  })
})

test('names and origins from elsewhere are those that are written out', () => {
  const listed = readConfig(
    {
      HOST: 'Graph.internal',
      PUSHGRAPH_AUTH: 'none',
      PUSHGRAPH_HOSTS: ' Graph.Example, 192.0.2.7 ,[2001:DB8::7],graph.example,',
      PUSHGRAPH_ORIGINS: 'https://App.Example/,http://localhost:8080',
    },
    folder(),
  )
  expect(listed.hosts).toEqual(['graph.example', '192.0.2.7', '[2001:db8::7]', 'graph.internal'])
  expect(listed.origins).toEqual(['https://app.example', 'http://localhost:8080'])
})

test.each([
  [{ PUSHGRAPH_HOSTS: 'https://graph.example' }, /^PUSHGRAPH_HOSTS must be host names/],
  [{ PUSHGRAPH_HOSTS: 'graph.example:8443' }, /^PUSHGRAPH_HOSTS must be host names/],
  [{ PUSHGRAPH_HOSTS: 'a b' }, /^PUSHGRAPH_HOSTS must be host names/],
  [{ PUSHGRAPH_HOSTS: '*' }, /^PUSHGRAPH_HOSTS must be host names/],
  [{ PUSHGRAPH_ORIGINS: 'app.example' }, /^PUSHGRAPH_ORIGINS must be origins/],
  [{ PUSHGRAPH_ORIGINS: 'https://app.example/page' }, /^PUSHGRAPH_ORIGINS must be origins/],
  [{ PUSHGRAPH_ORIGINS: 'null' }, /^PUSHGRAPH_ORIGINS must be origins/],
  [{ PUSHGRAPH_ORIGINS: '*' }, /^PUSHGRAPH_ORIGINS must be origins/],
])('what is no name or no origin is refused: %o', (environment, problem) => {
  expect(problemsOf(environment)).toEqual([expect.stringMatching(problem)])
})

test('plain http is fine for a loopback address, and a slash at the end goes', () => {
  const environment = { PUSH_API_KEY: 'k', PUSH_API_URL: 'http://127.0.0.1:9999/v1/' }
  expect(readConfig(environment, folder()).connectors[0]?.url).toBe('http://127.0.0.1:9999/v1')
})

test('all problems come at once', () => {
  const problems = problemsOf({
    PORT: 'x',
    LOG_LEVEL: 'y',
    PUSH_API_KEY_FILE: 'none',
    HOST: '1.2.3.4',
  })
  expect(problems.map(problem => problem.split(' ')[0])).toEqual([
    'PORT',
    'LOG_LEVEL',
    'HOST',
    'PUSH_API_KEY_FILE',
  ])
})

test('no value ever stands in a problem or a warning', () => {
  const names = [
    'PORT',
    'HOST',
    'PUSH_API_KEY',
    'PUSH_API_URL',
    'PUSH_WEBHOOK_SECRET',
    'PUSHGRAPH_AUTH',
    'PUSHGRAPH_RATE',
    'PUSHGRAPH_REFRESH',
    'LOG_LEVEL',
    'PUSH_APIKEY',
    'PUSHGRAPH_MAX_REQUEST',
  ]
  const directory = folder()
  fc.assert(
    fc.property(
      fc.subarray(names, { minLength: 1 }),
      fc.constantFrom('', 'http://', 'https://user:', '"', ' ', '\t'),
      (chosen, before) => {
        const value = `${before}s3cr3t-Value!42 x`
        const environment = Object.fromEntries(chosen.map(name => [name, value]))
        let said: string
        try {
          said = readConfig(environment, directory).warnings.join()
        } catch (error) {
          said = error instanceof Error ? `${error.message} ${error.stack ?? ''}` : ''
        }
        expect(said).not.toContain('s3cr3t')
      },
    ),
  )
})

describe('a key file', () => {
  test('is read anew at each call, without the line break at its end', async () => {
    const directory = folder({ 'key.txt': 'first\n' })
    const [connector] = readConfig({ PUSH_API_KEY_FILE: 'key.txt' }, directory).connectors
    expect(await connector?.key()).toBe('first')
    writeFileSync(join(directory, 'key.txt'), 'second\n')
    expect(await connector?.key()).toBe('second')
  })

  test.each([
    ['', 'is empty'],
    ['\n', 'is empty'],
    ['two words\n', 'must hold the key alone'],
  ])('that holds %j is a problem at once', (content, said) => {
    const directory = folder({ 'key.txt': content })
    expect(problemsOf({ PUSH_API_KEY_FILE: 'key.txt' }, directory)).toEqual([
      expect.stringContaining(said),
    ])
  })

  test('that is a folder is a problem at once', () => {
    const directory = folder()
    mkdirSync(join(directory, 'key'))
    expect(problemsOf({ PUSH_API_KEY_FILE: 'key' }, directory)).toEqual([
      expect.stringContaining('EISDIR'),
    ])
  })

  test('that vanishes later fails with UNAUTHENTICATED, which names the connector alone', async () => {
    const directory = folder({ 'key.txt': 'first' })
    const [connector] = readConfig({ PUSH_API_KEY_FILE: 'key.txt' }, directory).connectors
    rmSync(join(directory, 'key.txt'))
    const failure: unknown = await connector?.key().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(GatewayError)
    expect(failure).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The API key of connector default cannot be read',
    })
  })
})

describe('the connectors file', () => {
  const read = (content: string, more: Record<string, string> = {}) => {
    const directory = folder({ 'connectors.yaml': content, 'key.txt': 'from-file\n', ...more })
    return readConfig({ PUSHGRAPH_CONFIG: 'connectors.yaml', PUSHGRAPH_RATE: '5' }, directory)
  }
  const refused = (content: string) =>
    problemsOf({ PUSHGRAPH_CONFIG: 'connectors.yaml' }, folder({ 'connectors.yaml': content }))

  test('gives several connectors, each with its own key and limits, as YAML', async () => {
    const { connectors } = read(`
connectors:
  - alias: acme
    apiKey: k1
    webhookSecrets: [s1, s2]
    rate: 2.5
  - alias: globex-eu
    apiKeyFile: key.txt
    url: https://eu.example/v1/
    burst: 3
  - { alias: initech, apiKeyCommand: "echo from-shell" }
  - { alias: hooli, apiKeyCommand: [echo, from-list], webhookSecret: s3 }
`)
    expect(connectors.map(({ alias, url, rate, burst }) => [alias, url, rate, burst])).toEqual([
      ['acme', 'https://api.pushsecurity.com/v1', 2.5, 10],
      ['globex-eu', 'https://eu.example/v1', 5, 3],
      ['initech', 'https://api.pushsecurity.com/v1', 5, 10],
      ['hooli', 'https://api.pushsecurity.com/v1', 5, 10],
    ])
    expect(await Promise.all(connectors.map(each => each.key()))).toEqual([
      'k1',
      'from-file',
      'from-shell',
      'from-list',
    ])
    expect(connectors.map(each => each.webhookSecrets())).toEqual([['s1', 's2'], [], [], ['s3']])
  })

  test('may as well be JSON', () => {
    const { connectors } = read('{"connectors": [{"alias": "acme", "apiKey": "k1"}]}')
    expect(connectors.map(each => each.alias)).toEqual(['acme'])
  })

  test('shows no secret when the settings are printed', () => {
    const config = read('connectors: [{alias: acme, apiKey: k1-secret, webhookSecret: s1-secret}]')
    expect(JSON.stringify(config)).not.toContain('secret')
  })

  test.each([
    ['', /the file must be|connectors must be a list/],
    ['connectors: []', /must hold at least one connector/],
    ['connectors: [{alias: acme}]', /connectors\[0\] must have one of apiKey/],
    ['connectors: [{alias: acme, apiKey: a, apiKeyFile: b}]', /must have one of apiKey/],
    ['connectors: [{alias: Acme Corp, apiKey: a}]', /connectors\[0\].alias must be 1 to 63 small/],
    ['connectors: [{alias: a, apiKey: b}, {alias: a, apiKey: c}]', /\[1\].alias is taken/],
    ['connectors: [{alias: a, apiKey: 12345}]', /apiKey must be text \(put a number in quotes\)/],
    [
      'connectors: [{alias: a, apikey: x, apiKey: y}]',
      /connectors\[0\] has unknown members: apikey/,
    ],
    ['connectors: [{alias: a, apiKey: b, rate: fast}]', /connectors\[0\].rate must be a number/],
    ['connectors: [{alias: a, apiKey: b, url: "http://x.example"}]', /url must begin with https/],
    ['connectors: [{alias: a, apiKeyFile: nowhere}]', /apiKeyFile of a names .*nowhere.*ENOENT/],
    ['connectors: [{alias: a, apiKeyCommand: 7}]', /apiKeyCommand must be a command/],
    ['- just a list', /the file must be an object/],
    ['connectors: [{alias: a', /neither JSON nor YAML at line 1/],
    ['connectors: [{alias: a, apiKey: *s3cret}]', /a YAML alias \(.*put such a text in quotes/],
  ])('%j is refused', (content, said) => {
    expect(refused(content)).toContainEqual(expect.stringMatching(said))
  })

  test('tells all that is wrong at once, of whatever kind', () => {
    const problems = refused(
      [
        'connectors:',
        '  - {alias: Ac me, apiKey: k}',
        '  - {alias: a, apiKey: k, apiKeyFile: b}',
        '  - {alias: a, rate: -1, apiKey: k, urll: x}',
        '  - {alias: b, apiKeyFile: nowhere}',
        '  - 7',
      ].join('\n'),
    )
    for (const said of [
      /\[0\].alias must be 1 to 63/,
      /\[1\] must have one of apiKey/,
      /\[2\].alias is taken/,
      /\[2\].rate must be/,
      /\[2\] has unknown members: urll/,
      /apiKeyFile of b names .*nowhere/,
      /\[4\] must be an object$/,
    ])
      expect(problems).toContainEqual(expect.stringMatching(said))
  })

  test.each([
    'connectors: [{alias: a, apiKey: "s3cr3t',
    'connectors:\n  - alias: a\n    apiKey: s3cr3t: x\n  bad',
    'connectors: [{alias: "s3cr3t value", apiKey: "s3cr3t value", url: "s3cr3t", rate: s3cr3t}]',
    '@s3cr3t',
    's3cr3t',
  ])('never repeats what it holds: %j', content => {
    const problems = refused(content)
    expect(problems).not.toEqual([])
    expect(problems.join()).not.toContain('s3cr3t')
  })

  test('a command that fails says so without what it printed', async () => {
    const { connectors } = read(
      'connectors: [{alias: a, apiKeyCommand: "echo s3cr3t; echo s3cr3t >&2; exit 3"}]',
    )
    const failure: unknown = await connectors[0]?.key().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', cause: { message: /\(3\)/ } })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('s3cr3t')
  })
})

test('a webhook secret without a key is warned of, beside a key it is not', () => {
  const secret = { PUSH_WEBHOOK_SECRET: 's3cr3t' }
  const { warnings } = readConfig(secret, folder())
  expect(warnings).toEqual([expect.stringMatching(/^PUSH_WEBHOOK_SECRET has no effect/)])
  expect(warnings.join()).not.toContain('s3cr3t')
  expect(readConfig({ ...secret, PUSH_API_KEY: 'k' }, folder()).warnings).toEqual([])
})

test('a prefix that a line of .env leaves empty is none', () => {
  const place = folder({ '.env': 'PUSHGRAPH_PREFIX=\n' })
  expect(readSchemaSettings({}, place)).toMatchObject({
    prefix: '',
    mutations: false,
    auth: false,
  })
  expect(readConfig({}, place).prefix).toBe('')
})

test('mutations are off unless they are switched on, for the schema that is printed too', () => {
  const place = folder()
  expect(readConfig({}, place).mutations).toBe(false)
  const on = { PUSHGRAPH_MUTATIONS: 'on' }
  expect(readConfig(on, place).mutations).toBe(true)
  expect(readSchemaSettings(on, place).mutations).toBe(true)
  const odd = { PUSHGRAPH_MUTATIONS: 'sometimes', PORT: 'none' }
  expect(() => readSchemaSettings(odd, place)).toThrow(/PUSHGRAPH_MUTATIONS must be one of on, off/)
})

describe('a name that is almost a setting', () => {
  test.each([
    ['PUSHGRAPH_PORT', 'did you mean PORT?'],
    ['PUSHGRAPH_LOG_LEVEL', 'did you mean LOG_LEVEL?'],
    ['PUSHGRAPH_API_KEY', 'did you mean PUSH_API_KEY?'],
    ['PUSHGRAPH_MAX_REQUEST', 'did you mean PUSHGRAPH_MAX_REQUESTS?'],
    ['PUSHGRAPH_INTROSPECTIONS', 'did you mean PUSHGRAPH_INTROSPECTION?'],
    ['PUSH_APIKEY', 'did you mean PUSH_API_KEY?'],
    ['PUSHGRAPH_SOMETHING_ELSE_ALTOGETHER', 'has no effect'],
  ])('%s is warned of', (name, said) => {
    expect(readConfig({ [name]: '1' }, folder()).warnings).toEqual([expect.stringContaining(said)])
  })

  test('is left alone when it belongs to somebody else', () => {
    expect(readConfig({ PUSH_NOTIFICATION_TOKEN: '1', PATH: '/bin' }, folder()).warnings).toEqual(
      [],
    )
  })
})

test('a data folder that cannot be written is a problem, where the user is not root', () => {
  const directory = folder()
  chmodSync(directory, 0o500)
  const problems = problemsOf({}, directory)
  // Root writes everywhere.
  expect(problems.length).toBe(process.getuid?.() === 0 ? 0 : 1)
})

test('.env.example shows every variable, and none that does not exist', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const shown = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(match => match[1])
  expect(shown.toSorted()).toEqual(variableHelp.map(([name]) => name).toSorted())
})

describe('the proxies that are trusted', () => {
  const trusted = (text?: string) =>
    readConfig(text === undefined ? {} : { PUSHGRAPH_TRUST_PROXY: text }, folder({})).trustedProxies

  test('are none unless they are named, by number or by address', () => {
    expect([trusted(), trusted('OFF')]).toEqual([{ kind: 'none' }, { kind: 'none' }])
    expect(trusted('2')).toEqual({ kind: 'hops', hops: 2 })
    expect(trusted('10.0.0.0/8, 192.0.2.1,2001:db8::/32')).toEqual({
      kind: 'addresses',
      addresses: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
    })
  })

  test.each([
    'on',
    '0',
    '100',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.1,x',
    ',',
  ])('cannot be %j', text => {
    expect(problemsOf({ PUSHGRAPH_TRUST_PROXY: text })).toEqual([
      expect.stringMatching(/^PUSHGRAPH_TRUST_PROXY must be off, the number of proxies/),
    ])
  })
})

test('what callers may have is counted in bytes where it is set in megabytes', () => {
  const environment = { PUSHGRAPH_MAX_UNREAD_MB: '2', PUSHGRAPH_MAX_BODIES_MB_ALL: '3' }
  const { callers } = readConfig(environment, folder({}))
  expect(callers.operations).toEqual({ perCaller: 50, inAll: 200 })
  expect([callers.unreadBytes.perCaller, callers.bodyBytes.inAll]).toEqual([2_097_152, 3_145_728])
})
