import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../examples/replicas/postgres.ts'
import type { QuestionTerms } from '../../../src/events/events.ts'
import type { EventRow } from '../../../src/model/events.ts'
import { resumeFrom } from '../../../src/query/stored/resume.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

// One that is crashed and halted is shared with nobody. What it wrote outlives its processes without waiting for the disk.
let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const open = async (url: string): Promise<SharedEvents> => {
  const opened = await openSharedEvents(url)
  onTestFinished(opened.close)
  return opened
}

const event = (id: string) => eventOf(delivery({ id }), { receivedAt: Date.now() / 1_000 })

const onServer = async (sql: string): Promise<void> => {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** A database of its own on that server. */
const databaseOn = async (name: string): Promise<string> => {
  await onServer(`CREATE DATABASE ${name}`)
  return server.url.replace(/[^/]*$/, name)
}

interface Sender {
  readonly acknowledged: Set<string>
  /** Resolves once so many were acknowledged. */
  reached(many: number): Promise<void>
  /** It sends no more, and ends once what it sent is acknowledged. */
  end(): Promise<unknown>
  /** It is killed where it stands. */
  kill(): Promise<unknown>
}

/** Events that a sender has under way at once. */
const SIDE_BY_SIDE = 16

const startSender = (url: string, name: string): Sender => {
  const file = fileURLToPath(new URL('storing-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, url, name, String(SIDE_BY_SIDE)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const acknowledged = new Set<string>()
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', id => {
    acknowledged.add(id)
    for (const look of waiting) look()
  })
  return {
    acknowledged,
    reached: wanted =>
      new Promise(resolve => {
        const look = (): void => {
          if (acknowledged.size < wanted) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    end: () => {
      child.stdin.end()
      return exited
    },
    kill: () => {
      child.kill('SIGKILL')
      return exited
    },
  }
}

test('what was acknowledged is stored once, and told once and in order, though a replica is killed and the database crashes', async () => {
  const MANY = 150
  const url = await databaseOn('crashing')
  const follower = await open(url)
  const heard: EventRow[] = []
  follower.events.onStored(row => heard.push(row))
  const [one, other] = [startSender(url, 'one'), startSender(url, 'other')]
  await Promise.all([one.reached(MANY), other.reached(MANY)])
  await one.kill()
  await server.crash()
  await server.restart()
  await other.reached(other.acknowledged.size + MANY)
  await other.end()
  // Whoever sent it to the killed one sends again what was not acknowledged, and what was.
  const sent = one.acknowledged.size + SIDE_BY_SIDE
  const ids = Array.from({ length: sent }, (_, index) => `one-${index + 1}`)
  const again = await Promise.all(ids.map(id => follower.events.append(event(id))))
  const stored = await follower.database.query<{ readonly id: string; readonly sequence: number }>(
    'read',
    'SELECT id, sequence FROM event ORDER BY sequence',
  )
  const all = other.acknowledged.size + sent
  expect(stored.length).toBe(all)
  expect(new Set(stored.map(({ id }) => id)).size).toBe(all)
  for (const [index, id] of ids.entries())
    if (one.acknowledged.has(id)) expect(again[index]).toBeNull()
  await expect.poll(() => heard.length).toBe(all)
  expect(heard.map(({ id }) => id)).toEqual(stored.map(({ id }) => id))
})

test('while the database does not answer an event is refused, and is stored once when it is sent again', async () => {
  const { events } = await open(await databaseOn('halted'))
  await events.append(event('before'))
  onTestFinished(() => server.thaw())
  server.freeze()
  const during = event('during')
  // Without an end to its patience neither would ever be refused: nothing answers.
  const refused = Array.from({ length: 3 }, () => events.append(during))
  for (const each of await Promise.allSettled(refused))
    expect(each).toMatchObject({ reason: { code: 'UPSTREAM_UNAVAILABLE' } })
  server.thaw()
  await expect
    .poll(() =>
      events.append(during).then(
        () => 'acknowledged',
        () => 'refused',
      ),
    )
    .toBe('acknowledged')
  expect((await events.after(0, 10)).map(({ id }) => id)).toEqual(['before', 'during'])
})

test('while no standby confirms, an event is refused however often it is sent, and stored once when one does', async () => {
  const { events } = await open(await databaseOn('unconfirmed'))
  await events.append(event('before'))
  const waitFor = async (standbys: string): Promise<void> => {
    await onServer(`ALTER SYSTEM SET synchronous_standby_names = '${standbys}'`)
    await onServer('SELECT pg_reload_conf()')
  }
  onTestFinished(() => waitFor(''))
  await waitFor('nobody')
  // The server takes its settings up in its own time: until then it commits as before.
  let tried = 0
  await expect
    .poll(() =>
      events.append(event(`until then ${(tried += 1)}`)).then(
        () => 'acknowledged',
        () => 'refused',
      ),
    )
    .toBe('refused')
  const during = event('during')
  for (let times = 0; times < 3; times += 1)
    await expect(events.append(during)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  await waitFor('')
  await expect
    .poll(() =>
      events.append(during).then(
        () => 'acknowledged',
        () => 'refused',
      ),
    )
    .toBe('acknowledged')
  const ids = (await events.after(0, 10_000)).map(({ id }) => id)
  expect(ids.filter(id => !id.startsWith('until then'))).toEqual(['before', 'during'])
})

test('a question to a database that does not answer ends with its deadline, and holds no connection for long', async () => {
  const { events, database } = await open(await databaseOn('silent'))
  const ask = (waitMs: number) => {
    const terms: QuestionTerms = {
      ...{ caller: 'a', operation: 'a', leftMs: () => Infinity, maxWaitMs: waitMs },
      ...{ deadline: database.clock.now() + waitMs, signal: undefined, took: undefined },
    }
    return Promise.allSettled([1, 2].map(() => events.after(0, 10, terms)))
  }
  await ask(10_000)
  expect(database.standing().connections.read.open).toBe(2)
  onTestFinished(() => server.thaw())
  server.freeze()
  const asked = await ask(100)
  for (const each of asked)
    expect(each).toMatchObject({ reason: { fields: { limit: 'PUSHGRAPH_MAX_WAIT_MS' } } })
  await expect.poll(() => database.standing().connections.read.open).toBe(0)
  server.thaw()
  await expect.poll(() => events.after(0, 10).catch(() => 'away')).toEqual([])
})

test('where a copy that lacks the newest events takes over, no number is given twice, and every replica goes on', async () => {
  const url = await databaseOn('replaced')
  const [one, other] = [await open(url), await open(url)]
  const heard = [one, other].map(({ events }) => {
    const rows: EventRow[] = []
    events.onStored(row => rows.push(row))
    return rows
  })
  const allHeard = (ids: readonly string[]) =>
    Promise.all(heard.map(rows => expect.poll(() => rows.map(({ id }) => id)).toEqual(ids)))
  const kept = await stored(one, 'kept')
  await allHeard(['kept'])
  const [where] = await one.database.query('read', "SELECT current_setting('data_directory') AS at")
  const folder = String(where?.['at'])
  // As a standby would that takes over where it ends: it begins another history.
  await one.database.query('write', "ALTER SYSTEM SET restore_command = 'false'")
  await server.crash()
  execFileSync('cp', ['-a', folder, `${folder}.copy`])
  await server.restart()
  const lost = await stored(one, 'lost')
  await allHeard(['kept', 'lost'])
  await server.crash()
  rmSync(folder, { recursive: true })
  renameSync(`${folder}.copy`, folder)
  writeFileSync(join(folder, 'recovery.signal'), '')
  const { uid, gid } = statSync(folder)
  chownSync(join(folder, 'recovery.signal'), uid, gid)
  await server.restart()
  const next = await stored(other, 'next')
  const again = await stored(one, 'lost')
  await allHeard(['kept', 'lost', 'next', 'lost'])
  expect(next.sequence).toBeGreaterThan(lost.sequence)
  expect(again.sequence).toBe(next.sequence + 1)
  const epochs = await one.database.query('read', 'SELECT epoch, began_after FROM event_epoch')
  expect(epochs).toEqual([{ epoch: 1, began_after: kept.sequence }])
  const placeOf = ({ sequence, receivedAt }: EventRow) => ({
    store: one.events.identity,
    sequence,
    receivedAt,
  })
  expect(await resumeFrom(placeOf(kept), one.events)).toMatchObject({ sequence: kept.sequence })
  await expect(resumeFrom(placeOf(lost), one.events)).rejects.toMatchObject({
    fields: { cursor: 'UNKNOWN' },
  })
})

/** The stored event, sent until it is. */
const stored = async ({ events }: SharedEvents, id: string): Promise<EventRow> => {
  const sent = event(id)
  let row: EventRow | null | undefined
  await expect
    .poll(async () => {
      row = await events.append(sent).catch(() => undefined)
      return row
    })
    .toBeDefined()
  if (!row) throw new Error('It was stored before')
  return row
}
