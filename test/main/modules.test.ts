/** Which modules a command reads: what only others need takes time and memory for nothing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { runProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'

/** Has each thread of the process write down what it has read. */
const noting = `
  import { registerHooks } from 'node:module'
  import { appendFileSync } from 'node:fs'
  const urls = []
  registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context) } })
  process.on('exit', () => appendFileSync(process.env.NOTED, urls.join('\\n') + '\\n'))
`

const root = new URL('../../', import.meta.url).href
/** A room, such as src/store, or a package. */
const part = /^(src\/[^/]+|node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The files of ours and of packages that the threads of the command read, each as often as threads did. */
const readBy = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> => {
  const noted = join(directoryForTest(), 'noted')
  const hook = `data:text/javascript,${encodeURIComponent(noting)}`
  const ended = await runProduct(args, {
    environment: { NODE_OPTIONS: `--import=${hook}`, NOTED: noted, ...environment },
  })
  expect(ended).toMatchObject({ exitCode: 0 })
  const urls = readFileSync(noted, 'utf8').split('\n')
  return urls.flatMap(url => (url.startsWith(root) ? [url.slice(root.length)] : []))
}

/** Their rooms and packages. */
const partsOf = (paths: readonly string[]): ReadonlySet<string> =>
  new Set(paths.flatMap(path => part.exec(path)?.[1]?.replace('node_modules/', '') ?? []))

const ofServersAlone = [
  ...['src/loaders', 'src/demo', 'src/mcp'],
  ...['@apollo/server', 'fastify', 'graphql', 'jose', 'ws'],
]

test.each(['--help', 'export --help'])('%s reads nothing of any command', async words => {
  const found = partsOf(await readBy(words.split(' ')))
  expect(found).toContain('src/main')
  for (const name of [...ofServersAlone, 'src/store', 'pino']) expect(found).not.toContain(name)
})

test('an export reads nothing of what only a server or the demo tenant needs', async () => {
  const { url, keys } = await standInForTest({ scale: 0.01, switches: { limiter: false } })
  const read = await readBy(['export', '--types', 'apps', '--out', 'apps.ndjson'], {
    PUSH_API_KEY: keys.readOnly,
    PUSH_API_URL: url,
  })
  const found = partsOf(read)
  for (const name of ['src/export', 'src/store', 'undici']) expect(found).toContain(name)
  for (const name of ofServersAlone) expect(found).not.toContain(name)
  // Of the threads that read stored events, one will do.
  expect(read.filter(path => path === 'src/events/threads/worker.ts')).toHaveLength(2)
})
