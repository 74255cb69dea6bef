/** The stand-in as tests want it: small, at once, and without a limit unless one is asked for. */
import { onTestFinished } from 'vitest'
import {
  createData,
  createStandIn,
  type DataOptions,
  type StandIn,
  type StandInOptions,
  type TenantData,
} from '../../src/demo/stand-in.ts'

/** 2026-01-01 in UNIX seconds: the time at which the tests' data is as if read. */
export const TEST_NOW = Date.UTC(2026, 0, 1) / 1000

/**
 * Scale 0.05 (50 employees, 600 accounts), no latency, limiter off, where the options do not say otherwise.
 * Whoever starts it closes it.
 */
export const startStandIn = (options: StandInOptions = {}): Promise<StandIn> => {
  const { seed = 1, scale = 0.05, now = TEST_NOW, data = tenantOf({ seed, scale, now }) } = options
  return createStandIn({
    ...options,
    now,
    data,
    switches: { latencyMs: 0, latencyJitter: 0, limiter: false, ...options.switches },
  })
}

/** Most tests of a file want the same tenant, which takes longer to make than many of them to run. */
const tenants = new Map<string, TenantData>()
const TENANTS_KEPT = 8

/** Frozen: a stand-in has lists of its own, and replaces the rows that it changes. */
const tenantOf = (of: DataOptions): TenantData => {
  const key = JSON.stringify(of)
  const tenant = tenants.get(key) ?? frozen(createData(of))
  tenants.set(key, tenant)
  const oldest = tenants.keys().next()
  if (tenants.size > TENANTS_KEPT && oldest.done !== true) tenants.delete(oldest.value)
  return tenant
}

const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}

/** The same, closed when the running test ends; only to be called within one. */
export const standInForTest = async (options: StandInOptions = {}): Promise<StandIn> => {
  const standIn = await startStandIn(options)
  onTestFinished(standIn.close)
  return standIn
}

export interface Reply<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; undefined where there is none. */
  readonly body: Body
}

export interface Envelope<Row = Readonly<Record<string, unknown>>> {
  readonly result: readonly Row[]
  readonly paging: { readonly moreResults: boolean; readonly nextToken?: string | null }
}

/** One request to a path below `/v1`, with the key for full access where no other is given. */
export const ask = async <Body = Envelope>(
  standIn: StandIn,
  path: string,
  {
    method = 'GET',
    key = standIn.keys.full,
    body,
  }: { method?: string; key?: string | null; body?: unknown } = {},
): Promise<Reply<Body>> => {
  const response = await fetch(standIn.url + path, {
    method,
    headers: key === null ? {} : { 'x-api-key': key },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
  }
}

/** Every page of a list from its first, as a client follows the tokens; stops after `most` pages. */
export const readPages = async <Row = Readonly<Record<string, unknown>> & { readonly id: string }>(
  standIn: StandIn,
  path: string,
  most = 500,
): Promise<Envelope<Row>[]> => {
  const pages: Envelope<Row>[] = []
  let token: string | null | undefined
  do {
    const separator = path.includes('?') ? '&' : '?'
    const suffix = token ? `${separator}nextToken=${encodeURIComponent(token)}` : ''
    const { body } = await ask<Envelope<Row>>(standIn, path + suffix)
    pages.push(body)
    token = body.paging.moreResults ? body.paging.nextToken : undefined
  } while (token && pages.length < most)
  return pages
}
