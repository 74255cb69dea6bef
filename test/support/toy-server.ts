/** A server over a schema that can fail in every way, for tests of what surrounds a graph. */
import { Writable } from 'node:stream'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { BadInputError, RateLimitedError } from '../../src/errors.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { createServer } from '../../src/http/server.ts'
import type { GraphRequest } from '../../src/http/apollo/contexts.ts'
import type { Server, ServerOptions } from '../../src/http/server.ts'
import { createDoor } from './door.ts'

export interface ToyContext {
  readonly request: GraphRequest
}

export interface Toy {
  readonly server: Server
  readonly url: string
  /** The log's lines so far. */
  readonly lines: Record<string, unknown>[]
  /** Lets the field `slow` answer. */
  readonly release: () => void
  /** Resolves once `slow` runs `times` times. */
  readonly slowRuns: (times: number) => Promise<void>
  /** How many running `slow` fields were told that their caller left. */
  readonly aborted: () => number
}

const typeDefs = /* GraphQL */ `
  type Query {
    hello(name: String): String!
    whatWasAsked: Asked!
    slow: String
    badInput: String
    rateLimited: String
    bug: String
    bugs(count: Int!): [Bug!]
    impossible: Int
  }
  type Bug {
    strikes: String
  }
  type Asked {
    id: String!
    cacheControl: String
    plan: String
  }
  type Subscription {
    hello: String
  }
  type Mutation {
    change: String
  }
`

/** Starts a toy on a free port of this machine; the caller stops its server. */
export const startToy = async (changes: Partial<ServerOptions<ToyContext>> = {}): Promise<Toy> => {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
      done()
    },
  })

  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let runs = 0
  let aborted = 0
  const watchers: (() => void)[] = []

  const schema = makeExecutableSchema<ToyContext>({
    typeDefs,
    resolvers: {
      Query: {
        hello: (_: unknown, { name }: { name?: string }) => `Hello ${name ?? 'you'}`,
        whatWasAsked: (_: unknown, __: unknown, { request }: ToyContext) => request,
        slow: async (_: unknown, __: unknown, { request }: ToyContext) => {
          const left = new Promise<void>(resolve => {
            const onAbort = (): void => {
              aborted++
              resolve()
              for (const watcher of watchers) watcher()
            }
            // Its caller may have left before it runs.
            if (request.signal.aborted) onAbort()
            else request.signal.addEventListener('abort', onAbort)
          })
          runs++
          for (const watcher of watchers) watcher()
          await Promise.race([released, left])
          return 'done'
        },
        badInput: () => {
          throw new BadInputError('first must be positive', 'employees.first')
        },
        rateLimited: () => {
          throw new RateLimitedError('Push is busy', 1500)
        },
        bug: () => {
          throw new Error('row of jane@example.com broke')
        },
        bugs: (_: unknown, { count }: { count: number }) =>
          Array.from({ length: count }, () => ({})),
        impossible: () => 'jane@example.com',
      },
      Bug: {
        strikes: () => {
          throw new TypeError('undefined is not a function')
        },
      },
      Mutation: { change: () => 'changed' },
    },
  })

  const server = await createServer<ToyContext>({
    schema,
    admission: createDoor(),
    context: request => ({ request }),
    health: () => [],
    introspection: true,
    graphiqlDirectory: '/nowhere',
    overview: { directory: '/nowhere', documents: {} },
    hosts: [],
    origins: [],
    log: createLog({ level: 'debug', readable: false, destination }),
    ...changes,
  })
  return {
    server,
    url: await server.listen('127.0.0.1', 0),
    lines,
    release,
    aborted: () => aborted,
    slowRuns: times =>
      new Promise(resolve => {
        const look = () => {
          if (runs >= times) resolve()
        }
        watchers.push(look)
        look()
      }),
  }
}
