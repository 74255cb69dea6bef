/** A connector that is pointed at another tenant, while the server is down or while it runs: their objects are never compared. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
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

const pointAt = ({ url, keys }: StandIn): void => {
  const connectors = [{ alias: 'acme', url, apiKey: keys.readOnly }]
  writeFileSync(join(directory, 'connectors.json'), JSON.stringify({ connectors }))
}

/** A server whose connector asks that tenant. */
const serve = async (standIn: StandIn) => {
  pointAt(standIn)
  const settings = {
    PORT: '0',
    PUSHGRAPH_CONFIG: join(directory, 'connectors.json'),
    PUSHGRAPH_DATA_DIR: join(directory, 'data'),
  }
  const read = () => readConfig(settings, directory)
  const log = createLog({
    level: 'silent',
    readable: false,
    destination: { write: () => undefined },
  })
  const app = await createApp(read(), log, systemClock, read)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= app.stop(0))
  onTestFinished(stop)
  return { url: `${await app.listen()}/graphql`, reload: app.reload, stop }
}

interface Answer {
  readonly now: { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] }
  readonly changes: { readonly totalCount: number }
}

const LIST = '{ totalCount complete nodes { id } }'

const ask = async <Data = Answer>(
  { url }: { readonly url: string },
  query = `{ now: employees(first: 100) ${LIST} changes { totalCount } }`,
): Promise<Data> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { readonly data: Data; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

const idsOf = (nodes: readonly { readonly id: string }[]): readonly string[] =>
  nodes.map(({ id }) => id).sort()
const idsIn = ({ data }: StandIn): readonly string[] => idsOf(data.employees)

/** What of both tenants is said, once the connector has been pointed from the first to the second before `since`. */
const expectApart = async (
  server: { readonly url: string },
  before: string,
  since: string,
): Promise<void> => {
  const { now } = await ask(server)
  expect(idsOf(now.nodes)).toEqual(idsIn(second))
  const asked = `then: employees(first: 100, at: "${before}") ${LIST}`
  const { then, early, changes } = await ask<{
    readonly then: Answer['now'] & { readonly complete: boolean }
    readonly early: { readonly complete: boolean; readonly nodes: readonly object[] }
    readonly changes: { readonly nodes: readonly { readonly objectId: string }[] }
  }>(
    server,
    `{ ${asked} early: findings(first: 1, at: "${since}") ${LIST} changes { nodes { objectId } } }`,
  )
  expect(idsOf(then.nodes)).toEqual(idsIn(first))
  expect(then.complete).toBe(true)
  expect(early).toMatchObject({ complete: false, nodes: [] })
  expect(changes.nodes).toEqual([])
}

/** Reads what the first tenant has; gives a moment at which that is known. */
const readFirst = async (server: { readonly url: string }): Promise<string> => {
  const { now } = await ask(server)
  expect(idsOf(now.nodes)).toEqual(idsIn(first))
  expect(idsIn(first).filter(id => idsIn(second).includes(id))).toEqual([])
  // All that was read is noted by then.
  await ask(server, `{ then: employees(first: 0, at: "${moment()}") { totalCount } }`)
  return moment()
}

const moment = (): string => new Date(systemClock.now()).toISOString()

it('has neither gone nor come where it was pointed there between two starts', async () => {
  const app = await serve(first)
  const before = await readFirst(app)
  await app.stop()
  await expectApart(await serve(second), before, moment())
})

it('has neither gone nor come where it was pointed there while the server runs', async () => {
  const app = await serve(first)
  const before = await readFirst(app)
  pointAt(second)
  app.reload()
  await expect
    .poll(async () => idsOf((await ask(app)).now.nodes), { timeout: 10_000 })
    .toEqual(idsIn(second))
  await expectApart(app, before, moment())
})

it('goes on where the same tenant is asked again', async () => {
  const app = await serve(first)
  await readFirst(app)
  await app.stop()
  const [leaver] = first.data.employees
  first.remove('employees', leaver?.id ?? '')
  const again = await serve(first)
  await ask(again)
  await expect.poll(async () => (await ask(again)).changes.totalCount).toBe(1)
})
