/** The audit log of a server as its operators run it. */
import { existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { runProduct, serveProduct } from '../support/product.ts'

const serveForTest = async (directory: string, environment: Readonly<Record<string, string>>) => {
  const product = await serveProduct({
    environment: {
      PUSHGRAPH_DATA_DIR: join(directory, 'data'),
      PUSHGRAPH_DEMO_SCALE: '0.02',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
      ...environment,
    },
  })
  const stop = () => {
    product.kill('SIGTERM')
    return product.ended
  }
  onTestFinished(async () => void (await stop()))
  const ask = async (name: string): Promise<number> => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `query ${name} { connectors { alias } }` }),
    })
    await response.text()
    return response.status
  }
  return { ...product, ask, stop }
}

const namesIn = (path: string): readonly unknown[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map(line => (JSON.parse(line) as Record<string, unknown>)['operationName'])
    : []

test('is rotated as logrotate does it: moved away, then SIGHUP, and nothing is lost', async () => {
  const directory = directoryForTest()
  const path = join(directory, 'audit.log')
  writeFileSync(path, '')
  const { ask, kill, output, stop } = await serveForTest(directory, { PUSHGRAPH_AUDIT: path })
  await ask('Before')
  await expect.poll(() => namesIn(path)).toEqual(['Before'])
  renameSync(path, `${path}.1`)
  kill('SIGHUP')
  await expect.poll(() => existsSync(path)).toBe(true)
  await ask('After')
  await expect.poll(() => namesIn(path)).toEqual(['After'])
  await ask('Last')
  await stop()
  expect(namesIn(path)).toEqual(['After', 'Last'])
  expect(namesIn(`${path}.1`)).toEqual(['Before'])
  // The log has the requests alone.
  expect(output()).toContain('"msg":"request"')
  expect(output()).not.toContain('"audit"')
})

test('that cannot be written any longer keeps nobody from an answer, and is told of', async () => {
  const directory = directoryForTest()
  const path = join(directory, 'audit.log')
  symlinkSync('/dev/full', path)
  const { ask, url, output } = await serveForTest(directory, { PUSHGRAPH_AUDIT: path })
  for (const name of ['One', 'Two']) expect(await ask(name)).toBe(200)
  const figures = async () => (await fetch(`${url}/metrics`)).text()
  await expect.poll(figures).toContain('pushgraph_audit_failing 1')
  expect(await (await fetch(`${url}/readyz`)).text()).toContain('The audit log cannot be written')
  expect(output().split('The audit log cannot be written')).toHaveLength(2)
  renameSync(path, `${path}.full`)
  await expect.poll(() => namesIn(path)).toEqual(['One', 'Two'])
  await expect.poll(figures).toContain('pushgraph_audit_failing 0')
})

test.each([
  ['nowhere/audit.log', 'names a file in a folder that does not exist'],
  ['.', 'what it names is no file'],
  ['on', 'must be log, off, or the path of a file'],
])('%s cannot be begun with', async (place, why) => {
  const ended = await runProduct(['serve'], { environment: { PUSHGRAPH_AUDIT: place, PORT: '0' } })
  expect(ended.exitCode).toBe(2)
  expect(ended.errors).toContain(why)
})
