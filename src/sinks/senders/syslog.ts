/**
 * Syslog over TLS. It has no acknowledgement, so each batch has a connection of its own: we end our side after the last
 * byte, and the receiver ends its own once it has read until there. That is what counts as taken. What a system takes
 * from us into its buffers may be lost with the receiver, and nobody would be told.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5425
 */
import { connect as connectPlain, type Socket } from 'node:net'
import { hostname as hostnameOfMachine } from 'node:os'
import { connect as connectByTls } from 'node:tls'
import { type Clock, pause } from '../../model/clock.ts'
import { NotNowError, type Sender, type SinkItem } from '../sender.ts'
import { withDeadline } from './deadline.ts'
import { connectionCode } from './post.ts'
import type { SyslogSettings } from '../../model/sinks/receiver.ts'
import { toFrame } from './syslog-message.ts'
import { serverNameOf, toTlsOptions } from './tls-options.ts'

/** How long what may take, in milliseconds. */
export interface SyslogDeadlines {
  readonly connectMs: number
  /** For all bytes of a batch to leave. */
  readonly writeMs: number
  /** Between our end of a connection and the receiver's. */
  readonly endMs: number
}

export interface SyslogSenderOptions {
  readonly clock: Clock
  readonly deadlines?: SyslogDeadlines
}

const usualDeadlines: SyslogDeadlines = { connectMs: 10_000, writeMs: 60_000, endMs: 30_000 }

/**
 * A connection stays open so long after its batch, and at least as long as it took to connect, which is more than once
 * there and back. A receiver that had ended it before it read anything is known as such by then; its end would otherwise
 * be taken for that of one who read all. It also means that there are no more than ten connections a second.
 */
const OPEN_MS = 100

export const createSyslogSender = (
  settings: SyslogSettings,
  { clock, deadlines = usualDeadlines }: SyslogSenderOptions,
): Sender => {
  const { connectMs, writeMs, endMs } = deadlines
  const receiver = `${settings.host}:${settings.port}`
  const { facility = 'local0', appName = 'pushgraph', hostname = hostnameOfMachine() } = settings
  const frames = (items: readonly SinkItem[]): Buffer =>
    Buffer.from(items.map(item => toFrame(item, { facility, appName, hostname })).join(''))
  const open = new Set<Line>()
  let kept: Line | undefined

  const connect = async (signal: AbortSignal): Promise<Line> => {
    const line = createLine(settings, receiver)
    open.add(line)
    line.onClose(() => open.delete(line))
    const message = `No connection to ${receiver} within ${connectMs} ms`
    try {
      await withDeadline({ ms: connectMs, message, clock }, signal, line.connected)
      return line
    } catch (error) {
      line.destroy()
      throw error
    }
  }

  const write = (line: Line, items: readonly SinkItem[], signal: AbortSignal): Promise<void> => {
    const message = `${receiver} did not read what it was sent within ${writeMs} ms`
    return withDeadline({ ms: writeMs, message, clock }, signal, inTime =>
      line.write(frames(items), inTime),
    )
  }

  const sendConfirmed = async (items: readonly SinkItem[], signal: AbortSignal): Promise<void> => {
    const from = clock.now()
    const line = await connect(signal)
    const tookMs = clock.now() - from
    try {
      await write(line, items, signal)
      await line.stays(Math.max(OPEN_MS, tookMs), clock, signal)
      const message = `${receiver} did not end the connection within ${endMs} ms after us, so that nobody knows whether it read all; where it never does, set confirm: false`
      await withDeadline({ ms: endMs, message, clock }, signal, line.end)
    } finally {
      line.destroy()
    }
  }

  const sendKept = async (items: readonly SinkItem[], signal: AbortSignal): Promise<void> => {
    if (kept?.isOpen() !== true) kept = await connect(signal)
    const line = kept
    try {
      await write(line, items, signal)
    } catch (error) {
      // Part of a frame may have left, and what came next would be read as the rest of it.
      line.destroy()
      throw error
    }
  }

  return {
    send: settings.confirm === false ? sendKept : sendConfirmed,
    close: async () => {
      for (const line of open) line.destroy()
    },
  }
}

/** One connection, whose failures are told to whoever waits for something of it. */
interface Line {
  connected(signal: AbortSignal): Promise<void>
  /** Resolves once the system has taken all of it. */
  write(bytes: Buffer, signal: AbortSignal): Promise<void>
  /** Resolves after that time; rejects where the receiver ends the connection meanwhile. */
  stays(ms: number, clock: Clock, signal: AbortSignal): Promise<void>
  /** Ends our side; resolves once the receiver has ended its own, without anything going wrong. */
  end(signal: AbortSignal): Promise<void>
  isOpen(): boolean
  destroy(): void
  onClose(callback: () => void): void
}

const createLine = (settings: SyslogSettings, receiver: string): Line => {
  const socket = openSocket(settings)
  const broken = Promise.withResolvers<never>()
  const ended = Promise.withResolvers<void>()
  // Not to be told before somebody waits for it.
  broken.promise.catch(() => undefined)
  let isEnding = false
  let isRead = false

  const fail = (message: string): void => {
    broken.reject(new NotNowError(message))
  }
  socket.on('error', error =>
    fail(`The connection to ${receiver} failed (${connectionCode(error)})`),
  )
  socket.on('end', () => {
    if (isEnding) isRead = true
    else fail(`${receiver} ended the connection`)
  })
  socket.on('close', hadError => {
    // After its end there may still be a reset, by which a receiver answers what it did not read.
    if (isRead && !hadError) ended.resolve()
    else fail(`${receiver} closed the connection`)
  })
  // Nothing that it says means anything, but its end comes after it.
  socket.resume()

  /** What is waited for, unless the connection fails or the signal aborts before. */
  const unlessBroken = async <Result>(
    wanted: Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> => {
    const left = Promise.withResolvers<never>()
    const leave = (): void => {
      socket.destroy()
      left.reject(signal.reason as Error)
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([wanted, broken.promise, left.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    connected: signal =>
      unlessBroken(
        new Promise(resolve => {
          socket.once(settings.plaintext === true ? 'connect' : 'secureConnect', () => resolve())
        }),
        signal,
      ),
    write: (bytes, signal) =>
      unlessBroken(
        new Promise(resolve => {
          socket.write(bytes, error => {
            if (!error) resolve()
          })
        }),
        signal,
      ),
    stays: (ms, clock, signal) => unlessBroken(pause(ms, clock, signal), signal),
    end: signal => {
      isEnding = true
      socket.end()
      return unlessBroken(ended.promise, signal)
    },
    isOpen: () => !socket.readableEnded && !socket.destroyed,
    destroy: () => socket.destroy(),
    onClose: callback => {
      socket.once('close', callback)
    },
  }
}

const openSocket = ({ host, port, plaintext, tls }: SyslogSettings): Socket => {
  if (plaintext === true) return connectPlain({ host, port })
  return connectByTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...serverNameOf(host),
    ...toTlsOptions(tls),
  })
}
