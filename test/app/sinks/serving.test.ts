/** Sinks of real servers, which are killed, over both stores. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { delivery, post } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createDatabase } from '../../support/postgres.ts'
import type { Serving } from '../../support/product.ts'
import { startHttpReceiver } from '../../support/sinks/http-receiver.ts'
import { serveSinks } from '../../support/sinks/serve-sinks.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { askOver } from '../../support/writing.ts'

const waitFor = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 60_000, interval: 50 })

/** A server with one sink that writes into that folder. */
const serve = (
  folder: string,
  standIn: StandIn,
  more: Readonly<Record<string, string>> = {},
): Promise<Serving> => {
  const config = join(folder, 'sinks.json')
  if (!existsSync(config)) writeFileSync(config, JSON.stringify(settingsOf(folder)))
  return serveSinks(folder, standIn, more)
}

const settingsOf = (folder: string, given: object = {}) => ({
  sinks: [{ name: 'spool', kind: 'file', path: join(folder, 'spool.ndjson'), ...given }],
})

interface Line {
  readonly class_uid: number
  readonly activity_id: number
  readonly metadata: {
    readonly uid: string
    readonly original_event_uid?: string
    readonly log_name: string
    readonly event_code: string
  }
}

const linesIn = (path: string): readonly Line[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as Line)
    : []

/** The ids of events in the order in which they came first. */
const eventsIn = (path: string): readonly string[] => [
  ...new Set(
    linesIn(path).flatMap(({ metadata }) =>
      metadata.log_name === 'push_security_webhook' ? (metadata.original_event_uid ?? []) : [],
    ),
  ),
]

const SINKS =
  '{ connectors { sinks { name kind state lagSeconds sent quarantined lastError at } } }'

const sinkOf = async ({ url }: Serving) => (await askOver(url, SINKS)).data.connectors[0].sinks[0]

const send = async ({ url }: Serving, id: string): Promise<void> => {
  const { status } = await post(url, delivery({ id, timestamp: Math.floor(Date.now() / 1_000) }))
  expect(status).toBe(200)
}

test('what was acknowledged is in the file of the sink, in its order, however often the server is killed', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const spool = join(folder, 'spool.ndjson')
  const sent: string[] = []
  for (let life = 0; life < 2; life += 1) {
    const server = await serve(folder, standIn)
    // The sink begins with what comes once it is there.
    if (life === 0)
      await waitFor(async () => {
        expect(await sinkOf(server)).toMatchObject({ sent: 0 })
      })
    for (let number = 0; number < 25; number += 1) {
      const id = `life-${life}-${number}`
      await send(server, id)
      sent.push(id)
    }
    server.kill('SIGKILL')
    await server.ended
    // Who rotates files tells nobody.
    if (life === 1 && existsSync(spool)) renameSync(spool, `${spool}.1`)
  }
  const last = await serve(folder, standIn)
  await waitFor(() => {
    expect([...eventsIn(`${spool}.1`), ...eventsIn(spool)].at(-1)).toBe(sent.at(-1))
  })
  last.kill('SIGTERM')
  expect((await last.ended).exitCode).toBe(0)
  const all = [...linesIn(`${spool}.1`), ...linesIn(spool)]
  expect([...new Set([...eventsIn(`${spool}.1`), ...eventsIn(spool)])]).toEqual(sent)
  // What was on its way at each of two ends may be there twice.
  expect(all.length).toBeLessThan(sent.length + 2 * 25)
})

test('rows are sent as they change, in OCSF, and those that went as deleted', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const spool = join(folder, 'spool.ndjson')
  const server = await serve(folder, standIn)
  const [{ id, email }] = (
    await askOver(server.url, '{ employees(first: 1) { totalCount nodes { id email } } }')
  ).data.employees.nodes
  const now = Math.floor(Date.now() / 1_000)
  const employee = standIn.data.employees.find(each => each.id === id)
  const tell = (type: string, given: object) =>
    post(
      server.url,
      delivery({
        ...{ id: `${type}-${id}`, type, timestamp: now, category: 'ENTITY', object: 'EMPLOYEE' },
        ...given,
      }),
    )
  await tell('UPDATE', { old: employee, new: { ...employee, department: 'Elsewhere' } })
  const ofRest = () => linesIn(spool).filter(({ metadata }) => metadata.log_name.endsWith('_rest'))
  const changed = await waitFor(() => {
    const line = ofRest()[0]
    if (line === undefined) throw new Error('no line yet')
    return line
  })
  expect(changed).toMatchObject({
    class_uid: 5003,
    user: { uid: id, email_addr: email, ldap_person: { department: 'Elsewhere' } },
  })
  await tell('DELETE', { old: { ...employee, department: 'Elsewhere' }, new: null })
  await waitFor(() => {
    expect(ofRest().at(-1)).toMatchObject({
      class_uid: 3004,
      activity_id: 4,
      entity: { uid: id },
      metadata: { event_code: 'EMPLOYEE' },
    })
  })
  server.kill('SIGTERM')
  await server.ended
})

