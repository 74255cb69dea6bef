import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  isAbstractType,
  isInputType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApp, type PushgraphApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createStandIn, type StandIn } from '../../src/demo/stand-in.ts'
import { scopesOf } from '../../src/graphql/federation/scopes.ts'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../src/graphql/schema/schema.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { allRights, createRights, type Rights } from '../../src/model/rights.ts'
import { post, SECRET } from '../support/deliveries.ts'
import { type Asked, everyQuestion } from '../support/isolation/all-questions.ts'
import {
  plantedChanges,
  plantedEvents,
  plantedRows,
  wordsOf,
} from '../support/isolation/planted-tenants.ts'

/** The tenants by their aliases, which stand in all their words. The last one is out of reach; its events are stored. */
const own = 'nordwind'
const hidden = 'suedwind'
const dead = 'totwind'
const aliases = [own, hidden, dead]
/** One that nobody has, as long as the others. */
const nobodys = 'xuedwind'

const callers = {
  all: allRights,
  one: createRights('one', ['read', 'events', 'pii'], [own]),
  two: createRights('two', ['read', 'events', 'pii'], [own, dead]),
  living: createRights('living', ['read', 'events', 'pii'], [own, hidden]),
  none: createRights('none', ['read', 'events', 'pii'], []),
  rowsAlone: createRights('rowsAlone', ['read', 'pii'], [own]),
  withoutScopes: createRights('withoutScopes', ['write', 'metrics']),
} satisfies Record<string, Rights>
type Caller = keyof typeof callers

/** The words that nothing for that caller may hold. */
const foreignTo = (caller: Caller): readonly string[] => {
  const { connectors, scopes } = callers[caller]
  const unseen = aliases.filter(alias => connectors?.has(alias) === false)
  return [...unseen, ...(scopes.has('events') ? [] : aliases.map(alias => wordsOf(alias).event))]
}

const tokenOf = (name: string): string => `pushgraph_${name.repeat(12)}`

const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
const logged: string[] = []
const standIns: StandIn[] = []
let app: PushgraphApp
let url = ''

beforeAll(async () => {
  const switches = { latencyMs: 0, latencyJitter: 0, limiter: false }
  for (const alias of aliases)
    standIns.push(await createStandIn({ data: plantedRows(alias), switches }))
  await standIns[aliases.indexOf(dead)]?.close()
  const connectors = aliases.map((alias, index) => ({
    alias,
    apiKey: standIns[index]?.keys.readOnly,
    url: standIns[index]?.url,
    webhookSecret: SECRET,
    rate: 1_000,
    burst: 1_000,
  }))
  writeFileSync(join(directory, 'connectors.json'), JSON.stringify({ connectors }))
  const tokens = Object.entries<Rights>(callers).flatMap(([name, { scopes, connectors }]) =>
    // A token sees one connector at least.
    connectors?.size === 0
      ? []
      : [
          {
            name,
            sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
            scopes: [...scopes],
            ...(connectors === undefined ? {} : { connectors: [...connectors] }),
          },
        ],
  )
  writeFileSync(join(directory, 'tokens.json'), JSON.stringify(tokens))
  const environment = {
    PUSHGRAPH_AUTH: 'tokens',
    PUSHGRAPH_TOKENS_FILE: join(directory, 'tokens.json'),
    PORT: '0',
    PUSHGRAPH_CONFIG: join(directory, 'connectors.json'),
    PUSHGRAPH_DATA_DIR: directory,
    // Nothing is read twice, so that answers that are compared rest on the same reading.
    PUSHGRAPH_MAX_AGE_S: '3600',
    PUSHGRAPH_STALE_S: '3600',
    PUSHGRAPH_MAX_COST: '1000000000',
    PUSHGRAPH_MAX_ALIASES: '10000',
    PUSHGRAPH_MAX_TOKENS: '100000',
  }
  const destination = { write: (line: string) => void logged.push(line) }
  app = await createApp(
    readConfig(environment, directory),
    createLog({ level: 'error', readable: false, destination }),
  )
  url = await app.listen()
  // Once all is known, what events tell is a change, too.
  const known = collectionNames.map(name => `${name}(first: 0) { totalCount }`)
  await app.execute({ query: `{ ${known.join(' ')} }`, rights: callers.all })
  for (const alias of aliases)
    for (const payload of plantedEvents(alias)) {
      const body = Buffer.from(JSON.stringify(payload))
      expect(await post(url, body, { connector: alias })).toMatchObject({ status: 200 })
    }
  for (const alias of [dead, hidden, own])
    for (const change of plantedChanges(alias))
      await post(url, Buffer.from(JSON.stringify(change)), { connector: alias })
  // What changed is stored in its order: once the last of it is, all is.
  await vi.waitFor(
    async () => {
      const query = `{ changes(connectors: ["${own}"], filter: { kind: { eq: DELETED } }) { totalCount } }`
      expect(JSON.stringify(await answer('all', query))).toContain('"totalCount":1')
    },
    { timeout: 120_000 },
  )
})
afterAll(async () => {
  await app.stop(0)
  await Promise.all(standIns.map(standIn => standIn.close()))
  rmSync(directory, { recursive: true, force: true })
  expect(logged).toEqual([])
})

