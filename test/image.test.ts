/** The image, on a machine that cannot build one: what its Dockerfile says is done in a folder, and runs as in a container. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../examples/replicas/free-port.ts'
import { canContain, type Contained, startContained } from './support/contained.ts'
import { environmentOf, execForm, readStages, valuesOf } from './support/dockerfile.ts'
import { standInForTest } from './support/stand-in.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { devDependencies, scripts, dependencies } = JSON.parse(read('package.json')) as {
  readonly devDependencies: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

const stages = readStages(new URL('../Dockerfile', import.meta.url))
const [build = [], image = []] = stages
const user = Number(/^(\d+):\d+$/.exec(valuesOf(image, 'USER')[0] ?? '')?.[1])

describe('the Dockerfile', () => {
  test('has two stages upon the Node that the package brings, pinned by its tag', () => {
    expect(stages).toHaveLength(2)
    expect(stages.map(([from]) => from?.value.replace(' AS build', ''))).toEqual([
      `node:${devDependencies['node']}-slim`,
      `node:${devDependencies['node']}-slim`,
    ])
  })

  test('runs as a user that a number shows not to be root', () => {
    expect(user).toBeGreaterThan(0)
    // Whatever stands behind it runs as that user, too.
    const names = image.map(({ name }) => name)
    expect(names.slice(names.indexOf('USER'))).not.toContain('RUN')
  })

  test('starts the server as `npm start` does, without npm and without a shell', () => {
    const [entry = ''] = valuesOf(image, 'ENTRYPOINT')
    const [command = ''] = valuesOf(image, 'CMD')
    const [settings = '', started] = scripts['start']?.split('exec ') ?? []
    expect([...execForm(entry), ...execForm(command)].join(' ').replace('/app/', '')).toBe(started)
    for (const [, name = '', value] of settings.matchAll(/(\w+)=(\S+)/g))
      expect(environmentOf(image)).toHaveProperty(name, value)
    const [flags] = /(?<=const flags = )\[.*\]/.exec(read('image/assemble.ts')) ?? []
    expect(execForm(entry).slice(1, -1)).toEqual(execForm(flags?.replaceAll("'", '"') ?? ''))
  })

  test('takes out npm, and lets nobody ask without a word of the one who runs it', () => {
    expect(valuesOf(image, 'RUN').join()).toMatch(/rm -rf .*\/usr\/local\/bin\/npm /)
    const environment = environmentOf(image)
    expect(environment).toMatchObject({ HOST: '0.0.0.0', MALLOC_ARENA_MAX: '2' })
    expect(environment).not.toHaveProperty('PUSHGRAPH_AUTH')
    const [volumes = ''] = valuesOf(image, 'VOLUME')
    expect(execForm(volumes)).toEqual([environment['PUSHGRAPH_DATA_DIR']])
    // SQLite puts large sorts there.
    expect(environment['TMPDIR']).toBe(environment['PUSHGRAPH_DATA_DIR'])
  })

  test('takes nothing from elsewhere, and no settings, keys or data of this folder', () => {
    for (const stage of stages) expect(valuesOf(stage, 'ADD')).toEqual([])
    expect(valuesOf(image, 'COPY')).toEqual(['--from=build /app /app'])
    const ignored = read('.dockerignore').split('\n')
    expect(ignored).toContain('*')
    for (const name of ['.env', 'data', '.git', 'node_modules', 'test'])
      expect(ignored).not.toContain(`!${name}`)
  })
})

describe('what the image holds', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'pushgraph-image-'))
  const app = join(scratch, 'app')
  const node = join(scratch, 'node')

  beforeAll(() => {
    // Where this checkout and its Node lie, another user may not come.
    chmodSync(scratch, 0o755)
    // What the build is given: the files that .dockerignore lets through.
    const context = join(scratch, 'build')
    mkdirSync(context)
    for (const [, name = ''] of read('.dockerignore').matchAll(/^!(.*)$/gm))
      cpSync(join(root, name), join(context, name), { recursive: true })
    // `npm ci` and the build of the page were run here as they are there.
    symlinkSync(join(root, 'node_modules'), join(context, 'node_modules'))
    cpSync(join(root, 'build'), join(context, 'build'), { recursive: true })

    const [, ...args] = execForm(valuesOf(build, 'RUN').at(-1) ?? '')
    expect(args).toEqual(['image/assemble.ts', '/app'])
    execFileSync(process.execPath, ['image/assemble.ts', app], { cwd: context, stdio: 'pipe' })
    try {
      linkSync(process.execPath, node)
    } catch {
      cpSync(process.execPath, node)
    }
  })
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true })
  })

  /** The command of the image, in its environment and that of whoever runs it. */
  const run = async (
    environment: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>> = {},
  ): Promise<Contained & { readonly url: string; readonly environment: typeof environment }> => {
    const data = mkdtempSync(join(scratch, 'data-'))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(data, name), content)
    const here = (text: string): string =>
      text.replace(/^\/app(?=\/)/, app).replace(/^\/data(?=\/|$)/, data)
    const all = Object.fromEntries(
      Object.entries({
        ...environmentOf(image),
        PORT: String(await freePort()),
        ...environment,
      }).map(([name, value]) => [name, here(value)]),
    )
    const [, ...args] = [
      ...execForm(valuesOf(image, 'ENTRYPOINT')[0] ?? ''),
      ...execForm(valuesOf(image, 'CMD')[0] ?? ''),
    ]
    const contained = startContained([node, ...args.map(here)], {
      folder: scratch,
      writable: data,
      user,
      environment: all,
    })
    return { ...contained, url: `http://127.0.0.1:${all['PORT']}`, environment: all }
  }

  const healthCheck = (environment: Readonly<Record<string, string>>): boolean => {
    const [, ...args] = execForm(valuesOf(image, 'HEALTHCHECK')[0] ?? '')
    try {
      execFileSync(node, args, { env: environment, stdio: 'pipe' })
      return true
    } catch {
      return false
    }
  }

  test('is what runs, and no package for development', () => {
    expect(readdirSync(app).sort()).toEqual([
      'LICENSE',
      'bin',
      'build',
      'docs',
      'examples',
      'node_modules',
      'package.json',
      'src',
    ])
    for (const name of Object.keys(dependencies))
      expect(existsSync(join(app, 'node_modules', name))).toBe(true)
    for (const name of ['vitest', 'vite', 'typescript', 'graphiql', 'eslint', 'node'])
      expect(existsSync(join(app, 'node_modules', name))).toBe(false)
  })

  test('refuses to start until somebody says who may ask', async () => {
    const contained = await run({})
    expect(await contained.ended).toEqual({ exitCode: 2 })
    expect(contained.errors()).toContain('PUSHGRAPH_AUTH=tokens')
  })

  test('serves as process 1, not root, on a read-only file system, is healthy, and stops on SIGTERM', async () => {
    if (canContain !== 'all')
      process.stderr.write('Not tried in the image: process 1, a read-only file system (no root)\n')
    const standIn = await standInForTest()
    const contained = await run(
      {
        PUSH_API_KEY_FILE: '/data/key',
        PUSH_API_URL: standIn.url,
        PUSHGRAPH_AUTH: 'none',
        // What Node took from the files beside the sources, it says.
        NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
      },
      { key: standIn.keys.readOnly },
    )
    onTestFinished(async () => {
      contained.kill('SIGKILL')
      await contained.ended
    })
    await expect.poll(contained.errors).toContain('/graphql\n')
    const { url, environment } = contained
    expect(healthCheck(environment)).toBe(true)
    expect(healthCheck({ ...environment, PORT: '1' })).toBe(false)
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ employees { totalCount } events { totalCount } }' }),
    })
    expect(await answer.json()).toMatchObject({
      data: { employees: { totalCount: 50 }, events: { totalCount: 0 } },
    })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${url}/graphiql`)).text()).toContain('<title>Pushgraph</title>')
    expect(readdirSync(environment['PUSHGRAPH_DATA_DIR'] ?? '')).toContain('events.db')

    contained.kill('SIGHUP')
    await expect.poll(contained.output).toContain('files are read again')
    contained.kill('SIGTERM')
    expect(await contained.ended).toEqual({ exitCode: 0 })
    expect(contained.errors()).toMatch(/src\/app\.ts was accepted/)
    // Of its threads, too.
    expect(contained.errors()).toMatch(/src\/events\/threads\/worker\.ts was accepted/)
    expect(contained.errors()).not.toContain('was rejected')
  })
})
