/** What changes while one server ends and another one begins, on the same data folder. */
import { expect, test } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct, type Serving } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'

const ask = async ({ url }: Serving, query: string): Promise<Record<string, never>> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { data: never; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

const readAll = async (serving: Serving): Promise<unknown> =>
  (await ask(serving, '{ accounts(first: 1000) { totalCount } }'))['accounts']

/** What is told of changes, once all that was read is stored. */
const changesIn = async (serving: Serving, count: number): Promise<unknown[]> => {
  for (;;) {
    const { changes } = (await ask(
      serving,
      '{ changes(first: 1000) { totalCount nodes { kind field objectId } } }',
    )) as unknown as { changes: { totalCount: number; nodes: unknown[] } }
    if (changes.totalCount >= count) return changes.nodes
  }
}

test('what changed while no server ran, or one that was killed, is noted once by the next', async () => {
  const standIn = await standInForTest()
  const environment = {
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_REFRESH: 'off',
    PUSHGRAPH_DATA_DIR: directoryForTest(),
    LOG_LEVEL: 'warn',
  }
  const serve = () => serveProduct({ environment })
  const end = async (serving: Serving, signal: NodeJS.Signals): Promise<void> => {
    serving.kill(signal)
    await serving.ended
  }
  const [newcomer, changed, leaver] = standIn.data.accounts
  if (newcomer === undefined || changed === undefined || leaver === undefined)
    throw new Error('There are too few accounts')
  standIn.remove('accounts', newcomer.id)
  const count = standIn.data.accounts.length

  const first = await serve()
  expect(await readAll(first)).toEqual({ totalCount: count })
  await end(first, 'SIGTERM')

  standIn.insert('accounts', newcomer)
  standIn.update('accounts', changed.id, { mfaRegistered: changed.mfaRegistered !== true })
  standIn.remove('accounts', leaver.id)
  // It may have stored all of it, or some, or nothing.
  const second = await serve()
  expect(await readAll(second)).toEqual({ totalCount: count })
  await end(second, 'SIGKILL')

  const expected = [
    { kind: 'CREATED', field: null, objectId: newcomer.id },
    { kind: 'UPDATED', field: 'mfaRegistered', objectId: changed.id },
    { kind: 'DELETED', field: null, objectId: leaver.id },
  ]
  const third = await serve()
  await readAll(third)
  const noted = await changesIn(third, 3)
  expect(noted).toHaveLength(3)
  expect(noted).toEqual(expect.arrayContaining(expected))
  await end(third, 'SIGTERM')

  const fourth = await serve()
  await readAll(fourth)
  standIn.update('accounts', changed.id, { mfaRegistered: changed.mfaRegistered === true })
  await readAll(fourth)
  expect(await changesIn(fourth, 4)).toHaveLength(4)
  await end(fourth, 'SIGTERM')
})
