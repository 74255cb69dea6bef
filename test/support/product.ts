/** The whole product as a process of its own, the way its users start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file of the command `pushgraph`. */
export const commandFile = fileURLToPath(new URL('../../bin/pushgraph.js', import.meta.url))

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Files of the folder that it runs in. */
  readonly files?: Readonly<Record<string, string>>
  /** What stands on its standard input. */
  readonly input?: string
}

export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

export interface Product {
  /** Where it runs; gone when it has ended. */
  readonly folder: string
  /** What it has said so far. */
  readonly output: () => string
  readonly errors: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  /** Resolves when the process has ended by itself or by a signal. */
  readonly ended: Promise<Ended>
}

/** Those that a test which failed did not come to stop would outlive all tests. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts `pushgraph` with these arguments in an empty folder and an environment of its own. */
export const startProduct = (
  args: readonly string[],
  { environment = {}, files = {}, input }: RunOptions = {},
): Product => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-run-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const child = spawn(process.execPath, [commandFile, ...args], { cwd: folder, env: environment })
  running.add(child)
  child.stdin.end(input)

  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return {
    folder,
    output: () => output,
    errors: () => errors,
    kill: signal => child.kill(signal),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (exitCode, signal) => {
        running.delete(child)
        rmSync(folder, { recursive: true, force: true })
        resolve({ exitCode, signal, output, errors })
      })
    }),
  }
}

/** Runs one command to its end. */
export const runProduct = (args: readonly string[], options?: RunOptions): Promise<Ended> =>
  startProduct(args, options).ended

export interface Serving extends Product {
  /** `http://127.0.0.1:port` */
  readonly url: string
}

/**
 * Starts the server on a free port and waits until it says where it listens.
 *
 * @throws {Error} with what it said, when it ends instead
 */
export const serveProduct = async (options: RunOptions = {}): Promise<Serving> => {
  const product = startProduct(['serve'], {
    ...options,
    environment: { PORT: '0', ...options.environment },
  })
  const url = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /GraphQL {3}(http\S+)\/graphql/.exec(product.errors())?.[1]
      if (found === undefined) return
      clearInterval(look)
      resolve(found)
    }, 20)
    void product.ended.then(({ errors, output }) => {
      clearInterval(look)
      reject(new Error(`It ended instead of serving: ${errors}${output}`))
    })
  })
  return { ...product, url }
}
