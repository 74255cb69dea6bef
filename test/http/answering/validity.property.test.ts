/**
 * What was sent again is what would be given anew, whatever was asked, and whatever happened in between to the data, to
 * Push, to the connector and to the clock.
 */
import fc from 'fast-check'
import { parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { describe, expect, test } from 'vitest'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import type { Field } from '../../../src/model/collection.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import type { CollectionName, Row } from '../../../src/model/rows.ts'
import { settle } from '../../support/clock.ts'
import { type Kept, startKept } from '../../support/kept-answers.ts'
import {
  idLetters,
  knownIds,
  modelReadings,
  type Question,
  questionsOf,
  readingsOf,
} from '../../support/questions.ts'
import { detectionEvent, rowOf } from '../../support/rows.ts'
import { runsOr } from '../../support/runs.ts'

const schema = createExecutableSchema(resolvers)
const questions = questionsOf(schema)

/** The fields that an operation selects, as `Employee.accounts`. */
const fieldsOf = (question: Question): ReadonlySet<string> => {
  const types = new TypeInfo(schema)
  const found = new Set<string>()
  visit(
    parse(question),
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        found.add(`${types.getParentType()?.name ?? ''}.${name.value}`)
      },
    }),
  )
  return found
}

describe('the questions', () => {
  const seed = 1

  test('are valid, and read in every way that the schema has', () => {
    const asked = new Set<string>()
    for (const reading of readingsOf(schema).values()) {
      const [question = ''] = fc.sample(questions.to(reading), { numRuns: 1, seed })
      expect([question, validate(schema, parse(question))]).toEqual([question, []])
      for (const field of fieldsOf(question)) asked.add(field)
      expect(asked).toContain(reading.key)
    }
    expect([...modelReadings].filter(key => !asked.has(key))).toEqual([])
    const roots = Object.keys(schema.getQueryType()?.getFields() ?? {})
    expect(roots.filter(name => !asked.has(`Query.${name}`))).toEqual([])
    for (const name of collectionNames)
      for (const own of ['connector', 'history', 'changes', 'timeline', 'ocsf'])
        expect(asked).toContain(`${collections[name].type}.${own}`)
  })

  test('have arguments of every kind', () => {
    const text = fc.sample(questions.any, { numRuns: 2_000, seed }).join('\n')
    const parts = [
      ...['filter: {', 'orderBy: [', 'first: ', 'last: ', 'after: $cursor', 'before: $cursor'],
      ...['totalCount', 'groups(by: [', 'edges {', 'nodes {', 'asOf', 'fragment Root'],
      ...['within: ', 'olderThan: ', 'some: {', 'none: {', 'every: {', 'not: {', 'isNull: '],
      ...['(id: ', '(email: ', '(type: ', 'connector: "', 'connectors: ["', 'since: ', 'version: '],
    ]
    expect(parts.filter(part => !text.includes(part))).toEqual([])
  })
})

/** Objects of every collection, with links between them: what Push has in the beginning. */
const populate = ({ upstream, clock }: Kept): void => {
  const now = Math.floor(clock.now() / 1_000)
  upstream.browsers = ['b0', 'b1', 'b2'].map(id =>
    rowOf('browsers', { id, employeeId: 'e1', lastOnlineAt: now - 500 }),
  )
  upstream.browserExtensions = ['x0', 'x1', 'x2'].map(id =>
    rowOf('browserExtensions', { id, employeeId: 'e1', browserId: 'b1' }),
  )
  upstream.findings = ['f0', 'f1', 'f2'].map(id =>
    rowOf('findings', { id, employeeId: 'e1', accountId: 'a1', appId: 'p1', passwordId: 'w1' }),
  )
  upstream.detections = ['d0', 'd1'].map(id =>
    rowOf('detections', {
      id,
      employeeId: 'e1',
      browserId: 'b1',
      createdAt: now - 300,
      events: [detectionEvent({ id: `${id}-1`, accountId: 'a1' })],
    }),
  )
  upstream.accounts = upstream.accounts.map((row, n) =>
    n < 3 ? { ...row, passwordId: 'w1' } : row,
  )
  upstream.apps = upstream.apps.map(row => ({ ...row, ownerId: 'e1' }))
}