test.each([
  ['is killed', (holder: Serving): void => holder.kill('SIGKILL')],
  ['stands still', (holder: Serving): void => holder.kill('SIGSTOP')],
] as const)('one replica sends for a sink, and another one where that %s', async (how, end) => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const spool = join(folder, 'spool.ndjson')
  const PUSHGRAPH_DATABASE_URL = await createDatabase()
  const replicas = [
    await serve(folder, standIn, { PUSHGRAPH_DATABASE_URL }),
    await serve(folder, standIn, {
      PUSHGRAPH_DATABASE_URL,
      PUSHGRAPH_DATA_DIR: join(folder, 'other'),
    }),
  ] as const
  const states = await waitFor(async () => {
    const found = await Promise.all(replicas.map(sinkOf))
    expect(found.map(({ state }) => state).toSorted()).toEqual(['ELSEWHERE', 'OK'])
    expect(found.find(({ state }) => state === 'OK').sent).toBe(0)
    return found.map(({ state }) => state as string)
  })
  const [holder, other] = states[0] === 'OK' ? replicas : ([replicas[1], replicas[0]] as const)
  const sent: string[] = []
  for (let number = 0; number < 20; number += 1) {
    sent.push(`e-${number}`)
    await send(number % 2 === 0 ? holder : other, `e-${number}`)
  }
  await waitFor(() => {
    expect(eventsIn(spool)).toEqual(sent)
  })
  end(holder)
  for (let number = 20; number < 40; number += 1) {
    sent.push(`e-${number}`)
    await send(other, `e-${number}`)
  }
  if (how === 'stands still') {
    // It has the file, and knows of nothing.
    await waitFor(async () => {
      expect((await sinkOf(other)).lastError).toMatch(/another process writes to it/)
    })
    holder.kill('SIGCONT')
  }
  await waitFor(() => {
    expect(eventsIn(spool)).toEqual(sent)
  })
  // Which one it is may change once more on a busy machine.
  const left = how === 'is killed' ? [other] : replicas
  await waitFor(async () => {
    expect(await Promise.all(left.map(sinkOf))).toContainEqual(
      expect.objectContaining({ state: 'OK', lagSeconds: 0 }),
    )
  })
  for (const replica of replicas) replica.kill('SIGTERM')
  for (const replica of replicas) await replica.ended
})

test('a sink is put in place of another while the server runs, and what fails is told', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const config = join(folder, 'sinks.json')
  const server = await serve(folder, standIn)
  await waitFor(async () => {
    expect(await sinkOf(server)).toMatchObject({
      name: 'spool',
      kind: 'file',
      state: 'OK',
      sent: 0,
    })
  })
  const path = join(folder, 'missing', 'spool.ndjson')
  writeFileSync(config, JSON.stringify(settingsOf(folder, { path })))
  await waitFor(() => {
    expect(server.output()).toContain('Sinks with other settings: spool')
  })
  await send(server, 'one')
  await waitFor(async () => {
    expect(await sinkOf(server)).toMatchObject({
      state: 'FAILING',
      lastError: expect.stringContaining('its folder is not there'),
    })
  })
  expect(server.output()).toContain('Sink spool cannot send; it is tried again')
  const { body } = await fetch(`${server.url}/metrics`)
  expect(await new Response(body).text()).toContain('pushgraph_sink_failing{sink="spool"} 1')
  writeFileSync(config, JSON.stringify(settingsOf(folder)))
  await waitFor(() => {
    expect(eventsIn(join(folder, 'spool.ndjson'))).toEqual(['one'])
  })
  server.kill('SIGTERM')
  await server.ended
})

test('a replica that stands still loses the sink to another, and nothing is lost or out of order when it goes on', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const events: string[] = []
  const receiver = await startHttpReceiver({
    onTaken: item => events.push((item as { readonly id: string }).id),
  })
  onTestFinished(receiver.close)
  const sink = { name: 'soar', kind: 'http', url: receiver.url, plain: true, send: ['events'] }
  writeFileSync(join(folder, 'sinks.json'), JSON.stringify({ sinks: [sink] }))
  const PUSHGRAPH_DATABASE_URL = await createDatabase()
  const replicas = [
    await serve(folder, standIn, { PUSHGRAPH_DATABASE_URL }),
    await serve(folder, standIn, { PUSHGRAPH_DATABASE_URL }),
  ] as const
  const has = await waitFor(async () => {
    const found = await Promise.all(replicas.map(sinkOf))
    expect(found.map(({ state }) => state).toSorted()).toEqual(['ELSEWHERE', 'OK'])
    expect(found.find(({ state }) => state === 'OK').sent).toBe(0)
    return found.findIndex(({ state }) => state === 'OK')
  })
  const [holder, other] = has === 0 ? replicas : ([replicas[1], replicas[0]] as const)
  const sent: string[] = []
  const sendSome = async (): Promise<void> => {
    for (let number = 0; number < 10; number += 1) {
      sent.push(`e-${sent.length}`)
      await send(other, sent.at(-1) ?? '')
    }
    await waitFor(() => {
      expect([...new Set(events)]).toEqual(sent)
    })
  }
  await sendSome()
  holder.kill('SIGSTOP')
  await sendSome()
  holder.kill('SIGCONT')
  await sendSome()
  await waitFor(async () => {
    const states = (await Promise.all(replicas.map(sinkOf))).map(({ state }) => state as string)
    expect(states.toSorted()).toEqual(['ELSEWHERE', 'OK'])
  })
  expect(receiver.flaws).toEqual([])
  for (const replica of replicas) replica.kill('SIGTERM')
  for (const { ended } of replicas) await ended
})
