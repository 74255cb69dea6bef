/** Whose a key is that is another than the one before: of the same tenant, of another one, or not known yet. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { UpstreamRefusedError, UpstreamUnavailableError } from '../../src/errors.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { createKeyTenant, type TenantEvidence } from '../../src/upstream/key-tenant.ts'
import { createKeys } from '../../src/upstream/state/keys.ts'
import { createLimiter } from '../../src/upstream/limiter/limiter.ts'
import { openState, stateId } from '../../src/upstream/state/state.ts'
import { createFakeClock } from '../support/clock.ts'
import { fails } from './client-of-server.ts'

const url = 'https://push.example/v1'
const limits = { rate: 10, burst: 10 }

/** What each key reads of each list at Push: ids, or a failure. */
type Push = (key: string, name: CollectionName) => readonly string[] | Error

const worldForTest = (push: Push = () => []) => {
  const clock = createFakeClock()
  const state = openState(':memory:', { clock })
  onTestFinished(() => state.close())
  const asked: string[] = []
  const said: string[] = []
  let others = 0
  /** Known objects by list; of a list without any, its name alone is known. */
  const known = new Map<CollectionName, readonly string[]>([['employees', ['ann', 'bob']]])
  const evidence: TenantEvidence = {
    hasAny: async () => Promise.resolve(known.size > 0),
    lists: async () => Promise.resolve([...known.keys()]),
    knows: async (_former, name, ids) =>
      Promise.resolve(ids.some(id => known.get(name)?.includes(id) === true)),
    isServedElsewhere: async () => {
      await clock.advance(elsewhere.tookMs)
      return elsewhere.is
    },
  }
  const elsewhere = { is: false, tookMs: 0 }
  /** A process that reads its key there. */
  const open = (key: () => string, of: TenantEvidence | undefined = evidence) => {
    const keyTenant = createKeyTenant({
      ...{ alias: 'acme', url, state, clock, evidence: of },
      keys: createKeys('acme', key, clock),
      log: (level, message) => said.push(`${level} ${message}`),
      firstIds: async (name, with_) => {
        asked.push(`${with_} ${name}`)
        const found = push(with_, name)
        if (found instanceof Error) throw found
        return Promise.resolve(found)
      },
      onOther: () => (others += 1),
    })
    return keyTenant
  }
  return { clock, state, open, asked, said, known, elsewhere, others: () => others }
}

const id = (key: string): string => stateId(url, key)

describe('the first key of a connector, and the same one again', () => {
  it('is known at once, without a question', async () => {
    const { open, asked, state } = worldForTest()
    for (let times = 0; times < 2; times += 1) {
      const { keys, tenure } = open(() => 'old')
      expect(keys.known()).toBe('old')
      expect(await keys.current()).toBe('old')
      expect([tenure.doubt(), tenure.periods(), tenure.tookPlace()]).toEqual([
        undefined,
        undefined,
        false,
      ])
    }
    expect(asked).toEqual([])
    expect(state.keptAs(id('old'))).toBe(id('old'))
  })
})

