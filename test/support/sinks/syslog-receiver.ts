/**
 * A strict receiver of syslog over TLS or TCP: it takes its frames apart byte by byte, checks each message by the
 * grammar of RFC 5424, and fails as it is told to.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { breakConnection } from './break-connection.ts'
import { authority } from './certificates.ts'
import { idOf } from './items.ts'

/** What becomes of one connection. */
export type SyslogDeed =
  | 'read'
  /** Reads all, and never ends the connection. */
  | 'never end'
  /** Never reads. */
  | 'stall'
  /** Ends the connection in good order before it reads anything. */
  | 'end early'
  /** Breaks it before it reads anything. */
  | 'reset'
  /** Reads what comes first, and breaks it then. */
  | 'read and reset'
  /** Reads what comes first, and ends the connection in good order then. */
  | 'read and end'

export interface SyslogReceiverOptions {
  readonly plaintext?: boolean
  readonly asksCertificate?: boolean
  readonly port?: number
  readonly deed?: () => SyslogDeed
  /** Hears of each message once it is whole. */
  readonly onMessage?: (content: unknown) => void
}

export interface SyslogMessage {
  readonly priority: number
  readonly timestamp: string
  readonly hostname: string
  readonly appName: string
  readonly messageId: string
  readonly data: Readonly<Record<string, string>>
  readonly content: unknown
}

export interface SyslogReceiver {
  readonly port: number
  /** The ids of all whole messages, in order, as often as they came. */
  readonly received: readonly string[]
  readonly messages: readonly SyslogMessage[]
  readonly flaws: readonly string[]
  readonly connections: () => number
  /** Breaks all connections. */
  reset(): void
  close(): Promise<void>
}

export const startSyslogReceiver = async (
  options: SyslogReceiverOptions = {},
): Promise<SyslogReceiver> => {
  const { deed = () => 'read' } = options
  const received: string[] = []
  const messages: SyslogMessage[] = []
  const flaws: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  const take = (frame: Buffer): void => {
    const message = readMessage(frame, flaws)
    if (message === undefined) return
    messages.push(message)
    received.push(idOf(message.content))
    options.onMessage?.(message.content)
  }

  const serve = (socket: Socket): void => {
    connections += 1
    socket.on('error', () => socket.destroy())
    const doing = deed()
    if (doing === 'stall') return void socket.pause()
    if (doing === 'reset') return void socket.destroy()
    if (doing === 'end early') return void socket.end()
    const read = createFrameReader(take, flaws)
    socket.on('data', (chunk: Buffer) => {
      read.more(chunk)
      if (doing === 'read and reset') breakConnection(socket)
      if (doing === 'read and end') socket.end()
    })
    socket.on('end', () => {
      if (doing !== 'read') return
      read.end()
      socket.end()
    })
  }

  const server =
    options.plaintext === true
      ? createServer({ allowHalfOpen: true }, serve)
      : createTlsServer(
          {
            ...authority.server,
            ca: authority.ca,
            allowHalfOpen: true,
            requestCert: options.asksCertificate === true,
            rejectUnauthorized: options.asksCertificate === true,
          },
          serve,
        )
  // Those too that come to no handshake.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    ...{ received, messages, flaws },
    connections: () => connections,
    reset: breakAll,
    close: async () => {
      breakAll()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Takes frames apart, however they come in pieces: digits without a leading zero, one space, so many bytes. */
const createFrameReader = (
  take: (frame: Buffer) => void,
  flaws: string[],
): { more(chunk: Buffer): void; end(): void } => {
  let length = 0
  let digits = 0
  let missing: number | undefined
  let frame: number[] = []
  return {
    more: chunk => {
      for (const byte of chunk) {
        if (missing === undefined) {
          const isDigit = byte >= 0x30 && byte <= 0x39
          if (isDigit && !(digits === 0 && byte === 0x30)) {
            length = length * 10 + (byte - 0x30)
            digits += 1
          } else if (byte === 0x20 && digits > 0) missing = length
          else flaws.push(`byte ${byte} stands where a length should`)
          continue
        }
        frame.push(byte)
        missing -= 1
        if (missing > 0) continue
        take(Buffer.from(frame))
        frame = []
        ;[length, digits, missing] = [0, 0, undefined]
      }
    },
    end: () => {
      if (digits > 0) flaws.push('a frame is not whole, though the connection ended in good order')
    },
  }
}

const HEAD =
  /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /

const readMessage = (frame: Buffer, flaws: string[]): SyslogMessage | undefined => {
  if (frame.some(byte => byte > 0x7e || byte < 0x20)) {
    flaws.push('a message without a byte order mark is more than visible ASCII')
    return undefined
  }
  const text = frame.toString('latin1')
  const head = HEAD.exec(text)
  if (head === null) {
    flaws.push(`a head is none: ${text.slice(0, 80)}`)
    return undefined
  }
  const [whole, priority = '', timestamp = '', hostname = '', appName = '', , messageId = ''] = head
  if (Number(priority) > 191) flaws.push(`there is no priority ${priority}`)
  const { data, rest } = readData(text.slice(whole.length), flaws)
  let content: unknown
  try {
    content = JSON.parse(rest)
  } catch {
    flaws.push('a message is no JSON')
  }
  return { priority: Number(priority), timestamp, hostname, appName, messageId, data, content }
}

/** One element of structured data, letter by letter. */
const readData = (
  text: string,
  flaws: string[],
): { readonly data: Readonly<Record<string, string>>; readonly rest: string } => {
  const name = /^\[([!-~]{1,32}?)(?=[ \]])/.exec(text)
  if (name === null || !/^[^=\]" @]+@[1-9]\d*$/.test(name[1] ?? ''))
    flaws.push('the structured data has no name with a number')
  let at = name?.[0].length ?? 0
  const data: Record<string, string> = {}
  while (text[at] === ' ') {
    const parameter = /^ ([!-~]{1,32}?)="/.exec(text.slice(at))
    if (parameter === null) break
    at += parameter[0].length
    let value = ''
    while (at < text.length && text[at] !== '"') {
      if (text[at] === ']') flaws.push('a bracket stands in a value')
      if (text[at] === '\\' && /["\\\]]/.test(text[at + 1] ?? '')) at += 1
      value += text[at]
      at += 1
    }
    at += 1
    data[parameter[1] ?? ''] = value
  }
  if (text.slice(at, at + 2) !== '] ') flaws.push('the structured data does not end')
  return { data, rest: text.slice(at + 2) }
}
