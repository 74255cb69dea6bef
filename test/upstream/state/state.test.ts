import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fullBucket } from '../../../src/upstream/limiter/bucket.ts'
import { StateError } from '../../../src/upstream/state/state-file.ts'
import { openState, stateId } from '../../../src/upstream/state/state.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'

const limits = { rate: 10, burst: 10 }
const newFile = (): string => join(directoryForTest(), 'data', 'state.db')

const open = (path: string, options: Parameters<typeof openState>[1] = {}) => {
  const state = openState(path, options)
  onTestFinished(() => {
    state.close()
  })
  return state
}

describe('the state file', () => {
  it('brings back levels, leases, facts, sizes and measures after a restart', () => {
    const path = newFile()
    const clock = createFakeClock()
    const bucket = {
      ...fullBucket(clock.now(), limits),
      level: 2.5,
      slowedTo: 5,
      leases: [{ id: 'one', expiresAt: clock.now() + 1000 }],
    }
    const first = openState(path, { clock })
    first.bucket('a').update(() => [bucket, undefined])
    first.facts('a').set('offset', 'works')
    first.sizes('a').set('accounts', 12_000, 1_700_000_000)
    first.measures('a').set('latencyMs', 120.5)
    first.close()

    const second = open(path, { clock })
    expect(second.bucket('a').peek()).toEqual(bucket)
    expect([...second.facts('a').all()]).toEqual([['offset', 'works']])
    expect(second.sizes('a').get('accounts')).toEqual({
      rows: 12_000,
      at: clock.now(),
      newest: 1_700_000_000,
    })
    expect(second.measures('a').get('latencyMs')?.value).toBe(120.5)
  })

  it('keeps what belongs to one key from another', () => {
    const state = open(newFile())
    state.facts('a').set('offset', 'works')
    state.sizes('a').set('accounts', 1)
    state.bucket('a').update(() => [fullBucket(0, limits), undefined])
    expect(state.facts('b').get('offset')).toBeUndefined()
    expect(state.facts('b').all().size).toBe(0)
    expect(state.sizes('b').get('accounts')).toBeUndefined()
    expect(state.bucket('b').peek()).toBeUndefined()
  })

  it('shows the changes of one process to the others at once', () => {
    const path = newFile()
    const one = open(path)
    const other = open(path)
    one.bucket('a').update(() => [{ ...fullBucket(0, limits), level: 4 }, undefined])
    const seen = other
      .bucket('a')
      .update(bucket => [{ ...fullBucket(0, limits), level: 3 }, bucket?.level])
    expect(seen).toBe(4)
    expect(one.bucket('a').peek()?.level).toBe(3)
    one.facts('a').set('byId accounts', 'no')
    expect(other.facts('a').get('byId accounts')).toBe('no')
  })

  it('shows them to whoever only has a look within a second', async () => {
    const path = newFile()
    const clock = createFakeClock()
    const one = open(path, { clock })
    const other = open(path, { clock })
    const level = (bucket = 0) => ({ ...fullBucket(0, limits), level: bucket })
    one.bucket('a').update(() => [level(4), undefined])
    const keeper = other.bucket('a')
    expect(keeper.glance()?.level).toBe(4)
    expect(other.facts('a').get('offset')).toBeUndefined()
    expect(other.sizes('a').get('accounts')).toBeUndefined()

    one.bucket('a').update(() => [level(3), undefined])
    one.facts('a').set('offset', 'works')
    one.sizes('a').set('accounts', 12_000)
    await clock.advance(1_000)
    expect(keeper.glance()?.level).toBe(3)
    expect(other.facts('a').get('offset')).toBe('works')
    expect(other.sizes('a').get('accounts')?.rows).toBe(12_000)
  })

  it('shows a process its own changes at once, wherever it looks', () => {
    const state = open(newFile(), { clock: createFakeClock() })
    const keeper = state.bucket('a')
    const [facts, sizes] = [state.facts('a'), state.sizes('a')]
    expect([keeper.glance(), facts.get('offset'), sizes.get('accounts')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    keeper.update(() => [{ ...fullBucket(0, limits), level: 2 }, undefined])
    state.facts('a').set('offset', 'works')
    state.sizes('a').set('accounts', 7)
    expect(keeper.glance()?.level).toBe(2)
    expect([...facts.all()]).toEqual([['offset', 'works']])
    expect(sizes.get('accounts')?.rows).toBe(7)
  })

  it('never holds the key itself', () => {
    const path = newFile()
    const key = 'psk_very-secret-0123456789'
    const state = openState(path)
    const id = stateId('https://api.example/v1', key)
    state.bucket(id).update(() => [fullBucket(0, limits), undefined])
    state.close()
    expect(id).not.toContain(key)
    expect(readFileSync(path).includes(key)).toBe(false)
    expect(stateId('https://other.example/v1', key)).not.toBe(id)
  })

  it('lets a new key go on with what belonged to the old one', () => {
    const path = newFile()
    const state = openState(path)
    state.succeed('new', 'old')
    state.close()
    const later = open(path)
    expect(later.keptAs('new')).toBe('old')
    expect(later.keptAs('old')).toBe('old')
    expect(later.keptAs('another')).toBe('another')
    // Whoever finds out later does not lead it elsewhere.
    later.succeed('new', 'another')
    expect(later.keptAs('new')).toBe('old')
  })

  it('remembers what the newest thousand questions came to, and never their words', () => {
    const path = newFile()
    const clock = createFakeClock()
    const sizes = open(path, { clock }).sizes('a')
    const question = (n: number): string => `accounts of ann@example.com, ${n}`
    for (let n = 0; n < 1_500; n += 1) {
      clock.jump(1)
      sizes.see(question(n), n)
    }
    const kept = open(path, { clock }).sizes('a')
    expect(kept.seen(question(1_499))).toBe(1_499)
    expect(kept.seen(question(600))).toBe(600)
    expect(kept.seen(question(399))).toBeUndefined()
    expect(open(path).sizes('b').seen(question(1_499))).toBeUndefined()
    const files = readdirSync(join(path, '..')).map(name => readFileSync(join(path, '..', name)))
    for (const file of files) expect(file.includes('ann@example.com')).toBe(false)
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
  ])('is set aside and begun anew with an empty bucket: %s', (_, from, until) => {
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
    expect(state.bucket('a').peek()).toMatchObject({ level: 0, at: clock.now(), leases: [] })
    state.bucket('a').update(bucket => [{ ...fullBucket(0, limits), ...bucket }, undefined])
    state.close()
    // The next start finds a file like any other.
    const again = open(path)
    expect(again.bucket('a').peek()).toMatchObject({ level: 0 })
    expect(again.bucket('b').peek()).toBeUndefined()
  })

  it('is refused with a sentence when another program has locked it', { timeout: 30_000 }, () => {
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
  const level = (to: number) => () => [{ ...fullBucket(0, limits), level: to }, undefined] as const

  it('goes on in memory with one warning, and writes again later', async () => {
    const { clock, messages, state, other } = setUp()
    const bucket = state.bucket('a')
    bucket.update(level(9))
    other.exec('BEGIN IMMEDIATE')
    bucket.update(level(5))
    bucket.update(level(4))
    state.facts('a').set('offset', 'works')
    state.sizes('a').set('apps', 300)
    expect(bucket.peek()?.level).toBe(4)
    expect(state.facts('a').get('offset')).toBe('works')
    expect([...state.facts('a').all().keys()]).toEqual(['offset'])
    expect(state.sizes('a').get('apps')?.rows).toBe(300)
    expect(messages).toEqual([expect.stringMatching(/^warn The state file cannot be used \(/)])

    other.exec('COMMIT')
    await clock.advance(5000)
    bucket.update(present => [present ?? fullBucket(0, limits), undefined])
    expect(messages[1]).toMatch(/^info /)
    expect(other.prepare('SELECT level FROM bucket').get()).toEqual({ level: 4 })
    expect(other.prepare('SELECT verdict FROM fact').get()).toEqual({ verdict: 'works' })
  })

  it('believes the worse of memory and file when it comes back', async () => {
    const { clock, state, other } = setUp()
    const bucket = state.bucket('a')
    bucket.update(level(9))
    other.exec('BEGIN IMMEDIATE')
    bucket.update(level(6))
    other.exec('UPDATE bucket SET level = 1; COMMIT')
    await clock.advance(5000)
    expect(bucket.update(present => [present ?? fullBucket(0, limits), present?.level])).toBe(1)
  })

  it('hides no bug of a change behind the memory', () => {
    const { state } = setUp()
    const bucket = state.bucket('a')
    expect(() =>
      bucket.update(() => {
        throw new TypeError('a bug')
      }),
    ).toThrow('a bug')
    bucket.update(level(2))
    expect(bucket.peek()?.level).toBe(2)
  })

  it('takes late news quietly after it was closed', () => {
    const state = openState(newFile())
    const bucket = state.bucket('a')
    bucket.update(level(7))
    state.close()
    expect(bucket.update(present => [present ?? fullBucket(0, limits), present?.level])).toBe(7)
    expect(state.facts('a').get('offset')).toBeUndefined()
  })
})
