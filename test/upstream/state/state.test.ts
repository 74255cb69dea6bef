import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BucketKeeper } from '../../../src/upstream/limiter/bucket-keeper.ts'
import { StateError } from '../../../src/upstream/state/state-file.ts'
import { openState, stateId } from '../../../src/upstream/state/state.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import {
  bucketStep,
  describeState,
  distinctMoments,
  takeTokens,
} from '../../support/state-suite.ts'

const limits = { rate: 10, burst: 10 }
const newFile = (): string => join(directoryForTest(), 'data', 'state.db')

const open = (path: string, options: Parameters<typeof openState>[1] = {}) => {
  const state = openState(path, options)
  let isClosed = false
  const close = (): void => {
    if (!isClosed) state.close()
    isClosed = true
  }
  onTestFinished(close)
  return { ...state, close }
}

describeState('a file', () => {
  const path = newFile()
  const clock = distinctMoments()
  return Promise.resolve({
    open: () => Promise.resolve(open(path, { clock })),
    dump: () => {
      const files = readdirSync(join(path, '..')).map(name => readFileSync(join(path, '..', name)))
      return Promise.resolve(files.map(file => file.toString('latin1')).join('\n'))
    },
  })
})

describe('the state file', () => {
  it('brings back levels and leases after a restart', async () => {
    const path = newFile()
    const clock = createFakeClock()
    const first = openState(path, { clock })
    const out = await takeTokens(first.bucket('a'), 4)
    first.bucket('a').step(bucketStep({ settled: out.slice(0, 3) }))
    const bucket = first.bucket('a').peek(limits)
    expect(bucket).toMatchObject({ level: 7, leases: [{ id: 'request 3' }] })
    first.close()
    expect(open(path, { clock }).bucket('a').peek(limits)).toEqual(bucket)
  })

  it('shows what one process did to whoever takes a token next, and to whoever only has a look within a second', async () => {
    const path = newFile()
    const clock = createFakeClock()
    const [one, other] = [open(path, { clock }).bucket('a'), open(path, { clock }).bucket('a')]
    const on = (keeper: BucketKeeper): number => keeper.glance(limits).leases.length
    await takeTokens(one, 4, 'one')
    expect(on(other)).toBe(4)
    expect(await takeTokens(other, 9, 'other')).toHaveLength(6)
    expect(one.peek(limits).leases.length).toBe(10)
    expect(on(other)).toBe(10)
    one.step(bucketStep({ returned: ['other 0'] }))
    expect([on(one), on(other)]).toEqual([9, 10])
    await clock.advance(1_000)
    expect(on(other)).toBe(9)
  })

  it('never holds the key itself', async () => {
    const path = newFile()
    const key = 'psk_very-secret-0123456789'
    const state = openState(path)
    const id = stateId('https://api.example/v1', key)
    await takeTokens(state.bucket(id), 1)
    state.close()
    expect(id).not.toContain(key)
    expect(readFileSync(path).includes(key)).toBe(false)
    expect(stateId('https://other.example/v1', key)).not.toBe(id)
  })
})

