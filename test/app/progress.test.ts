/** How far an operation is, told by the server as it runs. */
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Progress } from '../../src/graphql/operation/progress.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { directoryForTest } from '../support/directory.ts'

test('tells of requests made and expected, of what is read, and of who else waits', async () => {
  const directory = directoryForTest()
  const environment = {
    PORT: '0',
    PUSHGRAPH_DATA_DIR: directory,
    PUSHGRAPH_DEMO_SCALE: '0.05',
    PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
    PUSHGRAPH_DEMO_LATENCY_MS: '1',
    // One request at a time: the first leaves, the others wait for their turn.
    PUSHGRAPH_RATE: '1',
    PUSHGRAPH_BURST: '1',
  }
  const app = await createApp(
    readConfig(environment, directory),
    createLog({ level: 'error', readable: false, destination: { write: () => undefined } }),
  )
  onTestFinished(() => app.stop(0))
  const url = `${await app.listen()}/graphql`
  const leave = new AbortController()
  const answer = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'mine' },
    body: JSON.stringify({
      query: '{ employees { totalCount } accounts { totalCount } findings { totalCount } }',
    }),
    signal: leave.signal,
  })
  const progress = async (): Promise<Partial<Progress>> => {
    const response = await fetch(`${url}/progress/mine`)
    return response.status === 204 ? {} : ((await response.json()) as Partial<Progress>)
  }

  let told: Partial<Progress> = {}
  await expect
    .poll(async () => {
      told = await progress()
      return (told.requests ?? 0) > 0 && told.connectors?.some(({ queued }) => queued > 0)
    })
    .toBe(true)
  expect(told.expectedRequests).toBeGreaterThan(told.requests ?? Infinity)
  expect(told.expectedMs).toBeGreaterThan(0)
  expect(told.reading?.map(({ collection }) => collection)).toContain('accounts')
  const made = told.reading?.map(({ requests }) => requests) ?? []
  expect(Math.max(...made)).toBeGreaterThan(0)
  expect(told.connectors).toEqual([
    {
      alias: 'demo',
      status: 'OK',
      reason: null,
      queued: expect.any(Number),
      estimatedWaitMs: expect.any(Number),
    },
  ])
  leave.abort()
  await expect(answer).rejects.toThrow('aborted')
})
