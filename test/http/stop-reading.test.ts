/** Requests behind one that ends its connection. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createCallers } from '../../src/http/admission/caller.ts'
import { watchConnections } from '../../src/http/admission/connections.ts'
import { PiecewiseRequest } from '../../src/http/body-pieces.ts'
import { refuseWhatNodeWould } from '../../src/http/refusals/malformed-requests.ts'
import { wideLimits } from '../support/door.ts'

/** A server that answers nothing; `told` counts the requests that Node made, and the pieces of their bodies. */
const startSilent = async () => {
  let told = 0
  class Told extends PiecewiseRequest {
    constructor(...[socket]: ConstructorParameters<typeof IncomingMessage>) {
      super(socket)
      told += 1
    }
    override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
      if (chunk !== null) told += 1
      return super.push(chunk, encoding)
    }
  }
  const server = createServer({ IncomingMessage: Told }, () => undefined)
  watchConnections(server, {
    callers: createCallers({ kind: 'none' }),
    limits: wideLimits,
    loop: { isLate: () => false, giveWay: () => undefined },
    onCutOff: () => undefined,
  })
  refuseWhatNodeWould(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  /** Sends that, and returns how much was told of once the connection is closed. */
  const send = async (text: string): Promise<number> => {
    told = 0
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    socket.resume().write(text)
    await closed
    return told
  }
  return send
}

const asking = (more = ''): string => `GET / HTTP/1.1\r\nhost: here\r\n${more}\r\n`

const inCrumbs = `${asking('transfer-encoding: chunked\r\n')}${'1\r\nx\r\n'.repeat(10_000)}`

it.each([
  ['too many without waiting for answers', asking().repeat(1_400), 103],
  ['one that expects what nobody meets', asking('expect: all\r\n').repeat(1_400), 3],
  // A request, 1,016 pieces of one byte that are allowed, and the next.
  ['a body in crumbs', inCrumbs, 1_018],
])('are not told of behind %s, on any connection', async (_, text, most) => {
  const send = await startSilent()
  // What read the first one reads those that follow it.
  for (let turn = 0; turn < 3; turn += 1) {
    const told = await send(text)
    expect(told).toBeGreaterThanOrEqual(most - 2)
    expect(told).toBeLessThanOrEqual(most)
  }
})
