/** What docs/dashboards.md and the README of examples/grafana show is answered, and what they name is there. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { directoryForTest } from './support/directory.ts'
import { dataSource, rules } from './support/grafana-views.ts'
import { serveProduct } from './support/product.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const guide = read('examples/grafana/README.md')
const examples = [...read('docs/dashboards.md').matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, body = '']) => body,
)

test('a document is asked by GET as docs/dashboards.md says, and not sent twice', async () => {
  const [serve = '', ask = '', again = ''] = examples
  const settings = Object.fromEntries(
    [...serve.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const server = await serveProduct({
    environment: {
      ...settings,
      PUSHGRAPH_DOCUMENTS: join(root, settings['PUSHGRAPH_DOCUMENTS'] ?? ''),
      PUSHGRAPH_DEMO_SCALE: '0.02',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
      PUSHGRAPH_MAX_AGE_S: '3600',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  const headers = join(directoryForTest(), 'headers.txt')
  const run = async (script: string): Promise<string> => {
    const here = script
      .replaceAll('http://127.0.0.1:4000', server.url)
      .replaceAll('headers.txt', headers)
    return (await promisify(execFile)('/bin/sh', ['-c', here], { cwd: root })).stdout
  }
  expect(await run(ask)).toContain('"complete":true')
  expect(JSON.parse(await run(ask))).toMatchObject({
    extensions: { pushgraph: { requests: 0, complete: true } },
  })
  expect(readFileSync(headers, 'utf8')).toMatch(/^cache-control: private, max-age=[1-9]/m)
  const [hash = ''] = ask.split('\n')
  expect(await run(`${hash}\n${again}`)).toBe('304\n')
})

test('the README names what Grafana is given, and the versions that fit together', () => {
  const compose = read('examples/compose/compose.yaml')
  const [, grafana = ''] = /grafana\/grafana:(\S+)/.exec(compose) ?? []
  const [plugin = ''] = /yesoreyeram-infinity-datasource@[\d.]+/.exec(compose) ?? []
  const { devDependencies } = JSON.parse(read('package.json')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  expect(devDependencies['@grafana/schema']).toBe(grafana)
  expect(guide).toContain(`Grafana ${grafana.split('.', 2).join('.')} `)
  expect(guide).toContain(plugin)
  const given = [...guide.matchAll(/^ +\| `(\w+)` +\|/gm)].map(([, name]) => name)
  const wanted = [...JSON.stringify(dataSource).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
  expect(given.sort()).toEqual([...new Set(wanted)].sort())
})

test('the README has each alert rule, and files that are there', () => {
  const [, table = ''] = guide.split('## Alert rules')
  const told = [...table.matchAll(/^\| (.+?) +\| /gm)].map(([, title]) => title)
  expect(told.slice(2)).toEqual(rules.map(({ title }) => title))
  for (const [, path = ''] of guide.matchAll(/`((?:provisioning|dashboards|source)\/[\w./-]*)`/g))
    expect([path, existsSync(join(root, 'examples/grafana', path))]).toEqual([path, true])
  for (const [, path = ''] of guide.matchAll(/\]\((\.\.[^)#]+)/g))
    expect([path, existsSync(join(root, 'examples/grafana', path))]).toEqual([path, true])
})
