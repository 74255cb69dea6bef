/** Pushgraph itself as its users start it, and as a client of it asks. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { StandIn } from './stand-in.ts'

interface NpmScript {
  /** What it sets in the environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What it runs, for Node: its own options, the program, and the program's arguments. */
  readonly program: readonly string[]
}

/** What a script of npm does in a checkout of Pushgraph, by the address of its folder. */
const readScript = (root: URL, name: 'start' | 'pushgraph'): NpmScript => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    readonly scripts: Readonly<Record<typeof name, string>>
  }
  const [settings = '', command = ''] = scripts[name].split('exec node ')
  return {
    environment: Object.fromEntries(
      [...settings.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    ),
    program: command
      .split(' ')
      .map(word => (/\.[jt]s$/.test(word) ? fileURLToPath(new URL(word, root)) : word)),
  }
}

const root = new URL('../../', import.meta.url)
const own = readScript(root, 'start')

/** `npm run pushgraph`, before the arguments of a command. */
export const npmPushgraph = readScript(root, 'pushgraph')

/** What `npm start` sets in the environment. */
export const npmStartEnvironment = own.environment

/** What `npm start` runs, for Node: its own options, the program, and the program's arguments. */
export const npmStart = own.program

/** An answer as GraphQL over HTTP gives it, with what Pushgraph adds. */
export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number }
  }[]
  readonly extensions?: {
    readonly pushgraph?: {
      readonly requests: number
      readonly rowsRead: number
      readonly asOf: string | null
      readonly plan?: { readonly estimate: { readonly requests: number; readonly ms: number } }
    }
  }
}

export interface Server extends Child {
  /** Where it answers GraphQL. */
  readonly url: string
}

export interface ProductOptions {
  readonly dataDirectory: string
  readonly environment?: Readonly<Record<string, string>>
  readonly nodeArguments?: readonly string[]
  /** The folder of another checkout, to start that one. */
  readonly checkout?: string | undefined
  /** Kills it at once when it aborts, wherever it stands. */
  readonly signal?: AbortSignal
}

/** Pushgraph over that stand-in, ready to answer. It has read nothing yet. */
export const startProduct = async (
  standIn: Pick<StandIn, 'url' | 'key'>,
  { dataDirectory, environment = {}, nodeArguments = [], checkout, signal }: ProductOptions,
): Promise<Server> => {
  const start =
    checkout === undefined ? own : readScript(pathToFileURL(`${resolve(checkout)}/`), 'start')
  const child = await startChild(start.program, {
    nodeArguments,
    environment: {
      ...start.environment,
      PORT: '0',
      PUSH_API_KEY: standIn.key,
      PUSH_API_URL: standIn.url,
      PUSHGRAPH_DATA_DIR: dataDirectory,
      LOG_LEVEL: 'warn',
      ...environment,
    },
    directory: dataDirectory,
    ready: /GraphQL {3}(http\S+)/,
    ...(signal === undefined ? {} : { signal }),
  })
  return { ...child, url: child.said }
}

/** Asks a GraphQL server one question. */
export const ask = async (
  url: string,
  { query, variables = {} }: { readonly query: string; readonly variables?: object },
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer
}
