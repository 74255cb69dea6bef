/** Pushgraph with a webhook and no Push behind it, and the program that sends deliveries to it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Child, startChild } from '../processes/child.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const sender = fileURLToPath(new URL('sender.ts', import.meta.url))
export const SECRET = 'psws_00000000000000000000000000000001'

/** What the sender says of its deliveries: counts and milliseconds. */
export interface Sent {
  readonly way: string
  readonly sent: number
  readonly refused: number
  readonly tookMs: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

export interface WebhookServer extends Child {
  /** `http://host:port` */
  readonly url: string
  /** Sends so many deliveries, so many a second; all at once where that is 0. */
  readonly send: (way: string, count: number, perSecond: number) => Promise<Sent>
  /** A figure of /metrics, by its name behind `pushgraph_`, with its labels. */
  readonly figure: (name: string) => Promise<number>
}

/** A folder for one measurement, and what removes it. */
export const scratch = (): { readonly directory: string; readonly remove: () => void } => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-webhooks-'))
  return {
    directory,
    remove: () => {
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * So many deliveries, so many a second (all at once where that is 0), each to the next of these servers. With `againMs`, what is not
 * acknowledged is sent again so many milliseconds later, to the next one, until it is; each time it was not is counted as refused.
 */
export const sendDeliveries = async (
  urls: readonly string[],
  way: string,
  count: number,
  perSecond: number,
  againMs = 0,
): Promise<Sent> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    sender,
    urls.map(url => new URL('/webhooks/default', url).href).join(),
    SECRET,
    way,
    String(count),
    String(perSecond),
    String(againMs),
  ])
  return JSON.parse(stdout) as Sent
}

/** The server over that data folder, ready to answer; `more`: settings beside those of the webhook. */
export const startServer = async (
  directory: string,
  more: Readonly<Record<string, string>> = {},
): Promise<WebhookServer> => {
  const child = await startChild([main, 'serve'], {
    environment: {
      PORT: '0',
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: directory,
      LOG_LEVEL: 'warn',
      ...more,
    },
    directory,
    ready: /GraphQL {3}(http\S+)\/graphql/,
  })
  const url = child.said
  return {
    ...child,
    url,
    send: (...of) => sendDeliveries([url], ...of),
    figure: async name => {
      const text = await (await fetch(`${url}/metrics`)).text()
      const line = text.split('\n').find(each => each.startsWith(`pushgraph_${name} `))
      return Number(line?.split(' ')[1] ?? NaN)
    },
  }
}
