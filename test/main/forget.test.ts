import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { runProduct, serveProduct, type Serving } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'

const ask = async ({ url }: Serving, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  return (await response.json()) as { data: any; extensions: { pushgraph: { requests: number } } }
}

const ALL = '{ accounts(first: 1000) { nodes { id email } } }'
const EVENTS = '{ events(first: 100) { totalCount nodes { id } } otherAccounts { totalCount } }'

/** A data folder with what a server has read and stored. */
const folderForTest = async () => {
  const standIn = await standInForTest({ switches: { maxPage: 50 } })
  const environment = {
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSH_WEBHOOK_SECRET: SECRET,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_DATA_DIR: directoryForTest(),
    LOG_LEVEL: 'warn',
  }
  const [person] = standIn.data.accounts
  const email = person?.email ?? ''
  const serving = await serveProduct({ environment })
  await ask(serving, ALL)
  const timestamp = Math.floor(Date.now() / 1_000)
  await post(serving.url, delivery({ id: 'login', timestamp, new: { email: email.toUpperCase() } }))
  await post(serving.url, delivery({ id: 'other', timestamp, new: { email: 'bob@other.example' } }))
  const apart = { id: 'apart-1', email, type: 'ACCOUNT_OTHER' }
  await post(
    serving.url,
    delivery({
      id: 'apart',
      category: 'ENTITY',
      object: 'ACCOUNT_OTHER',
      type: 'CREATE',
      timestamp,
      new: apart,
      old: null,
    }),
  )
  expect((await ask(serving, EVENTS)).data.events.totalCount).toBe(3)
  serving.kill('SIGTERM')
  await serving.ended
  const bytes = (): string =>
    readdirSync(environment.PUSHGRAPH_DATA_DIR)
      .filter(name => name.startsWith('events.db'))
      .map(name => readFileSync(join(environment.PUSHGRAPH_DATA_DIR, name), 'latin1').toLowerCase())
      .join('')
  return { standIn, environment, email, bytes }
}

test('a person: events and answers that name the address go, in whatever letters, and no others', async () => {
  const { standIn, environment, email, bytes } = await folderForTest()
  expect(bytes()).toContain(email.toLowerCase())
  const { exitCode, output, errors } = await runProduct(['forget', '--email', email], {
    environment,
  })
  expect([exitCode, output]).toEqual([
    0,
    expect.stringMatching(
      /Erased from .*: [23] stored events, [1-9]\d* known rows?, \d+ changes? and [1-9]\d* kept answers?\./,
    ),
  ])
  expect(errors).toMatch(/restart it now[^]*delete it there first/)
  expect(bytes()).not.toContain(email.toLowerCase())

  standIn.reset()
  const serving = await serveProduct({ environment })
  const { data } = await ask(serving, EVENTS)
  expect(data.events.nodes).toEqual([{ id: expect.stringContaining('other') as string }])
  expect(data.otherAccounts.totalCount).toBe(0)
  // The page that told of the person is asked for again.
  expect((await ask(serving, ALL)).extensions.pushgraph.requests).toBeGreaterThan(0)
  serving.kill('SIGTERM')
  await serving.ended
})

test('a connector: all of its events and answers go, also beside a server that runs', async () => {
  const { standIn, environment } = await folderForTest()
  const beside = await serveProduct({ environment })
  const { exitCode, output, errors } = await runProduct(['forget', '--connector', 'default'], {
    environment,
  })
  expect([exitCode, output]).toEqual([
    0,
    expect.stringMatching(
      /[34] stored events, \d{3} known rows, 0 changes and \d\d kept answers\./,
    ),
  ])
  expect(errors).toContain('still in the settings')
  expect((await ask(beside, EVENTS)).data.events.totalCount).toBe(0)
  standIn.reset()
  expect((await ask(beside, ALL)).extensions.pushgraph.requests).toBeGreaterThan(10)
  beside.kill('SIGTERM')
  await beside.ended
})

test('what is asked for wrongly is refused in a sentence', async () => {
  const environment = { PUSHGRAPH_DATA_DIR: directoryForTest(), PUSH_API_KEY: 'key' }
  const outcomes: [readonly string[], number, RegExp][] = [
    [[], 2, /either --connector ALIAS or --email ADDRESS/],
    [['--connector', 'a', '--email', 'a@b.example'], 2, /either --connector/],
    [['--email', 'ann'], 2, /a whole address/],
    [['--connector', 'No One'], 2, /the alias of a connector/],
    [['--connector', 'nobody'], 1, /no connector nobody in the settings.*: default\./],
  ]
  for (const [args, code, message] of outcomes) {
    const { exitCode, errors } = await runProduct(['forget', ...args], { environment })
    expect([exitCode, errors]).toEqual([code, expect.stringMatching(message)])
  }
  // Nothing was there, and nothing was made.
  const none = await runProduct(['forget', '--connector', 'default'], { environment })
  expect([none.exitCode, none.output]).toEqual([
    0,
    expect.stringContaining('0 stored events, 0 known rows, 0 changes and 0 kept answers'),
  ])
  expect(readdirSync(environment.PUSHGRAPH_DATA_DIR)).toEqual([])
})