/** Reads every collection whole. */
const readAll = async ({ askAnew }: Kept): Promise<void> => {
  await askAnew(`{ ${collectionNames.map(name => `${name} { totalCount }`).join(' ')} }`)
}

type Step = (kept: Kept) => Promise<unknown>

const collection = fc.constantFrom(...collectionNames)

/** How long ago, in seconds: around the durations that questions ask with, and long ago. */
const ago = fc.constantFrom(0, 1, 59, 60, 61, 3_599, 3_601, 86_400, 1_000_000)

/** A row of any collection, which may be one that was there, with its times at that moment (milliseconds). */
const someRow = collection.chain(name =>
  fc
    .record({ n: fc.nat(4), appId: fc.constantFrom('p0', 'p1', 'p9'), created: ago, used: ago })
    .map(({ n, appId, created, used }) => ({
      name,
      rowAt: (ms: number): Row => {
        const row = rowOf(name, { id: `${idLetters[name]}${n}` })
        const now = Math.floor(ms / 1_000)
        const [createdAt, usedAt] = [now - created, now - used]
        const times = {
          createdAt,
          lastUsedAt: usedAt,
          lastOnlineAt: usedAt,
          lastActivityAt: usedAt,
        }
        const given = Object.entries({ appId, employeeId: 'e1', ...times })
        return { ...row, ...Object.fromEntries(given.filter(([field]) => field in row)) }
      },
    })),
)

/** The row as Push writes it. */
const objectOf = (name: CollectionName, row: Row): object => {
  const object: Record<string, unknown> = {}
  const fields = Object.entries(collections[name].fields as Readonly<Record<string, Field>>)
  for (const [field, { from }] of fields) {
    const path = from.split('.')
    const last = path.pop() ?? ''
    let at = object
    for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>
    at[last] = (row as unknown as Readonly<Record<string, unknown>>)[field]
  }
  return object
}

const changeType = fc.constantFrom('CREATE' as const, 'UPDATE' as const, 'DELETE' as const)

const toldByWebhook = fc
  .record({ of: someRow, type: changeType, ago: fc.nat(90_000) })
  .map(({ of: { name, rowAt }, type, ago: late }): Step => async ({ store, clock }) => {
    const at = clock.now() - late
    store.connector('default')?.follow({
      collection: name,
      type,
      object: objectOf(name, rowAt(clock.now())),
      at,
      occurredAt: Math.floor(at / 1_000),
    })
  })

/** Of all runs: the same delivery twice is one event. */
let sent = 0

const delivered = fc
  .record({ of: someRow, type: changeType, isLogin: fc.boolean() })
  .map(({ of: { name, rowAt }, type, isLogin }): Step => async ({ clock, deliver }) => {
    sent += 1
    await deliver({
      id: `delivery ${sent}`,
      timestamp: Math.floor(clock.now() / 1_000),
      ...(isLogin
        ? { new: { email: 'ann@example.com', employeeId: 'e1', accountId: 'a1' } }
        : {
            category: name === 'detections' ? 'DETECTION' : 'ENTITY',
            object: collections[name].webhook.object ?? 'DETECTION',
            type,
            [type === 'DELETE' ? 'old' : 'new']: objectOf(name, rowAt(clock.now())),
          }),
    })
  })

const changedUpstream = fc
  .record({ of: someRow, gone: fc.boolean() })
  .map(({ of: { name, rowAt }, gone }): Step => async ({ upstream, clock }) => {
    const row = rowAt(clock.now())
    const others = (upstream[name] as readonly Row[]).filter(({ id }) => id !== row.id)
    Object.assign(upstream, { [name]: gone ? others : [...others, row] })
  })

const passed = fc
  .constantFrom(1, 999, 5_000, 30_000, 59_999, 61_000, 130_000, 899_000, 1_000_000)
  .map(
    (ms): Step =>
      async ({ clock }) =>
        clock.advance(ms),
  )

/** Push fails, at once or in the midst of a reading, or sends what cannot be read; or is well again. */
const pushChanged = fc
  .record({
    answersLeft: fc.constantFrom(0, 1, 3, Infinity, Infinity),
    unreadable: fc.constantFrom([], [], [{ path: 'id', reason: 'is not a text' }]),
  })
  .map(
    (change): Step =>
      async ({ push }) =>
        Object.assign(push, change),
  )

