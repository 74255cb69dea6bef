/** One connection to a receiver of syslog, by TLS or TCP, whose failures are told to whoever waits for something of it. */
import { connect as connectByTcp, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { connect as connectByTls, createSecureContext, type SecureContext } from 'node:tls'
import { type Clock, pause } from '../../model/clock.ts'
import type { SyslogSettings } from '../../model/sinks/receiver.ts'
import { NotNowError } from '../sender.ts'
import { connectionCode } from './post.ts'
import { serverNameOf, toTlsOptions } from './tls-options.ts'

export interface SyslogLine {
  connected(): Promise<void>
  /** Resolves once the system has taken all of it. */
  write(bytes: Buffer): Promise<void>
  /** Resolves after that time; rejects where the receiver ends the connection meanwhile. */
  stays(ms: number, clock: Clock, signal: AbortSignal): Promise<void>
  /** Ends our side; resolves once the receiver has ended its own in good order, which it does once it has read all. */
  end(): Promise<void>
  isOpen(): boolean
  destroy(): void
  onClose(callback: () => void): void
}

/**
 * A connection that is being made. By TLS, too, its end is judged by that of the connection below: who refuses us takes leave by
 * TLS in good order, and then closes what it did not read, which the system answers with a reset.
 */
export const createSyslogLine = (settings: SyslogSettings, receiver: string): SyslogLine => {
  const { host, port, plaintext, tls } = settings
  // Where a certificate cannot be used this throws, before there is a connection that nobody would end.
  const context =
    plaintext === true
      ? undefined
      : createSecureContext({ minVersion: 'TLSv1.2', ...toTlsOptions(tls) })
  const socket = connectByTcp({ host, port, allowHalfOpen: true })
  const stream = context === undefined ? socket : secured(socket, context, settings)
  const broken = Promise.withResolvers<never>()
  const ended = Promise.withResolvers<void>()
  // Not to be told before somebody waits for it.
  broken.promise.catch(() => undefined)
  let isEnding = false
  let isEnded = false

  const fail = (message: string): void => {
    broken.reject(new NotNowError(message))
    socket.destroy()
    stream.destroy()
  }
  for (const each of new Set([socket, stream]))
    each
      .on('error', (error: unknown) => {
        fail(`The connection to ${receiver} failed (${connectionCode(error)})`)
      })
      .on('end', () => {
        if (!isEnding) fail(`${receiver} ended the connection`)
        else if (each === socket) isEnded = true
      })
  socket.on('close', hadError => {
    if (isEnded && !hadError) ended.resolve()
    else fail(`${receiver} closed the connection`)
  })
  // Nothing that it says means anything, but its end comes after it.
  stream.resume()

  /** What is waited for, unless the connection fails before. */
  const unlessBroken = <Result>(wanted: Promise<Result>): Promise<Result> =>
    Promise.race([wanted, broken.promise])

  return {
    connected: () =>
      unlessBroken(
        new Promise(resolve => {
          stream.once(plaintext === true ? 'connect' : 'secureConnect', () => resolve())
        }),
      ),
    write: bytes =>
      unlessBroken(
        new Promise(resolve => {
          stream.write(bytes, error => {
            if (!error) resolve()
          })
        }),
      ),
    stays: (ms, clock, signal) => unlessBroken(pause(ms, clock, signal).then(hearAll)),
    end: () => {
      isEnding = true
      stream.end()
      return unlessBroken(ended.promise)
    },
    isOpen: () => !socket.readableEnded && !socket.destroyed && !stream.destroyed,
    destroy: () => {
      stream.destroy()
      socket.destroy()
    },
    onClose: callback => {
      socket.once('close', callback)
    },
  }
}

/** What has arrived while this process was busy with something else is heard before anything is concluded from silence. */
const hearAll = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn()
}

/** One reads the connection, the others what TLS makes of it. */
const TURNS = 3

/** TLS over a connection that stays ours: Node's own way would take it over, and close it before its end is known. */
const secured = (
  socket: Socket,
  secureContext: SecureContext,
  { host, tls }: SyslogSettings,
): Duplex => {
  const through = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _, done) => {
      socket.write(chunk, done)
    },
    final: done => {
      socket.end(done)
    },
  })
  socket
    .on('data', (chunk: Buffer) => {
      if (!through.destroyed && !through.push(chunk)) socket.pause()
    })
    .on('end', () => {
      if (!through.destroyed) through.push(null)
    })
  through.on('close', () => socket.resume())
  return connectByTls({
    socket: through,
    secureContext,
    host,
    ...serverNameOf(host),
    ...(tls?.servername === undefined ? {} : { servername: tls.servername }),
  })
}
