/** Who is told how far an operation is. */
import { expect, onTestFinished, test } from 'vitest'
import type { Progress } from '../../src/graphql/operation/progress.ts'
import { authenticationOf, bearer, tokenOf } from '../support/tokens.ts'
import { startToy } from '../support/toy-server.ts'

const begun: Progress = {
  ...{ requests: 0, expectedRequests: 3, expectedMs: 300, waitedMs: 0, rowsRead: 0 },
  ...{ reading: [], connectors: [] },
}

const toyForTest = async () => {
  const toy = await startToy({
    authentication: authenticationOf([tokenOf('ann'), tokenOf('bob')]),
    progressOf: ({ requestId }) => ({ ...begun, rowsRead: requestId.length }),
  })
  onTestFinished(() => toy.server.stop(0))
  const progress = (id: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${toy.url}/graphql/progress/${id}`, { headers })
  const begin = (id: string, name: string): Promise<Response> =>
    fetch(`${toy.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id, ...bearer(name) },
      body: JSON.stringify({ query: '{ slow }' }),
    })
  return { ...toy, progress, begin }
}

test('whoever waits for an answer is told how far it is, until it has come', async () => {
  const { progress, begin, slowRuns, release } = await toyForTest()
  const answer = begin('question-1', 'ann')
  await slowRuns(1)
  const told = await progress('question-1', bearer('ann'))
  expect([told.status, await told.json()]).toEqual([
    200,
    { ...begun, rowsRead: 'question-1'.length },
  ])
  expect(told.headers.get('cache-control')).toBe('no-store')
  release()
  await (await answer).json()
  await expect.poll(async () => (await progress('question-1', bearer('ann'))).status).toBe(204)
})

test('nobody is told of what others ask', async () => {
  const { progress, begin, slowRuns, release } = await toyForTest()
  const answer = begin('question-1', 'ann')
  await slowRuns(1)
  expect((await progress('question-1', bearer('bob'))).status).toBe(204)
  expect((await progress('question-1', {})).status).toBe(401)
  expect((await progress('question-2', bearer('ann'))).status).toBe(204)
  release()
  await answer
})

test('of two questions with the same id the later one is told of', async () => {
  const { progress, begin, slowRuns, release } = await toyForTest()
  const earlier = begin('same', 'ann')
  await slowRuns(1)
  const later = begin('same', 'bob')
  await slowRuns(2)
  expect((await progress('same', bearer('ann'))).status).toBe(204)
  expect((await progress('same', bearer('bob'))).status).toBe(200)
  release()
  await Promise.all([earlier, later])
})
