/** The command line's process: arguments, environment, streams and signals. Everything else is told of it. */
import { readFileSync, writeSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiling takes longer than anything else at the start. Where the folder cannot be written, it is done each time.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pushgraph', import.meta.url)))
// Else graphql-js looks at each value twice, for what only two copies of it in one process would make wrong.
process.env['NODE_ENV'] ??= 'production'
const { run } = await import('./main/program.ts')
const { listenForSignals } = await import('./main/signals.ts')

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

// npm and npx set it for whatever they start, and whatever that starts in turn.
const isByNpm = ['start', 'dev', 'demo:api', 'pushgraph', 'npx'].includes(
  process.env['npm_lifecycle_event'] ?? '',
)
const { stopped, onReload } = listenForSignals(process, {
  isTerminal: process.stdin.isTTY,
  isByNpm,
  now: () => performance.now(),
})

// Whoever reads the output may leave early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  writeSync(2, `The output cannot be written (${error.code ?? error.message}).\n`)
  process.exit(1)
})

// A command may wait for nothing but timers that keep no process alive, such as the pause before a retry.
const running = setInterval(() => {}, 2 ** 30)

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  directory: process.cwd(),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  isInteractive: process.stdout.isTTY,
  isWatched: process.stderr.isTTY,
  columns: () => process.stderr.columns,
  stopped,
  onReload,
  version,
})

clearInterval(running)
