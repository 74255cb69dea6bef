/**
 * A connector that gets another key, while the server is down or while it runs: of the same tenant, all that is kept goes on;
 * of another one, nothing of the former is seen under it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { startStandIn } from '../support/stand-in.ts'

let directory: string
let first: StandIn
let second: StandIn

beforeEach(async () => {
  directory = directoryForTest()
  const small = { scale: 0.01 }
  const started = [startStandIn({ ...small, seed: 1 }), startStandIn({ ...small, seed: 2 })]
  const standIns = await Promise.all(started)
  onTestFinished(async () => {
    for (const { close } of standIns) await close()
  })
  ;[first, second] = standIns as [StandIn, StandIn]
})

const pointAt = ({ url, keys }: StandIn, key = keys.readOnly, file = 'connectors.json'): void => {
  const connectors = [{ alias: 'acme', url, apiKey: key, webhookSecret: SECRET }]
  writeFileSync(join(directory, file), JSON.stringify({ connectors }))
}

/** A server whose connector asks that tenant. */
const serve = async (standIn: StandIn, key?: string) => {
  pointAt(standIn, key)
  const settings = {
    PORT: '0',
    PUSHGRAPH_CONFIG: join(directory, 'connectors.json'),
    PUSHGRAPH_DATA_DIR: join(directory, 'data'),
  }
  const read = () => readConfig(settings, directory)
  const lines: string[] = []
  const log = createLog({
    level: 'info',
    readable: false,
    destination: { write: line => lines.push(line) },
  })
  const app = await createApp(read(), log, systemClock, read)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= app.stop(0))
  onTestFinished(stop)
  const url = await app.listen()
  const deliver = async (id: string, told: object = {}): Promise<void> => {
    const { status } = await post(url, delivery({ id, ...told }), { connector: 'acme' })
    expect(status).toBe(200)
  }
  return { url: `${url}/graphql`, at: url, reload: app.reload, stop, deliver, lines }
}

interface Answer {
  readonly now: { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] }
  readonly changes: { readonly totalCount: number }
}

const LIST = '{ totalCount complete nodes { id } }'

const ask = async <Data = Answer>(
  { url }: { readonly url: string },
  query = `{ now: employees(first: 100) ${LIST} changes { totalCount } }`,
  headers: Readonly<Record<string, string>> = { 'cache-control': 'no-cache' },
): Promise<Data> => {
  const { data, errors } = await answerTo<Data>(url, query, headers)
  expect(errors).toBeUndefined()
  return data
}

const answerTo = async <Data>(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly data: Data; readonly errors?: unknown }> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as { readonly data: Data; readonly errors?: unknown }
}

/** The ids of what is stored of webhooks. */
const told = async (server: { readonly url: string }): Promise<Told> => {
  const { events, otherAccounts } = await ask<Record<'events' | 'otherAccounts', Answer['now']>>(
    server,
    '{ events(first: 100) { nodes { id } } otherAccounts(first: 100) { nodes { id } } }',
  )
  return { events: idsOf(events.nodes), others: idsOf(otherAccounts.nodes) }
}

interface Told {
  readonly events: readonly string[]
  readonly others: readonly string[]
}

const ofOtherAccount = (id: string) => ({
  object: 'ACCOUNT_OTHER',
  category: 'ENTITY',
  type: 'CREATE',
  new: { id, email: 'ann@example.com' },
})

const idsOf = (nodes: readonly { readonly id: string }[]): readonly string[] =>
  nodes.map(({ id }) => id).sort()
const idsIn = ({ data }: StandIn): readonly string[] => idsOf(data.employees)

/** What is said of the second tenant, once the connector has been pointed there from the first between those moments. */
const expectApart = async (
  server: Awaited<ReturnType<typeof serve>>,
  before: string,
  since: string,
): Promise<void> => {
  const { now } = await ask(server)
  expect(idsOf(now.nodes)).toEqual(idsIn(second))
  const asked = `then: employees(first: 100, at: "${before}") ${LIST}`
  const { then, early, changes } = await ask<{
    readonly then: Answer['now'] & { readonly complete: boolean }
    readonly early: Answer['now']
    readonly changes: { readonly nodes: readonly { readonly objectId: string }[] }
  }>(
    server,
    `{ ${asked} early: employees(first: 1, at: "${since}") ${LIST} changes { nodes { objectId } } }`,
  )
  expect(then).toMatchObject({ complete: false, nodes: [] })
  expect(idsIn(second)).toEqual(expect.arrayContaining([...idsOf(early.nodes)]))
  expect(changes.nodes).toEqual([])
  expect(await told(server)).toEqual({ events: [], others: [] })
  await server.deliver('of the second', ofOtherAccount('b'))
  expect(await told(server)).toEqual({ events: ['of the second'], others: ['b'] })
  const ready = (await (await fetch(`${server.at}/readyz`)).json()) as object
  expect(ready).toMatchObject({
    reasons: [
      'Connector acme is of another tenant than before: what is stored of the former is not shown',
    ],
  })
  expect(server.lines.join('')).toContain("another tenant's than the one before")
}

/** Reads what the first tenant has; gives a moment at which that is known. */
const readFirst = async (server: Awaited<ReturnType<typeof serve>>): Promise<string> => {
  const { now } = await ask(server)
  await server.deliver('of the first', ofOtherAccount('a'))
  expect(await told(server)).toEqual({ events: ['of the first'], others: ['a'] })
  expect(idsOf(now.nodes)).toEqual(idsIn(first))
  expect(idsIn(first).filter(id => idsIn(second).includes(id))).toEqual([])
  // All that was read is noted by then.
  await ask(server, `{ then: employees(first: 0, at: "${moment()}") { totalCount } }`)
  return moment()
}

