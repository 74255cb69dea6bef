/** The command line's process: arguments, environment, streams and signals. Everything else is told of it. */
import { readFileSync, writeSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiling takes longer than anything else at the start. Where the folder cannot be written, it is done each time.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/pushgraph', import.meta.url)))
const { run } = await import('./main/program.ts')

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

/** The first signal asks to stop; a second one ends the process at once, with the exit code that shells expect. */
const signalNumbers = { SIGTERM: 15, SIGINT: 2 } as const
const stopped = new Promise<void>(resolve => {
  let asked = false
  for (const [signal, number] of Object.entries(signalNumbers))
    process.on(signal, () => {
      if (asked) process.exit(128 + number)
      asked = true
      resolve()
    })
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
  version,
})

clearInterval(running)
