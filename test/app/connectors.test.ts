import { Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type KeptAnswers, noAnswers } from '../../src/answers/contract.ts'
import { type ConnectorFiles, openConnectors } from '../../src/app/connectors.ts'
import { createMetrics } from '../../src/app/metrics.ts'
import { createTurns } from '../../src/app/turns.ts'
import { readConfig } from '../../src/config/config.ts'
import type { ConnectorConfig } from '../../src/config/connectors.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { TenantEvidence } from '../../src/upstream/key-tenant.ts'
import { openState } from '../../src/upstream/state/state.ts'
import { directoryForTest } from '../support/directory.ts'
import { app, call, list, reply } from '../upstream/client-of-server.ts'
import { serverForTest } from '../upstream/server-for-test.ts'

/** A connector of the settings, whose key stands for its tenant. */
const of = (
  alias: string,
  given: Partial<ConnectorConfig> & { url?: string } = {},
): ConnectorConfig => {
  const { keyId = 'k1' } = given
  return {
    alias,
    url: 'http://127.0.0.1:9/v1',
    rate: 100,
    burst: 100,
    key: async () => keyId,
    keyId,
    webhookSecrets: () => [`psws_of_${alias}`],
    ...given,
  }
}

const openWith = (...connectors: readonly ConnectorConfig[]) => open({}, ...connectors)

const open = (
  files: Pick<ConnectorFiles, 'evidenceOf'> & { readonly answers?: KeptAnswers },
  ...connectors: readonly ConnectorConfig[]
) => {
  const state = openState(':memory:')
  const ends: (() => Promise<void> | void)[] = []
  const served = openConnectors(
    {
      config: readConfig({}, directoryForTest()),
      log: createLog({ level: 'silent', readable: false, destination: new Writable() }),
      clock: systemClock,
      turns: createTurns(),
      readAgain: undefined,
      opens: end => ends.push(end),
      say: () => undefined,
      onProblem: () => undefined,
    },
    connectors,
    {
      ...{ state, events: { sequenceBefore: async () => 0, after: async () => [] } },
      ...{ answers: undefined, ...files },
    },
    createMetrics(),
  )
  onTestFinished(async () => {
    for (const end of ends) await end()
    state.close()
  })
  const clientOf = (alias: string) => {
    const found = served.clients().find(client => client.alias === alias)
    if (found === undefined) throw new Error(`no ${alias}`)
    return found.client
  }
  return { served, clientOf }
}

