import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { sink } from '../../src/config/sinks-file.ts'
import { ConfigError } from '../../src/errors.ts'
import { directoryForTest } from '../support/directory.ts'
import { authority } from '../support/sinks/certificates.ts'

const page = readFileSync(new URL('../../docs/sinks.md', import.meta.url), 'utf8')

const files: Readonly<Record<string, string>> = {
  'acme.key': 'k1',
  'globex.key': 'k2',
  'hec.token': 'secret-token\n',
  'soar.secret': 'secret-signature',
  'ca.pem': authority.ca,
  'client.pem': authority.client.cert,
  'client-key.pem': authority.client.key,
  'server-key.pem': authority.server.key,
  'torn.pem': '-----BEGIN CERTIFICATE-----\n',
  'empty.txt': '',
  'headers.yaml': 'DD-API-KEY: secret-header\n',
  'bad-headers.yaml': '"bad name": secret-header\n',
}

const folderWith = (content: string): string => {
  const folder = directoryForTest()
  for (const [name, text] of Object.entries({ ...files, 'config.yaml': content }))
    writeFileSync(join(folder, name), text)
  return folder
}

const read = (content: string, env: Readonly<Record<string, string>> = {}) => {
  const folder = folderWith(content)
  return { folder, ...readConfig({ PUSHGRAPH_CONFIG: 'config.yaml', ...env }, folder) }
}

const problemsOf = (content: string, env: Readonly<Record<string, string>> = {}) => {
  try {
    read(content, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, body = '']) => body)

test('the examples of docs/sinks.md can be read', () => {
  expect(examples.length).toBeGreaterThan(1)
  const [alone = '', beside = ''] = examples
  const first = read(alone, { PUSH_API_KEY: 'k' })
  expect(first.connectors.map(({ alias }) => alias)).toEqual(['default'])
  expect(first.sinks[0]).toMatchObject({
    name: 'spool',
    kind: 'file',
    send: ['events', 'changes'],
    types: undefined,
    ocsf: '1.8.0',
    since: 'now',
    batch: { items: 500, bytes: 1_000_000 },
  })
  expect(first.sinks[0]?.receiver()).toEqual({ kind: 'file', path: '/var/spool/push.ndjson' })
  const { sinks, folder, files: watched } = read(beside)
  expect(sinks.map(({ ocsf }) => ocsf)).toEqual(['1.3.0', undefined, '1.8.0'])
  expect(sinks.map(({ since }) => since)).toEqual(['now', 'now', 7 * 86_400_000])
  expect(sinks[0]?.receiver()).toMatchObject({
    url: 'https://splunk.example.com:8088',
    token: 'secret-token',
    acknowledgement: true,
    index: 'push',
  })
  expect(sinks[1]?.receiver()).toMatchObject({
    secret: 'secret-signature',
    headers: { 'x-source': 'pushgraph' },
  })
  expect(sinks[2]?.receiver()).toMatchObject({ port: 6514, tls: { ca: authority.ca } })
  for (const name of ['hec.token', 'soar.secret', 'ca.pem'])
    expect(watched).toContain(join(folder, name))
})

test('docs/sinks.md tells of each member of each kind, and of no other', () => {
  const told = new Set(
    [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) /gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, member]) => member),
    ),
  )
  const members = new Set(sink.options.flatMap(option => Object.keys(option.shape)))
  expect([...members].filter(member => !told.has(member) && member !== 'path')).toEqual([])
  expect([...told].filter(member => member !== undefined && !members.has(member))).toEqual([])
})

