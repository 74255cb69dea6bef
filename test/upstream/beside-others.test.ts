/** Connectors of which nothing can be had, beside others that need not wait for them. */
import { describe, expect, it } from 'vitest'
import type { RequestListener } from 'node:http'
import { createFakeClock } from '../support/clock.ts'
import { app, call, fails, inTurn, list, reply, setUp } from './client-of-server.ts'

const apps = (ids: readonly string[]): RequestListener => {
  const rows = ids.map(id => app(id))
  return (_request, response) => reply(response, list(rows))
}
const never: RequestListener = () => undefined
const status =
  (code: number): RequestListener =>
  (_request, response) =>
    reply(response, {}, code)

const beside = async (answer: RequestListener, isOneOfSeveral = () => true) => {
  const clock = createFakeClock()
  const { client, server } = await setUp(answer, { clock, isOneOfSeveral })
  const arrived = (count: number) => expect.poll(() => server.requests.length).toBe(count)
  const ask = (list: 'apps' | 'findings' = 'apps') =>
    client.page(list, {}, call({ deadline: clock.now() + 25_000 }))
  return { clock, client, server, arrived, ask }
}

describe('a connector that has never answered', () => {
  it('is waited for three seconds, then by nobody, and tried again behind their backs', async () => {
    const { clock, client, server, arrived, ask } = await beside(inTurn(never, apps(['1'])))
    let isOver = false
    const first = fails(ask()).finally(() => (isOver = true))
    await arrived(1)
    await clock.advance(2_999)
    expect(isOver).toBe(false)
    await clock.advance(1)
    expect(await first).toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    expect(await fails(ask('findings'))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(server.requests).toHaveLength(1)
    expect(client.hasAnswered()).toBe(false)
    await clock.advance(5_000)
    expect(await fails(ask())).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    await arrived(2)
    await expect.poll(() => client.hasAnswered()).toBe(true)
    expect((await ask()).rows).toMatchObject([{ id: '1' }])
  })

  it('is given up when it fails a second time', async () => {
    const { clock, server, arrived, ask } = await beside(status(500))
    const first = fails(ask())
    await arrived(1)
    await expect
      .poll(async () => {
        await clock.advance(200)
        return server.requests.length
      })
      .toBe(2)
    expect(await first).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    await fails(ask('findings'))
    expect(server.requests).toHaveLength(2)
  })

  it('is waited for as long as there is time where it stands alone', async () => {
    const { clock, server, arrived, ask } = await beside(inTurn(never, apps(['1'])), () => false)
    let isOver = false
    const first = ask().finally(() => (isOver = true))
    await arrived(1)
    await clock.advance(9_999)
    expect(isOver).toBe(false)
    await expect
      .poll(async () => {
        await clock.advance(200)
        return server.requests.length
      })
      .toBe(2)
    expect((await first).rows).toHaveLength(1)
  })

  it('is one like any other once it has', async () => {
    let isDown = false
    const { clock, client, ask } = await beside((request, response) => {
      if (isDown) reply(response, {}, 503)
      else apps(['1'])(request, response)
    })
    await ask()
    isDown = true
    const spared = async (): Promise<boolean> => {
      await fails(ask())
      return !client.health().asks || spared()
    }
    let isSpared = false
    const failing = spared().then(() => (isSpared = true))
    await expect
      .poll(async () => {
        await clock.advance(600)
        return isSpared
      })
      .toBe(true)
    await failing
    isDown = false
    await clock.advance(5_000)
    // Whoever asks next tries it.
    expect((await ask()).rows).toHaveLength(1)
  })
})

describe('a list that was refused', () => {
  it('is not asked for again within five seconds, and then behind the backs of those who ask', async () => {
    const { clock, server, arrived, ask } = await beside(
      inTurn(status(403), status(403), apps([]), apps(['1'])),
    )
    expect(await fails(ask())).toMatchObject({ code: 'FORBIDDEN' })
    await clock.advance(4_999)
    expect(await fails(ask())).toMatchObject({ code: 'FORBIDDEN' })
    expect(server.requests).toHaveLength(1)
    await clock.advance(1)
    expect(await fails(ask())).toMatchObject({ code: 'FORBIDDEN' })
    await arrived(2)
    // Another list may be open to that key.
    expect((await ask('findings')).rows).toBeDefined()
    await clock.advance(5_000)
    await expect
      .poll(() =>
        ask().then(
          ({ rows }) => rows.length,
          () => 0,
        ),
      )
      .toBe(1)
  })

  it('is asked for each time where its connector stands alone', async () => {
    const { server, ask } = await beside(inTurn(status(403), apps(['1'])), () => false)
    await fails(ask())
    expect((await ask()).rows).toHaveLength(1)
    expect(server.requests).toHaveLength(2)
  })
})
