import { Work } from '../../../src/work/work.ts'
import { ApolloServer } from '@apollo/server'
import { createClient } from 'graphql-ws'
import { getIntrospectionQuery, getOperationAST, GraphQLError, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { toEnd } from '../../../src/work/to-end.ts'
import { workInOneTurn } from '../../support/work.ts'
import { type Answering, createAnswering } from '../../../src/graphql/operation/lifecycle.ts'
import { createContext } from '../../../src/graphql/context.ts'
import { needsOf } from '../../support/needs.ts'
import {
  createCheckLimits,
  createReadText,
  type DocumentLimits,
} from '../../../src/graphql/analysis/limits.ts'
import { createKnownOperations } from '../../../src/graphql/analysis/known-operations.ts'
import { createDirect } from '../../../src/graphql/operation/direct.ts'
import { pushgraphPlugin } from '../../../src/graphql/operation/plugin.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { allRights } from '../../../src/model/rights.ts'
import { serveProduct } from '../../support/product.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { AnswerValidity } from '../../../src/query/operation/answer-validity.ts'

const schema = createExecutableSchema(resolvers)
const wide: DocumentLimits = {
  maxDepth: 30,
  maxAliases: 500,
  maxTokens: 20_000,
  maxCost: 5_000_000,
}

const check = (query: string, limits: Partial<DocumentLimits> = {}, variables = {}): void => {
  createCheckLimits(schema, { ...wide, ...limits })(
    { document: parse(query), variables },
    allRights,
  )
}

describe('an operation as large as a limit allows passes, a larger one is refused with the limit named', () => {
  test.each([
    ['{ employees { nodes { id } } }', { maxDepth: 3 }, { maxDepth: 2 }, 'PUSHGRAPH_MAX_DEPTH'],
    [
      '{ employees { ...A } } fragment A on EmployeeConnection { nodes { ... on Employee { id } } }',
      { maxDepth: 3 },
      { maxDepth: 2 },
      'PUSHGRAPH_MAX_DEPTH',
    ],
    [
      '{ a: apps { n: nodes { id } } b: apps { totalCount } }',
      { maxAliases: 3 },
      { maxAliases: 2 },
      'PUSHGRAPH_MAX_ALIASES',
    ],
    [
      '{ apps { nodes { ...A } edges { node { ...A } } } } fragment A on App { a: id b: id }',
      { maxAliases: 4 },
      { maxAliases: 3 },
      'PUSHGRAPH_MAX_ALIASES',
    ],
    [
      '{ _entities(representations: []) { ... on Employee { accounts { nodes { id } } } } }',
      { maxDepth: 4 },
      { maxDepth: 3 },
      'PUSHGRAPH_MAX_DEPTH',
    ],
  ])('%s', (query, enough, tooLittle, setting) => {
    expect(() => {
      check(query, enough)
    }).not.toThrow()
    const [max] = Object.values(tooLittle)
    expect(() => {
      check(query, tooLittle)
    }).toThrow(expect.objectContaining({ fields: { path: setting, limit: setting, max } }))
  })

  test('but for questions about the schema, of which an alias counts as fifty', () => {
    const twice = '{ a: __schema { types { name } } __schema { b: types { name } } }'
    expect(() => {
      check(twice, { maxAliases: 100 })
    }).not.toThrow()
    expect(() => {
      check(twice, { maxAliases: 99 })
    }).toThrow('PUSHGRAPH_MAX_ALIASES')

    expect(() => {
      check(getIntrospectionQuery(), { maxDepth: 1, maxAliases: 0 })
    }).not.toThrow()
  })
})

describe('the text of an operation', () => {
  const refuses = (text: string, maxTokens: number) => () => {
    toEnd(createReadText({ maxTokens })(text, workInOneTurn()))
  }

  test('may have as many tokens as the limit says, comments apart', () => {
    const text = '{ apps(first: 1) { totalCount } # words\n }'
    expect(refuses(text, 11)).not.toThrow()
    expect(refuses(text, 10)).toThrow(
      expect.objectContaining({
        fields: { path: 'PUSHGRAPH_MAX_TOKENS', limit: 'PUSHGRAPH_MAX_TOKENS', max: 10 },
      }),
    )
  })

  test('may not have more of them by having none that is longer than a letter', () => {
    for (let depth = 1; depth < 50; depth += 1) {
      const text = '{a'.repeat(depth) + '}'.repeat(depth)
      expect(refuses(text, 3 * depth)).not.toThrow()
      expect(refuses(text, 3 * depth - 1)).toThrow('PUSHGRAPH_MAX_TOKENS')
    }
  })

  test('is left to the parser where it is none', () => {
    expect(refuses('{ "', 2)).not.toThrow()
    expect(refuses('{ a b c "', 2)).toThrow('PUSHGRAPH_MAX_TOKENS')
  })
})

describe('variables', () => {
  const query = 'query ($f: EmployeeFilter) { employees(filter: $f) { totalCount } }'

  test('that are wrong in every place are read up to the first', () => {
    let read = 0
    const wrong = new Proxy(Array<object>(1_000).fill({}), {
      get: (of, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) read += 1
        return Reflect.get(of, name) as unknown
      },
    })
    const variables = { f: { id: { in: wrong } } }
    check(query, {}, variables)
    needsOf(schema, parse(query), undefined, variables)
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(10)
  })

  test('that are nested too deeply are refused', () => {
    let filter: object = {}
    for (let level = 0; level < 50_000; level += 1) filter = { and: [filter] }
    expect(() => {
      check(query, {}, { f: filter })
    }).toThrow('The variables are nested too deeply')
  })
})