test('a sink whose secret changes in its file is another one, and nothing of it tells a secret', () => {
  const [, beside = ''] = examples
  const folder = folderWith(beside)
  const idsOf = () =>
    readConfig({ PUSHGRAPH_CONFIG: 'config.yaml' }, folder).sinks.map(
      ({ settingsId }) => settingsId,
    )
  const before = idsOf()
  expect(idsOf()).toEqual(before)
  writeFileSync(join(folder, 'hec.token'), 'another')
  const after = idsOf()
  expect(after[0]).not.toBe(before[0])
  expect(after.slice(1)).toEqual(before.slice(1))
  const config = readConfig({ PUSHGRAPH_CONFIG: 'config.yaml' }, folder)
  expect(JSON.stringify(config)).not.toMatch(/secret-/)
})

test('a header of the file wins over the same one beside it, however the two are written', () => {
  const { sinks } = read(
    'sinks: [{ name: a, kind: http, url: "https://s", headers: { Dd-Api-Key: old, X-A: b }, headersFile: headers.yaml }]',
  )
  expect(sinks[0]?.receiver()).toMatchObject({
    headers: { 'dd-api-key': 'secret-header', 'x-a': 'b' },
  })
})

test('the environment describes the connector only beside sinks alone', () => {
  const env = { PUSH_API_KEY: 'k', PUSH_WEBHOOK_SECRET: 'w' }
  const alone = 'sinks: [{ name: a, kind: file, path: p }]'
  expect(read(alone, env).connectors).toHaveLength(1)
  expect(read(alone).connectors).toEqual([])
  const both = `connectors: [{ alias: acme, apiKey: k }]\n${alone}`
  expect(problemsOf(both, env)).toHaveLength(2)
})

const splunk = 'kind: splunk-hec, url: "https://s", token: t'

