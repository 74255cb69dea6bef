import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collections } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { wholeReadAt } from '../../../src/store/table/coverage.ts'
import { GRACE_MS } from '../../../src/store/reading/trust.ts'
import { type AnswersInMemory, answersInMemory } from '../../support/answers.ts'
import { directoryForTest } from '../../support/directory.ts'
import { followingGraph, type FollowingGraph } from '../../support/following.ts'
import { runsOr } from '../../support/runs.ts'

const MINUTE = 60_000
const ALL = ['employees', 'accounts', 'apps', 'browsers', 'findings', 'detections'] as const
const COUNTS = `{ ${ALL.map(name => `${name} { totalCount }`).join(' ')} }`

const counts = async ({ run }: FollowingGraph) => {
  const { data, cost, requests } = await run(COUNTS)
  const values = ALL.map(name => (data[name] as { totalCount: number }).totalCount)
  return { values, cost, requests }
}

const truth = ({ standIn }: FollowingGraph) => ALL.map(name => standIn.data[name].length)

const driftOf = ({ connector }: FollowingGraph) =>
  Object.fromEntries(
    ALL.flatMap(name =>
      [...connector.drift(name)].map(([kind, count]) => [`${name} ${kind}`, count]),
    ),
  )

/** Asks every ten seconds, as a dashboard does, where nothing else is said. */
const poll = async (graph: FollowingGraph, ms: number, everyMs = 10_000): Promise<void> => {
  for (let left = ms; left > 0; left -= everyMs) {
    await graph.pass(everyMs)
    await counts(graph)
  }
}

/** A graph that has heard of every collection and read all of it since. */
const followed = async (options = {}): Promise<FollowingGraph> => {
  const graph = await followingGraph(options)
  await counts(graph)
  for (const name of ALL) await graph.until(name, 'UPDATE')
  await poll(graph, 3 * MINUTE)
  for (const name of ALL) expect(graph.connector.peek(name)?.followed, name).toBe(true)
  return graph
}

const isFollowed = (graph: FollowingGraph, name: CollectionName) =>
  graph.connector.peek(name)?.followed === true

