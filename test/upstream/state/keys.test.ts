import { describe, expect, it } from 'vitest'
import { keyFromCommand } from '../../../src/config/key.ts'
import { KeyUnreadableError, createKeys } from '../../../src/upstream/state/keys.ts'
import { createFakeClock, settle } from '../../support/clock.ts'

const unreadable =
  'The key of connector default cannot be read. Check the file or command that gives it.'

const setUp = (given: readonly (string | Error)[], late = false) => {
  const clock = createFakeClock()
  let reads = 0
  const read = (): string | Promise<string> => {
    const key = given[Math.min(reads, given.length - 1)] as string | Error
    reads += 1
    if (key instanceof Error) throw key
    return late ? Promise.resolve(key) : key
  }
  const said: string[] = []
  const keys = createKeys('default', read, clock, (level, message) => {
    said.push(`${level}: ${message}`)
  })
  return { clock, keys, reads: () => reads, said }
}

describe('the key', () => {
  it('is known at once where it is given at once', () => {
    const { keys } = setUp(['one'])
    expect(keys.known()).toBe('one')
  })

  it('is read once for all who need it', async () => {
    const { keys, reads } = setUp(['one', 'other'], true)
    expect(keys.known()).toBeUndefined()
    expect(await Promise.all([keys.current(), keys.current()])).toEqual(['one', 'one'])
    expect(reads()).toBe(1)
    expect(keys.known()).toBe('one')
  })

  it('is replaced when it was refused and there is another', async () => {
    const { keys, reads } = setUp(['one', 'other'], true)
    const refused = await keys.current()
    const both = [keys.replace(refused), keys.replace(refused)]
    expect(await Promise.all(both)).toEqual(['other', 'other'])
    expect(reads()).toBe(2)
    expect(await keys.current()).toBe('other')
  })

  it('is not read again for the refusal of one that has been replaced', async () => {
    const { clock, keys, reads } = setUp(['one', 'other', 'third'])
    expect(await keys.replace('one')).toBe('other')
    await clock.advance(60_000)
    expect(await keys.replace('one')).toBe('other')
    expect(reads()).toBe(2)
  })

  it('is not replaced by itself, and not read again for every refusal', async () => {
    const { clock, keys, reads } = setUp(['one'])
    expect(await keys.replace('one')).toBeUndefined()
    expect(await keys.replace('one')).toBeUndefined()
    expect(reads()).toBe(2)
    await clock.advance(5000)
    expect(await keys.replace('one')).toBeUndefined()
    expect(reads()).toBe(3)
  })

  it('may fail to be read, which names the connector and nothing else, and is tried again', async () => {
    const secret = new Error('cat: secret-path: psk_123')
    const { keys } = setUp([secret, secret, 'one'])
    await settle()
    const failure = await keys.current().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(KeyUnreadableError)
    expect((failure as Error).message).toBe(unreadable)
    expect((failure as Error).cause).toBeUndefined()
    expect(await keys.current()).toBe('one')
  })

  it('that failed to be read is told of, and read again for whoever looks, not more than every five seconds', async () => {
    const { keys, clock, reads } = setUp([new Error('no'), new Error('no'), 'one'])
    await settle()
    expect(keys.flaw()).toMatchObject({ constructor: KeyUnreadableError, message: unreadable })
    expect(reads()).toBe(1)
    await clock.advance(5000)
    keys.flaw()
    await settle()
    keys.flaw()
    await settle()
    expect(reads()).toBe(2)
    await clock.advance(5000)
    keys.flaw()
    await settle()
    expect(keys.flaw()).toBeUndefined()
    expect(reads()).toBe(3)
  })

  it('is logged when it begins to be unreadable and when it can be read again, never what was read', async () => {
    const secret = new Error('cat: secret-path: psk_123')
    const { keys, said } = setUp([secret, secret, 'one', secret])
    const begins = `warn: ${unreadable}`
    const ends = 'info: The key of connector default can be read again.'
    await settle()
    expect(said).toEqual([begins])
    await keys.current().catch(() => undefined)
    expect(said).toEqual([begins])
    await keys.current()
    expect(said).toEqual([begins, ends])
    await keys.replace('one').catch(() => undefined)
    expect(said).toEqual([begins, ends, begins])
  })

  it('that a command does not give is logged with the reason, and not with what it printed', async () => {
    const said: string[] = []
    const read = keyFromCommand('default', 'echo psk_123; echo psk_456 >&2; exit 3')
    const keys = createKeys('default', read, createFakeClock(), (level, message) => {
      said.push(`${level}: ${message}`)
    })
    await expect(keys.current()).rejects.toMatchObject({
      constructor: KeyUnreadableError,
      message: unreadable.replace('read.', 'read (UNAUTHENTICATED).'),
    })
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^warn: The key of connector default cannot be read .*\(3\)\.$/)
    expect(said[0]).not.toContain('psk_')
  })

  it('that stands in the settings is never logged', async () => {
    const { keys, said } = setUp(['one'])
    await keys.replace('one')
    expect(said).toEqual([])
  })
})
