import { once } from 'node:events'
import { createServer, ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { refuseWhatNodeWould } from '../../../src/http/refusals/malformed-requests.ts'

test('of requests that expect what nobody meets, the first is told so and ends its connection', async () => {
  const answer = vi.spyOn(ServerResponse.prototype, 'writeHead')
  onTestFinished(() => answer.mockRestore())
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
  // None is made for those behind it, either.
  expect(answer).toHaveBeenCalledTimes(1)
})
