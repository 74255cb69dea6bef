import { describe, expect, test } from 'vitest'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createFakeClock, withoutRetryDelays } from '../../support/clock.ts'
import { callAt } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'

const call = callAt(systemClock, { deadline: Number.MAX_SAFE_INTEGER })
const byLastUse = { field: 'lastUsedAt', parameter: 'lastUsedTimestampAfter' }
const byEmail = { field: 'email', parameter: 'email' }

const connectorOver = async (switches: Partial<Switches> = {}, clock = withoutRetryDelays) => {
  const { standIn, store } = await graphForTest({ switches: { maxPage: 20, ...switches }, clock })
  return { standIn, connector: store.connector('default') as ConnectorStore }
}

const inTable = (connector: ConnectorStore): Set<string> =>
  new Set([...connector.table('accounts').values()].map(({ id }) => id))

/** A moment after which about a quarter of the accounts were used. */
const someMoment = ({ data }: StandIn): number => {
  const times = data.accounts.map(({ lastUsedTimestamp }) => lastUsedTimestamp ?? 0).toSorted()
  return times[Math.floor(times.length * 0.75)] ?? 0
}

const usedAfter = ({ data }: StandIn, seconds: number): string[] =>
  data.accounts
    .filter(({ lastUsedTimestamp }) => (lastUsedTimestamp ?? 0) > seconds)
    .map(({ id }) => id)

describe('what is later than a moment', () => {
  test.each(['exclusive', 'inclusive', 'wider', 'narrower'] as const)(
    'is all read where the bound is %s',
    async bounds => {
      const { standIn, connector } = await connectorOver({ bounds })
      const moment = someMoment(standIn)
      expect(await connector.readAfter('accounts', byLastUse, moment, call)).toBe('read')
      const read = inTable(connector)
      expect(usedAfter(standIn, moment).filter(id => !read.has(id))).toEqual([])
      expect(read.size).toBeLessThan(standIn.data.accounts.length / 2)
      expect(connector.table('accounts').after('lastUsedAt', moment)).toBeGreaterThan(0)
      expect(connector.table('accounts').after('lastUsedAt', moment + 1)).toBeGreaterThan(0)
      expect(connector.table('accounts').after('lastUsedAt', moment - 1)).toBeUndefined()
      expect(connector.byParameter('accounts', 'lastUsedTimestampAfter')).toBe(true)
    },
  )

  test.each(['ignored', 'widened', 'refused'] as const)(
    'is not to be had where the parameter is %s, and that is learnt once',
    async parameters => {
      const { standIn, connector } = await connectorOver({ parameters })
      const moment = someMoment(standIn)
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => connector.readAfter('accounts', byLastUse, moment, call)),
      )
      expect(new Set(answers)).toEqual(new Set(['unavailable']))
      expect(connector.byParameter('accounts', 'lastUsedTimestampAfter')).toBe(false)
      expect(connector.table('accounts').after('lastUsedAt', moment)).toBeUndefined()
      // A wrong row among many may stand on a later page.
      expect(standIn.statistics().requests).toBeLessThanOrEqual(parameters === 'widened' ? 12 : 2)
    },
  )

  test('loses a row that has gone, and with it the claim to know the whole', async () => {
    const clock = createFakeClock()
    const { standIn, connector } = await connectorOver({}, clock)
    const moment = someMoment(standIn)
    await connector.scan('accounts', 0).until(() => false, call, true)
    const [gone] = usedAfter(standIn, moment)
    standIn.remove('accounts', gone ?? '')
    await clock.advance(1_000)
    await connector.readAfter('accounts', byLastUse, moment, call)
    expect(connector.table('accounts').get(gone ?? '')).toBeUndefined()
    expect(connector.table('accounts').whole).toBeUndefined()
  })
})

describe('the rows of an address', () => {
  const someAddress = ({ data }: StandIn): string => data.accounts[7]?.email.toLowerCase() ?? ''
  const ofAddress = ({ data }: StandIn, address: string): string[] =>
    data.accounts.filter(({ email }) => email.toLowerCase() === address).map(({ id }) => id)

  test('are all read, in whatever letters, where Push does not mind letter case', async () => {
    const { standIn, connector } = await connectorOver({ emailCase: 'ignores' })
    for (const address of [someAddress(standIn), 'ana.contractor@partner.example', 'nobody@x.y']) {
      expect(await connector.readEmail('accounts', byEmail, address, call)).toBe('read')
      const read = inTable(connector)
      expect(ofAddress(standIn, address).filter(id => !read.has(id))).toEqual([])
      expect(connector.table('accounts').slice('email folded', address)).toBeGreaterThan(0)
    }
    expect(standIn.statistics().requests).toBeLessThanOrEqual(8)
  })

  test('are not to be had where Push minds letter case, and that is learnt once', async () => {
    const { standIn, connector } = await connectorOver({ emailCase: 'minds' })
    const address = someAddress(standIn)
    const read = () => connector.readEmail('accounts', byEmail, address, call)
    const answers = await Promise.all(Array.from({ length: 20 }, read))
    expect(new Set(answers)).toEqual(new Set(['unavailable']))
    const asked = standIn.statistics().requests
    expect(asked).toBeLessThanOrEqual(2)
    expect(await read()).toBe('unavailable')
    expect(standIn.statistics().requests).toBe(asked)
  })

  test.each(['ignored', 'widened', 'refused'] as const)(
    'are not to be had where the parameter is %s, and that is no error',
    async parameters => {
      const { standIn, connector } = await connectorOver({ parameters })
      const read = () => connector.readEmail('accounts', byEmail, someAddress(standIn), call)
      expect(await read()).toBe('unavailable')
      expect(connector.byParameter('accounts', 'email')).toBe(false)
      const asked = standIn.statistics().requests
      expect(await read()).toBe('unavailable')
      expect(standIn.statistics().requests).toBe(asked)
    },
  )

  test('cannot be learnt of from an empty collection, which is no mistake', async () => {
    const { standIn, connector } = await connectorOver()
    for (const { id } of [...standIn.data.accounts]) standIn.remove('accounts', id)
    expect(await connector.readEmail('accounts', byEmail, 'a@b.c', call)).toBe('unavailable')
    expect(connector.byParameter('accounts', 'email')).toBeUndefined()
  })
})
