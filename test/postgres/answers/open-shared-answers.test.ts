import { expect, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import type { KeptAnswers } from '../../../src/answers/contract.ts'
import { MOST_TOGETHER } from '../../../src/answers/keeping.ts'
import { createSeals } from '../../../src/answers/sealing.ts'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import {
  openSharedAnswers,
  type SharedAnswersOptions,
} from '../../../src/postgres/answers/open-shared-answers.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { answerOf, NOW, questionOf } from '../../answers/tasks-for-test.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { createDatabase, serverPort, through } from '../../support/postgres.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const question = questionOf('/employees?email=someone@example.com')
const connector = { connector: 'default' }
const forEver = new AbortController().signal
const key = new Uint8Array(32).fill(1)

const replicaForTest = async (
  url: string,
  options: Partial<SharedAnswersOptions> & { readonly clock?: Clock } = {},
) => {
  const database = await openDatabase({ url, clock: systemClock })
  const said: string[] = []
  const answers = openSharedAnswers({
    ...{ database, clock: database.clock, maxBytes: Infinity, keepMs: Infinity, dataKeys: [] },
    onProblem: message => {
      said.push(message)
    },
    ...options,
  })
  onTestFinished(async () => {
    await answers.close()
    await database.close()
  })
  return { ...answers, database, said }
}

const kindOf = async (answers: KeptAnswers, notBefore = 0) =>
  (await answers.claim(question, notBefore, forEver)).kind

/** All that the database holds of answers, as text. */
const heldBy = async ({ query }: Database, isSealed: boolean): Promise<string> => {
  const rows = await query(
    'step',
    // What is not sealed is what Push answered, packed: of short texts some stand in it as they are.
    `SELECT row_to_json(answer)::text || ${isSealed ? `encode(body, 'escape')` : `''`} AS row FROM answer
      UNION ALL SELECT row_to_json(answer_claim)::text FROM answer_claim`,
  )
  return rows.map(({ row }) => String(row)).join('\n')
}

it.each([
  ['open', []],
  ['sealed', [key]],
])('neither a row nor a call says for whom is asked: %s', async (_, dataKeys) => {
  const url = await createDatabase()
  const { database, ...answers } = await replicaForTest(url, { dataKeys })
  const listening = await openDatabase({ url, clock: systemClock })
  onTestFinished(listening.close)
  const calls: string[] = []
  const ready = Promise.withResolvers<void>()
  listening.on('answer', call => {
    if (call === undefined) ready.resolve()
    else calls.push(call)
  })
  await ready.promise
  expect(await kindOf(answers)).toBe('mine')
  expect(await heldBy(database, dataKeys.length > 0)).not.toMatch(/someone|example/)
  answers.put(
    question,
    connector,
    answerOf('{"email":"someone@example.com"}', database.clock.now()),
  )
  await answers.usage()
  await expect.poll(() => calls.length).toBe(1)
  expect(await heldBy(database, dataKeys.length > 0)).not.toMatch(/someone|example/)
  const hash = createSeals(dataKeys).first.questionId(question)
  expect(calls).toEqual([Buffer.from(hash).toString('hex')])
})

it('whoever waits hears at once that the answer is there, and looks now and then all the same', async () => {
  const url = await createDatabase()
  const one = await replicaForTest(url)
  // However busy the machine is, nobody takes the one who asks for gone.
  await one.database.query(
    'step',
    `CREATE OR REPLACE FUNCTION is_alive(p_replica text) RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
  )
  expect(await kindOf(one)).toBe('mine')
  // No time passes for the one: it can only hear. The other one is deaf: it can only look.
  const listening = await replicaForTest(url, { clock: createFakeClock({ startMs: Date.now() }) })
  const clock = createFakeClock({ startMs: Date.now() })
  const { database } = listening
  let looks = 0
  const query: Database['query'] = async (...asked) => {
    const rows = await database.query(...asked)
    looks += 1
    return rows as never
  }
  const deaf = await replicaForTest(url, {
    clock,
    database: { ...database, query, on: () => () => undefined },
  })
  const [heard, looked] = [kindOf(listening), kindOf(deaf)]
  await expect.poll(() => looks).toBe(1)
  await settle()
  one.put(question, connector, answerOf('[]', one.database.clock.now()))
  expect(await heard).toBe('found')
  await clock.advance(249)
  expect(looks).toBe(1)
  await clock.advance(1)
  expect(await looked).toBe('found')
})

it('who is asking counts as long as it gives signs of life, and for a minute at most', async () => {
  const url = await createDatabase()
  const { database } = await replicaForTest(url)
  const { query, clock } = database
  const id = createSeals([]).first.questionId(question)
  const claimBy = async (beatAgoMs: number, claimedAgoMs: number): Promise<string> => {
    await query('step', 'INSERT INTO replica VALUES ($1, ms() - $2)', [
      String(beatAgoMs),
      beatAgoMs,
    ])
    await query('step', 'DELETE FROM answer_claim')
    await query('step', 'INSERT INTO answer_claim VALUES ($1, $2, 1, $3)', [
      ...[id, String(beatAgoMs), clock.now() - claimedAgoMs],
    ])
    const [row] = await query(
      'step',
      'SELECT verdict FROM claim_answer($1, \'{""}\', $2, $3, $4, 1)',
      [...[[id], clock.now() - 100_000, clock.now(), database.replica]],
    )
    return String(row?.['verdict'])
  }
  expect(await claimBy(0, 0)).toBe('asked')
  expect(await claimBy(1_501, 0)).toBe('mine')
  expect(await claimBy(-1_400, 59_000)).toBe('asked')
  expect(await claimBy(-1_401, 60_001)).toBe('mine')
})

it('what is damaged is deleted, and told once', async () => {
  const { database, said, ...answers } = await replicaForTest(await createDatabase())
  for (let n = 0; n < 3; n += 1) {
    const at = database.clock.now()
    answers.put(questionOf(`/${n}`), connector, answerOf('[]', at))
  }
  await answers.usage()
  await database.query('step', "UPDATE answer SET body = '\\x00'")
  for (let n = 0; n < 3; n += 1)
    expect((await answers.claim(questionOf(`/${n}`), 0, forEver)).kind).toBe('mine')
  expect(said).toEqual([expect.stringContaining('was damaged')])
  expect((await answers.usage()).size).toBe(0)
})

it('what is forgotten leaves nothing of its bytes: the table is written anew, where anything went', async () => {
  const { database, ...answers } = await replicaForTest(await createDatabase())
  const file = async () => {
    const [row] = await database.query(
      'step',
      "SELECT pg_relation_filenode('answer') AS rows, pg_relation_filenode(reltoastrelid) AS bodies FROM pg_class WHERE oid = 'answer'::regclass",
    )
    return row
  }
  answers.put(question, connector, answerOf('{"email":"someone@example.com"}', 1))
  answers.put(questionOf('/b'), connector, answerOf('[]', 1))
  const before = await file()
  expect(await answers.forgetText('another@example.com')).toBe(0)
  expect(await file()).toEqual(before)
  expect(await answers.forgetText('someone@example.com')).toBe(1)
  const after = await file()
  expect(after?.['rows']).not.toBe(before?.['rows'])
  expect(after?.['bodies']).not.toBe(before?.['bodies'])
  expect((await answers.usage()).get('default')?.answers).toBe(1)
})

it('one replica at a time tidies up', async () => {
  const url = await createDatabase()
  const clocks = [createFakeClock({ startMs: NOW }), createFakeClock({ startMs: NOW + 1_000 })]
  const replicas = await Promise.all(
    clocks.map(clock => replicaForTest(url, { clock, keepMs: 1_000 })),
  )
  const [one, other] = replicas
  const left = async () => (await one?.usage())?.get('default')?.answers ?? 0
  // What it removes last, so that its turn is over once that is gone.
  await one?.database.query('step', "INSERT INTO answer_claim VALUES ('', 'nobody', 1, 0)")
  await clocks[0]?.advance(5_000)
  await expect.poll(() => one?.database.query('step', 'SELECT FROM answer_claim')).toEqual([])
  expect(await one?.database.query('step', 'SELECT name FROM duty')).toEqual([
    { name: 'tidy answers' },
  ])
  one?.put(question, connector, answerOf('[]'))
  expect(await left()).toBe(1)
  // The other one's turn to look comes, but it is not its duty as long as the first one is there.
  for (let times = 0; times < 3; times += 1) {
    await clocks[1]?.advance(60_000)
    await other?.usage()
  }
  expect(await left()).toBe(1)
  await one?.database.query('step', 'UPDATE duty SET until = 0')
  await expect
    .poll(async () => {
      await clocks[1]?.advance(60_000)
      return left()
    })
    .toBe(0)
})

it('while the database is away whoever asks is left to the limiter, which is told once; what was claimed meanwhile holds up nobody', async () => {
  const url = await createDatabase()
  const proxy = await startTcpProxy(await serverPort())
  onTestFinished(proxy.close)
  const { database, said, ...answers } = await replicaForTest(through(url, proxy.port))
  const other = await replicaForTest(url)
  const claim = await answers.claim(question, 0, forEver)
  proxy.cut()
  expect((await answers.claim(questionOf('/other'), 0, forEver)).kind).toBe('mine')
  await expect.poll(() => answers.standing().flaw).toContain('The database cannot be used now')
  await expect(answers.forgetText('a')).rejects.toThrow('The database cannot be used now')
  expect(said).toEqual([
    'Kept answers cannot be used now, so Push is asked once the database is back',
  ])
  // Nobody hears of it.
  if (claim.kind === 'mine') claim.leave()
  proxy.mend()
  await expect.poll(() => answers.standing().flaw).toBeUndefined()
  for (const asked of [question, questionOf('/other')])
    expect((await other.claim(asked, 0, forEver)).kind).toBe('mine')
  other.put(question, connector, answerOf('[]', other.database.clock.now()))
  await other.usage()
  expect(await kindOf(answers)).toBe('found')
  expect(said.at(-1)).toBe('Kept answers can be used again')
})

it('a key of another length is refused', async () => {
  const database = await openDatabase({ url: await createDatabase(), clock: systemClock })
  onTestFinished(database.close)
  const open = () =>
    openSharedAnswers({
      ...{ database, clock: systemClock, maxBytes: 1, keepMs: 1 },
      dataKeys: [new Uint8Array(31)],
    })
  expect(open).toThrow('A data key has 32 bytes')
})

it('of answers that are kept together, each is there while the next one waits for somebody', async () => {
  const url = await createDatabase()
  const [one, other] = [await replicaForTest(url), await replicaForTest(url)]
  const askedAt = one.database.clock.now()
  one.put(question, connector, answerOf('[]', askedAt - 1))
  await one.usage()
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const locking = other.database.transaction('write', async ask => {
    await ask('UPDATE answer SET bytes = bytes')
    locked.resolve()
    await release.promise
  })
  await locked.promise
  one.put(questionOf('/first'), connector, answerOf('[]', askedAt))
  one.put(question, connector, answerOf('[]', askedAt))
  const kept = one.usage()
  await expect.poll(async () => (await other.kept('tenant'))?.answers).toBe(2)
  release.resolve()
  await locking
  await kept
  expect(await kindOf(other, askedAt)).toBe('found')
})

it('many that come together wait for no disk, also where such tables are kept like all others', async () => {
  // Whoever waits for the disk does so for a tenth of a second.
  const settings = { commit_delay: '100000', commit_siblings: '0' }
  const server = await startPostgres({ durable: true, settings })
  onTestFinished(server.stop)
  const { database, said, ...answers } = await replicaForTest(server.url)
  await database.query(
    'write',
    'ALTER TABLE answer SET LOGGED; ALTER TABLE answer_claim SET LOGGED',
  )
  for (let n = 0; n < MOST_TOGETHER; n += 1)
    answers.put(questionOf(`/employees?after=${n}`), connector, answerOf('[]', NOW))
  const kept = (await answers.usage()).get('default')
  expect(kept?.answers).toBe(MOST_TOGETHER)
  expect(said).toEqual([])
})