describe('connectors in place of others', () => {
  it('have the answers to all that are removed deleted, one after another, though some cannot be', async () => {
    const deleted: string[] = []
    let [underWay, most] = [0, 0]
    const forgetConnector = async (alias: string): Promise<number> => {
      most = Math.max(most, (underWay += 1))
      await new Promise(setImmediate)
      underWay -= 1
      deleted.push(alias)
      if (alias === 'c7') throw new Error('not now')
      return 1
    }
    const all = Array.from({ length: 300 }, (_, n) => `c${n}`)
    const { served } = open(
      { answers: { ...noAnswers, forgetConnector } },
      ...all.map(alias => of(alias)),
    )
    served.replace([of('c0')])
    await expect.poll(() => deleted).toEqual(all.slice(1))
    expect(most).toBe(1)
  })

  it('keep the answers of one that is among them again before its turn', async () => {
    const deleted: string[] = []
    const { promise: first, resolve: go } = Promise.withResolvers<undefined>()
    const forgetConnector = async (alias: string): Promise<number> => {
      await first
      return deleted.push(alias)
    }
    const all = ['a', 'b', 'c', 'd'].map(alias => of(alias))
    const { served } = open({ answers: { ...noAnswers, forgetConnector } }, ...all)
    served.replace([of('a')])
    served.replace([of('a'), of('c')])
    go(undefined)
    await expect.poll(() => deleted).toContain('d')
    expect(deleted).toEqual(['b', 'd'])
  })

  it('say what became of each', () => {
    const { served } = openWith(
      of('same'),
      of('gone'),
      of('key'),
      of('url'),
      of('limits'),
      of('secrets'),
    )
    expect(
      served.replace([
        of('same'),
        of('key', { keyId: 'k2' }),
        of('url', { url: 'http://127.0.0.1:10/v1' }),
        of('limits', { burst: 7 }),
        of('secrets', { webhookSecrets: () => ['psws_other'] }),
        of('new'),
      ]),
    ).toEqual({
      added: ['new'],
      removed: ['gone'],
      replaced: ['key', 'url'],
      limited: ['limits'],
      secrets: ['secrets'],
    })
    expect(served.secretsOf('secrets')).toEqual(['psws_other'])
    expect([served.secretsOf('gone'), served.store.connector('gone')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('are the same ones with the same rows where the address and the key are', () => {
    const { served, clientOf } = openWith(of('a'))
    const [client, store] = [clientOf('a'), served.store.connector('a')]
    const { connectors } = served.store
    served.replace([of('a', { rate: 3 })])
    expect([clientOf('a'), served.store.connector('a')]).toEqual([client, store])
    expect(client.rateLimit()).toMatchObject({ limit: 3 })
    // Answers that rest on them hold.
    expect(served.store.connectors).toBe(connectors)
  })

  it('are none of them where one cannot be made', () => {
    const { served } = openWith(of('a'))
    const { connectors } = served.store
    const bad = of('c', { url: 'no address' })
    expect(() => served.replace([of('a', { rate: 3 }), of('b'), bad])).toThrow('URL')
    expect(served.store.connectors).toBe(connectors)
    expect(served.secretsOf('b')).toBeUndefined()
    expect(served.clients().map(({ client }) => client.rateLimit().limit)).toEqual([100])
  })

  it('read nothing that was read with another key, and spend within one limit with it', async () => {
    const server = await serverForTest((request, response) => {
      reply(response, list([app(`of ${String(request.headers['x-api-key'])}`)]))
    })
    const { url } = server
    const { served, clientOf } = openWith(of('a', { url, rate: 0.1, burst: 2 }))
    const rows = async (): Promise<unknown> => {
      const store = served.store.connector('a')
      await store?.scan('apps', 0).until(() => false, call())
      return [...(store?.table('apps').values() ?? [])].map(({ id }) => id)
    }
    expect(await rows()).toEqual(['of k1'])
    served.replace([of('a', { url, rate: 0.1, burst: 2, keyId: 'k2' })])
    expect(served.store.connector('a')?.peek('apps')).toBeUndefined()
    expect(await rows()).toEqual(['of k2'])
    expect(clientOf('a').rateLimit().available).toBe(0)
    expect(served.requestsMade()).toBe(2)
  })
})

it('tell whose they are to those alone who see them', async () => {
  const server = await serverForTest((_request, response) => {
    reply(response, list([]))
  })
  // All that is known of the former tenant is that there was one.
  const evidence: TenantEvidence = {
    hasAny: async () => Promise.resolve(true),
    lists: async () => Promise.resolve(['employees']),
    knows: async () => Promise.resolve(false),
    isServedElsewhere: async () => Promise.resolve(false),
  }
  const { served } = open(
    { evidenceOf: () => evidence },
    of('a', { url: server.url }),
    of('b', { url: server.url }),
  )
  await served.periodsOf('a')
  served.replace([of('a', { url: server.url, keyId: 'k2' }), of('b', { url: server.url })])
  await served.periodsOf('a')
  const told = (...seen: string[]) => served.notices({ connectors: new Set(seen) })
  expect(told('a', 'b')).toEqual([expect.stringMatching(/^Connector a is of another tenant/)])
  expect(served.notices({ connectors: undefined })).toEqual(told('a'))
  expect(told('b')).toEqual([])
})

describe('what is kept of Push’s answers', () => {
  const withAnswers = (...connectors: readonly ConnectorConfig[]) => {
    const forgotten: string[] = []
    const usage = { answers: 1, bytes: 1, bytesOf: new Map() }
    const answers: KeptAnswers = {
      ...noAnswers,
      usage: async () => new Map(['emea', 'apac', 'gone'].map(alias => [alias, usage])),
      forgetConnector: async alias => forgotten.push(alias),
    }
    return { ...open({ answers }, ...connectors), forgotten }
  }

  it('goes with the connector that is removed, and of those that were before the start', async () => {
    const { served, forgotten } = withAnswers(of('emea'), of('apac'))
    await served.forgetOthers()
    await expect.poll(() => forgotten).toEqual(['gone'])
    served.replace([of('apac')])
    await expect.poll(() => forgotten).toEqual(['gone', 'emea'])
  })

  it('is not deleted by age where nobody has tried the connector yet', () => {
    expect(withAnswers(of('emea'), of('apac')).served.spared()).toEqual({
      connectors: ['emea', 'apac'],
      answers: [],
    })
  })
})
