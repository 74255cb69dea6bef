import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'pushgraph-installed-'))
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

/** The package as npm lays it out, its dependencies beside it. */
const install = (): string => {
  const modules = join(scratch, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  const home = join(modules, 'pushgraph')
  for (const part of ['bin', 'src', 'schema', 'examples/tools', 'package.json'])
    cpSync(join(root, part), join(home, part), { recursive: true })
  return join(home, 'bin', 'pushgraph.js')
}

test('the installed package runs, although Node strips no types below node_modules', () => {
  const command = install()
  const pushgraph = (...args: readonly string[]) =>
    spawnSync(process.execPath, [command, ...args], {
      cwd: scratch,
      encoding: 'utf8',
      input: '{ employees(first: 1) { nodes { email } } }',
      env: {
        PATH: process.env.PATH,
        PUSHGRAPH_DEMO_SCALE: '0.05',
        PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
        PUSHGRAPH_DEMO_LATENCY_MS: '0',
      },
    })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  expect(pushgraph('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  expect(pushgraph('schema').stdout).toContain('type Employee ')
  const answer = pushgraph('query', '-')
  expect(answer.stderr).toBe('No API key is set: the demo tenant answers.\n')
  expect(JSON.parse(answer.stdout)).toMatchObject({
    data: { employees: { nodes: [{ email: expect.stringContaining('@') as string }] } },
  })
  // What the runtime made of the sources is there for the next start.
  const cache = join(command, '../../node_modules/.cache/pushgraph')
  expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(100)
})
