import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { delivery, post } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct } from '../support/product.ts'

const file = (secret: string): string =>
  `connectors: [{ alias: acme, apiKey: k, url: 'http://127.0.0.1:9/v1', webhookSecrets: [${secret}] }]`

test('webhook secrets change while the server runs, on SIGHUP and by a file put in place of the other', async () => {
  const directory = directoryForTest()
  const path = join(directory, 'connectors.yaml')
  writeFileSync(path, file('psws_first'))
  const { url, kill, ended, output } = await serveProduct({
    environment: { PUSHGRAPH_CONFIG: path, PUSHGRAPH_DATA_DIR: join(directory, 'data') },
  })
  onTestFinished(async () => {
    kill('SIGTERM')
    await ended
  })
  const statusOf = async (secret: string): Promise<number> =>
    (await post(url, delivery({ id: 'one' }), { connector: 'acme', secret })).status
  expect([await statusOf('psws_first'), await statusOf('psws_second')]).toEqual([200, 401])

  writeFileSync(path, file('psws_second'))
  kill('SIGHUP')
  await expect.poll(() => statusOf('psws_second'), { timeout: 10_000 }).toBe(200)
  expect(await statusOf('psws_first')).toBe(401)

  // What cannot be used changes nothing.
  writeFileSync(path, 'connectors: [')
  await expect.poll(output, { timeout: 10_000 }).toContain('the ones before stay')
  expect(await statusOf('psws_second')).toBe(200)

  writeFileSync(`${path}.new`, file('psws_third'))
  renameSync(`${path}.new`, path)
  await expect.poll(() => statusOf('psws_third'), { timeout: 10_000 }).toBe(200)
})