test.each<readonly [content: string, expected: readonly RegExp[]]>([
  ['sinks: {}', [/sinks must be a list/]],
  ['sinks: [{ name: a, kind: kafka }]', [/sinks\[0\]\.kind must be one of splunk-hec, http/]],
  ['sinks: [{ kind: file, path: p }]', [/sinks\[0\]\.name must be text/]],
  ['sinks: [{ name: a, kind: file, path: p, colour: red }]', [/unknown members: colour/]],
  [
    'sinks: [{ name: a, kind: file, path: p }, { name: a, kind: file, path: p }]',
    [/sinks\[1\]\.name is taken/, /sinks\[1\]\.path is written/],
  ],
  [`sinks: [{ name: a, ${splunk}, tokenFile: hec.token }]`, [/must have one of token, tokenFile/]],
  ['sinks: [{ name: a, kind: splunk-hec, url: "https://s" }]', [/must have one of token, token/]],
  [`sinks: [{ name: a, ${splunk}, ocsf: 1.8.0, plain: true }]`, [/one of ocsf, plain/]],
  [`sinks: [{ name: a, ${splunk}, ocsf: 2.0.0 }]`, [/ocsf must be one of 1\.9\.0, /]],
  [`sinks: [{ name: a, ${splunk}, types: [robots] }]`, [/types\[0\] must be one of employees/]],
  [`sinks: [{ name: a, ${splunk}, connectors: [acme] }]`, [/no such connector \(sink a\)/]],
  [`sinks: [{ name: a, ${splunk}, since: yesterday }]`, [/since must be now, beginning/]],
  [`sinks: [{ name: a, ${splunk}, batch: { items: 0 } }]`, [/batch\.items/]],
  [`sinks: [{ name: a, ${splunk}, certFile: ca.pem }]`, [/both of certFile, keyFile/]],
  [`sinks: [{ name: a, ${splunk}, caFile: acme.key }]`, [/acme\.key, which holds no PEM/]],
  [
    'sinks: [{ name: a, kind: http, url: "http://s.example" }]',
    [/url must begin with https; .* plaintext: true/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", secretFile: none, headersFile: none.yaml }]',
    [/secretFile names .*ENOENT/, /headersFile: .*none\.yaml cannot be read/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", headersFile: bad-headers.yaml }]',
    [/headersFile: .*bad-headers\.yaml/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://me:secret-word@s" }]',
    [/url must be an address .* without a user/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", oauth: { tokenUrl: "http://t.example", clientId: c } }]',
    [/oauth\.tokenUrl must begin with https/, /oauth must have one of clientSecret/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", oauth: { tokenUrl: "https://t", clientId: c } }]',
    [/oauth must have one of clientSecret, clientSecretFile/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", oauth: { tokenUrl: "https://t", clientId: c, clientSecretFile: none } }]',
    [/oauth\.clientSecretFile names .*ENOENT/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", headers: { X-Key: "1", x-key: "2" } }]',
    [/sinks\[0\]\.headers must name each header once/],
  ],
  [
    'sinks: [{ name: a, kind: http, url: "https://s", headers: { Content-Encoding: gzip, TE: x } }]',
    [/headers must not name content-encoding, te, which the sink sets itself/],
  ],
  [
    'sinks: [{ name: a, kind: splunk-hec, url: "https://s/services/collector/event", token: t }]',
    [/sinks\[0\]\.url must end before \/services\/collector/],
  ],
  ...['https://s/_bulk', 'https://s/push/_doc', 'https://s/push/_bulk/x'].map(
    url =>
      [
        `sinks: [{ name: a, kind: http, url: "${url}", format: elasticsearch-bulk }]`,
        [/sinks\[0\]\.url must end in \/INDEX\/_bulk/],
      ] as const,
  ),
  [
    'sinks: [{ name: a, kind: file, path: p }, { name: b, kind: file, path: ./x/../p }]',
    [/sinks\[1\]\.path is written/],
  ],
  [
    `sinks: [{ name: a, ${splunk}, caFile: torn.pem }]`,
    [/caFile names .*torn\.pem, which holds no certificate \(\w+\) \(sink a\)/],
  ],
  [
    `sinks: [{ name: a, ${splunk}, certFile: client.pem, keyFile: server-key.pem }]`,
    [/certFile and keyFile must hold a certificate and the key to it \(\w+\) \(sink a\)/],
  ],
  ...['tls://h', 'h:6514', ''].map(
    host =>
      [
        `sinks: [{ name: a, kind: syslog, host: "${host}" }]`,
        [/sinks\[0\]\.host must be a name or an address alone/],
      ] as const,
  ),
  [
    'sinks: [{ name: a, kind: http, url: "https://s", headers: [a] }]',
    [/headers must be an object$/],
  ],
  [
    'sinks: [{ name: a, kind: syslog, host: h, facility: loud, port: 70000 }]',
    [/port/, /facility must be one of kern/],
  ],
])('tells all that is wrong with %s, and no value of a secret', (content, expected) => {
  const problems = problemsOf(content, { PUSH_API_KEY: 'k' })
  expect(problems).toHaveLength(expected.length)
  for (const each of expected) expect(problems.join('\n')).toMatch(each)
  expect(problems.join()).not.toMatch(/secret-/)
})

test.each([
  'sinks: [{ name: a, kind: http, url: "http://127.0.0.1:8080/x" }]',
  'sinks: [{ name: a, kind: http, url: "http://otel:8080/x", plaintext: true }]',
  'sinks: [{ name: a, kind: http, url: "https://s", headersFile: headers.yaml }]',
  'sinks: [{ name: a, kind: http, url: "https://s", oauth: { tokenUrl: "https://t", clientId: c, clientSecretFile: hec.token } }]',
  `sinks: [{ name: a, ${splunk}, connectors: [default] }]`,
  'sinks: [{ name: a, kind: syslog, host: log_1.example.com }, { name: b, kind: syslog, host: "::1" }]',
  `sinks: [{ name: a, ${splunk}, certFile: client.pem, keyFile: client-key.pem, caFile: ca.pem }]`,
  'sinks: [{ name: a, kind: http, url: "https://s/a/push/_bulk?pipeline=p", format: elasticsearch-bulk }]',
])('takes %s', content => {
  expect(problemsOf(content, { PUSH_API_KEY: 'k' })).toEqual([])
})
