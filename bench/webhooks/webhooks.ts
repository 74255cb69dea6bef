/** How fast deliveries are acknowledged, and whether each of them is on disk, once. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startChild } from '../processes/child.ts'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const sender = fileURLToPath(new URL('sender.ts', import.meta.url))
const SECRET = 'psws_00000000000000000000000000000001'

interface Sent {
  readonly way: string
  readonly sent: number
  readonly refused: number
  readonly tookMs: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

/** `seconds`: for how long 500 deliveries a second are sent. */
export const measureWebhooks = async (seconds = 60): Promise<Section> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-webhooks-'))
  const server = await startChild([main, 'serve'], {
    environment: {
      PORT: '0',
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: directory,
      LOG_LEVEL: 'warn',
    },
    directory,
    ready: /GraphQL {3}(http\S+)\/graphql/,
  })
  const url = `${server.said}/webhooks/default`
  const steady = await send(url, 'steady', 500 * seconds, 500)
  const steadyCpuMs = server.cpuMs()
  const burst = await send(url, 'burst', 5_000, 0)
  await server.stop()
  const file = new DatabaseSync(join(directory, 'events.db'), { readOnly: true })
  const stored = Number(file.prepare('SELECT count(*) AS n FROM event').get()?.['n'])
  file.close()
  rmSync(directory, { recursive: true, force: true })

  const all = steady.sent + burst.sent
  return {
    title: 'Webhooks',
    method:
      'Signed deliveries from another process on the same machine, each acknowledged once it is on disk: 500 a ' +
      `second for ${seconds} s, then 5,000 at once. Afterwards the events in the file are counted.`,
    tables: [
      {
        title: 'Acknowledging deliveries',
        columns: ['way', 'deliveries', 'seconds', 'ms (median)', 'ms (p99)', 'ms (worst)'],
        rows: [steady, burst].map(of => [
          of.way,
          figure(of.sent),
          figure(Math.round(of.tookMs / 100) / 10),
          ...[of.p50, of.p99, of.worst].map(ms => figure(Math.round(ms * 10) / 10)),
        ]),
      },
    ],
    charts: [],
    figures: { steady, burst, stored, steadyCpuMs },
    missed: [
      ...(steady.p99 > 50
        ? [`webhooks: p99 of the acknowledgement is ${Math.round(steady.p99)} ms`]
        : []),
      ...(burst.tookMs > 5_000
        ? [`webhooks: a burst of 5,000 takes ${Math.round(burst.tookMs)} ms`]
        : []),
      ...(stored === all && steady.refused + burst.refused === 0
        ? []
        : [`webhooks: ${stored} of ${all} deliveries are stored`]),
    ],
  }
}

const send = async (url: string, way: string, count: number, rate: number): Promise<Sent> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    sender,
    url,
    SECRET,
    way,
    String(count),
    String(rate),
  ])
  return JSON.parse(stdout) as Sent
}
