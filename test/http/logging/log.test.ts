import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import { createLog, warnOf } from '../../../src/http/logging/log.ts'

const recorded = (readable = false, level = 'info') => {
  let text = ''
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString()
      done()
    },
  })
  return { log: createLog({ level, readable, destination }), text: () => text }
}

test('members that could hold a key are crossed out, also one and two levels down', () => {
  const { log, text } = recorded()
  const names = 'apiKey key secret authorization cookie headers body variables'.split(' ')
  for (const name of names)
    log.info({ [name]: 's3cr3t', a: { [name]: 's3cr3t', b: { [name]: 's3cr3t' } } }, 'said')
  expect(text().split('said')).toHaveLength(names.length + 1)
  expect(text()).not.toContain('s3cr3t')
})

test('also in lists and in what is an object of a class, and not in what was given', () => {
  const { log, text } = recorded()
  const given = {
    list: [{ key: 's3cr3t', id: 1 }, 2],
    of: new (class {
      secret = 's3cr3t'
      id = 3
    })(),
    at: new Date(0),
  }
  log.info(given, 'said')
  expect(JSON.parse(text())).toMatchObject({
    list: [{ key: '[Redacted]', id: 1 }, 2],
    of: { secret: '[Redacted]', id: 3 },
    at: '1970-01-01T00:00:00.000Z',
  })
  expect(given).toMatchObject({ list: [{ key: 's3cr3t' }, 2], of: { secret: 's3cr3t' } })
})

test('an error is logged with its cause and stack, without what libraries hang onto it', () => {
  const { log, text } = recorded()
  const cause = Object.assign(new Error('read ECONNRESET'), {
    code: 'ECONNRESET',
    request: { path: '/v1?email=s3cr3t' },
  })
  log.error(
    { err: new UpstreamUnavailableError('No connection to Push', undefined, cause) },
    'failed',
  )
  expect(JSON.parse(text())).toMatchObject({
    level: 'error',
    err: {
      type: 'UpstreamUnavailableError',
      code: 'UPSTREAM_UNAVAILABLE',
      stack: expect.stringContaining('log.test.ts') as string,
      cause: { message: 'read ECONNRESET', code: 'ECONNRESET' },
    },
  })
  expect(text()).not.toContain('s3cr3t')
})

test('a warning of what was foreseen is one line, and has the stack for whoever looks for faults', () => {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  const foreseen = new UpstreamUnavailableError('No connection to Push', undefined, cause)
  const people = recorded(true)
  warnOf(people.log, foreseen, 'A reading failed')
  expect(people.text()).toMatch(
    /^[^\n]*A reading failed[^\n]*No connection to Push[^\n]*ECONNRESET[^\n]*\n$/,
  )
  const { log, text } = recorded()
  warnOf(log, foreseen, 'A reading failed', { connector: 'a' })
  const { err, connector } = JSON.parse(text()) as Record<string, unknown>
  expect({ err, connector }).toEqual({
    err: {
      type: 'UpstreamUnavailableError',
      message: 'No connection to Push',
      code: 'UPSTREAM_UNAVAILABLE',
      cause: { type: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' },
    },
    connector: 'a',
  })
  const looking = recorded(false, 'debug')
  warnOf(looking.log, foreseen, 'A reading failed')
  expect(looking.text()).toContain('log.test.ts')
})

test('a warning of what nobody foresaw has its stack, also as the cause of what was', () => {
  const { log, text } = recorded()
  const bug = new TypeError('x is not a function')
  warnOf(log, new UpstreamUnavailableError('Away', undefined, bug), 'A reading failed')
  expect(JSON.parse(text())).toMatchObject({
    err: { cause: { type: 'TypeError', stack: expect.stringContaining('log.test.ts') as string } },
  })
  const people = recorded(true)
  warnOf(people.log, bug, 'A reading failed')
  expect(people.text()).toContain('log.test.ts')
})

test('lines for people are not JSON', () => {
  const { log, text } = recorded(true)
  log.warn('look here')
  expect(text()).toContain('look here')
  expect(text()).not.toContain('{')
})

test('what happened takes one line for people, whatever is told of it', () => {
  const { log, text } = recorded(true)
  log.info({ method: 'POST', path: '/webhooks/demo', status: 200 }, 'request')
  expect(text()).toMatch(/^[^\n]*request[^\n]*webhooks\/demo[^\n]*200[^\n]*\n$/)
})

test('what programs alone look for in a line is not shown to people', () => {
  const entry = { audit: 'operation', documentHash: 'e3b0c442', outcome: 'ok' }
  const [readable, json] = [recorded(true), recorded()]
  for (const { log } of [readable, json]) log.info(entry, 'request')
  expect(readable.text()).toContain('outcome')
  expect(readable.text()).not.toMatch(/audit|e3b0c442/)
  expect(JSON.parse(json.text())).toMatchObject(entry)
})
