/** Pushgraph as `npm start` starts it, and what Node tells of its heap. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { npmStart, npmStartEnvironment } from '../bench/processes/product.ts'

export interface Served {
  readonly url: string
  /** Bytes of the heap that are in use once all that nobody needs was swept. */
  heap(): Promise<number>
  /** Undefined while it runs: else how it ended. */
  ended(): string | undefined
  /** The lines of its log that tell of a bug. */
  bugs(): readonly string[]
  /** Its exit code. */
  stop(): Promise<number | null>
}

export const serve = async (
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Served> => {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', ...npmStart], {
    cwd: directory,
    env: { ...npmStartEnvironment, PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let ended: string | undefined
  let said = ''
  const bugs: string[] = []
  child.once('exit', (code, signal) => (ended = `exit code ${code}, signal ${signal}`))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    bugs.push(...lines.filter(line => /"level":"(error|fatal)"/.test(line)))
  })
  const found = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = pattern.exec(said)?.[1]
      if (match !== undefined) return match
      if (ended !== undefined) throw new Error(`It ended instead of serving: ${said}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  const inspector = await connect(await found(/Debugger listening on (ws:\S+)/))
  return {
    url: await found(/GraphQL {3}(http\S+)\/graphql/),
    heap: async () => {
      for (let sweep = 0; sweep < 3; sweep++) await inspector.ask('HeapProfiler.collectGarbage')
      const { usedSize } = (await inspector.ask('Runtime.getHeapUsage')) as { usedSize: number }
      return usedSize
    },
    ended: () => ended,
    bugs: () => bugs,
    stop: async () => {
      inspector.close()
      if (ended === undefined) await stopped(child)
      return child.exitCode
    },
  }
}

const stopped = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

/** Node's own protocol for those who look into it. */
const connect = async (url: string) => {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (result: unknown) => void>()
  let last = 0
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  return {
    ask: (method: string): Promise<unknown> =>
      new Promise(resolve => {
        const id = ++last
        waiting.set(id, result => {
          waiting.delete(id)
          resolve(result)
        })
        socket.send(JSON.stringify({ id, method }))
      }),
    close: () => socket.close(),
  }
}
