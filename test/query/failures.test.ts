import { describe, expect, test } from 'vitest'
import { faultKinds, type StandIn } from '../../src/demo/stand-in.ts'
import { withoutRetryDelays } from '../support/clock.ts'
import { type Graph, type GraphOptions, graphForTest } from '../support/graph.ts'
import { hastyTurns } from '../support/work.ts'

const open = (options: GraphOptions = {}): Promise<Graph> =>
  graphForTest({ scale: 0.02, clock: withoutRetryDelays, ...options })

const down = (standIn: StandIn, isDown = true): void => {
  standIn.set({ faults: isDown ? () => ({ kind: 'error503' }) : undefined })
}

/** Asks again until Push is tried again: after many failures it is left alone for a while. */
const recovered = (graph: Graph): Promise<Graph> => graphForTest({ over: graph.standIns })

const references = [
  `{ employees(first: 50) { nodes { id email accounts { nodes { id email app { id name } findings { nodes { id type } } } } } } }`,
  `{ findings(first: 200) { nodes { id employee { id } account { id } app { id } } } }`,
  `{ apps(first: 100) { nodes { id owner { id } accounts(first: 5) { nodes { id } totalCount } } totalCount } }`,
  `{ browsers(first: 20) { nodes { id employee { id } browserExtensions { nodes { id } } detections { nodes { id events { id } } } } } }`,
]

describe('with one answer in twenty failing', () => {
  // A connection that hangs costs seconds of waiting each time, so it has a test of its own.
  const kinds = faultKinds.filter(kind => kind !== 'hang' && kind !== 'slow')

  test.each(kinds)('by %s, every reference query is answered whole', async kind => {
    const sound = await open({ switches: { maxPage: 10 } })
    for (const query of references) {
      const faulty = await graphForTest({ over: sound.standIns, clock: withoutRetryDelays })
      sound.standIn.set({ faultRate: 0 })
      const expected = await sound.run(query)
      expect(expected.errors).toEqual([])
      sound.standIn.set({ faultRate: 0.05, faultKinds: [kind] })
      const { data, errors, cost } = await faulty.run(query)
      expect(errors).toEqual([])
      expect(data).toEqual(expected.data)
      expect(cost).toMatchObject({ complete: true, warnings: [] })
    }
    expect(sound.standIn.statistics().byFault[kind]).toBeGreaterThan(2)
  })

  test('by a connection that hangs, a list is answered whole', async () => {
    const graph = await open({ switches: { maxPage: 20 } })
    // Long enough for the usual latency to be known, and with it how long to wait.
    await graph.run('{ apps { totalCount } }')
    const hung = new Set([3, 9])
    graph.standIn.reset()
    graph.standIn.set({ faults: (_request, n) => (hung.has(n) ? { kind: 'hang' } : undefined) })
    const { data, errors, cost } = await graph.run('{ accounts(first: 1000) { nodes { id } } }')
    expect(errors).toEqual([])
    expect(data.accounts.nodes).toHaveLength(graph.standIn.data.accounts.length)
    expect(cost.complete).toBe(true)
  })
})

const twoTenants = async () => {
  const graph = await open({ others: ['other'] })
  const [first, second] = graph.standIns
  if (first === undefined || second === undefined) throw new Error('two tenants expected')
  return { graph, first, second }
}

const lists = [
  ['in the order of Push', 'first: 1000'],
  ['from the end', 'last: 1000'],
  ['in an order', 'first: 1000, orderBy: [{ field: TYPE }]'],
  ['with a filter', 'first: 1000, filter: { type: { ne: "no such app" } }'],
] as const