const connectorChanged = fc
  .record({
    status: fc.constantFrom('OK' as const, 'DEGRADED' as const, 'FAILING' as const),
    available: fc.nat(10),
  })
  .map(({ status, available }): Step => async ({ push }) => {
    push.health = { status, reason: status === 'OK' ? null : 'made up', asks: true }
    push.rateLimit = { ...push.rateLimit, available, estimatedWaitMs: available * 100 }
  })

/** The same question for the whole run: its cursor is one of those that it came upon first. */
interface Asking {
  readonly query: Question
  readonly variables: { readonly cursor?: string }
}

const prepare = async ({ askAnew }: Kept, query: Question): Promise<Asking> => {
  if (!query.includes('$cursor')) return { query, variables: {} }
  const { text } = await askAnew(query)
  const cursor = /"(?:startCursor|endCursor)":"([^"]+)"/.exec(text)?.[1]
  return { query, variables: cursor === undefined ? {} : { cursor } }
}

type AskStep = (kept: Kept, pool: readonly Asking[]) => Promise<unknown>

const oneOfPool = (pool: readonly Asking[], n: number): Asking =>
  pool[n % pool.length] ?? { query: '', variables: {} }

const askedByOthers = fc
  .record({ n: fc.nat(100), maxAge: fc.constantFrom('no-cache', 'max-age=5', 'max-age=0') })
  .map(({ n, maxAge }): AskStep => async ({ askAnew }, pool) => {
    const { query, variables } = oneOfPool(pool, n)
    await askAnew(query, { variables, headers: { 'cache-control': maxAge } })
  })

const readOne = fc.constantFrom(...knownIds).map((id): Step => async ({ askAnew }) => {
  await askAnew(
    `{ account(id: "${id}") { id } app(id: "${id}") { id } employee(id: "${id}") { id } }`,
  )
})

const readAgain: Step = async kept => {
  await readAll(kept)
}

describe('whatever happens in between', () => {
  test('what is sent again is what would be given anew', { timeout: 600_000 }, async () => {
    const sentAgain = new Set<Question>()
    let times = 0
    const asked = fc.nat(100).map((n): AskStep => async (kept, pool) => {
      const { query, variables } = oneOfPool(pool, n)
      // What an earlier step began in the background comes to its end.
      await settle()
      const { again, text } = await kept.ask(query, { variables })
      if (!again) return
      times += 1
      sentAgain.add(query)
      expect([query, text]).toEqual([query, (await kept.askAnew(query, { variables })).text])
    })
    const steps = fc.array(
      fc.oneof(
        { weight: 20, arbitrary: asked },
        { weight: 1, arbitrary: toldByWebhook },
        { weight: 1, arbitrary: delivered },
        { weight: 1, arbitrary: changedUpstream },
        { weight: 2, arbitrary: passed },
        { weight: 1, arbitrary: pushChanged },
        { weight: 1, arbitrary: connectorChanged },
        { weight: 1, arbitrary: askedByOthers },
        { weight: 1, arbitrary: readOne },
        { weight: 1, arbitrary: fc.constant(readAgain) },
      ),
      { minLength: 50, maxLength: 100 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(questions.any, { minLength: 3, maxLength: 6 }),
        steps,
        fc.boolean(),
        // With room for about one of the collections, others are dropped.
        fc.constantFrom(1e9, 1e9, 12_000),
        fc.constantFrom(60_000, 3_600_000),
        async (some, run, refresh, maxBytes, maxAgeMs) => {
          const kept = await startKept({ refresh, maxBytes, maxAgeMs, events: true, schema })
          try {
            populate(kept)
            await readAll(kept)
            const pool: Asking[] = []
            for (const question of some) pool.push(await prepare(kept, question))
            for (const step of run) await step(kept, pool)
          } finally {
            await kept.stop()
          }
        },
      ),
      { numRuns: runsOr(20) },
    )
    // Chance decides how often; a property that never meets such an answer would prove nothing.
    expect(times).toBeGreaterThan(100)
    expect(sentAgain.size).toBeGreaterThan(20)
  })
})
