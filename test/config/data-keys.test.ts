import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { ConfigError } from '../../src/errors.ts'
import { directoryForTest } from '../support/directory.ts'

const bytes = (byte: number, length = 32): Buffer => Buffer.alloc(length, byte)

const read = (content: string): readonly Uint8Array[] => {
  const directory = directoryForTest()
  writeFileSync(join(directory, 'keys'), content)
  return readConfig({ PUSHGRAPH_DATA_KEY_FILE: 'keys' }, directory).answers.dataKeys()
}

test('one key or two, in base64, in its other alphabet, or in hexadecimal digits', () => {
  const odd = bytes(0xff)
  for (const text of [
    odd.toString('base64'),
    odd.toString('base64url'),
    odd.toString('hex'),
    odd.toString('hex').toUpperCase(),
  ])
    expect(read(`${text}\n`).map(key => Buffer.from(key))).toEqual([odd])
  const two = `\n ${bytes(1).toString('base64')} \r\n\r\n${bytes(2).toString('hex')}`
  expect(read(two).map(key => Buffer.from(key))).toEqual([bytes(1), bytes(2)])
})

describe('what cannot be used is told, and never what the file holds', () => {
  test.each([
    ['nothing', ''],
    ['a byte too few', bytes(7, 31).toString('base64')],
    ['a byte too many', bytes(7, 33).toString('base64')],
    ['half a byte too many', `${bytes(7).toString('hex')}7`],
    ['a phrase', 'correct horse battery staple'],
    ['three keys', [1, 2, 3].map(byte => bytes(byte).toString('hex')).join('\n')],
    ['a key and a word', `${bytes(1).toString('hex')}\nsecret`],
    ['the same key twice', `${bytes(9).toString('hex')}\n${bytes(9).toString('base64')}`],
  ])('%s', (_, content) => {
    let problems: readonly string[] = []
    try {
      read(content)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems = error.problems
    }
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(
      /^PUSHGRAPH_DATA_KEY_FILE names .*(must hold one key|same key twice)/,
    )
    for (const word of content.split(/\s+/).filter(part => part.length > 3))
      expect(problems[0]).not.toContain(word)
  })

  test('a file that is not there', () => {
    expect(() => readConfig({ PUSHGRAPH_DATA_KEY_FILE: 'none' }, directoryForTest())).toThrow(
      /PUSHGRAPH_DATA_KEY_FILE names .*none, which cannot be read \(ENOENT\)/,
    )
  })
})

test('how long and how much is kept: as long as rows may be served, where nothing is said', () => {
  const of = (environment: Record<string, string>) =>
    readConfig(environment, directoryForTest()).answers
  expect(of({})).toMatchObject({ keepMs: 900_000, maxBytes: 1_073_741_824 })
  expect(of({}).dataKeys()).toEqual([])
  expect(of({ PUSHGRAPH_STALE_S: '10' }).keepMs).toBe(10_000)
  expect(of({ PUSHGRAPH_STALE_S: '10', PUSHGRAPH_KEEP_S: '86400' }).keepMs).toBe(86_400_000)
  expect(of({ PUSHGRAPH_KEEP_S: '0' }).keepMs).toBe(0)
  expect(of({ PUSHGRAPH_MAX_KEPT_MB: '1' }).maxBytes).toBe(1_048_576)
  for (const value of ['-1', '1.5', '31536001', 'long'])
    expect(() => of({ PUSHGRAPH_KEEP_S: value })).toThrow(
      /PUSHGRAPH_KEEP_S must be a whole number from 0 to 31536000; leave it out for what PUSHGRAPH_STALE_S says/,
    )
})