describe('collections that follow their webhooks', () => {
  test('are probed once a minute in place of being read, and right all the time', async () => {
    const graph = await followed()
    graph.standIn.reset()
    graph.standIn.set({ changesPerMinute: 30 })
    for (let poll = 0; poll < 60; poll++) {
      await graph.pass(10_000)
      const { values, cost } = await counts(graph)
      expect(values).toEqual(truth(graph))
      expect(cost).toMatchObject({ followed: true, complete: true, warnings: [] })
      expect(graph.clock.now() - Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(MINUTE + 1_000)
    }
    const { byRoute, requests } = graph.standIn.statistics()
    expect(requests).toBeLessThanOrEqual(ALL.length * 11)
    expect(Object.keys(byRoute).toSorted()).toEqual(ALL.map(name => `GET /${name}`).toSorted())
    expect(driftOf(graph)).toEqual({})
  })

  test('say so in the plan, and of the connector', async () => {
    const graph = await followed()
    const { cost } = await graph.run(COUNTS, {}, { plan: 'only' })
    expect(cost.plan?.connections.map(({ followed }) => followed)).toEqual(ALL.map(() => true))
    const { data } = await graph.run('{ connectors { store { collection followed drift } } }')
    const [{ store }] = data.connectors as [{ store: readonly object[] }]
    expect(store).toContainEqual({ collection: 'FINDINGS', followed: true, drift: 0 })
    expect(store).toContainEqual({ collection: 'BROWSER_EXTENSIONS', followed: false, drift: 0 })
  })

  test('are none where no event has come, nor where none is to be followed', async () => {
    const silent = await followingGraph()
    silent.standIn.sendWebhooks(undefined)
    await poll(silent, 3 * MINUTE)
    const off = await followingGraph({ reconcileMs: 0 })
    await counts(off)
    for (const name of ALL) await off.until(name, 'UPDATE')
    await poll(off, 3 * MINUTE)
    for (const graph of [silent, off]) {
      for (const name of ALL) expect(isFollowed(graph, name), name).toBe(false)
      expect((await counts(graph)).cost).not.toHaveProperty('followed')
    }
  })

  test('are read when a caller wants it so', async () => {
    const graph = await followed()
    await graph.pass(5_000)
    const { requests, cost } = await graph.run(COUNTS, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(requests).toBeGreaterThanOrEqual(ALL.length)
    expect(Date.parse(cost.asOf ?? '')).toBe(graph.clock.now())
  })

  test('show what was lost once a probe looks, and are read again after that', async () => {
    const graph = await followed()
    graph.standIn.set({ webhookLoss: 1 })
    await graph.until('findings', 'CREATE')
    graph.standIn.set({ webhookLoss: 0 })
    expect((await counts(graph)).values).not.toEqual(truth(graph))
    await poll(graph, 2 * MINUTE)
    const at = ALL.indexOf('findings')
    expect((await counts(graph)).values[at]).toBe(truth(graph)[at])
    expect(driftOf(graph)['findings created']).toBeGreaterThan(0)
    expect(isFollowed(graph, 'findings')).toBe(false)
    // The others go on as before; after ten minutes it is trusted once more.
    expect(isFollowed(graph, 'browsers')).toBe(true)
    await poll(graph, 11 * MINUTE)
    expect(isFollowed(graph, 'findings')).toBe(true)
  })

  test('are read whole after a time, and what was deleted in silence goes', async () => {
    const graph = await followed({ reconcileMs: 10 * MINUTE })
    const [finding] = graph.standIn.data.findings
    graph.standIn.remove('findings', finding?.id ?? '')
    await poll(graph, 5 * MINUTE)
    expect((await counts(graph)).values).not.toEqual(truth(graph))
    await poll(graph, 6 * MINUTE)
    expect((await counts(graph)).values).toEqual(truth(graph))
    await graph.pass(GRACE_MS)
    expect(driftOf(graph)).toEqual({ 'findings deleted': 1 })
  })

  test('begin anew where a delivery was not taken', async () => {
    const graph = await followed()
    const begun = graph.clock.now()
    graph.standIn.sendWebhooks({ ...graph.target, secret: 'psws_of another' })
    graph.standIn.step()
    await graph.pass(0)
    for (const name of ALL) expect(isFollowed(graph, name)).toBe(false)
    graph.standIn.sendWebhooks(graph.target)
    await poll(graph, 3 * MINUTE)
    for (const name of ALL) {
      expect(isFollowed(graph, name)).toBe(true)
      const table = graph.connector.peek(name)
      expect(table && wholeReadAt(table)).toBeGreaterThanOrEqual(begun)
    }
    expect(driftOf(graph)).toEqual({})
  })

  test.each([
    [10, true],
    [18, false],
  ])('asleep for %i minutes, go on: %s', async (minutes, goesOn) => {
    const graph = await followed()
    graph.clock.jump(minutes * MINUTE)
    await graph.run(COUNTS, {}, { staleMs: 60 * MINUTE })
    await graph.pass(MINUTE + 1_000)
    for (const name of ALL) expect(isFollowed(graph, name), name).toBe(goesOn)
  })

  test('have an object read that an event tells of and nothing else did', async () => {
    const graph = await followed()
    const account = graph.standIn.data.accounts[0]
    if (account === undefined) throw new Error('no account')
    const made = { ...account, id: 'in silence', lastUsedTimestamp: null }
    graph.standIn.insert('accounts', made)
    const seconds = Math.floor(graph.clock.now() / 1_000)
    graph.connector.follow({
      collection: 'accounts',
      type: 'UPDATE',
      object: { id: made.id, mfaRegistered: false },
      at: graph.clock.now(),
      occurredAt: seconds,
    })
    await graph.pass(1_000)
    expect(graph.connector.peek('accounts')?.get(made.id)).toMatchObject({ email: made.email })
    expect(driftOf(graph)).toEqual({ 'accounts unknown': 1 })
    expect(isFollowed(graph, 'accounts')).toBe(true)
  })

  test('are probed no more where nobody asks', async () => {
    const graph = await followed()
    await graph.pass(16 * MINUTE)
    graph.standIn.reset()
    await graph.pass(10 * MINUTE)
    expect(graph.standIn.statistics().requests).toBe(0)
    expect((await counts(graph)).values).toEqual(truth(graph))
    await poll(graph, 2 * MINUTE)
    for (const name of ALL) expect(isFollowed(graph, name), name).toBe(true)
  })

  test('are probed before they are served where nobody asked for long, and not read', async () => {
    const graph = await followed()
    graph.clock.jump(60 * MINUTE)
    graph.standIn.step()
    await graph.standIn.webhooksSettled()
    graph.standIn.reset()
    const { values, cost, requests } = await counts(graph)
    expect(values).toEqual(truth(graph))
    expect(requests).toBe(ALL.length)
    expect(Date.parse(cost.asOf ?? '')).toBe(graph.clock.now())
    expect(cost).toMatchObject({ followed: true })
    await poll(graph, 2 * MINUTE)
    expect(graph.standIn.statistics().requests).toBeLessThanOrEqual(ALL.length * 4)
  })

  test('are read whole every ten minutes where Push passes over what a probe asks', async () => {
    const graph = await followed({ switches: { parameters: { findings: 'ignored' } } })
    await poll(graph, 2 * MINUTE)
    graph.standIn.reset()
    await poll(graph, 20 * MINUTE)
    const pages = Math.ceil(graph.standIn.data.findings.length / 200)
    expect(graph.standIn.statistics().byRoute['GET /findings']).toBeLessThanOrEqual(3 * (pages + 1))
    expect(graph.connector.facts().get('findings creationTimestampAfter')).toBe('ignored')
  })

  test('come right again whatever webhooks do, within the time that is promised', async () => {
    const share = fc.constantFrom(0, 0.1, 0.5)
    await fc.assert(
      fc.asyncProperty(
        share,
        share,
        share,
        share,
        fc.constantFrom(0, 5_000, 60_000),
        async (loss, reorder, repeats, misreports, delayMs) => {
          const graph = await followed({ reconcileMs: 20 * MINUTE, scale: 0.01 })
          graph.standIn.set({
            changesPerMinute: 20,
            webhookLoss: loss,
            webhookReorder: reorder,
            webhookRepeats: repeats,
            webhookMisreports: misreports,
            webhookDelayMs: delayMs,
          })
          await poll(graph, 5 * MINUTE)
          graph.standIn.set({ changesPerMinute: 0 })
          // Deliveries under way arrive, and every collection is read whole once more.
          await poll(graph, 24 * MINUTE, 60_000)
          for (const name of ALL) {
            const rows = [...(graph.connector.peek(name)?.values() ?? [])]
            const expected = new Map(graph.standIn.data[name].map(row => [row.id, row]))
            expect(new Set(rows.map(({ id }) => id)), name).toEqual(new Set(expected.keys()))
          }
          const found = await graph.run(
            '{ findings(filter: { state: { eq: OPEN } }) { totalCount } accounts(filter: { mfaRegistered: { eq: true } }) { totalCount } }',
          )
          expect(found.data).toEqual({
            findings: {
              totalCount: graph.standIn.data.findings.filter(({ state }) => state === 'OPEN')
                .length,
            },
            accounts: {
              totalCount: graph.standIn.data.accounts.filter(of => of.mfaRegistered === true)
                .length,
            },
          })
        },
      ),
      { numRuns: runsOr(3) },
    )
  })
})

test('collections are read again by themselves where another process missed deliveries', async () => {
  const statePath = join(directoryForTest(), 'state.db')
  const one = await followed({ statePath })
  const other = await followingGraph({ statePath, over: one.standIns, clock: one.clock })
  one.standIn.sendWebhooks(one.target)
  other.connector.resume({ missedAt: 0, settledAt: 0 })
  await counts(other)
  const missedAt = one.clock.now()
  other.connector.missed()
  await poll(one, 3 * MINUTE)
  for (const name of ALL) {
    const table = one.connector.peek(name)
    expect(table?.followed, name).toBe(true)
    expect(Number(table && wholeReadAt(table)), name).toBeGreaterThan(missedAt)
  }
})

describe('replicas that share answers', () => {
  /** So many on one tenant that changes, of which each hears of every event. They are asked in turn, at moments of their own. */
  const replicas = async (number: number, reconcileMs: number) => {
    const shared = { statePath: join(directoryForTest(), 'state.db'), answers: answersInMemory() }
    const options = { ...shared, reconcileMs, scale: 0.05 }
    const first = reconcileMs > 0 ? await followed(options) : await followingGraph(options)
    const { standIn, standIns, clock } = first
    const all = [first]
    while (all.length < number) {
      await first.pass(7_000)
      const { changesSince } = first
      const other = await followingGraph({ ...options, over: standIns, clock, changesSince })
      other.connector.resume({ missedAt: 0, settledAt: 0 })
      first.tellToo(other.connector)
      all.push(other)
    }
    standIn.sendWebhooks(first.target)
    for (const graph of all) {
      await graph.run(COUNTS, {}, { maxAgeMs: 0, staleMs: 0 })
      await first.pass(2_000)
    }
    const poll = async (minutes: number, each: (graph: FollowingGraph) => Promise<void>) => {
      for (let turn = 0; turn < minutes * 6; turn += 1) {
        for (let second = 0; second < 10; second += 1) {
          await first.pass(1_000)
          for (const graph of all) await graph.pass(0)
        }
        const graph = all[turn % number]
        if (graph !== undefined) await each(graph)
      }
    }
    return { all, standIn, poll }
  }

  const isRight = async (graph: FollowingGraph): Promise<void> => {
    const { values, cost } = await counts(graph)
    expect(values).toEqual(truth(graph))
    if ('followed' in cost)
      expect(graph.clock.now() - Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(MINUTE + 1_000)
  }

  /** What half an hour costs. */
  const cost = async (number: number, reconcileMs: number): Promise<number> => {
    const { all, standIn, poll } = await replicas(number, reconcileMs)
    standIn.set({ changesPerMinute: reconcileMs > 0 ? 10 : 0 })
    await poll(3, isRight)
    for (const graph of all)
      for (const name of ALL) expect(isFollowed(graph, name), name).toBe(reconcileMs > 0)
    standIn.reset()
    await poll(30, isRight)
    for (const graph of all) expect(driftOf(graph)).toEqual({})
    return standIn.statistics().requests
  }

  test.each([
    ['probe, and read to check,', 10 * MINUTE],
    ['read again what is not followed', 0],
  ])('%s once for all', async (_what, reconcileMs) => {
    const alone = await cost(1, reconcileMs)
    const three = await cost(3, reconcileMs)
    // Each of them may begin with one of its own.
    expect(three).toBeLessThanOrEqual(alone * 1.05 + ALL.length)
  })

  test('know what one of them finds out', async () => {
    const { all, standIn, poll } = await replicas(2, 10 * MINUTE)
    const [finding] = standIn.data.findings
    standIn.remove('findings', finding?.id ?? '')
    await poll(12, async graph => void (await counts(graph)))
    for (const graph of all) await isRight(graph)
    // Whoever did not look himself trusts no longer than who did.
    const [one, other] = all
    if (one === undefined || other === undefined) throw new Error('two were asked for')
    standIn.set({ webhookLoss: 1 })
    await one.until('findings', 'CREATE')
    standIn.set({ webhookLoss: 0 })
    await one.run('{ findings { totalCount } }')
    await one.pass(2 * MINUTE)
    expect([one, other].map(graph => isFollowed(graph, 'findings'))).toEqual([false, false])
  })
})

describe('collections that were followed before a restart', () => {
  /** One that follows all and ends; the tenant goes on for a while; and one that takes its place. */
  const restarted = async (changes: number) => {
    const outlives = {
      statePath: join(directoryForTest(), 'state.db'),
      answers: answersInMemory(),
    }
    const before = await followed(outlives)
    const { standIn, standIns, clock } = before
    await before.leave()
    const leftAt = clock.now()
    for (let nth = 0; nth < changes; nth += 1) standIn.step()
    await standIn.webhooksSettled()
    clock.jump(10_000)
    const { changesSince } = before
    const after = await followingGraph({ ...outlives, over: standIns, clock, changesSince })
    standIn.reset()
    return { after, leftAt }
  }

  test('are followed at once after a short one, and say no more than they know until all deliveries are in', async () => {
    const { after, leftAt } = await restarted(20)
    const settledAt = after.clock.now() + 75_000
    after.connector.resume({ missedAt: 0, settledAt })
    const first = await counts(after)
    expect(first.requests).toBe(0)
    expect(ALL.filter(name => !isFollowed(after, name))).toEqual([])
    while (after.clock.now() < settledAt - 1_000) {
      const { cost, requests } = await counts(after)
      expect(requests).toBe(0)
      expect(Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(leftAt)
      await after.pass(5_000)
    }
    await poll(after, 3 * MINUTE)
    const { values, cost } = await counts(after)
    expect(values).toEqual(truth(after))
    expect(cost).toMatchObject({ followed: true, complete: true, warnings: [] })
    expect(after.clock.now() - Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(MINUTE + 1_000)
    expect(driftOf(after)).toEqual({})
    // Probes alone.
    expect(after.standIn.statistics().requests).toBeLessThanOrEqual(ALL.length * 4)
  })

  test('are read once, and then followed, where deliveries may be missing', async () => {
    const { after } = await restarted(20)
    const missedAt = after.clock.now()
    after.connector.resume({ missedAt, settledAt: missedAt })
    await counts(after)
    expect(ALL.filter(name => isFollowed(after, name))).toEqual([])
    await poll(after, 3 * MINUTE)
    expect(ALL.filter(name => !isFollowed(after, name))).toEqual([])
    expect((await counts(after)).values).toEqual(truth(after))
    expect(driftOf(after)).toEqual({})
  })

  /** As `restarted`, hours after all of it was read, with webhooks all the while. */
  const restartedLater = async (
    hours: number,
    { changes = 20, scale = 0.02, isTidied = true } = {},
  ) => {
    const outlives = {
      statePath: join(directoryForTest(), 'state.db'),
      answers: answersInMemory(),
    }
    const before = await followed({ ...outlives, scale })
    const { standIn, standIns, clock, changesSince } = before
    clock.jump(hours * 60 * MINUTE)
    for (let nth = 0; nth < changes; nth += 1) standIn.step()
    await standIn.webhooksSettled()
    await before.leave()
    const leftAt = clock.now()
    clock.jump(10_000)
    const after = await followingGraph({ ...outlives, over: standIns, clock, changesSince })
    if (isTidied) tidy(outlives.answers, after)
    standIn.reset()
    return { after, leftAt }
  }

  /** Leaves what is younger than a quarter of an hour, or spared, as who tidies up does. */
  const tidy = ({ all }: AnswersInMemory, { clock, connector }: FollowingGraph): void => {
    const spared = connector.followedReads()
    for (const [path, { askedAt }] of all) {
      const isSpared = spared.some(
        ({ name, from, until }) =>
          path.startsWith(collections[name].path) && askedAt >= from && askedAt <= until,
      )
      if (askedAt < clock.now() - 15 * MINUTE && !isSpared) all.delete(path)
    }
  }

  test('are gone on with hours after they were read, once a probe agrees, and say no more than they know', async () => {
    const { after, leftAt } = await restartedLater(3)
    const settledAt = after.clock.now() + 75_000
    after.connector.resume({ missedAt: 0, settledAt })
    const first = await counts(after)
    expect(first.values).toEqual(truth(after))
    expect(first.requests).toBe(ALL.length)
    expect(first.cost).toMatchObject({ followed: true, complete: true, warnings: [] })
    expect(Date.parse(first.cost.asOf ?? '')).toBeLessThanOrEqual(leftAt)
    expect(after.clock.now() - Date.parse(first.cost.asOf ?? '')).toBeLessThanOrEqual(135_000)
    await poll(after, 3 * MINUTE)
    const { values, cost } = await counts(after)
    expect(values).toEqual(truth(after))
    expect(after.clock.now() - Date.parse(cost.asOf ?? '')).toBeLessThanOrEqual(MINUTE + 1_000)
    expect(driftOf(after)).toEqual({})
    expect(after.standIn.statistics().requests).toBeLessThanOrEqual(ALL.length * 5)
  })

  test('are read anew hours after they were read where deliveries may be missing', async () => {
    const { after } = await restartedLater(3)
    after.connector.resume({ missedAt: after.clock.now(), settledAt: after.clock.now() })
    const { values, requests, cost } = await counts(after)
    expect(values).toEqual(truth(after))
    expect(requests).toBeGreaterThan(ALL.length)
    expect(Date.parse(cost.asOf ?? '')).toBe(after.clock.now())
  })

  test.each([
    ['deleted', true],
    ['still there', false],
  ])('are read anew where the last check is due, with what was kept %s', async (_, isTidied) => {
    const { after } = await restartedLater(7, { isTidied })
    expect(after.connector.followedReads()).toEqual([])
    after.connector.resume({ missedAt: 0, settledAt: after.clock.now() })
    const { values, requests } = await counts(after)
    expect(values).toEqual(truth(after))
    expect(requests).toBeGreaterThan(ALL.length)
  })

  test.each([
    [500, 3, 0],
    [700, 3, 13],
  ])(
    'where %d of 2,400 accounts were used since, take %d pages to go on with, and %d to be read anew',
    async (used, probed, read) => {
      const { after } = await restartedLater(3, { changes: 0, scale: 0.2 })
      after.connector.resume({ missedAt: 0, settledAt: after.clock.now() })
      const at = Math.floor(after.clock.now() / 1_000) - 60
      const { data } = after.standIn
      for (const { id } of data.accounts.slice(0, used))
        after.standIn.update('accounts', id, { lastUsedTimestamp: at })
      const of = `{ lastUsedAt: { eq: "${new Date(at * 1_000).toISOString()}" } }`
      const query = `{ all: accounts { totalCount } used: accounts(filter: ${of}) { totalCount } }`
      const { data: got, requests } = await after.run(query)
      expect(got).toMatchObject({
        all: { totalCount: data.accounts.length },
        used: { totalCount: used },
      })
      expect(requests).toBe(probed + read)
      expect(isFollowed(after, 'accounts')).toBe(true)
    },
  )

  test('show what a probe finds that no event told, and are trusted no more', async () => {
    const { after } = await restartedLater(3)
    after.connector.resume({ missedAt: 0, settledAt: after.clock.now() })
    const [app] = after.standIn.data.apps
    if (app === undefined) throw new Error('The tenant has no app')
    after.standIn.insert('apps', {
      ...app,
      id: '00000000-0000-4000-8000-000000000001',
      creationTimestamp: Math.floor(after.clock.now() / 1_000) - 5,
    })
    expect((await counts(after)).values).toEqual(truth(after))
    await after.pass(GRACE_MS + 1_000)
    expect(driftOf(after)).toEqual({ 'apps created': 1 })
    expect(isFollowed(after, 'apps')).toBe(false)
  })

  test('are read where a caller wants it so, and probed where it wants them younger', async () => {
    const { after } = await restartedLater(3)
    after.connector.resume({ missedAt: 0, settledAt: after.clock.now() })
    const young = await after.run(COUNTS, {}, { maxAgeMs: 5_000, staleMs: 5_000 })
    expect(young.requests).toBe(ALL.length)
    await after.pass(1_000)
    const read = await after.run(COUNTS, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(read.requests).toBeGreaterThan(ALL.length)
  })

  test('are not followed by who takes no deliveries', async () => {
    const { after } = await restarted(0)
    await counts(after)
    expect(ALL.filter(name => isFollowed(after, name))).toEqual([])
  })
})
