import { describe, expect, test } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import type { Change } from '../../../src/store/table/follow.ts'
import { type AnswersInMemory, answersInMemory } from '../../support/answers.ts'
import { createFakeClock, type FakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { type Answer, type Graph, type GraphOptions, graphForTest } from '../../support/graph.ts'
import { standInForTest } from '../../support/stand-in.ts'

const SECOND = 1_000
const ALL = '{ accounts(first: 1000) { totalCount nodes { id email lastUsedAt } } }'
const COUNT = '{ accounts { totalCount } }'

interface World {
  readonly standIn: StandIn
  readonly clock: FakeClock
  readonly answers: AnswersInMemory
  /** Another process on the same data folder. */
  readonly process: (options?: GraphOptions) => Promise<Graph>
}

/** 600 accounts in pages of 50. */
const worldForTest = async (
  switches: Partial<StandIn['switches']> = {},
  scale = 0.05,
  msPerLook = 1,
): Promise<World> => {
  // What passes is what a test lets pass, and a moment for each look: no two requests are of one moment.
  const clock = createFakeClock()
  const ticking = { ...clock, now: () => (clock.jump(msPerLook), clock.now()) }
  const standIn = await standInForTest({ scale, switches: { maxPage: 50, ...switches } })
  const answers = answersInMemory(clock.now)
  const statePath = `${directoryForTest()}/state.db`
  return {
    standIn,
    clock,
    answers,
    process: options =>
      graphForTest({ over: [standIn], clock: ticking, answers, statePath, ...options }),
  }
}

/** Whether the one answer is as old as the other: a reading begins a moment before its first page is asked for. */
const isAsOld = (one: Answer, other: Answer): boolean =>
  Math.abs(Date.parse(one.cost.asOf ?? '') - Date.parse(other.cost.asOf ?? '')) < SECOND

const idsIn = (standIn: StandIn): string[] => standIn.data.accounts.map(({ id }) => id).sort()
const idsOf = (data: { accounts: { nodes: { id: string }[] } }): string[] =>
  data.accounts.nodes.map(({ id }) => id).sort()

describe('a second process', () => {
  test.each([
    ['tokens that name a row', {}],
    ['tokens that are positions', { tokens: 'position' }],
    ['tokens that are positions, without offsets', { tokens: 'position', offset: 'refused' }],
    ['no offsets', { offset: 'refused' }],
    ['empty pages', { emptyPages: 3 }],
    ['short pages', { shortPages: true }],
    ['an empty page at the end', { lastToken: 'empty-page' }],
    ['no tokens', { tokens: 'none' }],
  ] as const)('has what was read, with %s', async (_, switches) => {
    const { standIn, process, clock } = await worldForTest(switches)
    const first = await process()
    const before = await first.run(ALL)
    expect(before.requests).toBeGreaterThan(10)
    await clock.advance(20 * SECOND)
    const second = await process()
    const after = await second.run(ALL)
    expect(after.data).toEqual(before.data)
    expect(idsOf(after.data)).toEqual(idsIn(standIn))
    expect(isAsOld(after, before)).toBe(true)
    // Where nothing but a second look shows that the list stood still, it is read again.
    const looksBack = 'offset' in switches
    if (!looksBack) expect([after.requests, after.cost.requests]).toEqual([0, 0])
  })

  test('is served rows that are no longer fresh while they are read again', async () => {
    const { standIn, process, clock } = await worldForTest()
    const before = await (await process({ refresh: true })).run(COUNT)
    await clock.advance(300 * SECOND)
    const second = await process({ refresh: true })
    const after = await second.run(COUNT)
    expect([after.data, after.cost.requests, isAsOld(after, before)]).toEqual([
      before.data,
      0,
      true,
    ])
    const table = second.store.connector('default')?.table('accounts')
    await expect.poll(() => (table?.whole ?? 0) > Date.parse(after.cost.asOf ?? '')).toBe(true)
    expect(standIn.statistics().requests).toBeGreaterThan(0)
  })

  test.each([
    ['older than they may be', { staleMs: 100 * SECOND }, true],
    ['not fresh, and nothing is read in the background', {}, false],
    ['older than the operation takes', { maxAgeMs: 0, staleMs: 0 }, true],
  ])('reads anew what is %s', async (_, terms, refresh) => {
    const { process, clock } = await worldForTest()
    const first = await process({ refresh })
    const before = await first.run(ALL)
    await clock.advance(101 * SECOND)
    const after = await (await process({ refresh })).run(ALL, {}, terms)
    expect(after.requests).toBe(before.requests)
    expect(after.cost.asOf === before.cost.asOf).toBe(false)
  })

  test('is asked anew without a moment’s delay where nothing that was read before will do', async () => {
    // The clock stands still: what is kept is of this very moment.
    const { standIn, process, clock } = await worldForTest({}, 0.05, 0)
    const [employee] = standIn.data.employees
    const [account] = standIn.data.accounts
    await (await process()).run(`{ account(id: "${account?.id}") { email } }`)
    for (const query of [
      ALL,
      '{ accounts(first: 5) { nodes { id } } }',
      `{ account(id: "${account?.id}") { email } }`,
      `{ employee(id: "${employee?.id}") { email accounts { nodes { id } } } }`,
    ]) {
      const before = await (await process()).run(query)
      const kept = await (await process()).run(query)
      const after = await (await process()).run(query, {}, { maxAgeMs: 0, staleMs: 0 })
      expect([query, kept.requests]).toEqual([query, 0])
      expect([query, after.requests > 0, after.data]).toEqual([query, true, before.data])
      expect(Date.parse(after.cost.asOf ?? '')).toBe(clock.now())
    }
  })

  test('takes what is just old enough, and not what is a moment older', async () => {
    const { process, clock } = await worldForTest()
    await (await process()).run(COUNT)
    await clock.advance(50 * SECOND)
    expect((await (await process()).run(COUNT)).requests).toBe(0)
    await clock.advance(10 * SECOND)
    expect((await (await process()).run(COUNT)).requests).toBeGreaterThan(0)
  })

  test('has single objects and the rows of one parent, too', async () => {
    const { standIn, process } = await worldForTest()
    const [employee] = standIn.data.employees
    const [account] = standIn.data.accounts
    const query = `{ account(id: "${account?.id}") { email }
      employee(id: "${employee?.id}") { email accounts { nodes { id } } } }`
    const before = await (await process()).run(query)
    expect(before.requests).toBeGreaterThan(1)
    const after = await (await process()).run(query)
    expect([after.requests, after.data]).toEqual([0, before.data])
  })

  test('asks for what was not there', async () => {
    const { process } = await worldForTest()
    const query = '{ account(id: "nobody") { email } }'
    await (await process()).run('{ accounts(first: 1) { nodes { id } } }')
    await (await process()).run(query)
    expect((await (await process()).run(query)).requests).toBe(1)
  })

  test('goes on in a list by a cursor of the first', async () => {
    const { standIn, process } = await worldForTest()
    const page = (after: string | null) => `{ accounts(first: 120, after: ${JSON.stringify(after)})
      { nodes { id } pageInfo { hasNextPage endCursor } } }`
    const ids: string[] = []
    let after: string | null = null
    do {
      const { data } = await (await process()).run(page(after))
      ids.push(...data.accounts.nodes.map(({ id }: { id: string }) => id))
      after = data.accounts.pageInfo.hasNextPage ? data.accounts.pageInfo.endCursor : null
    } while (after !== null)
    expect(ids.sort()).toEqual(idsIn(standIn))
    // Each page once, whoever reads it.
    expect(standIn.statistics().requests).toBeLessThanOrEqual(13)
  })

  test('counts what it takes in the plan', async () => {
    const { process } = await worldForTest()
    await (await process()).run(COUNT)
    const { cost } = await (await process()).run(COUNT, {}, { plan: 'beside' })
    expect(cost.plan?.connections).toMatchObject([
      { collection: 'accounts', requests: 0, kept: 13 },
    ])
  })
})

describe('a chain of pages of which the end is missing', () => {
  const dropTail = ({ all }: AnswersInMemory, from: number): void => {
    for (const path of [...all.keys()].slice(from)) all.delete(path)
  }

  test('is read on where its beginning is fresh', async () => {
    const { standIn, process, answers, clock } = await worldForTest()
    const before = await (await process()).run(ALL)
    dropTail(answers, 5)
    await clock.advance(20 * SECOND)
    const after = await (await process()).run(ALL)
    expect(after.requests).toBe(before.requests - 5)
    expect([idsOf(after.data), isAsOld(after, before)]).toEqual([idsIn(standIn), true])
  })

  test('is read from its start where that is not', async () => {
    const { standIn, process, answers, clock } = await worldForTest()
    const before = await (await process({ refresh: true })).run(ALL)
    dropTail(answers, 5)
    const [gone] = standIn.data.accounts
    if (gone !== undefined) standIn.remove('accounts', gone.id)
    await clock.advance(200 * SECOND)
    const after = await (await process({ refresh: true })).run(ALL)
    expect(after.requests).toBe(before.requests)
    expect(idsOf(after.data)).toEqual(idsIn(standIn))
    expect(Date.parse(after.cost.asOf ?? '')).toBeGreaterThan(
      Date.parse(before.cost.asOf ?? '') + 100 * SECOND,
    )
  })

  test('is read from its start where its first page is too old, though others are not', async () => {
    const { standIn, process, answers, clock } = await worldForTest()
    const before = await (await process({ refresh: true })).run(ALL)
    await clock.advance(200 * SECOND)
    for (const [path, answer] of [...answers.all].slice(1))
      answers.all.set(path, { ...answer, askedAt: answer.askedAt + 190 * SECOND })
    dropTail(answers, 5)
    const [gone] = standIn.data.accounts
    if (gone !== undefined) standIn.remove('accounts', gone.id)
    const after = await (await process({ refresh: true })).run(ALL)
    expect(after.requests).toBe(before.requests)
    expect(idsOf(after.data)).toEqual(idsIn(standIn))
    expect(Date.parse(after.cost.asOf ?? '')).toBeGreaterThan(
      Date.parse(before.cost.asOf ?? '') + 199 * SECOND,
    )
  })

  test.each([
    ['rows', {}],
    ['positions', { tokens: 'position' }],
  ] as const)('is never read on in what is older: tokens name %s', async (_, switches) => {
    const { standIn, process, clock, answers } = await worldForTest(switches)
    await (await process()).run(ALL)
    const old = new Map(answers.all)
    // The list loses rows at its start, and its first page alone is read anew.
    for (const { id } of standIn.data.accounts.slice(0, 7)) standIn.remove('accounts', id)
    await clock.advance(30 * SECOND)
    const [[firstPath]] = [...old] as [[string, unknown]]
    answers.all.delete(firstPath)
    await (
      await process()
    ).run('{ accounts(first: 5) { nodes { id } } }', {}, { maxAgeMs: 0, staleMs: 0 })
    const after = await (await process()).run(ALL)
    expect(idsOf(after.data)).toEqual(idsIn(standIn))
    expect(after.cost.complete).toBe(true)
  })
})

describe('what is damaged', () => {
  test.each([
    ['no JSON', '{"result": [', undefined],
    ['no page', '{"nothing": true}', undefined],
    ['a page that leads back', undefined, 'circle'],
  ])('costs requests and nothing else: %s', async (_, body, kind) => {
    const { standIn, process, answers } = await worldForTest()
    await (await process()).run(ALL)
    const [path, answer] = [...answers.all][4] as [string, { body: string; askedAt: number }]
    const own = new URLSearchParams(path.split('?')[1]).get('nextToken')
    const circle = JSON.stringify({
      ...(JSON.parse(answer.body) as object),
      paging: { moreResults: true, nextToken: own },
    })
    answers.all.set(path, {
      ...answer,
      dateSeconds: undefined,
      body: kind === 'circle' ? circle : (body ?? ''),
    })
    const after = await (await process()).run(ALL)
    expect(idsOf(after.data)).toEqual(idsIn(standIn))
    expect([after.errors, after.cost.complete]).toEqual([[], true])
  })

  test('an answer that says it is of tomorrow counts as none', async () => {
    const { process, answers, clock } = await worldForTest()
    await (await process()).run(COUNT)
    for (const [path, answer] of answers.all)
      answers.all.set(path, { ...answer, askedAt: answer.askedAt + 86_400 * SECOND })
    await clock.advance(SECOND)
    expect((await (await process()).run(COUNT)).requests).toBeGreaterThan(0)
  })
})

describe('events', () => {
  const changesOf =
    (changes: readonly Change[], isAll = true): NonNullable<GraphOptions['changesSince']> =>
    () =>
    async (since, each) => {
      for (const change of changes) if (change.at >= since) each(change)
      return isAll
    }

  test('that came since are followed: changed, created, deleted', async () => {
    const { standIn, process, clock } = await worldForTest()
    await (await process()).run(ALL)
    const [one, two] = standIn.data.accounts
    if (one === undefined || two === undefined) throw new Error('no accounts')
    await clock.advance(10 * SECOND)
    const when = { at: clock.now(), occurredAt: Math.floor(clock.now() / 1_000) }
    const changes: Change[] = [
      {
        collection: 'accounts',
        type: 'UPDATE',
        object: { id: one.id, email: 'new@x.example' },
        ...when,
      },
      { collection: 'accounts', type: 'DELETE', object: { id: two.id }, ...when },
      { collection: 'accounts', type: 'CREATE', object: { ...one, id: 'created' }, ...when },
    ]
    const later = await (await process({ changesSince: changesOf(changes) })).run(ALL)
    expect(later.requests).toBe(0)
    const nodes = new Map(
      later.data.accounts.nodes.map((node: { id: string; email: string }) => [node.id, node.email]),
    )
    expect(nodes.get(one.id)).toBe('new@x.example')
    expect([nodes.has(two.id), nodes.has('created')]).toEqual([false, true])
    expect(later.data.accounts.totalCount).toBe(standIn.data.accounts.length)
  })

  test('that came since are followed where one object is asked for, or Push is asked', async () => {
    const { standIn, process, clock } = await worldForTest()
    const [one] = standIn.data.accounts
    const query = `{ account(id: "${one?.id}") { email } }`
    await (await process()).run(query)
    await clock.advance(10 * SECOND)
    const changes: Change[] = [
      {
        ...{ collection: 'accounts', type: 'UPDATE', at: clock.now() },
        object: { id: one?.id, email: 'new@x.example' },
        occurredAt: Math.floor(clock.now() / 1_000),
      },
    ]
    const later = await (await process({ changesSince: changesOf(changes) })).run(query)
    expect([later.requests, later.data]).toEqual([0, { account: { email: 'new@x.example' } }])
    const tooMany = await (await process({ changesSince: changesOf([], false) })).run(query)
    expect([tooMany.requests, tooMany.data]).toEqual([1, { account: { email: one?.email } }])
  })

  test('that came before the page was asked for do not undo it', async () => {
    const { standIn, process, clock } = await worldForTest()
    const [one] = standIn.data.accounts
    const when = { at: clock.now(), occurredAt: Math.floor(clock.now() / 1_000) }
    await clock.advance(10 * SECOND)
    await (await process()).run(ALL)
    const old: Change = {
      collection: 'accounts',
      type: 'UPDATE',
      object: { id: one?.id, email: 'old@x.example' },
      ...when,
    }
    // As a file gives it that keeps more than it is asked for.
    const changesSince = () => async (_since: number, each: (change: Change) => void) => {
      each(old)
      return true
    }
    const { data } = await (await process({ changesSince })).run(ALL)
    const found = data.accounts.nodes.find(({ id }: { id: string }) => id === one?.id)
    expect(found.email).toBe(one?.email)
  })

  test('that name a row by what it holds are followed once the rows are there', async () => {
    const { standIn, process, clock } = await worldForTest({ byId: {} }, 0.2)
    const query = '{ browserExtensions(first: 1000) { nodes { id extensionId name employeeId } } }'
    const { data } = await (await process()).run(query)
    const counts = new Map<string, number>()
    const keyOf = (row: { extensionId: string; employeeId: string }) =>
      `${row.extensionId} ${row.employeeId}`
    for (const row of data.browserExtensions.nodes)
      counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
    const only = data.browserExtensions.nodes.find(
      (row: { extensionId: string; employeeId: string }) => counts.get(keyOf(row)) === 1,
    )
    await clock.advance(SECOND)
    const change: Change = {
      collection: 'browserExtensions',
      type: 'UPDATE',
      object: { id: only.extensionId, name: 'renamed', employee: { id: only.employeeId } },
      at: clock.now(),
      occurredAt: Math.floor(clock.now() / 1_000),
    }
    const later = await (await process({ changesSince: changesOf([change]) })).run(query)
    const nameIn = (answer: Answer): unknown =>
      answer.data.browserExtensions.nodes.find(({ id }: { id: string }) => id === only.id)?.name
    expect([later.requests, nameIn(later)]).toEqual([0, 'renamed'])
    // Also where Push cannot be asked, and what is kept is all there is.
    await clock.advance(3_600 * SECOND)
    standIn.set({ maxPage: 10, abovePage: 'refuse' })
    expect(nameIn(await (await process({ changesSince: changesOf([change]) })).run(query))).toBe(
      'renamed',
    )
    expect(standIn.data.browserExtensions.some(({ name }) => name === 'renamed')).toBe(false)
  })

  test('too many of them, or none that can be read, and Push is asked', async () => {
    const { process } = await worldForTest()
    const before = await (await process()).run(ALL)
    const tooMany = await (await process({ changesSince: changesOf([], false) })).run(ALL)
    expect(tooMany.requests).toBe(before.requests)
    const unreadable = () => () => Promise.reject(new Error('closed'))
    const failing = await (await process({ changesSince: unreadable })).run(ALL)
    expect(failing.requests).toBe(before.requests)
  })
})

describe('in one process', () => {
  test('a collection that left memory comes back without a request', async () => {
    const { process, clock } = await worldForTest()
    const graph = await process({ maxBytes: 20_000 })
    const before = await graph.run(ALL)
    const table = graph.store.connector('default')?.peek('accounts')
    await clock.advance(130 * SECOND)
    await graph.run('{ findings { totalCount } }', {}, { maxAgeMs: 900 * SECOND })
    expect(graph.store.connector('default')?.peek('accounts')).toBeUndefined()
    const after = await graph.run(ALL, {}, { maxAgeMs: 900 * SECOND })
    expect([after.requests, after.data]).toEqual([0, before.data])
    expect(graph.store.connector('default')?.peek('accounts')).not.toBe(table)
  })

  test('what is kept does not stand in for a reading in the background', async () => {
    const { standIn, process, clock } = await worldForTest()
    const graph = await process({ refresh: true })
    await graph.run(COUNT)
    await clock.advance(300 * SECOND)
    standIn.reset()
    await graph.run(COUNT)
    const table = graph.store.connector('default')?.table('accounts')
    const stale = table?.whole ?? 0
    await expect.poll(() => table?.whole ?? 0).toBeGreaterThan(stale)
    expect(standIn.statistics().requests).toBeGreaterThan(10)
  })

  test('the first page of a list is not older than what is fresh', async () => {
    const { standIn, process, clock } = await worldForTest()
    const graph = await process({ refresh: true })
    const query = '{ accounts(first: 5) { nodes { id } } }'
    await graph.run(query)
    await clock.advance(61 * SECOND)
    standIn.reset()
    const again = await graph.run(query)
    expect([again.requests, again.cost.complete]).toEqual([1, true])
    expect(Date.parse(again.cost.asOf ?? '')).toBeGreaterThan(clock.now() - 5 * SECOND)
  })
})

describe('while Push fails', () => {
  test('what is kept is served however old, with a warning', async () => {
    const { standIn, process, clock } = await worldForTest()
    const before = await (await process()).run(ALL)
    await clock.advance(3_600 * SECOND)
    // Every page is refused.
    standIn.set({ maxPage: 10, abovePage: 'refuse' })
    const after = await (await process()).run(ALL)
    expect([after.data, isAsOld(after, before)]).toEqual([before.data, true])
    expect(after.cost.warnings).toMatchObject([{ collection: 'accounts' }])
  })

  test('so it is where all the time there was has passed in asking Push', async () => {
    const { process, clock } = await worldForTest()
    const before = await (await process()).run(COUNT)
    await clock.advance(3_600 * SECOND)
    const after = await (await process()).run(COUNT, {}, { maxWaitMs: 3 })
    expect([after.data, isAsOld(after, before)]).toEqual([before.data, true])
  })

  test('a list of which the end is missing is not looked for at Push once more', async () => {
    const { standIn, process, clock, answers } = await worldForTest()
    await (await process()).run(COUNT)
    for (const path of [...answers.all.keys()].slice(5)) answers.all.delete(path)
    await clock.advance(3_600 * SECOND)
    standIn.set({ maxPage: 10, abovePage: 'refuse' })
    /** The first page, those ahead of it, and the first one once more, of fewer rows: some come after the answer. */
    const ASKED = 13
    const ask = async () => {
      const before = standIn.requests.length
      const answer = await (await process()).run(COUNT)
      await expect.poll(() => standIn.requests.length - before).toBe(ASKED)
      return answer
    }
    const part = await ask()
    answers.all.clear()
    const none = await ask()
    expect([part.data.accounts, part.cost.complete]).toEqual([none.data.accounts, false])
  })
})
