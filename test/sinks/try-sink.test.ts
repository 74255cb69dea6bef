import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import type { SinkReceiver } from '../../src/model/sinks/receiver.ts'
import { trySink } from '../../src/sinks/try-sink.ts'
import { createFakeClock } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { authority } from '../support/sinks/certificates.ts'

const tried = (receiver: SinkReceiver, clock = systemClock) =>
  trySink({ name: 'siem', kind: receiver.kind, receiver: () => receiver }, clock)

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const tlsServer = () =>
  createTlsServer(authority.server, socket => {
    socket.on('data', () => expect.unreachable('Something was sent'))
    socket.on('error', () => undefined)
  })

test('a receiver that can be reached is connected to, and sent nothing', async () => {
  const plain = await portOf(createServer())
  expect(await tried({ kind: 'syslog', host: '127.0.0.1', port: plain, plaintext: true })).toEqual({
    sink: 'siem',
    kind: 'syslog',
    ok: true,
    finding: `answers at 127.0.0.1:${plain}, unencrypted; nothing was sent`,
  })
  const secured = await portOf(tlsServer())
  const tls = { ca: authority.ca }
  for (const receiver of [
    { kind: 'syslog', host: 'localhost', port: secured, tls },
    { kind: 'http', url: `https://localhost:${secured}/a?key=s3cr3t`, tls },
    {
      kind: 'splunk-hec',
      url: `https://127.0.0.1:${secured}`,
      token: 's3cr3t',
      acknowledgement: true,
      tls,
    },
  ] as const) {
    const { ok, finding } = await tried(receiver)
    expect([ok, finding]).toEqual([true, expect.stringContaining(`:${secured}, by TLS`)])
    expect(finding).not.toContain('s3cr3t')
  }
})

test('one that nobody vouches for, that is not there, or that says nothing cannot', async () => {
  const port = await portOf(tlsServer())
  const tls = { ca: authority.stranger }
  expect(await tried({ kind: 'syslog', host: 'localhost', port, tls })).toMatchObject({
    ok: false,
    finding: expect.stringMatching(/^failed: [A-Z_]+$/),
  })
  const closed = createServer()
  const gone = await portOf(closed)
  await new Promise(resolve => closed.close(resolve))
  expect(await tried({ kind: 'http', url: `http://127.0.0.1:${gone}/` })).toMatchObject({
    ok: false,
    finding: 'failed: ECONNREFUSED',
  })
  // It takes the connection, and never speaks TLS.
  const silent = await portOf(createServer(socket => socket.on('error', () => undefined)))
  const clock = createFakeClock()
  const trying = tried({ kind: 'syslog', host: '127.0.0.1', port: silent }, clock)
  await clock.advance(10_000)
  expect(await trying).toMatchObject({ ok: false, finding: 'no answer within 10 s' })
})

test('a file is tried without being made', async () => {
  const folder = directoryForTest()
  const path = join(folder, 'spool.ndjson')
  expect(await tried({ kind: 'file', path })).toMatchObject({ ok: true, finding: 'can be made' })
  expect(existsSync(path)).toBe(false)
  const flaw = 'its folder is not there or cannot be written, or it is no ordinary file'
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  for (const other of [join(path, 'deeper'), folder, pipe])
    expect(await tried({ kind: 'file', path: other })).toMatchObject({
      ok: false,
      finding: `${other} cannot be written: ${flaw}`,
    })
  writeFileSync(path, '')
  expect(await tried({ kind: 'file', path })).toMatchObject({ ok: true, finding: 'can be written' })
})