describe.each(lists)('a list %s over two connectors', (_what, args) => {
  const query = `{ apps(${args}) { nodes { id connectorAlias } complete totalCount pageInfo { hasNextPage } } employees(connectors: ["other"], first: 1) { nodes { id } } }`

  test('gives the rows of one when the other is down, and says so', async () => {
    for (const downIndex of [0, 1]) {
      const { graph } = await twoTenants()
      const [dead, alive] = [graph.standIns[downIndex], graph.standIns[1 - downIndex]]
      if (dead === undefined || alive === undefined) throw new Error('two tenants expected')
      dead.set({ faults: ({ route }) => (route === '/apps' ? { kind: 'error503' } : undefined) })
      const { data, errors, cost } = await graph.run(query)
      expect(errors).toEqual([])
      expect(data.apps.nodes.map(({ id }: { id: string }) => id).toSorted()).toEqual(
        alive.data.apps.map(({ id }) => id).toSorted(),
      )
      expect(data.apps.complete).toBe(false)
      expect(data.employees.nodes).toHaveLength(1)
      expect(cost.complete).toBe(false)
      expect(cost.warnings).toContainEqual(
        expect.objectContaining({
          code: 'UPSTREAM_UNAVAILABLE',
          connector: ['default', 'other'][downIndex],
          collection: 'apps',
        }),
      )
    }
  })

  test('is null with an error when both are down, and its neighbours stand', async () => {
    const { graph, first, second } = await twoTenants()
    for (const standIn of [first, second])
      standIn.set({ faults: ({ route }) => (route === '/apps' ? { kind: 'error503' } : undefined) })
    const { data, errors } = await graph.run(query)
    expect(data.apps).toBeNull()
    expect(data.employees.nodes).toHaveLength(1)
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']))
    expect(new Set(errors.map(({ path }) => path?.[0]))).toEqual(new Set(['apps']))
  })

  test('gives what was read before when both are down, with a warning', async () => {
    const { graph, first, second } = await twoTenants()
    const before = await graph.run(query)
    expect(before.cost.complete).toBe(true)
    down(first)
    down(second)
    const { data, errors, cost } = await graph.run(query, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(errors).toEqual([])
    expect(data).toEqual(before.data)
    expect(cost.warnings.map(({ connector }) => connector)).toEqual(
      expect.arrayContaining(['default', 'other']),
    )
    expect(Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(Date.parse(before.cost.asOf ?? '') + 1)
  })
})

describe('a count over two connectors, of which one is down', () => {
  const counts = [
    'totalCount complete',
    'complete totalCount',
    'complete groups(by: [CONNECTOR]) { count }',
    'nodes { id } complete totalCount',
  ]

  test.each(counts)('is not complete: { %s }', async selection => {
    const { graph, second } = await twoTenants()
    await graph.run('{ apps(connectors: ["default"]) { totalCount } }')
    second.set({ faults: ({ route }) => (route === '/apps' ? { kind: 'error503' } : undefined) })
    // However many turns the selection takes.
    for (const msPerLook of [0, 1, 2, 3, 4, 5, 6]) {
      const terms = { work: { turns: hastyTurns(msPerLook) } }
      const { data, errors } = await graph.run(`{ apps(first: 1) { ${selection} } }`, {}, terms)
      expect(errors).toEqual([])
      expect([msPerLook, data.apps.complete]).toEqual([msPerLook, false])
    }
  })

  test('leaves a page complete that does not reach it', async () => {
    const { graph, second } = await twoTenants()
    down(second)
    const { data } = await graph.run('{ apps(first: 1) { nodes { id } complete } }')
    expect(data.apps.complete).toBe(true)
  })
})

describe('when a connector is down that alone was asked', () => {
  const selections = [
    'totalCount complete',
    'complete totalCount asOf',
    'totalCount nodes { id }',
    'nodes { id } pageInfo { hasNextPage } totalCount complete asOf',
    'asOf edges { cursor } groups(by: [TYPE]) { count } totalCount',
    'groups(by: [TYPE]) { count } totalCount',
  ]

  test.each(selections)(
    'one error tells of the list, and nothing is complete: { %s }',
    async of => {
      const { graph, second } = await twoTenants()
      down(second)
      const { data, errors, cost } = await graph.run(
        `{ apps(connectors: ["other"]) { ${of} } employees(connectors: ["default"]) { totalCount } }`,
      )
      expect(errors.map(({ code, path }) => [code, path?.[0]])).toEqual([
        ['UPSTREAM_UNAVAILABLE', 'apps'],
      ])
      expect(data.apps?.complete ?? false).toBe(false)
      expect(data.apps?.totalCount ?? null).toBeNull()
      expect(data.employees.totalCount).toBeGreaterThan(0)
      expect(cost).toMatchObject({ complete: false, rowsReturned: 0 })
      expect(cost.warnings).toContainEqual(
        expect.objectContaining({ connector: 'other', collection: 'apps' }),
      )
    },
  )

  test('a list of which nothing else is asked says that it is not complete', async () => {
    const { graph, second } = await twoTenants()
    down(second)
    const { data, errors, cost } = await graph.run(
      '{ apps(connectors: ["other"]) { complete } detections { complete } }',
    )
    expect(errors).toEqual([])
    expect(data).toEqual({ apps: { complete: false }, detections: { complete: false } })
    expect(cost.complete).toBe(false)
  })

  test('an object that another connector has is given, and the answer is not complete', async () => {
    const { graph, first, second } = await twoTenants()
    const id = first.data.apps[0]?.id ?? ''
    down(second)
    const { data, errors, cost } = await graph.run(`{ app(id: "${id}") { id } }`)
    expect(errors).toEqual([])
    expect(data.app).toEqual({ id })
    expect(cost.complete).toBe(false)
    expect(cost.warnings).toMatchObject([{ connector: 'other', collection: 'apps' }])
  })

  test('an object or a link that cannot be read leaves the answer incomplete', async () => {
    const graph = await open()
    const [account] = graph.standIn.data.accounts
    graph.standIn.set({
      faults: ({ route }) => (route.startsWith('/apps') ? { kind: 'error503' } : undefined),
    })
    for (const question of [
      `{ app(id: "${account?.appId ?? ''}") { id } }`,
      `{ account(id: "${account?.id ?? ''}") { id app { id } } }`,
    ]) {
      const { errors, cost } = await graph.run(question)
      expect(errors).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE' }])
      expect(cost.complete).toBe(false)
    }
  })
})

test('rows are counted as returned where they are, and once', async () => {
  const graph = await open()
  const returned = async (selection: string): Promise<number> =>
    (await graph.run(`{ apps(first: 5) { ${selection} } }`)).cost.rowsReturned
  expect(await returned('totalCount complete pageInfo { endCursor }')).toBe(0)
  expect(await returned('nodes { id }')).toBe(5)
  expect(await returned('nodes { id } edges { cursor }')).toBe(5)
  expect((await graph.run('{ events { totalCount complete } }')).cost.rowsReturned).toBe(0)
})

describe('when Push is down, what was read before is given with a warning', () => {
  const questions: readonly (readonly [string, (standIn: StandIn) => string])[] = [
    ['the first rows of a list', () => '{ accounts(first: 10) { nodes { id } } }'],
    ['a list of all', () => '{ apps(first: 1000) { nodes { id } } }'],
    ['a count', () => '{ accounts { totalCount } }'],
    ['an object', ({ data }) => `{ app(id: "${data.apps[2]?.id ?? ''}") { id type } }`],
    [
      'the rows of a parent',
      ({ data }) =>
        `{ employee(id: "${data.employees[2]?.id ?? ''}") { id accounts { nodes { id } } } }`,
    ],
    ['links', () => '{ findings(first: 20) { nodes { id app { id } account { id } } } }'],
  ]

  test.each(questions)('%s', async (_what, questionOf) => {
    const graph = await open()
    const question = questionOf(graph.standIn)
    const before = await graph.run(question)
    // What was read in this very millisecond would be new enough.
    await expect
      .poll(() => Date.now(), { interval: 1 })
      .toBeGreaterThan(Date.parse(before.cost.asOf ?? ''))
    down(graph.standIn)
    const { data, errors, cost } = await graph.run(question, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(errors).toEqual([])
    expect(data).toEqual(before.data)
    expect(cost.warnings.length).toBeGreaterThan(0)
    for (const { code, connector } of cost.warnings)
      expect([code, connector]).toEqual(['UPSTREAM_UNAVAILABLE', 'default'])
    expect(Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(Date.parse(before.cost.asOf ?? '') + 1)
    // What is old is not what is asked for, and the next answer is new again.
    down(graph.standIn, false)
    const after = await (await recovered(graph)).run(question)
    expect(after.cost.warnings).toEqual([])
  })

  test('an id that was not there is still not there', async () => {
    const graph = await open()
    await graph.run('{ apps { totalCount } app(id: "nobody") { id } }')
    down(graph.standIn)
    const { data, errors, cost } = await graph.run(
      '{ app(id: "nobody") { id } }',
      {},
      { maxAgeMs: 0, staleMs: 0 },
    )
    expect(errors).toEqual([])
    expect(data.app).toBeNull()
    expect(cost.warnings).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', collection: 'apps' }])
  })

  test('but for a caller who has left', async () => {
    const graph = await open()
    await graph.run('{ accounts { totalCount } }')
    const gone = AbortSignal.abort(new Error('gone'))
    const { data } = await graph.run(
      '{ accounts { totalCount } }',
      {},
      { maxAgeMs: 0, staleMs: 0, signal: gone },
    )
    expect(data?.accounts?.totalCount ?? null).toBeNull()
  })
})

describe('one failing part', () => {
  test('is null with an error where nothing was read before, and the rest of the answer stands', async () => {
    const graph = await open()
    graph.standIn.set({
      faults: ({ route }) => (route.startsWith('/apps') ? { kind: 'error500' } : undefined),
    })
    const { data, errors } = await graph.run(
      '{ accounts(first: 3) { nodes { id app { id } employee { id } } } apps { nodes { id } } browsers(first: 2) { nodes { id } } }',
    )
    expect(data.accounts.nodes).toHaveLength(3)
    for (const { app, employee } of data.accounts.nodes) {
      expect(app).toBeNull()
      expect(employee).not.toBeNull()
    }
    expect(data.apps?.nodes ?? null).toBeNull()
    expect(data.browsers.nodes).toHaveLength(2)
    for (const { code, path } of errors) {
      expect(code).toBe('UPSTREAM_UNAVAILABLE')
      expect(path?.join('.')).toMatch(/^(apps|accounts\.nodes\.\d\.app)/)
    }
  })

  test('page of a list leaves the pages before it, with a cursor that goes on there', async () => {
    const graph = await open({ switches: { maxPage: 20 } })
    graph.standIn.set({ faults: (_request, n) => (n > 3 ? { kind: 'error503' } : undefined) })
    const { data, errors, cost } = await graph.run(
      '{ accounts(first: 100) { nodes { id } complete pageInfo { hasNextPage endCursor } } }',
    )
    expect(errors).toEqual([])
    // Three pages of twenty, of which two begin with the last row of the one before.
    expect(data.accounts.nodes).toHaveLength(58)
    expect(data.accounts.complete).toBe(false)
    expect(data.accounts.pageInfo.hasNextPage).toBe(true)
    expect(cost.warnings).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', connector: 'default' }])
    down(graph.standIn, false)
    const next = await (
      await recovered(graph)
    ).run(
      `{ accounts(first: 10, after: "${data.accounts.pageInfo.endCursor as string}") { nodes { id } } }`,
    )
    expect(next.data.accounts.nodes.map(({ id }: { id: string }) => id)).toEqual(
      graph.standIn.data.accounts.slice(58, 68).map(({ id }) => id),
    )
  })
})

describe('rows that cannot be read', () => {
  /** Every answer with a list has one such row. */
  const damaged = (routes: RegExp) => (request: { route: string }) =>
    routes.test(request.route) ? ({ kind: 'wrongTypes' } as const) : undefined

  test.each([
    ['in a whole list', 'apps(first: 1000) { nodes { id } complete }'],
    ['in the first rows', 'apps(first: 3) { nodes { id } complete }'],
    ['in a page from the end', 'apps(last: 3) { nodes { id } complete }'],
    ['in a sorted list', 'apps(first: 3, orderBy: [{ field: TYPE }]) { nodes { id } complete }'],
  ])('%s are missing, and said to be', async (_what, list) => {
    const graph = await open()
    graph.standIn.set({ faults: damaged(/^\/apps$/) })
    for (const time of ['cold', 'warm']) {
      const { data, errors, cost } = await graph.run(
        `{ ${list} employees(first: 2) { nodes { id } complete } }`,
      )
      expect([time, errors]).toEqual([time, []])
      expect(data.apps.nodes.length).toBeGreaterThan(2)
      expect(data.apps.complete).toBe(false)
      expect(data.employees).toMatchObject({ complete: true })
      expect(cost.complete).toBe(false)
      expect(cost.warnings).toHaveLength(1)
      expect(cost.warnings[0]).toMatchObject({
        code: 'UPSTREAM_INVALID',
        connector: 'default',
        collection: 'apps',
        message: expect.stringMatching(/result\[\d+\]\.\w+/) as string,
      })
    }
  })

  test('among the rows of a parent are missing, and said to be', async () => {
    const graph = await open({ switches: { maxPage: 100 } })
    const [employee] = graph.standIn.data.employees
    graph.standIn.set({ faults: damaged(/^\/accounts$/) })
    const query = `{ employee(id: "${employee?.id ?? ''}") { accounts { nodes { id } complete totalCount } } }`
    for (const time of ['cold', 'warm']) {
      const { data, errors, cost } = await graph.run(query)
      expect([time, errors]).toEqual([time, []])
      const own = graph.standIn.data.accounts.filter(
        ({ employeeId }) => employeeId === employee?.id,
      )
      expect(data.employee.accounts.nodes).toHaveLength(own.length - 1)
      expect(data.employee.accounts.complete).toBe(false)
      expect(cost.warnings).toMatchObject([{ code: 'UPSTREAM_INVALID', collection: 'accounts' }])
    }
  })

  test('never show in a message what they hold', async () => {
    const graph = await open()
    graph.standIn.set({ faults: damaged(/^\/employees$/) })
    const { cost } = await graph.run('{ employees(first: 1000) { nodes { id } } }')
    const text = JSON.stringify(cost.warnings)
    for (const { email, id } of graph.standIn.data.employees) {
      expect(text).not.toContain(email)
      expect(text).not.toContain(id)
    }
  })
})

describe('an object in two connectors', () => {
  test('is found where the connector is named, and is an error that names both where not', async () => {
    const { graph, first, second } = await twoTenants()
    const [app] = first.data.apps
    if (app === undefined) throw new Error('no app')
    second.insert('apps', { ...app, notes: 'the other one' })
    const { data, errors } = await graph.run(
      `{ app(id: "${app.id}") { id } other: app(id: "${app.id}", connector: "other") { notes connectorAlias } employees(first: 1) { nodes { id } } }`,
    )
    expect(data.app).toBeNull()
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['app'] }])
    expect(errors[0]?.message).toContain('default, other')
    expect(data.other).toEqual({ notes: 'the other one', connectorAlias: 'other' })
    expect(data.employees.nodes).toHaveLength(1)
  })

  test('is two rows of a list, in any order', async () => {
    const { graph, first, second } = await twoTenants()
    const [app] = first.data.apps
    if (app === undefined) throw new Error('no app')
    second.insert('apps', app)
    for (const order of ['', 'orderBy: [{ field: TYPE }]']) {
      const seen: string[] = []
      let after = ''
      for (;;) {
        const { data } = await graph.run(
          `{ apps(first: 7 ${order} ${after}) { nodes { id connectorAlias } pageInfo { hasNextPage endCursor } } }`,
        )
        for (const { id, connectorAlias } of data.apps.nodes) seen.push(`${connectorAlias} ${id}`)
        if (!data.apps.pageInfo.hasNextPage) break
        after = `after: "${data.apps.pageInfo.endCursor}"`
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.toSorted()).toEqual(
        [
          ...first.data.apps.map(({ id }) => `default ${id}`),
          ...second.data.apps.map(({ id }) => `other ${id}`),
        ].toSorted(),
      )
    }
  })

  test('cannot be said to be unknown while one of them is down', async () => {
    const { graph, first, second } = await twoTenants()
    down(second)
    const { data, errors } = await graph.run(
      `{ app(id: "nobody") { id } known: app(id: "${first.data.apps[0]?.id ?? ''}") { id } }`,
    )
    expect(data.app).toBeNull()
    expect(errors).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', path: ['app'] }])
    expect(data.known.id).toBe(first.data.apps[0]?.id)
  })
})
