/** Deliveries as Push sends them: samples of real ones, events made up for a test, and their signatures. */
import { readdirSync, readFileSync } from 'node:fs'
import type { NewEvent } from '../../src/model/events.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { sign } from '../../src/webhooks/signature.ts'

const samplesUrl = new URL('../webhooks/samples/', import.meta.url)

/** The bytes of a sample, by the name of its file without `.json`. */
export const sample = (name: string): Buffer =>
  readFileSync(new URL(name.includes('.') ? name : `${name}.json`, samplesUrl))

/** The names of all samples that can be read. */
export const sampleNames: readonly string[] = readdirSync(samplesUrl)
  .filter(name => name.endsWith('.json'))
  .map(name => name.slice(0, -'.json'.length))
  .sort()

export interface MadeUp {
  readonly id: string
  readonly object?: string
  readonly category?: string
  readonly type?: string
  readonly timestamp?: number
  readonly new?: unknown
  readonly old?: unknown
  readonly actor?: unknown
}

/** The bytes of an event with whatever the test does not care about filled in. */
export const delivery = (event: MadeUp): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: '1',
      timestamp: 1_757_404_720,
      object: 'LOGIN',
      category: 'ACTIVITY',
      friendlyName: 'Login',
      description: 'made up',
      ...event,
    }),
  )

/** An arrival after every time that tests make up (UNIX seconds). */
export const LATER = 4_000_000_000

/** The event that a delivery is about, as it is stored. */
export const eventOf = (body: Buffer, given: Partial<NewEvent> = {}): NewEvent => {
  const read = readDelivery(body, LATER)
  if (!read.ok) throw new Error(read.problem)
  return { connector: 'default', receivedAt: 1_700_000_000, ...read.event, ...given }
}

export const SECRET = 'psws_00000000000000000000000000000001'

export interface Sent {
  readonly status: number
  readonly body: unknown
}

/** Signs the bytes and posts them to that server's webhook. */
export const post = async (
  url: string,
  body: Buffer,
  {
    connector = 'default',
    secret = SECRET,
    signedAt = Math.floor(Date.now() / 1_000),
    header = sign(secret, signedAt, body),
  }: { connector?: string; secret?: string; signedAt?: number; header?: string | null } = {},
): Promise<Sent> => {
  const response = await fetch(`${url}/webhooks/${connector}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(header === null ? {} : { 'x-signature': header }),
    },
    body: new Uint8Array(body),
  })
  return { status: response.status, body: await response.json() }
}
