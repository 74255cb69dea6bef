import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openSharedAnswers } from '../../../src/postgres/answers/open-shared-answers.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createDatabase } from '../../support/postgres.ts'

const PAGES = 30
/** The page at which something happens to whoever asks for it. */
const HELD = 12

interface Asked {
  readonly page: number
  readonly by: number
}

/**
 * A stand-in for Push with so many pages, which notes what it is asked. The first answer to the page `HELD` waits, if it is to,
 * until it is let go.
 */
const pushForTest = async (holds: boolean) => {
  const asked: Asked[] = []
  const held = Promise.withResolvers<number>()
  const free = Promise.withResolvers<void>()
  const answer = async (url: string, by: number): Promise<string> => {
    const page = url === '/first' ? 1 : Number(url.replace('/after-', '')) + 1
    asked.push({ page, by })
    const times = asked.filter(each => each.page === page).length
    if (holds && page === HELD && times === 1) {
      held.resolve(by)
      await free.promise
    }
    return JSON.stringify({ page, times, ...(page < PAGES ? { next: `/after-${page}` } : {}) })
  }
  const server = createServer(({ url = '', headers }, response) => {
    void answer(url, Number(headers['x-replica'])).then(body => response.end(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { asked, held: held.promise, letGo: free.resolve, url: `http://127.0.0.1:${port}` }
}

/** Three replicas that begin cold, and what each of them came by. */
const replicasForTest = async (holds: boolean) => {
  const [push, url] = [await pushForTest(holds), await createDatabase()]
  const database = await openDatabase({ url, clock: systemClock })
  onTestFinished(database.close)
  const since = database.clock.now()
  const script = join(import.meta.dirname, 'asking-replica.ts')
  const replicas = Array.from({ length: 3 }, () => {
    const child: ChildProcess = spawn(process.execPath, [script, url, push.url, String(since)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const exit = once(child, 'exit')
    const came = child.stdout === null ? Promise.resolve('') : text(child.stdout)
    const pages = async () => {
      await exit
      return (await came)
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { readonly page: number; readonly times: number })
    }
    return { pid: child.pid ?? 0, child, pages }
  })
  const other = (pid: number) => replicas.filter(each => each.pid !== pid)
  const named = (pid: number) => replicas.find(each => each.pid === pid)
  return { ...push, database, replicas, other, named }
}

const all = Array.from({ length: PAGES }, (_, index) => index + 1)
const pagesOf = (asked: readonly Asked[]): readonly number[] => asked.map(({ page }) => page)

it('cold replicas ask for each page once in all', async () => {
  const { asked, replicas } = await replicasForTest(false)
  for (const { pages } of replicas) expect((await pages()).map(({ page }) => page)).toEqual(all)
  expect(pagesOf(asked)).toEqual(all)
})

it('a replica that is killed while it asks costs one more request', async () => {
  const { asked, held, letGo, other, named } = await replicasForTest(true)
  const pid = await held
  named(pid)?.child.kill('SIGKILL')
  for (const { pages } of other(pid)) expect((await pages()).map(({ page }) => page)).toEqual(all)
  letGo()
  expect([...pagesOf(asked)].sort((a, b) => a - b)).toEqual([
    ...all.slice(0, HELD),
    ...all.slice(HELD - 1),
  ])
})

it('a replica that stands still while it asks costs one more, and what it hears late undoes nothing', async () => {
  const { asked, held, letGo, other, named, database } = await replicasForTest(true)
  const pid = await held
  const stopped = named(pid)
  stopped?.child.kill('SIGSTOP')
  for (const { pages } of other(pid)) expect((await pages()).map(({ page }) => page)).toEqual(all)
  letGo()
  stopped?.child.kill('SIGCONT')
  // It takes what it heard itself for that page, and goes on with what the others have kept.
  expect(await stopped?.pages()).toEqual(all.map(page => ({ page, times: 1, ...next(page) })))
  expect(asked).toHaveLength(PAGES + 1)

  const { clock } = database
  const answers = openSharedAnswers({
    ...{ database, clock, maxBytes: Infinity, keepMs: Infinity, dataKeys: [] },
  })
  const question = { tenant: 'tenant', path: `/after-${HELD - 1}` }
  const found = await answers.claim(question, 0, new AbortController().signal)
  await answers.close()
  expect(found).toMatchObject({ answer: { body: expect.stringContaining('"times":2') as unknown } })
})

const next = (page: number) => (page < PAGES ? { next: `/after-${page}` } : {})
