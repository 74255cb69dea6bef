/** Law 1: never a 429 of our own making. The stand-in's own limiter judges. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { openState } from '../../../src/upstream/state/state.ts'
import { directoryForTest } from '../../support/directory.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { callFor, clientForTest } from '../client-of-stand-in.ts'

const limits = { rate: 10, burst: 10 }

const limited = (switches: Partial<Switches> = {}): Promise<StandIn> =>
  standInForTest({ switches: { limiter: true, latencyMs: 120, latencyJitter: 0.9, ...switches } })

const readSome = (client: ReturnType<typeof clientForTest>, count: number, owner = 'a') =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      client.page('apps', { limit: 1, offset: n }, callFor(owner)),
    ),
  )

describe('Push is never asked more often than it allows', () => {
  it('by one process that has much to ask at once', async () => {
    const standIn = await limited({ latencyJitter: 0.2 })
    const client = clientForTest(standIn, limits)
    await readSome(client, 40)
    expect(standIn.statistics()).toMatchObject({ requests: 40, overLimit: 0 })
  })

  it('across a restart, and with two connectors of one key', async () => {
    const standIn = await limited()
    const path = join(directoryForTest(), 'state.db')
    for (let start = 0; start < 3; start += 1) {
      const state = openState(path)
      const one = clientForTest(standIn, { ...limits, state })
      const other = clientForTest(standIn, { ...limits, state, alias: 'other' })
      await Promise.all([readSome(one, 8), readSome(other, 8, 'b')])
      await Promise.all([one.close(), other.close()])
      state.close()
    }
    expect(standIn.statistics()).toMatchObject({ requests: 48, overLimit: 0 })
  })

  it('by several processes together, one of which is killed', async () => {
    const standIn = await limited()
    const path = join(directoryForTest(), 'state.db')
    const script = join(import.meta.dirname, 'reading-process.ts')
    const args = (count: number) => [
      script,
      standIn.url,
      standIn.keys.readOnly,
      path,
      String(count),
    ]
    const run = (count: number) => promisify(execFile)(process.execPath, args(count))
    const long = run(300)
    const killed = long.catch((error: unknown) => error)
    // It dies with requests on their way, as soon as it has some.
    await expect.poll(() => standIn.requests.length).toBeGreaterThan(3)
    long.child.kill('SIGKILL')
    const outputs = await Promise.all([run(20), run(20), run(20)])
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['20\n', '20\n', '20\n'])
    expect(await killed).toMatchObject({ signal: 'SIGKILL' })
    expect(standIn.statistics().requests).toBeGreaterThan(60)
    expect(standIn.statistics().overLimit).toBe(0)
  })

  it('although every twentieth answer fails and is asked for again', async () => {
    const standIn = await limited({ faultRate: 0.05, faultKinds: ['error503', 'cut', 'reset'] })
    const client = clientForTest(standIn, limits)
    await readSome(client, 50)
    expect(standIn.statistics().requests).toBeGreaterThan(50)
    expect(standIn.statistics().overLimit).toBe(0)
  })
})

describe('a limit that others spend, too', () => {
  const readBesideOthers = async (retryAfter: Switches['retryAfter']) => {
    const standIn = await limited({ otherSpender: 6, retryAfter, latencyJitter: 0.2 })
    const client = clientForTest(standIn, limits)
    const pages = await readSome(client, 35)
    return { read: pages.length, health: client.health().status, ...standIn.statistics() }
  }

  it('is learnt from 429s, whatever the form of their Retry-After', async () => {
    const forms = ['seconds', 'date', 'none'] as const
    for (const { read, health, requests, overLimit } of await Promise.all(
      forms.map(readBesideOthers),
    )) {
      expect(read).toBe(35)
      expect(overLimit).toBeGreaterThan(0)
      expect(overLimit).toBeLessThan(10)
      expect(requests).toBe(35 + overLimit)
      expect(health).toBe('DEGRADED')
    }
  })
})

describe('a busy connector', () => {
  it('answers a look-up by id within half a second while a scan of 90 pages is queued', async () => {
    const standIn = await limited({ latencyJitter: 0.2 })
    const client = clientForTest(standIn, limits)
    const { rows } = await client.page('apps', { limit: 1 }, callFor())
    const leave = new AbortController()
    const scan = Array.from({ length: 90 }, (_, n) =>
      client
        .page('accounts', { limit: 5, offset: 5 * n }, callFor('scan', { signal: leave.signal }))
        .catch((error: unknown) => error),
    )
    await expect.poll(() => standIn.requests.length).toBeGreaterThan(15)
    const before = standIn.requests.length
    const found = await client.one('apps', rows[0]?.id ?? '', callFor('look-up'))
    // Half a second's worth of requests, not the seventy that were there first.
    expect(standIn.requests.length - before).toBeLessThan(7)
    expect(found.kind).toBe('row')
    const reason = new Error('left')
    leave.abort(reason)
    const ended = await Promise.all(scan)
    expect(ended.filter(end => end === reason).length).toBeGreaterThan(50)
    expect(client.rateLimit().queued).toBe(0)
  })
})