/** The response to that caller over HTTP. */
const fetchAs = (caller: Caller, query: string, accept = 'application/json') =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(caller)}`,
    },
    body: JSON.stringify({ query }),
  })

const answer = (caller: Caller, query: string, plan?: string) =>
  app.execute({ query, rights: callers[caller], plan })
/** The answer, all of it, as text; but for the alias that the question itself has in it. */
const ask = async (caller: Caller, query: string, plan?: string): Promise<string> => {
  const { errors = [], ...rest } = await answer(caller, query, plan)
  // Fields that fail side by side do so in any order, and where one takes the others with it, once.
  const each = errors.map(({ message, extensions }) => JSON.stringify({ message, extensions }))
  const failed = [...new Set(each)].sort()
  return JSON.stringify({ failed, ...rest }).replaceAll(
    /There is no connector \\+"\w+\\+"/g,
    'There is no connector',
  )
}

const schema = createExecutableSchema(resolvers)
const isOfEvents = (type: Parameters<ReturnType<typeof scopesOf>['of']>[0]): boolean =>
  scopesOf(schema).of(type) === 'events'

/** The cursor of the end of the first page of each list, as that caller is given it. */
const cursorsFor = async (caller: Caller): Promise<ReadonlyMap<string, string>> => {
  const lists = [
    ...collectionNames,
    'events',
    'otherAccounts',
    'otherApps',
    'changes',
    'ocsfEvents',
  ]
  const pages = lists.map(name => `${name}(first: 1) { pageInfo { endCursor } }`)
  const around = ['search', 'timeline'].map(
    name => `${name}(value: "example.com", first: 1) { pageInfo { endCursor } }`,
  )
  const { data } = await answer(caller, `{ ${[...pages, ...around].join(' ')} }`)
  return new Map(
    Object.entries(data ?? {}).map(([name, page]) => [
      name,
      (page as { pageInfo: { endCursor: string | null } } | null)?.pageInfo.endCursor ?? 'none',
    ]),
  )
}

const inCursor = (cursor: string, from: string, to: string): string =>
  Buffer.from(Buffer.from(cursor, 'base64url').toString('utf8').replaceAll(from, to)).toString(
    'base64url',
  )

/** All that can be asked; whatever can be given leads to that tenant. */
const questionsAbout = async (alias: string, stored = true): Promise<readonly Asked[]> => {
  const rows = plantedRows(hidden)
  const named = (text: string): string => text.replaceAll(hidden, alias)
  const ids = (type: string): readonly string[] => {
    const name = collectionNames.find(of => collections[of].type === type) ?? 'employees'
    const all = rows[name].map(({ id }) => id)
    const shared = all.find(id => !id.includes(hidden)) ?? ''
    return [shared, named(all.find(id => id.includes(hidden)) ?? '')]
  }
  const email = rows.employees.find(({ id }) => id.includes(hidden))?.email ?? ''
  const [given, ownOnes] = [await cursorsFor('all'), await cursorsFor('one')]
  return everyQuestion(
    schema,
    {
      ids,
      texts: [named(email), wordsOf(alias).row, wordsOf(alias).event],
      connector: alias,
      // One that somebody else was given, and one of this list with a place in a connector that is not seen.
      cursorsOf: root => [
        inCursor(given.get(root) ?? 'none', hidden, alias),
        inCursor(ownOnes.get(root) ?? 'none', own, alias),
      ],
    },
    { without: type => !stored && isOfEvents(type) },
  )
}

const leaksIn = (caller: Caller, name: string, text: string): readonly string[] =>
  foreignTo(caller).flatMap(word => {
    const at = text.indexOf(word)
    return at < 0 ? [] : [`${caller}, ${name}: ${text.slice(Math.max(0, at - 80), at + 40)}`]
  })

describe('a caller', () => {
  test('is given not a word of what it may not see, whoever asked the same before', async () => {
    const [questions, ofRows] = [await questionsAbout(hidden), await questionsAbout(hidden, false)]
    const turns = (['all', 'one', 'two', 'none'] as const).map(caller => ({ caller, questions }))
    const leaks: string[] = []
    const whole = new Map<string, string>()
    for (const { caller, questions: asked } of [
      ...turns,
      { caller: 'rowsAlone', questions: ofRows } as const,
    ])
      for (const { name, query } of asked) {
        const text = await ask(caller, query)
        leaks.push(...leaksIn(caller, name, text))
        whole.set(caller, (whole.get(caller) ?? '') + text)
      }
    expect(leaks).toEqual([])
    // Else nothing would be tested.
    for (const word of aliases.flatMap(alias => Object.values(wordsOf(alias))))
      if (word !== wordsOf(dead).row) expect(whole.get('all')).toContain(word)
    for (const caller of ['one', 'two', 'rowsAlone'] as const)
      expect(whole.get(caller)).toContain(wordsOf(own).row)
    expect(whole.get('two')).toContain(wordsOf(dead).event)
  }, 300_000)

  test('is told of a connector that it does not see what it is told of one that is not there', async () => {
    const pairs = [await questionsAbout(hidden), await questionsAbout(nobodys)] as const
    let compared = 0
    for (const [index, { name, query }] of pairs[0].entries()) {
      const other = pairs[1][index]?.query ?? ''
      // What is asked for with nothing of theirs is asked for elsewhere.
      if (query === other) continue
      compared += 1
      // The first to ask may have to wait for what others then find there.
      await ask('one', query)
      const text = settled(await ask('one', query, '1')).replaceAll(hidden, nobodys)
      const told = settled(await ask('one', other, '1'))
      const at = [...text].findIndex((letter, index) => letter !== told[index])
      const around = (of: string): string => of.slice(Math.max(0, at - 100), at + 100)
      if (text !== told) expect([name, around(text)]).toEqual([name, around(told)])
    }
    expect(compared).toBeGreaterThan(20)
  }, 300_000)

  test('is given no answer that was kept for somebody who sees more', async () => {
    // Nothing of it is out of reach: an answer with a warning is not kept.
    const query = '{ employees { totalCount nodes { email } } accounts { nodes { id } } }'
    for (let round = 0; round < 3; round += 1)
      for (const caller of ['living', 'one', 'rowsAlone'] as const) {
        const response = await fetchAs(caller, query)
        const text = JSON.stringify([...response.headers]) + (await response.text())
        expect(leaksIn(caller, 'employees', text)).toEqual([])
        expect(text).toContain(wordsOf(own).row)
        if (caller === 'living') expect(text).toContain(wordsOf(hidden).row)
      }
  })

  test('is told as it happens of what it sees alone', async () => {
    const query = 'subscription { events { id description connectorAlias employee { email } } }'
    const refused = await fetchAs('rowsAlone', query, 'text/event-stream')
    expect(await refused.text()).toMatch(/"code":"FORBIDDEN","scope":"events"/)

    const readers = (['all', 'one', 'two'] as const).map(async caller => {
      const { body } = await fetchAs(caller, query, 'text/event-stream')
      return { caller, body: body?.pipeThrough(new TextDecoderStream()) }
    })
    const streams = await Promise.all(readers)
    for (const alias of [hidden, dead, own]) {
      const payload = { ...plantedEvents(alias)[0], id: `live ${alias}` }
      const body = Buffer.from(JSON.stringify(payload))
      expect(await post(url, body, { connector: alias })).toMatchObject({ status: 200 })
    }
    for (const { caller, body } of streams) {
      let text = ''
      // That of the caller's own connector came last.
      for await (const piece of body ?? []) if ((text += piece).includes(`live ${own}`)) break
      expect(leaksIn(caller, 'events', text)).toEqual([])
      for (const alias of [hidden, dead])
        expect(text.includes(alias)).toBe(callers[caller].connectors?.has(alias) ?? true)
    }
  })

  test('without scopes is refused each of them, and nothing is read for it', async () => {
    const questions = await questionsAbout(hidden)
    const before = app.requestsMade()
    for (const { query } of questions) {
      const { data, errors, extensions } = await answer('withoutScopes', query)
      expect([data, extensions]).toEqual([undefined, undefined])
      expect(errors?.map(error => error.extensions['code'])).toEqual(['FORBIDDEN'])
    }
    expect(app.requestsMade()).toBe(before)
    expect(await answer('withoutScopes', '{ __typename }')).toMatchObject({
      data: { __typename: 'Query' },
    })
  })

  test('without the scope of events is told where they are left out', async () => {
    for (const field of [
      'search(value: "example.com")',
      'timeline(value: "example.com")',
      'ocsfEvents(types: [EVENT])',
    ]) {
      const told = await answer('rowsAlone', `{ ${field} { nodes { __typename } complete } }`)
      expect(told.errors).toBeUndefined()
      expect(told.extensions).toMatchObject({
        pushgraph: {
          warnings: [
            {
              code: 'FORBIDDEN',
              connector: own,
              message: expect.stringContaining('"events"') as string,
            },
          ],
        },
      })
    }
    const rows = await answer('rowsAlone', '{ ocsfEvents(types: [EMPLOYEE]) { complete } }')
    expect(rows.extensions).toMatchObject({ pushgraph: { warnings: [] } })
  })

  test('who does not see all connectors is told nothing of how much there is of the others', async () => {
    const bytesFor = async (caller: Caller): Promise<readonly number[]> => {
      const { data } = await answer(caller, '{ connectors { eventStore { bytes } } }')
      const { connectors } = data as { connectors: { eventStore: { bytes: number } }[] }
      return connectors.map(({ eventStore }) => eventStore.bytes)
    }
    const [whole = 0] = await bytesFor('all')
    expect(await bytesFor('one')).toEqual([Math.round(whole / aliases.length)])
  })
})

/** What changes from one moment to the next, and cursors, which are bound to the arguments of their list. */
const settled = (text: string): string =>
  text
    .replaceAll(
      /"(waitedMs|ms|cacheHits|available|estimatedWaitMs|queued|cursor|startCursor|endCursor)":("[^"]*"|[\d.]+)/g,
      '"$1":0',
    )
    .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z|1[789]\d{11}|1[789]\d{8}\.\d+/g, '0')
    // Ids that are made of such a moment.
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '0')

test('the questions have every field of the schema, and every argument', async () => {
  const asked = new Set<string>()
  for (const { query } of await questionsAbout(hidden)) {
    const types = new TypeInfo(schema)
    const note = (what: string): void => {
      const parent = types.getParentType()
      if (!parent || isInputType(parent)) return
      const owners = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]
      for (const { name } of owners) asked.add(`${name}.${what}`)
    }
    visit(
      parse(query),
      visitWithTypeInfo(types, {
        Field: ({ name, arguments: args = [] }) => {
          note(name.value)
          for (const arg of args) note(`${name.value}(${arg.name.value})`)
        },
      }),
    )
  }
  const missing = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    // An event of OCSF is one document; federation and introspection tell of the schema.
    .filter(({ name }) => !/^(Ocsf(?!.*(Connection|Edge)$)|_|Mutation$|Subscription$)/.test(name))
    .flatMap(type =>
      Object.values(type.getFields()).flatMap(({ name, args }) =>
        [name, ...args.map(arg => `${name}(${arg.name})`)].map(what => `${type.name}.${what}`),
      ),
    )
    .filter(what => what !== 'Query._service' && !asked.has(what))
  expect(missing).toEqual([])
})
