/**
 * Syslog over TLS. It has no acknowledgement, so each batch has a connection of its own: we end our side after the last
 * byte, and the receiver ends its own once it has read until there. That is what counts as taken. What a system takes
 * from us into its buffers may be lost with the receiver, and nobody would be told.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5425
 */
import { hostname as hostnameOfMachine } from 'node:os'
import type { Clock } from '../../model/clock.ts'
import type { SyslogSettings } from '../../model/sinks/receiver.ts'
import type { Sender, SinkItem } from '../sender.ts'
import { withDeadline } from '../deadline.ts'
import { createSyslogLine, type SyslogLine } from './syslog-line.ts'
import { toFrame } from './syslog-message.ts'

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
  const open = new Set<SyslogLine>()
  let kept: SyslogLine | undefined

  const connect = async (signal: AbortSignal): Promise<SyslogLine> => {
    const line = createSyslogLine(settings, receiver)
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

  const write = (
    line: SyslogLine,
    items: readonly SinkItem[],
    signal: AbortSignal,
  ): Promise<void> => {
    const message = `${receiver} did not read what it was sent within ${writeMs} ms`
    return withDeadline({ ms: writeMs, message, clock }, signal, () => line.write(frames(items)))
  }

  const sendConfirmed = async (items: readonly SinkItem[], signal: AbortSignal): Promise<void> => {
    const from = clock.now()
    const line = await connect(signal)
    const tookMs = clock.now() - from
    try {
      await write(line, items, signal)
      await line.stays(Math.min(connectMs, Math.max(OPEN_MS, tookMs)), clock, signal)
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
