import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { refuseWhatNodeWould } from '../../../src/http/refusals/malformed-requests.ts'

test('of requests that expect what nobody meets, the first is told so and ends its connection', async () => {
  const server = createServer()
  refuseWhatNodeWould(server)
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let told = ''
  socket.on('error', () => undefined).on('data', (data: Buffer) => (told += data.toString()))
  socket.write('GET / HTTP/1.1\r\nhost: here\r\nexpect: more\r\n\r\n'.repeat(1_000))
  await once(socket, 'close')
  expect(told.match(/^HTTP\/1\.1 417 /gm)).toHaveLength(1)
})