describe('what is refused does not begin', () => {
  const query = '{ apps { totalCount } }'
  let begun = 0
  const context = () =>
    createContext({
      validity: new AnswerValidity({
        clock: systemClock,
        freshness: { maxAgeMs: 0, staleMs: 0 },
      }),
      work: new Work(),
      open: () => {
        begun += 1
        throw new Error('begun')
      },
      openInTurns: () => {
        begun += 1
        throw new Error('begun')
      },
    })
  const answering = createAnswering({
    check: () => {
      throw new GraphQLError('too much', { extensions: { code: 'BAD_USER_INPUT' } })
    },
  })

  test('by way of Apollo', async () => {
    const server = new ApolloServer({ schema, plugins: [pushgraphPlugin(answering)] })
    const { body } = await server.executeOperation({ query }, { contextValue: context() })
    expect(body).toMatchObject({ singleResult: { errors: [{ message: 'too much' }] } })
    expect(begun).toBe(0)
  })

  test('past Apollo, which is left to refuse it', async () => {
    const document = parse(query)
    const operation = getOperationAST(document) ?? undefined
    const question = { schema, document, operation, operationName: undefined, variables: {} }
    const timesBegun = async (of: Answering): Promise<number> => {
      begun = 0
      const known = createKnownOperations()
      known.learn(query, question)
      expect(await createDirect(of, known)(context, { query })).toBeUndefined()
      return begun
    }
    expect(await timesBegun(answering)).toBe(0)
    expect(await timesBegun(createAnswering())).toBe(1)
  })
})

test('the server refuses what is beyond its settings, on every transport', async () => {
  const product = await serveProduct({
    environment: {
      PUSHGRAPH_MAX_DEPTH: '3',
      PUSHGRAPH_MAX_TOKENS: '100',
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
    },
  })
  try {
    const ask = (query: string, accept = 'application/json'): Promise<Response> =>
      fetch(`${product.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query }),
      })
    const deep = '{ employees { nodes { connector { alias } } } }'
    const refused = await ask(deep)
    expect(refused.status).toBe(400)
    const told: unknown = await refused.json()
    expect(told).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', path: 'PUSHGRAPH_MAX_DEPTH' } }],
    })
    // It has no cost, since it never began.
    expect(told).not.toHaveProperty('extensions')
    expect((await ask('{ employees(first: 1) { nodes { id } } }')).status).toBe(200)
    for (const query of [deep, 'subscription { events { employee { connector { alias } } } }']) {
      const stream = await ask(query, 'text/event-stream')
      expect(await stream.text()).toContain('PUSHGRAPH_MAX_DEPTH')
    }

    // Valid or not: nobody has parsed it.
    const long = `{ ${'id '.repeat(120)}`
    for (const accept of ['application/json', 'text/event-stream']) {
      const tooLong = await ask(long, accept)
      expect(tooLong.status).toBe(400)
      expect(await tooLong.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT', path: 'PUSHGRAPH_MAX_TOKENS' } }],
      })
    }

    const client = createClient({
      url: `${product.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    })
    const first = (query: string): Promise<unknown> =>
      client
        .iterate({ query })
        .next()
        .catch((error: unknown) => error)
    const codeOf = (code: string) => [expect.objectContaining({ extensions: { code } })]
    expect(await first(long)).toMatchObject([{ extensions: { path: 'PUSHGRAPH_MAX_TOKENS' } }])
    expect(await first('{ apps')).toEqual(codeOf('GRAPHQL_PARSE_FAILED'))
    const unnamed = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query A { apps { totalCount } }', operationName: 'B' }),
    })
    expect(unnamed.status).toBe(400)
    expect(await unnamed.json()).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    })
    expect(await first('{ nothing }')).toEqual(codeOf('GRAPHQL_VALIDATION_FAILED'))
    await client.dispose()
    const wrong = await ask('{ nothing }', 'text/event-stream')
    expect(await wrong.text()).toContain('GRAPHQL_VALIDATION_FAILED')
  } finally {
    product.kill('SIGTERM')
    await product.ended
  }
})