describe('another key', () => {
  it('of which the first page has an object that is known goes on with what is kept, for one request', async () => {
    const { open, asked, state, said } = worldForTest(() => ['new hire', 'bob'])
    await open(() => 'old').tenure.settle()
    const { keys, tenure } = open(() => 'new')
    expect(keys.known()).toBeUndefined()
    expect(tenure.doubt()).toMatch(/not known yet/)
    // Several who come at once ask once.
    expect(await Promise.all([keys.current(), keys.current()])).toEqual(['new', 'new'])
    expect(keys.known()).toBe('new')
    expect(asked).toEqual(['new employees'])
    expect(state.keptAs(id('new'))).toBe(id('old'))
    expect(tenure.periods()).toBeUndefined()
    expect(said).toEqual([expect.stringMatching(/^info .* of the same tenant/)])
    // It is known from then on, to whoever comes next; and so is the one after it.
    expect(open(() => 'new').keys.known()).toBe('new')
    await open(() => 'third').tenure.settle()
    expect(state.keptAs(id('third'))).toBe(id('old'))
  })

  it.each([
    ['none', ['eve']],
    ['no object at all', []],
  ])('of which the first page has %s that is known begins anew', async (_what, ids) => {
    const { open, asked, state, said, clock } = worldForTest(() => ids)
    await open(() => 'old').tenure.settle()
    await clock.advance(5_000)
    const openedAt = clock.now()
    const { keys, tenure } = open(() => 'new')
    // Nothing from before may be seen as long as nobody knows.
    expect(tenure.periods()).toEqual([{ from: openedAt, until: Infinity }])
    await clock.advance(1_000)
    expect(await keys.current()).toBe('new')
    expect(asked).toEqual(['new employees'])
    expect(state.keptAs(id('new'))).toBe(id('new'))
    expect(tenure.tookPlace()).toBe(true)
    expect(tenure.periods()).toEqual([{ from: openedAt, until: Infinity }])
    expect(said).toEqual([expect.stringMatching(/^warn .* another tenant's/)])
    // Pointed back, the connector has what it had, and nothing of what came between.
    await clock.advance(1_000)
    const backAt = clock.now()
    const back = open(() => 'old').tenure
    await back.settle()
    expect(back.periods()).toEqual([
      { from: 0, until: openedAt },
      { from: backAt, until: Infinity },
    ])
  })

  it('that may not read a list is known by another one', async () => {
    const refused = new UpstreamRefusedError('no', 403)
    const { open, asked, known, state } = worldForTest((_key, name) =>
      name === 'employees' ? refused : ['account'],
    )
    known.set('accounts', ['account'])
    await open(() => 'old').tenure.settle()
    await open(() => 'new').tenure.settle()
    expect(asked).toEqual(['new employees', 'new accounts'])
    expect(state.keptAs(id('new'))).toBe(id('old'))
  })

  it('that may read nothing decides nothing', async () => {
    const refused = new UpstreamRefusedError('no', 403)
    const { open } = worldForTest(() => refused)
    await open(() => 'old').tenure.settle()
    const { keys, tenure } = open(() => 'new')
    expect(await fails(keys.current())).toBe(refused)
    expect(tenure.doubt()).toBe('no')
    expect(tenure.tookPlace()).toBe(false)
  })

  it('decides nothing while Push fails, and is asked about again', async () => {
    const away = new UpstreamUnavailableError('Push is away')
    let answer: readonly string[] | Error = away
    const { open, asked, state } = worldForTest(() => answer)
    await open(() => 'old').tenure.settle()
    const { keys, tenure } = open(() => 'new')
    expect(await fails(keys.current())).toBe(away)
    expect(await tenure.settle()).toBe(false)
    expect([keys.known(), tenure.doubt(), tenure.tookPlace()]).toEqual([
      undefined,
      'Push is away',
      false,
    ])
    expect(state.keptAs(id('new'))).toBe(id('new'))
    answer = ['ann']
    expect(await tenure.settle()).toBe(true)
    expect(tenure.doubt()).toBeUndefined()
    expect(state.keptAs(id('new'))).toBe(id('old'))
    expect(asked).toHaveLength(3)
  })

  it('decides nothing where what is stored cannot be read', async () => {
    const { open } = worldForTest()
    await open(() => 'old').tenure.settle()
    const broken: TenantEvidence = {
      hasAny: () => Promise.reject(new Error('the disk')),
      lists: () => Promise.reject(new Error('the disk')),
      knows: () => Promise.reject(new Error('the disk')),
      isServedElsewhere: () => Promise.reject(new Error('the disk')),
    }
    const error = await fails(open(() => 'new', broken).keys.current())
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(String(error)).not.toContain('the disk')
  })

  it('goes on without a question where nothing is kept that could be given to somebody else', async () => {
    const { open, asked, known, state } = worldForTest()
    await open(() => 'old').tenure.settle()
    known.clear()
    await open(() => 'new').tenure.settle()
    expect(asked).toEqual([])
    expect(state.keptAs(id('new'))).toBe(id('old'))
  })

  it('begins anew where another connector spends on it already, whose limit is the one that counts', async () => {
    const { open, state, clock } = worldForTest(() => ['ann'])
    await open(() => 'old').tenure.settle()
    state.limiters.set(id('new'), createLimiter(state.bucket(id('new')), clock, limits))
    await open(() => 'new').tenure.settle()
    expect(state.keptAs(id('new'))).toBe(id('new'))
  })

  it('of another tenant is not served while others serve the connector as that of the one before', async () => {
    const { open, elsewhere } = worldForTest(() => ['eve'])
    await open(() => 'old').tenure.settle()
    elsewhere.is = true
    const { keys, tenure } = open(() => 'new')
    expect(await fails(keys.current())).toMatchObject({ code: 'FORBIDDEN' })
    expect(tenure.doubt()).toMatch(/not served here until they have stopped/)
    expect(tenure.tookPlace()).toBe(false)
    expect(await tenure.takesDeliveries()).toBe(false)
    // A third process finds all as it was.
    expect(open(() => 'old').tenure.periods()).toBeUndefined()
    Object.assign(elsewhere, { is: false, tookMs: 1 })
    // What came before it began is sent again.
    expect(await tenure.takesDeliveries()).toBe(false)
    expect(tenure.tookPlace()).toBe(true)
    expect(await tenure.takesDeliveries()).toBe(true)
  })

  it('of another tenant is shown nothing that others stored as the one before since it was opened', async () => {
    const { open, elsewhere, clock } = worldForTest(() => ['eve'])
    await open(() => 'old').tenure.settle()
    elsewhere.is = true
    const { tenure } = open(() => 'new')
    const openedAt = clock.now()
    expect(tenure.since()).toBe(openedAt)
    expect(await tenure.settle()).toBe(false)
    expect(tenure.periods()).toEqual([])
    await clock.advance(600_000)
    elsewhere.is = false
    expect(await tenure.settle()).toBe(true)
    expect(tenure.periods()).toEqual([{ from: openedAt + 600_000, until: Infinity }])
    expect(tenure.since()).toBe(openedAt + 600_000)
  })

  it('is shown nothing of theirs either where they stop while Push cannot be asked', async () => {
    let answer: readonly string[] | Error = new UpstreamUnavailableError('Push is away')
    const { open, elsewhere, clock } = worldForTest(() => answer)
    await open(() => 'old').tenure.settle()
    elsewhere.is = true
    const { tenure } = open(() => 'new')
    expect(await tenure.settle()).toBe(false)
    expect(tenure.periods()).toEqual([])
    await clock.advance(600_000)
    elsewhere.is = false
    expect(await tenure.settle()).toBe(false)
    const freeAt = clock.now()
    await clock.advance(1_000)
    // It is taken from then on, be it whose it is.
    expect(await tenure.takesDeliveries()).toBe(true)
    answer = ['eve']
    expect(await tenure.settle()).toBe(true)
    expect(tenure.periods()).toEqual([{ from: freeAt, until: Infinity }])
  })

  it('of the same tenant takes deliveries beside others that serve it with the one before', async () => {
    const { open, elsewhere } = worldForTest(() => ['ann'])
    await open(() => 'old').tenure.settle()
    elsewhere.is = true
    expect(await open(() => 'new').tenure.takesDeliveries()).toBe(true)
  })

  it('of another tenant is asked about once, however often it is not served', async () => {
    const { open, elsewhere, asked } = worldForTest(() => ['eve'])
    await open(() => 'old').tenure.settle()
    elsewhere.is = true
    const { keys, tenure } = open(() => 'new')
    for (let times = 0; times < 3; times += 1)
      expect(await fails(keys.current())).toMatchObject({ code: 'FORBIDDEN' })
    elsewhere.is = false
    expect(await tenure.settle()).toBe(true)
    expect(asked).toEqual(['new employees'])
  })

  it('of a tenant that the connector was of before the last one is of another one, whatever is known', async () => {
    let ids = ['eve']
    const { open, asked, state, clock } = worldForTest(() => ids)
    await open(() => 'old').tenure.settle()
    await clock.advance(1_000)
    const awayAt = clock.now()
    await open(() => 'new').tenure.settle()
    await clock.advance(1_000)
    const backAt = clock.now()
    ids = ['ann']
    const { tenure } = open(() => 'old')
    await tenure.settle()
    expect(asked).toEqual(['new employees'])
    expect([state.keptAs(id('old')), state.keptAs(id('new'))]).toEqual([id('old'), id('new')])
    expect(tenure.periods()).toEqual([
      { from: 0, until: awayAt },
      { from: backAt, until: Infinity },
    ])
  })

  it('is known by what is stored of the times of the one before alone', async () => {
    const { open, known, clock } = worldForTest(() => ['eve'])
    await open(() => 'old').tenure.settle()
    await clock.advance(1_000)
    await open(() => 'new').tenure.settle()
    const openedAt = clock.now()
    const asked: unknown[] = []
    const evidence: TenantEvidence = {
      hasAny: async former => Promise.resolve(asked.push(former) > 0),
      lists: async former => Promise.resolve(asked.push(former) > 0 ? [...known.keys()] : []),
      knows: async former => Promise.resolve(asked.push(former) === 0),
      isServedElsewhere: async () => Promise.resolve(false),
    }
    await open(() => 'third', evidence).tenure.settle()
    const former = { tenant: id('new'), periods: [{ from: openedAt, until: Infinity }] }
    expect(asked).toEqual([former, former, former])
  })
})

describe('a key that takes the place of one in use', () => {
  const replaced = async (ids: readonly string[]) => {
    const world = worldForTest(() => ids)
    let key = 'old'
    const { keys } = world.open(() => key)
    await keys.current()
    key = 'new'
    return { ...world, keys, came: await keys.replace('old').catch((error: unknown) => error) }
  }

  it('goes on where it is of the same tenant', async () => {
    const { came, state, others } = await replaced(['ann'])
    expect(came).toBe('new')
    expect(state.keptAs(id('new'))).toBe(id('old'))
    expect(others()).toBe(0)
  })

  it('is not used where it is of another one: what was read before must not be given with it', async () => {
    const { came, state, others, keys } = await replaced(['eve'])
    expect(came).toMatchObject({ code: 'FORBIDDEN' })
    expect(others()).toBe(1)
    expect(keys.known()).toBeUndefined()
    expect(state.keptAs(id('new'))).toBe(id('new'))
  })
})