describe('a state file that cannot be used', () => {
  const written = (): string => {
    const path = newFile()
    const state = openState(path)
    for (let n = 0; n < 400; n += 1) state.facts('a').set(`fact ${n}`, 'x'.repeat(100))
    state.close()
    return path
  }

  const execute = (path: string, sql: string): void => {
    const database = new DatabaseSync(path)
    database.exec(sql)
    database.close()
  }

  const damage = (path: string, from: number, until: number): void => {
    const bytes = readFileSync(path)
    bytes.fill(0x5a, from, until)
    writeFileSync(path, bytes)
  }

  it.each([
    {
      case: 'of a newer version',
      says: /written by another version of Pushgraph \(its schema is 99/,
      spoil: (path: string) => {
        execute(path, 'PRAGMA user_version = 99')
      },
    },
    {
      case: 'of another program',
      says: /is not a state file of Pushgraph/,
      spoil: (path: string) => {
        writeFileSync(path, '')
        execute(path, 'CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)')
      },
    },
  ])('is refused with a sentence and left as it is: $case', ({ says, spoil }) => {
    const path = written()
    spoil(path)
    const before = readFileSync(path)
    expect(() => openState(path)).toThrow(
      expect.objectContaining({
        constructor: StateError,
        message: expect.stringMatching(says) as string,
      }),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(join(path, '..'))).toEqual(['state.db'])
  })

  it.each([
    ['damaged in its header', 0, 64],
    ['damaged inside', 12_288, 30_000],
    ['no database at all', 0, 60_000],
  ])('is set aside and begun anew with an empty bucket: %s', async (_, from, until) => {
    const path = written()
    damage(path, from, until)
    const before = readFileSync(path)
    const clock = createFakeClock()
    const messages: string[] = []
    const state = openState(path, {
      clock,
      log: (level, message) => messages.push(`${level} ${message}`),
    })
    const aside = `${path}.damaged-${clock.now()}`
    expect(messages).toEqual([
      expect.stringMatching(/^warn .*state\.db was damaged: it is kept as/),
    ])
    expect(messages[0]).toContain(aside)
    expect(readFileSync(aside).equals(before)).toBe(true)
    expect(state.facts('a').all().size).toBe(0)
    expect(state.bucket('a').peek(limits)).toMatchObject({ level: 0, at: clock.now(), leases: [] })
    expect(await takeTokens(state.bucket('a'), 1)).toEqual([])
    state.close()
    // The next start finds a file like any other.
    const again = open(path, { clock })
    expect(again.bucket('a').peek(limits)).toMatchObject({ level: 0 })
    expect(again.bucket('b').peek(limits)).toMatchObject({ level: 10 })
  })

  it('is refused with a sentence when another program has locked it', () => {
    const path = written()
    const other = new DatabaseSync(path)
    onTestFinished(() => {
      other.close()
    })
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM fact')
    expect(() => openState(path)).toThrow(/is locked by another program/)
  })

  it('is refused with a sentence where no file can be', () => {
    const path = join(directoryForTest(), 'file')
    writeFileSync(path, '')
    expect(() => openState(join(path, 'state.db'))).toThrow(/cannot be opened .*PUSHGRAPH_DATA_DIR/)
  })
})

describe('a state file that fails while it is in use', () => {
  const setUp = () => {
    const path = newFile()
    const clock = createFakeClock()
    const messages: string[] = []
    const state = open(path, {
      clock,
      log: (level, message) => messages.push(`${level} ${message}`),
    })
    const other = new DatabaseSync(path)
    onTestFinished(() => {
      if (other.isOpen) other.close()
    })
    return { path, clock, messages, state, other }
  }
  const levelOf = (keeper: BucketKeeper): number => keeper.peek(limits).level
  /** Spends so much of it for good. */
  const spend = async (keeper: BucketKeeper, count: number): Promise<number> => {
    await keeper.step(bucketStep({ settled: await takeTokens(keeper, count) }))
    return levelOf(keeper)
  }

  it('goes on in memory with one warning, and writes again later', async () => {
    const { clock, messages, state, other } = setUp()
    const bucket = state.bucket('a')
    expect(await spend(bucket, 1)).toBe(9)
    other.exec('BEGIN IMMEDIATE')
    await spend(bucket, 4)
    expect(await spend(bucket, 1)).toBe(4)
    state.facts('a').set('offset', 'works')
    state.sizes('a').set('apps', 300)
    expect(state.facts('a').get('offset')).toBe('works')
    expect([...state.facts('a').all().keys()]).toEqual(['offset'])
    expect(state.sizes('a').get('apps')?.rows).toBe(300)
    expect(messages).toEqual([expect.stringMatching(/^warn The state file cannot be used \(/)])

    other.exec('COMMIT')
    await clock.advance(5000)
    bucket.step(bucketStep({ limits: { rate: 1e-9, burst: 10 } }))
    expect(messages[1]).toMatch(/^info /)
    expect(other.prepare('SELECT round(level) AS level FROM bucket').get()).toEqual({ level: 4 })
    expect(other.prepare('SELECT verdict FROM fact').get()).toEqual({ verdict: 'works' })
  })

  it('believes the worse of memory and file when it comes back', async () => {
    const { clock, state, other } = setUp()
    const bucket = state.bucket('a')
    await spend(bucket, 1)
    other.exec('BEGIN IMMEDIATE')
    await spend(bucket, 3)
    other.exec('UPDATE bucket SET level = 1; COMMIT')
    await clock.advance(5000)
    bucket.step(bucketStep({ limits: { rate: 1e-9, burst: 10 } }))
    expect(levelOf(bucket)).toBeCloseTo(1)
  })

  it('hides no bug behind the memory', () => {
    const { state } = setUp()
    const bucket = state.bucket('a')
    expect(() => bucket.step({ ...bucketStep(), settled: undefined as never })).toThrow(
      'settled is not iterable',
    )
    bucket.step(bucketStep({ wanted: ['one'] }))
    expect(bucket.peek(limits).leases.length).toBe(1)
  })

  it('takes late news quietly after it was closed', async () => {
    const clock = createFakeClock()
    const state = openState(newFile(), { clock })
    const bucket = state.bucket('a')
    const out = await takeTokens(bucket, 3)
    state.close()
    bucket.step(bucketStep({ settled: out }))
    expect(levelOf(bucket)).toBe(7)
    expect(state.facts('a').get('offset')).toBeUndefined()
  })
})
