import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import { createLog } from '../../../src/http/logging/log.ts'

const recorded = (readable = false) => {
  let text = ''
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString()
      done()
    },
  })
  return { log: createLog({ level: 'info', readable, destination }), text: () => text }
}

test('members that could hold a key are crossed out, also one and two levels down', () => {
  const { log, text } = recorded()
  const names = 'apiKey key secret authorization cookie headers body variables'.split(' ')
  for (const name of names)
    log.info({ [name]: 's3cr3t', a: { [name]: 's3cr3t', b: { [name]: 's3cr3t' } } }, 'said')
  expect(text().split('said')).toHaveLength(names.length + 1)
  expect(text()).not.toContain('s3cr3t')
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
