/** Gateways as processes of their own, the way their users start them. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../examples/replicas/free-port.ts'

export interface Gateway {
  /** Where it answers GraphQL. */
  readonly url: string
  stop(): Promise<void>
}

const folder = new URL('../../examples/supergraph/', import.meta.url)
const { resolve } = createRequire(folder)

/** The example as `npm start` starts it, in front of that Pushgraph. */
export const startExample = (pushgraph: string, port?: number): Promise<Gateway> => {
  const start = async (at: number): Promise<Gateway> => {
    const child = startNode([fileURLToPath(new URL('start.ts', folder))], undefined, {
      PUSHGRAPH_URL: pushgraph,
      GATEWAY_PORT: String(at),
      HR_PORT: '0',
      TICKETS_PORT: '0',
    })
    const url = await child.says(/The supergraph {2}(\S+)/)
    return { url, stop: child.stop }
  }
  return port === undefined ? onFreePort(start) : start(port)
}

/** Apollo's gateway over the supergraph in that file. */
export const startApolloGateway = async (supergraph: string): Promise<Gateway> => {
  const child = startNode([fileURLToPath(new URL('apollo-gateway.ts', folder)), supergraph])
  const url = await child.says(/listening (\S+)/)
  return { url, stop: child.stop }
}

/** Hive Gateway over the supergraph in that file; `arguments_` are those of its command line. */
export const startHiveGateway = (
  supergraph: string,
  arguments_: readonly string[] = [],
): Promise<Gateway> => onFreePort(port => startHiveOn(port, supergraph, arguments_))

const startHiveOn = async (
  port: number,
  supergraph: string,
  arguments_: readonly string[],
): Promise<Gateway> => {
  const program = join(dirname(resolve('@graphql-hive/gateway')), 'bin.js')
  const child = startNode(
    [
      program,
      'supergraph',
      supergraph,
      ...['--host', '127.0.0.1', '--port', String(port), '--polling', '1h'],
      ...arguments_,
    ],
    // It would take a config file of the folder that it runs in.
    dirname(supergraph),
  )
  const url = `http://127.0.0.1:${port}`
  await Promise.race([child.failed, untilReady(`${url}/readiness`, child.failed)])
  return { url: `${url}/graphql`, stop: child.stop }
}

const untilReady = async (url: string, failed: Promise<never>): Promise<void> => {
  let hasFailed = false
  failed.catch(() => {
    hasFailed = true
  })
  while (!hasFailed) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok === true) return
    await pause(100)
  }
}

/** Starts it on a port that is free; on another one where somebody else took that meanwhile. */
const onFreePort = async (start: (port: number) => Promise<Gateway>): Promise<Gateway> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await start(await freePort())
    } catch (error) {
      if (tries === 5 || !String(error).includes('EADDRINUSE')) throw error
    }
}

const startNode = (
  args: readonly string[],
  directory?: string,
  more: Readonly<Record<string, string>> = {},
) => {
  const { NODE_ENV: _, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: directory, env: { ...env, ...more } })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<void>(resolveEnd => {
    child.once('close', () => {
      resolveEnd()
    })
  })
  const failed = ended.then((): never => {
    throw new Error(`It ended instead of serving: ${output}`)
  })
  failed.catch(() => undefined)
  return {
    failed,
    says: (pattern: RegExp): Promise<string> =>
      Promise.race([
        failed,
        new Promise<string>(resolveSaid => {
          const look = (): void => {
            const found = pattern.exec(output)?.[1]
            if (found !== undefined) resolveSaid(found)
          }
          listeners.add(look)
          look()
        }),
      ]),
    stop: async (): Promise<void> => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