const moment = (): string => new Date(systemClock.now()).toISOString()

describe('of another tenant', () => {
  it('shows nothing of the former where it was pointed there between two starts, until it is pointed back', async () => {
    const app = await serve(first)
    const before = await readFirst(app)
    await app.stop()
    const other = await serve(second)
    await expectApart(other, before, moment())
    await other.stop()
    const back = await serve(first)
    const at = `at: "${before}"`
    const { then } = await ask<{ readonly then: Answer['now'] & { complete: boolean } }>(
      back,
      `{ then: employees(first: 100, ${at}) ${LIST} }`,
    )
    expect([idsOf(then.nodes), then.complete]).toEqual([idsIn(first), true])
    expect(idsOf((await ask(back)).now.nodes)).toEqual(idsIn(first))
    expect(await told(back)).toEqual({ events: ['of the first'], others: ['a'] })
  })

  it('shows no list of the former as that of a moment since then, though nobody has read the new one', async () => {
    const app = await serve(first)
    await readFirst(app)
    await app.stop()
    const other = await serve(second)
    await expect.poll(() => other.lines.join('')).toContain("another tenant's than the one before")
    const { then } = await ask<{ readonly then: Answer['now'] & { complete: boolean } }>(
      other,
      `{ then: employees(first: 100, at: "${moment()}") ${LIST} }`,
    )
    expect(then).toMatchObject({ complete: false, nodes: [] })
  })

  it('shows nothing of the former where it was pointed there while the server runs', async () => {
    const app = await serve(first)
    const before = await readFirst(app)
    pointAt(second)
    app.reload()
    await expect.poll(async () => idsOf((await ask(app)).now.nodes)).toEqual(idsIn(second))
    await expectApart(app, before, moment())
  })

  it('is not served to a command beside a server that has the key of the former', async () => {
    const app = await serve(first)
    await readFirst(app)
    pointAt(second, second.keys.readOnly, 'other.json')
    const settings = {
      PUSHGRAPH_CONFIG: join(directory, 'other.json'),
      PUSHGRAPH_DATA_DIR: join(directory, 'data'),
    }
    const destination = { write: () => undefined }
    const log = createLog({ level: 'silent', readable: false, destination })
    const command = await createApp(readConfig(settings, directory), log)
    onTestFinished(() => command.stop(0))
    const { data, errors } = await command.execute({ query: `{ employees ${LIST} }` })
    expect(data?.['employees'] ?? null).toBeNull()
    expect(JSON.stringify(errors)).toContain('other servers on the same data serve it')
    expect(await told(app)).toEqual({ events: ['of the first'], others: ['a'] })
  })
})

describe('of the same tenant', () => {
  it('goes on with all that is kept, for one request', async () => {
    const app = await serve(first)
    const before = await readFirst(app)
    await app.stop()
    const [leaver] = first.data.employees
    first.remove('employees', leaver?.id ?? '')
    first.reset()
    const again = await serve(first, first.keys.full)
    // As it was read before the start: nothing is asked but whose the key is.
    const kept = await ask(again, `{ now: employees(first: 100) ${LIST} }`, {})
    expect(kept.now.nodes).toHaveLength(first.data.employees.length + 1)
    expect(first.statistics().requests).toBe(1)
    expect(await told(again)).toEqual({ events: ['of the first'], others: ['a'] })
    await ask(again)
    await expect.poll(async () => (await ask(again)).changes.totalCount).toBe(1)
    const { then } = await ask<{ readonly then: Answer['now'] & { complete: boolean } }>(
      again,
      `{ then: employees(first: 100, at: "${before}") ${LIST} }`,
    )
    expect([then.totalCount, then.complete]).toEqual([first.data.employees.length + 1, true])
    expect(again.lines.join('')).toContain('of the same tenant')
    const ready = (await (await fetch(`${again.at}/readyz`)).json()) as object
    expect(ready).toEqual({ status: 'ok' })
  })

  it('is known once Push can be asked; until then nothing of before is shown, nor thrown away', async () => {
    const app = await serve(first)
    await readFirst(app)
    await app.stop()
    const { port, keys } = first
    await first.close()
    const again = await serve(first, keys.full)
    const now = `{ now: employees(first: 100) ${LIST} }`
    const { errors } = await answerTo(again.url, now)
    expect(JSON.stringify(errors)).toContain('UPSTREAM_UNAVAILABLE')
    expect(await told(again)).toEqual({ events: [], others: [] })
    const ready = (await (await fetch(`${again.at}/readyz`)).json()) as { reasons: string[] }
    expect(ready.reasons.join()).toMatch(/acme/)
    const back = await startStandIn({ scale: 0.01, seed: 1, port })
    onTestFinished(back.close)
    await expect.poll(async () => (await told(again)).events).toEqual(['of the first'])
    expect(idsOf((await ask(again, now, {})).now.nodes)).toEqual(idsIn(back))
  })

  it('goes on where the very same key is asked again', async () => {
    const app = await serve(first)
    await readFirst(app)
    await app.stop()
    const [leaver] = first.data.employees
    first.remove('employees', leaver?.id ?? '')
    const again = await serve(first)
    await ask(again)
    await expect.poll(async () => (await ask(again)).changes.totalCount).toBe(1)
  })
})
