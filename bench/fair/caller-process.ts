/**
 * A hostile caller, a process of its own so that its work is not taken for the server's. Its parent tells it which attack
 * to begin and when to leave; it tells the first answer, and when it has left.
 */
import { request } from 'node:http'
import { connect } from 'node:net'
import { setPriority } from 'node:os'
import WebSocket from 'ws'
import type { Attack, Reply } from './attack.ts'

export type Order = { readonly url: string; readonly attack: Attack; readonly address: string }

/** What is refused is asked again, but not as fast as the machine can: how much one may ask is another matter. */
const PAUSE_MS = 50
const HEAD = 4_000

let leave: (() => void)[] = []
let hasLeft = true

const tell = (reply: Reply): void => {
  process.send?.(reply)
}

const begin = ({ url, attack, address }: Order): void => {
  hasLeft = false
  if (attack.way === 'socket') useSocket(url, attack, address)
  else if (attack.way === 'bodies') {
    // One copy for all sockets.
    const body = Buffer.from(attack.payloads[0] ?? '')
    for (let index = 0; index < attack.count; index++) stall(url, body, address)
  } else for (let index = 0; index < attack.count; index++) post(url, attack, address, index)
}

const post = (url: string, attack: Attack, address: string, turn: number): void => {
  if (hasLeft) return
  const body = attack.payloads[turn % attack.payloads.length] ?? ''
  const from = performance.now()
  const again = (): void => {
    setTimeout(() => {
      post(url, attack, address, turn + attack.count)
    }, PAUSE_MS)
  }
  const asked = request(url, {
    method: 'POST',
    agent: false,
    localAddress: address,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: attack.way === 'stream' ? 'text/event-stream' : 'application/json',
    },
  })
  leave.push(() => asked.destroy())
  asked.on('response', response => {
    let bytes = 0
    let head = ''
    response.on('data', (data: Buffer) => {
      bytes += data.length
      if (head.length < HEAD) head += data.subarray(0, HEAD).toString()
    })
    response.on('end', () => {
      tell({ status: response.statusCode ?? 0, bytes, ms: performance.now() - from, head })
      again()
    })
    response.on('error', () => undefined)
  })
  asked.on('error', () => {
    if (!hasLeft) again()
  })
  asked.end(body)
}

const useSocket = (url: string, attack: Attack, address: string): void => {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', {
    perMessageDeflate: false,
    localAddress: address,
  })
  leave.push(() => {
    socket.terminate()
  })
  socket.on('error', () => undefined)
  socket.on('open', () => {
    socket.send('{"type":"connection_init"}')
  })
  // Events come when they happen: of a subscription, only a refusal says what became of it.
  const noAnswer = attack.payloads[0]?.startsWith('{"query":"subscription')
    ? /"type":"(?:ping|next)"/
    : /^\{"type":"ping"/
  let from = NaN
  socket.on('message', (data: Buffer) => {
    if (!Number.isNaN(from)) {
      const head = data.subarray(0, HEAD).toString()
      if (!noAnswer.test(head))
        tell({ status: 200, bytes: data.length, ms: performance.now() - from, head })
      return
    }
    from = performance.now()
    if (!attack.reads) socket.pause()
    // Some at a time, so that this process is not what everybody waits for.
    let sent = 0
    const sendMore = (): void => {
      for (let some = 0; some < 50 && sent < attack.count && !hasLeft; some++, sent++)
        socket.send(
          `{"id":"${sent}","type":"subscribe","payload":${attack.payloads[sent % attack.payloads.length]}}`,
        )
      if (sent < attack.count && !hasLeft) setTimeout(sendMore, 1)
    }
    sendMore()
  })
}

const stall = (url: string, body: Buffer, address: string): void => {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), localAddress: address })
  leave.push(() => {
    socket.destroy()
  })
  socket.on('error', () => undefined)
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 1}\r\n\r\n`,
  )
  socket.write(body)
}

process.on('message', (order: Order | 'leave') => {
  if (order !== 'leave') {
    begin(order)
    return
  }
  hasLeft = true
  for (const part of leave) part()
  leave = []
  process.send?.('left')
})
process.on('disconnect', () => {
  process.exit()
})
// Whatever it does, the others come first.
setPriority(19)
process.send?.('ready')
