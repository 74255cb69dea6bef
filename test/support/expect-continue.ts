/** A request whose body comes only after the server has said that it waits for it. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'vitest'

export interface Announcer {
  /** Sends the head of a request with that body, which the server then waits for. */
  announce(): Promise<void>
  /** Sends the body. */
  send(): void
  /** What has come since the last head was sent. */
  told(): string
  /** Resolves when the connection is closed. */
  readonly closed: Promise<unknown>
}

/** A connection to that address of GraphQL, on which this body is sent as often as wanted. */
export const connectAnnouncer = async (url: string, body: string): Promise<Announcer> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let told = ''
  socket.setEncoding('utf8').on('data', (text: string) => (told += text))
  await once(socket, 'connect')
  return {
    announce: async () => {
      told = ''
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
      )
      await expect.poll(() => told).toContain('100 Continue')
    },
    send: () => {
      socket.write(body)
    },
    told: () => told,
    closed: once(socket, 'close'),
  }
}
