import { expect, it, onTestFinished } from 'vitest'
import { sign } from '../../src/webhooks/signature.ts'
import { sample, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct } from '../support/product.ts'
import { runCommand } from '../support/terminal.ts'

const body = sample('LOGIN-1')
const text = body.toString('utf8')

const verify = (file: string, signature: string, ...more: readonly string[]) =>
  runCommand(
    ['webhook', 'verify', 'body.json', '--signature', signature, '--secret', SECRET, ...more],
    { files: { 'body.json': file } },
  )

it('a webhook can be sent from a file, and is stored', async () => {
  const server = await serveProduct({
    environment: {
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: directoryForTest(),
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  const send = (secret: string) =>
    runCommand(
      ['webhook', 'send', '-', '--url', `${server.url}/webhooks/default`, '--secret', secret],
      {
        input: text,
      },
    )
  expect(await send(SECRET)).toMatchObject({ exitCode: 0, output: '200 {"status":"stored"}\n' })
  expect(await send('psws_wrong')).toMatchObject({ exitCode: 1 })
})

it('a webhook is signed with the secret of the connector that it is sent to', async () => {
  const files = {
    'connectors.yaml': `connectors:
      - { alias: acme, apiKey: a, url: 'http://127.0.0.1:9/v1', webhookSecrets: [psws_acme] }
      - { alias: globex, apiKey: b, url: 'http://127.0.0.1:9/v1', webhookSecrets: [psws_globex] }`,
    'body.json': text,
  }
  const environment = {
    PUSHGRAPH_CONFIG: 'connectors.yaml',
    PUSHGRAPH_DATA_DIR: directoryForTest(),
  }
  const server = await serveProduct({ environment, files })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  const send = (path: string) =>
    runCommand(['webhook', 'send', 'body.json', '--url', server.url + path], { environment, files })
  for (const path of ['/webhooks/acme', '/webhooks/globex'])
    expect(await send(path)).toMatchObject({ exitCode: 0, output: '200 {"status":"stored"}\n' })
  expect((await send('/webhooks/nobody')).output).toMatch(/^404/)
  // Without a key there is no connector whose secret it could be.
  const alone = await runCommand(['webhook', 'send', 'body.json'], {
    environment: { PUSH_WEBHOOK_SECRET: SECRET },
    files,
  })
  expect(alone).toMatchObject({ exitCode: 2, output: '' })
  expect(alone.errors).toContain('PUSH_WEBHOOK_SECRET beside PUSH_API_KEY')
})

it('a signature is explained: genuine, too old, or why it does not fit', async () => {
  const now = Math.floor(Date.now() / 1_000)
  const genuine = sign(SECRET, now, body)
  expect(await verify(text, genuine)).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('The signature is genuine') as string,
  })
  expect((await verify(text, sign(SECRET, now - 4_000, body))).output).toContain(
    'more than 35 minutes old',
  )
  expect((await verify(`${text}\n`, genuine)).output).toContain('without the line break')
  expect(
    (
      await verify(
        JSON.stringify(JSON.parse(text)),
        sign(SECRET, now, Buffer.from(JSON.stringify(JSON.parse(text), null, 2))),
      )
    ).output,
  ).toContain('written again')
  expect((await verify(text, 't=1')).output).toContain('64 hex digits')
  expect(await verify(text, sign('psws_other', now, body))).toMatchObject({ exitCode: 1 })
})
