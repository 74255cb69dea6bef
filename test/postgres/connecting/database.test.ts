import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import type { Query } from '../../../src/postgres/connecting/pools.ts'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import { createDatabase, onServer, serverPort, through } from '../../support/postgres.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const open = async (
  url: string,
  onProblem?: (message: string, error: unknown) => void,
): Promise<Database> => {
  const database = await openDatabase({ url, clock: systemClock, ...(onProblem && { onProblem }) })
  ends.push(database.close)
  return database
}

const openProxy = async () => {
  const proxy = await startTcpProxy(await serverPort())
  ends.push(proxy.close)
  return proxy
}

/** All that is heard on a channel; `undefined` stands for what may have been missed. */
const listen = (database: Database, channel: string) => {
  const heard: (string | undefined)[] = []
  let tell = (): void => undefined
  database.on(channel, message => {
    heard.push(message)
    tell()
  })
  const until = async (found: () => boolean): Promise<void> => {
    while (!found())
      await new Promise<void>(resolve => {
        tell = resolve
      })
  }
  return { heard, until }
}

test('replicas hear each other, go by one time, and know who is alive', async () => {
  const url = await createDatabase()
  const [one, other] = [await open(url), await open(url)]
  const { heard, until } = listen(other, 'event')
  await until(() => heard.length > 0)
  await one.query('step', "SELECT pg_notify('event', 'three')")
  await until(() => heard.length > 1)
  expect(heard).toEqual([undefined, 'three'])
  await expect.poll(() => Math.abs(one.clock.now() - other.clock.now())).toBeLessThan(50)
  await expect
    .poll(() => [one, other].map(each => each.standing().flaw))
    .toEqual([undefined, undefined])

  const isAlive = async (who: Database): Promise<unknown> =>
    (await one.query('step', 'SELECT is_alive($1) AS alive', [who.replica]))[0]?.['alive']
  expect(await isAlive(other)).toBe(true)
  await expect.poll(() => [one, other].map(each => each.standing().others)).toEqual([1, 1])
  await other.close()
  expect(await isAlive(other)).toBe(false)
  await expect.poll(() => one.standing().others).toBe(0)
})

test('no connection is asked two things at once, which the driver warns of', async () => {
  const warnings: string[] = []
  const warned = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', warned)
  ends.push(() => Promise.resolve(process.off('warning', warned)))
  const database = await open(await createDatabase())
  const first = listen(database, 'zero')
  await first.until(() => first.heard.length > 0)
  const all = ['one', 'two', 'three'].map(channel => listen(database, channel))
  await database.query('read', 'SELECT 1')
  for (const { heard, until } of all) await until(() => heard.length > 0)
  expect(warnings).toEqual([])
})

test("the database's time is everybody's, whatever the clock of a machine says", async () => {
  const url = await createDatabase()
  const right = await open(url)
  const late = await openDatabase({
    url,
    clock: { ...systemClock, now: () => Date.now() - 3_600_000 },
  })
  ends.push(late.close)
  await expect.poll(() => Math.abs(late.clock.now() - right.clock.now())).toBeLessThan(50)
  await expect
    .poll(() => late.standing().flaw)
    .toBe('The clocks of this machine and of the database differ by 3600 s')
})

test('a duty is of one replica at a time, and falls to another when that has gone', async () => {
  const url = await createDatabase()
  const [one, other] = [await open(url), await open(url)]
  const takes = async (who: Database, name: string): Promise<unknown> =>
    (await who.query('step', 'SELECT take_duty($1, $2, 60000) AS taken', [name, who.replica]))[0]?.[
      'taken'
    ]
  expect(await takes(one, 'probe a')).toBe(true)
  expect(await takes(other, 'probe a')).toBe(false)
  expect(await takes(other, 'probe b')).toBe(true)
  expect(await takes(one, 'probe a')).toBe(true)
  await one.close()
  expect(await takes(other, 'probe a')).toBe(true)
})

test('one that has gone is not taken for alive because the clock of the database was set back', async () => {
  const database = await open(await createDatabase())
  const alive = await database.transaction('step', async query => {
    await query("INSERT INTO replica VALUES ('gone', ms() + 600000)")
    return query('SELECT id, is_alive(id) AS alive FROM replica ORDER BY beat_at')
  })
  expect(alive).toEqual([
    { id: database.replica, alive: true },
    { id: 'gone', alive: false },
  ])
  const rows = () => database.query('step', 'SELECT id FROM replica')
  await expect.poll(rows).toEqual([{ id: database.replica }])
})

