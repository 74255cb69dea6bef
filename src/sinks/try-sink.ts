/** Tries whether a receiver can be reached: a connection, or a file that can be opened. Nothing is sent. */
import { connect as connectPlainly, type Socket } from 'node:net'
import { connect as connectByTls, type TLSSocket } from 'node:tls'
import type { Clock } from '../model/clock.ts'
import type { SinkReceiver, TlsSettings } from '../model/sinks/receiver.ts'
import type { SinkSettings } from '../model/sinks/sink.ts'
import { withDeadline } from './deadline.ts'
import { NotNowError, SetupError } from './sender.ts'
import { tryFile } from './senders/file.ts'
import { serverNameOf, toTlsOptions } from './senders/tls-options.ts'
import { systemCode } from '../model/system/system-code.ts'

export interface TriedSink {
  readonly sink: string
  readonly kind: SinkSettings['kind']
  readonly ok: boolean
  /** In a sentence, without a secret. */
  readonly finding: string
}

const WITHIN_MS = 10_000

/** Whether its receiver can be reached within ten seconds. */
export const trySink = async (
  { name, kind, receiver }: Pick<SinkSettings, 'name' | 'kind' | 'receiver'>,
  clock: Clock,
): Promise<TriedSink> => {
  try {
    return { sink: name, kind, ok: true, finding: await tryReceiver(receiver(), clock) }
  } catch (error) {
    const finding =
      error instanceof NotNowError || error instanceof SetupError
        ? error.message
        : `failed: ${systemCode(error) ?? 'unknown reason'}`
    return { sink: name, kind, ok: false, finding }
  }
}

const tryReceiver = async (receiver: SinkReceiver, clock: Clock): Promise<string> => {
  if (receiver.kind === 'file') return tryFile(receiver.path)
  const { tls = {} } = receiver
  if (receiver.kind === 'syslog') {
    const { host, port, plaintext } = receiver
    return tryAddress(host, port, plaintext === true ? undefined : tls, clock)
  }
  const { hostname, port, protocol } = new URL(receiver.url)
  const isSecured = protocol === 'https:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return tryAddress(
    host,
    Number(port || (isSecured ? 443 : 80)),
    isSecured ? tls : undefined,
    clock,
  )
}

/** `tls`: undefined where the connection is not secured. */
const tryAddress = async (
  host: string,
  port: number,
  tls: TlsSettings | undefined,
  clock: Clock,
): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const done = (how: string) => (): void => {
    resolve(`answers at ${host}:${port}, ${how}; nothing was sent`)
  }
  const socket: Socket | TLSSocket =
    tls === undefined
      ? connectPlainly({ host, port }, done('unencrypted'))
      : connectByTls({ host, port, ...serverNameOf(host), ...toTlsOptions(tls) }, done('by TLS'))
  socket.once('error', reject)
  const message = `no answer within ${WITHIN_MS / 1_000} s`
  try {
    return await withDeadline({ ms: WITHIN_MS, message, clock }, never, () => promise)
  } finally {
    socket.destroy()
  }
}

/** Nobody ends it before. */
const never = new AbortController().signal
