import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { startTrickle } from '../../src/demo/webhooks.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { verify } from '../../src/webhooks/signature.ts'
import type { EventFacts } from '../../src/model/events.ts'
import { createFakeClock } from '../support/clock.ts'
import { SECRET, LATER } from '../support/deliveries.ts'
import { standInForTest } from '../support/stand-in.ts'

it('the demo tenant sends logins, findings, detections and admin actions, signed as Push does', async () => {
  const clock = createFakeClock()
  const standIn = await standInForTest()
  const findings = standIn.data.findings.length
  const taken: EventFacts[] = []
  const refused: unknown[] = []
  let heard: () => void = () => undefined
  const server = createServer((request, response) => {
    void buffer(request).then(body => {
      const header = String(request.headers['x-signature'])
      const verdict = verify({ header, body, secrets: [SECRET], nowSeconds: clock.now() / 1_000 })
      const delivery = readDelivery(body, LATER)
      if (verdict.ok && delivery.ok) taken.push(delivery.event)
      else refused.push({ verdict, delivery })
      response.end()
      heard()
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = startTrickle({
    standIn,
    url: `http://127.0.0.1:${port}/`,
    secret: SECRET,
    clock,
    everyMs: 1_000,
  })
  for (let sent = 1; sent <= 80; sent++) {
    const arrived = new Promise<void>(resolve => {
      heard = () => {
        if (taken.length + refused.length >= sent) resolve()
      }
    })
    await clock.advance(1_500)
    await arrived
  }
  stop()
  expect(clock.waiting()).toBe(0)
  expect(refused).toEqual([])

  const kinds = Map.groupBy(taken, ({ category }) => category)
  expect([...kinds.keys()].sort()).toEqual(['ACTIVITY', 'AUDIT', 'DETECTION', 'ENTITY'])
  expect(kinds.get('ACTIVITY')?.length).toBeGreaterThan(taken.length / 2)
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length)
  const accounts = new Set(standIn.data.accounts.map(({ id }) => id))
  for (const { accountId } of kinds.get('ACTIVITY') ?? []) expect(accounts).toContain(accountId)
  // What was told of is what the API answers.
  const created = (kinds.get('ENTITY') ?? []).filter(({ type }) => type === 'CREATE')
  expect(standIn.data.findings.length).toBe(findings + created.length)
})