describe('a question', () => {
  test('that takes too long is given up, and the connection with it', async () => {
    const database = await open(await createDatabase())
    await expect(
      database.query('read', 'SELECT pg_sleep(30)', [], { timeoutMs: 50 }),
    ).rejects.toThrow('The database cannot be used now: it does not answer in time')
    expect(await database.query('read', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  const sleep = 'SELECT pg_sleep(3600) /* late */'
  const terms = { timeoutMs: 500 }
  test.each<[string, (database: Database) => Promise<unknown>]>([
    ['by itself', ({ query }) => query('read', sleep, [], terms)],
    ['with others', ({ transaction }) => transaction('read', query => query(sleep), terms)],
  ])('that takes too long ends in the database too: %s', async (_how, ask) => {
    const database = await open(await createDatabase())
    const asked = ask(database)
    await expect(asked).rejects.toThrow('it does not answer in time')
    const asking =
      "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%/* late */' AND datname = current_database() AND pid <> pg_backend_pid()"
    await expect.poll(async () => (await database.query('step', asking))[0]?.['n']).toBe(0)
  })

  test('ends in the database too when nobody waits for it any more', async () => {
    const database = await open(await createDatabase())
    const leaving = new AbortController()
    const asked = database.query('read', 'SELECT pg_sleep(60) /* left */', [], {
      signal: leaving.signal,
    })
    const asking =
      "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%/* left */' AND state = 'active' AND pid <> pg_backend_pid()"
    const running = async (): Promise<unknown> => (await database.query('write', asking))[0]?.['n']
    await expect.poll(running).toBe(1)
    leaving.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
    await expect.poll(running).toBe(0)
    // It can be used again.
    expect(database.standing().connections.read.open).toBe(1)
    expect(await database.query('read', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('that waits for a table which its operator holds does not wait there when nobody waits here', async () => {
    const url = await createDatabase()
    const database = await open(url)
    const operator = new pg.Client({ connectionString: url })
    await operator.connect()
    ends.push(() => operator.end())
    await operator.query('BEGIN; LOCK TABLE bucket, key_fact IN ACCESS EXCLUSIVE MODE')
    const ask = (use: 'step' | 'write', table: string) =>
      Promise.allSettled([1, 2, 3].map(() => database.query(use, `SELECT * FROM ${table}`)))
    for (const each of (
      await Promise.all([ask('step', 'bucket'), ask('write', 'key_fact')])
    ).flat())
      expect(each).toMatchObject({ reason: { name: 'DatabaseUnavailable' } })
    const waiting =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    await expect.poll(async () => (await operator.query(waiting)).rows).toEqual([{ n: 0 }])
    await operator.query('ROLLBACK')
    expect(await database.query('step', 'SELECT * FROM bucket')).toEqual([])
  })

  test('that may take longer may wait as long for a table, and nothing after it', async () => {
    const database = await open(await createDatabase())
    const show = 'SHOW lock_timeout'
    const long = { timeoutMs: 600_000 }
    const after = (ms: string) => [{ lock_timeout: ms }]
    const within = (query: Query) => query(show)
    expect(await database.query('write', show)).toEqual(after('4500ms'))
    expect(await database.query('write', show, [], long)).toEqual(after('9min'))
    expect(await database.query('write', show)).toEqual(after('4500ms'))
    expect(await database.transaction('write', within, long)).toEqual(after('9min'))
    expect(await database.transaction('write', within)).toEqual(after('4500ms'))
    expect(await database.query('step', show)).toEqual(after('900ms'))
  })

  test('that is wrong is a flaw of ours, and not said to be an outage', async () => {
    const database = await open(await createDatabase())
    await expect(database.query('read', 'SELECT nothing FROM replica')).rejects.toThrow(
      'column "nothing" does not exist',
    )
  })

  test('that changes several things changes all or none', async () => {
    const database = await open(await createDatabase())
    await database.query('write', 'CREATE TABLE thing (id int PRIMARY KEY)')
    const failing = database.transaction('write', async query => {
      await query('INSERT INTO thing VALUES (1)')
      await query('INSERT INTO thing VALUES (1)')
    })
    await expect(failing).rejects.toThrow('duplicate key')
    expect(await database.query('read', 'SELECT * FROM thing')).toEqual([])
    expect(
      await database.transaction('write', query =>
        query('INSERT INTO thing VALUES (2) RETURNING id'),
      ),
    ).toEqual([{ id: 2 }])
  })
})

describe('where the way to the database', () => {
  test('is cut, questions fail in time, and all goes on once it is mended', async () => {
    const proxy = await openProxy()
    const told: string[] = []
    const database = await open(through(await createDatabase(), proxy.port), message =>
      told.push(message),
    )
    await expect.poll(() => database.standing().flaw).toBeUndefined()
    proxy.cut()
    await expect(database.query('step', 'SELECT 1')).rejects.toMatchObject({
      name: 'DatabaseUnavailable',
    })
    await expect.poll(() => database.standing().flaw).toMatch(/does not answer in time/)
    proxy.mend()
    await expect.poll(() => database.standing().flaw).toBeUndefined()
    expect(await database.query('step', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await expect
      .poll(() => told)
      .toEqual([
        'The database cannot be used; nothing is asked of Push, and no event is stored meanwhile',
        'The database can be used again',
      ])
  })

  test('is half open, the listener notices by itself, and is told that it may have missed something', async () => {
    const proxy = await openProxy()
    const url = await createDatabase()
    const [far, near] = [await open(through(url, proxy.port)), await open(url)]
    const { heard, until } = listen(far, 'event')
    await until(() => heard.length > 0)
    proxy.halfOpen()
    await near.query('step', "SELECT pg_notify('event', 'lost')")
    await until(() => heard.length > 1)
    await near.query('step', "SELECT pg_notify('event', 'found')")
    await until(() => heard.length > 2)
    expect(heard).toEqual([undefined, undefined, 'found'])
  })
})

test('a database that crashes is used again when it is back', async () => {
  const server = await startPostgres()
  ends.push(server.stop)
  const database = await open(server.url)
  const { heard, until } = listen(database, 'event')
  await until(() => heard.length > 0)
  await server.crash()
  await expect(database.query('step', 'SELECT 1')).rejects.toMatchObject({
    name: 'DatabaseUnavailable',
  })
  await server.restart()
  await until(() => heard.length > 1)
  await expect
    .poll(async () => database.query('step', 'SELECT count(*) AS n FROM replica').catch(() => []))
    .toEqual([{ n: 1 }])
})

test('replicas whose settings differ say in what, as long as they do', async () => {
  const url = await createDatabase()
  const told: unknown[] = []
  const openWith = async (
    settings: () => Readonly<Record<string, string>>,
    onProblem?: (message: string, error: unknown) => void,
  ): Promise<Database> => {
    const database = await openDatabase({
      ...{ url, clock: systemClock, settings },
      ...(onProblem && { onProblem }),
    })
    ends.push(database.close)
    return database
  }
  let retention = 'r1'
  const one = await openWith(
    () => ({ retention: 'r1', key: 'k1', old: 'o1' }),
    (message, error) => told.push([message, error]),
  )
  const flaws = () => [one, other, silent].map(each => each.standing().flaw)
  const silent = await open(url)
  const other = await openWith(() => ({ retention, key: 'k1', added: 'a1' }))
  await expect.poll(() => one.standing().others).toBe(2)
  await expect.poll(flaws).toEqual([undefined, undefined, undefined])
  retention = 'r2'
  const differs =
    'Another replica that shares the database differs in retention: what one keeps or answers, another may delete or not have'
  await expect.poll(flaws).toEqual([differs, differs, undefined])
  retention = 'r1'
  await expect.poll(flaws).toEqual([undefined, undefined, undefined])
  expect(told).toMatchObject([
    ['Replicas that share the database have different settings', { message: differs }],
    ['Replicas that share the database have the same settings again', undefined],
  ])
})

test('what is refused for want of a right is told for a while, though signs of life are given', async () => {
  const url = new URL(await createDatabase())
  const owner = await open(url.href)
  const role = `lesser_${url.pathname.slice(-8)}`
  await owner.query('write', `CREATE ROLE ${role} LOGIN`)
  await owner.query('write', `GRANT ALL ON pushgraph_schema, replica TO ${role}`)
  url.username = role
  let ahead = 0
  const clock = { ...systemClock, now: () => Date.now() + ahead }
  const lesser = await openDatabase({ url: url.href, clock })
  ends.push(lesser.close)
  await expect.poll(() => lesser.standing().flaw).toBeUndefined()
  await expect(lesser.query('write', 'DELETE FROM event')).rejects.toThrow('lacks a right')
  const lacks = 'The database cannot be used now: this user lacks a right there'
  expect(lesser.standing()).toMatchObject({ isReachable: true, flaw: lacks })
  expect(owner.standing().flaw).toBeUndefined()
  ahead = 61_000
  await expect.poll(() => lesser.standing().isReachable).toBe(true)
  expect(lesser.standing().flaw).not.toBe(lacks)
})

describe('where the tables', () => {
  const remake = [
    ...['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public'],
    ...['GRANT ALL ON SCHEMA public TO PUBLIC'],
  ].join(';')

  test('have gone, that is said, and nothing worse', async () => {
    const url = await createDatabase()
    const told: unknown[] = []
    const database = await open(url, (_message, error) => told.push(error))
    await database.query('write', remake)
    const gone =
      'The database cannot be used now: its tables have gone, or its address names another schema now'
    await expect.poll(() => database.standing().flaw).toBe(gone)
    await expect(database.query('read', 'SELECT * FROM event')).rejects.toThrow(gone)
    await expect(database.query('step', "SELECT beat('a')")).rejects.toThrow(gone)
    expect(told).toMatchObject([{ name: 'DatabaseUnavailable', message: gone }])
  })

  test('are others than those it began with, a replica asks nothing of them any more', async () => {
    const url = await createDatabase()
    const database = await open(url)
    await database.query('write', remake)
    const newcomer = await open(url)
    const replaced = /its tables were made anew or replaced while this replica ran/
    await expect.poll(() => database.standing().flaw).toMatch(replaced)
    await expect(database.query('read', 'SELECT 1')).rejects.toThrow(replaced)
    await expect(database.transaction('write', query => query('SELECT 1'))).rejects.toThrow(
      replaced,
    )
    expect(newcomer.standing().flaw).toBeUndefined()
  })
})

test('its settings of time, whatever they become, say nothing of its tables', async () => {
  const url = await createDatabase()
  const database = await open(url)
  const name = new URL(url).pathname.slice(1)
  await onServer(`ALTER DATABASE ${name} SET timezone = 'Asia/Tokyo'`)
  await onServer(`ALTER DATABASE ${name} SET datestyle = 'SQL, DMY'`)
  await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  const beat = async (): Promise<unknown> =>
    (
      await database
        .query('step', "SELECT current_setting('timezone') AS zone, beat_at FROM replica")
        .catch(() => [])
    )[0]
  await expect.poll(beat).toMatchObject({ zone: 'Asia/Tokyo' })
  const { beat_at: before } = (await beat()) as { readonly beat_at: number }
  await expect.poll(beat).not.toMatchObject({ beat_at: before })
  await expect.poll(() => database.standing().flaw).toBeUndefined()
  expect(await database.query('read', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('whoever opens one that fails is told by the failure alone', async () => {
  const told: string[] = []
  const opening = openDatabase({
    url: 'postgres://me@127.0.0.1:1/nowhere',
    clock: systemClock,
    onProblem: message => told.push(message),
  })
  await expect(opening).rejects.toThrow('The database cannot be used now')
  expect(told).toEqual([])
})

test.each([
  ['no such database', (url: URL) => (url.pathname = '/nowhere'), /there is no such database/],
  ['nobody listens', (url: URL) => (url.port = '1'), /no connection \(ECONNREFUSED\)/],
])('to open it where %s says so, and nothing of the address', async (_case, change, message) => {
  const url = new URL(await createDatabase())
  url.password = 'hunter2'
  change(url)
  const failure = await openDatabase({ url: url.href, clock: systemClock }).then(
    () => undefined,
    (error: unknown) => error as Error,
  )
  expect(failure?.message).toMatch(message)
  expect(`${failure?.message} ${failure?.stack}`).not.toMatch(/hunter2|127\.0\.0\.1/)
})
