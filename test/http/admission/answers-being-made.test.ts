/** Answers count while they are made: what all of them take in memory is bounded. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config/config.ts'
import { createLog } from '../../../src/http/logging/log.ts'
import { Work } from '../../../src/work/work.ts'
import { createDoor } from '../../support/door.ts'

const PART = 65_536

const doorOf = (perCaller: number, inAll: number) =>
  createDoor({ unreadBytes: { perCaller: perCaller * PART, inAll: inAll * PART } })

describe('the bytes of answers that are being made', () => {
  test('come to what a caller may have, and no more', () => {
    const { unread, counts } = doorOf(3, 100)
    const [one, other] = [1, 2].map(() => new Work({ caller: 'a', answers: unread }))
    for (let part = 0; part < 2; part += 1) one?.wrote(PART)
    other?.wrote(PART)
    expect([one?.failure, other?.failure, counts().unreadBytes]).toEqual([
      undefined,
      undefined,
      3 * PART,
    ])
    other?.wrote(PART)
    expect(one?.failure).toBeUndefined()
    expect(other?.failure).toMatchObject({
      code: 'RATE_LIMITED',
      fields: { limit: 'PUSHGRAPH_MAX_UNREAD_MB', retryAfterMs: 1_000 },
    })
    // What was refused is given back at once, what is made when it is.
    expect(counts().unreadBytes).toBe(2 * PART)
    one?.settle()
    expect(counts().unreadBytes).toBe(0)
    expect(counts().refused.get('PUSHGRAPH_MAX_UNREAD_MB')).toBe(1)
  })

  test('come to what all callers may have', () => {
    const { unread, counts } = doorOf(100, 4)
    const works = ['a', 'b'].map(caller => new Work({ caller, answers: unread }))
    for (const work of works) work.wrote(2 * PART)
    expect(works.map(({ failure }) => failure)).toEqual([undefined, undefined])
    const late = new Work({ caller: 'c', answers: unread })
    late.wrote(PART - 1)
    expect(late.failure).toBeUndefined()
    late.wrote(1)
    expect(late.failure).toMatchObject({ fields: { limit: 'PUSHGRAPH_MAX_UNREAD_MB_ALL' } })
    for (const work of works) work.end(new Error('its caller left'))
    expect(counts().unreadBytes).toBe(0)
  })

  test('are counted no more once the answer is made, and once where it is written anew', () => {
    const { unread, counts } = doorOf(3, 100)
    const work = new Work({ caller: 'a', answers: unread })
    work.wrote(2 * PART)
    work.recount()
    work.wrote(2 * PART)
    expect(counts().unreadBytes).toBe(2 * PART)
    work.settle()
    work.wrote(10 * PART)
    expect([counts().unreadBytes, work.failure]).toEqual([0, undefined])
  })
})

test('an answer that is too much is refused while it is made, and leaves nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  const environment = {
    PORT: '0',
    PUSHGRAPH_DATA_DIR: directory,
    PUSHGRAPH_DEMO_SCALE: '0.05',
    PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
    PUSHGRAPH_MAX_UNREAD_MB: '1',
  }
  const logged: string[] = []
  const destination = { write: (line: string) => void logged.push(line) }
  const app = await createApp(
    readConfig(environment, directory),
    createLog({ level: 'error', readable: false, destination }),
  )
  onTestFinished(async () => {
    await app.stop(0)
    rmSync(directory, { recursive: true, force: true })
  })
  const url = await app.listen()
  const ask = async (lists: number, rest = '') => {
    const fields = Array.from(
      { length: lists },
      (_, index) => `a${index}: accounts(first: 1000) { nodes { id email employee { email } } }`,
    )
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query ${rest === '' ? '' : '($yes: Boolean = true)'} { ${fields.join(' ')} ${rest} }`,
      }),
    })
    return { response, text: await response.text() }
  }
  // By graphql-js with the directive, by a compiled document without.
  for (const rest of ['__typename @include(if: $yes)', '']) {
    for (let time = 0; time < 3; time += 1) {
      const { response, text } = await ask(24, rest)
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
      const { errors } = JSON.parse(text) as { errors: { extensions: object }[] }
      expect(errors.map(({ extensions }) => extensions)).toEqual([
        { code: 'RATE_LIMITED', limit: 'PUSHGRAPH_MAX_UNREAD_MB', max: 1, retryAfterMs: 1_000 },
      ])
    }
    const { response, text } = await ask(4, rest)
    expect([response.status, text.includes('"errors"')]).toEqual([200, false])
    expect(text.length).toBeGreaterThan(PART)
  }
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toMatch(/unread_bytes 0\n/)
  expect(logged).toEqual([])
})
