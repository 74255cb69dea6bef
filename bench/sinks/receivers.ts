/** One receiver of each kind, which note how late what they get is. */
import { existsSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateFile } from '../../test/support/sinks/certificates.ts'
import { startHecServer } from '../../test/support/sinks/hec-server.ts'
import { startHttpReceiver } from '../../test/support/sinks/http-receiver.ts'
import { idOf } from '../../test/support/sinks/items.ts'
import { startSyslogReceiver } from '../../test/support/sinks/syslog-receiver.ts'

export const receiverNames = ['splunk', 'http', 'syslog', 'file'] as const
export type ReceiverName = (typeof receiverNames)[number]

export interface Received {
  /** Milliseconds from when a delivery was made until the receiver had it, in the order in which they came. */
  readonly lags: number[]
  /** Each thing once, however often it came. */
  readonly ids: Set<string>
  /** When the last one came, as `performance.now()` has it. */
  lastAt: number
}

export interface Receivers {
  /** The file of PUSHGRAPH_CONFIG. */
  readonly config: string
  readonly received: Readonly<Record<ReceiverName, Received>>
  /** Whether Splunk breaks every connection. */
  splunkIsDead(isDead: boolean): void
  readonly flaws: () => readonly string[]
  close(): Promise<void>
}

const SECRET = 'whsec_of_the_bench'
/** How often the file is read on. */
const LOOK_MS = 20

export const startReceivers = async (directory: string): Promise<Receivers> => {
  const received = Object.fromEntries(
    receiverNames.map(name => [name, { lags: [], ids: new Set(), lastAt: 0 }]),
  ) as unknown as Record<ReceiverName, Received>
  let isDead = false

  /** The message of the event is when the delivery was made. */
  const hear =
    (name: ReceiverName) =>
    (event: unknown): void => {
      const now = performance.now()
      const { message } = event as { readonly message?: string }
      received[name].lags.push(performance.timeOrigin + now - Number(message))
      received[name].ids.add(idOf(event))
      received[name].lastAt = now
    }
  const splunk = await startHecServer({
    tls: true,
    batch: () => (isDead ? 'reset' : 'take'),
    ack: () => (isDead ? 'reset' : 'tell'),
    onIndexed: hear('splunk'),
  })
  const http = await startHttpReceiver({ tls: true, secret: SECRET, onTaken: hear('http') })
  const syslog = await startSyslogReceiver({ onMessage: hear('syslog') })
  const spool = join(directory, 'spool.ndjson')
  const file = followFile(spool, hear('file'))

  const config = join(directory, 'sinks.json')
  const caFile = certificateFile('ca.pem')
  const sinks = [
    { name: 'splunk', kind: 'splunk-hec', url: splunk.url, token: 'hec-token', caFile },
    { name: 'http', kind: 'http', url: http.url, secret: SECRET, caFile },
    { name: 'syslog', kind: 'syslog', host: 'localhost', port: syslog.port, caFile },
    { name: 'file', kind: 'file', path: spool },
  ]
  writeFileSync(
    config,
    JSON.stringify({ sinks: sinks.map(sink => ({ since: 'beginning', ...sink })) }),
  )
  return {
    config,
    received,
    splunkIsDead: state => {
      isDead = state
    },
    flaws: () => [splunk.flaws, http.flaws, syslog.flaws].flat(),
    close: async () => {
      file.stop()
      await Promise.all([splunk.close(), http.close(), syslog.close()])
    },
  }
}

/** Tells of each line that is added. */
const followFile = (path: string, hear: (event: unknown) => void): { stop(): void } => {
  const chunk = Buffer.alloc(1024 * 1024)
  let file: number | undefined
  let rest = ''
  const timer = setInterval(() => {
    if (file === undefined && existsSync(path)) file = openSync(path, 'r')
    if (file === undefined) return
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, read)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) hear(JSON.parse(line))
    }
  }, LOOK_MS)
  return {
    stop: () => {
      clearInterval(timer)
    },
  }
}
