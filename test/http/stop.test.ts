import { Agent, request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { startToy } from '../support/toy-server.ts'

const ask = (url: string, query: string, signal?: AbortSignal) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal === undefined ? {} : { signal }),
  })

describe('a caller who leaves', () => {
  test('aborts the operation, and the log says so', async () => {
    const toy = await startToy()
    const controller = new AbortController()
    const answer = ask(toy.url, 'query Left { slow }', controller.signal)
    await toy.slowRuns(1)
    controller.abort()
    await expect(answer).rejects.toThrow(/aborted/)
    await expect.poll(() => toy.aborted()).toBe(1)
    await expect
      .poll(() => toy.lines.filter(line => line.msg === 'request'))
      .toEqual([expect.objectContaining({ operationName: 'Left', aborted: true })])
    await toy.server.stop(1000)
  })

  test('is not confused with one who waited', async () => {
    const toy = await startToy()
    const answer = ask(toy.url, '{ slow }')
    await toy.slowRuns(1)
    toy.release()
    expect(await (await answer).json()).toEqual({ data: { slow: 'done' } })
    await toy.server.stop(1000)
    expect(toy.aborted()).toBe(0)
  })
})

describe('a stop', () => {
  test('lets running answers finish and takes no new request', async () => {
    const toy = await startToy()
    const answer = ask(toy.url, '{ slow }')
    await toy.slowRuns(1)
    const stopped = toy.server.stop(120_000)
    await expect.poll(() => ask(toy.url, '{ hello }').catch(() => 'refused')).toBe('refused')
    toy.release()
    expect(await (await answer).json()).toEqual({ data: { slow: 'done' } })
    await stopped
    expect(toy.aborted()).toBe(0)
  })

  test('is not held up by connections that nobody uses', async () => {
    const toy = await startToy()
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve, reject) => {
      request(`${toy.url}/livez`, { agent }, response => {
        response.resume().on('end', resolve)
      })
        .on('error', reject)
        .end()
    })
    // Were it held up, it would last longer than a test may.
    await toy.server.stop(600_000)
    agent.destroy()
  })

  test('aborts what still runs once its time is over', async () => {
    const toy = await startToy()
    const answer = ask(toy.url, '{ slow }')
    await toy.slowRuns(1)
    await toy.server.stop(50)
    expect(toy.aborted()).toBe(1)
    expect(await (await answer).json()).toEqual({ data: { slow: 'done' } })
  })

  test('ends even operations that do not heed an abort', async () => {
    const toy = await startToy({
      context: request => ({ request: { ...request, signal: new AbortController().signal } }),
    })
    const answer = ask(toy.url, '{ slow }').catch(() => 'cut off')
    await toy.slowRuns(1)
    await toy.server.stop(50)
    expect(await answer).toBe('cut off')
  })
})
