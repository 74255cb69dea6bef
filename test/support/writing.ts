/** The product with mutations on over tenants of the stand-in, asked over HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import type { KeyKind, StandIn, StandInOptions } from '../../src/demo/stand-in.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { startStandIn } from './stand-in.ts'

export interface Asked {
  readonly status: number
  /** Whatever the operation selects; tests know what they asked for. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path: readonly string[]
    readonly extensions: Readonly<Record<string, unknown>>
  }[]
  readonly requests: number
  readonly headers: Headers
}

export interface Writing {
  readonly url: string
  /** Of the first connector, `default`. */
  readonly standIn: StandIn
  readonly ask: (
    query: string,
    variables?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Asked>
  /** The lines of the log that tell of writes. */
  readonly notes: readonly Readonly<Record<string, unknown>>[]
  /** The whole log. */
  readonly logged: () => string
  /** The writes that reached the stand-in, as `PATCH /apps/{id}`. */
  readonly sent: () => readonly string[]
  readonly stop: () => Promise<void>
}

export interface WritingOptions extends StandInOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Aliases of further connectors, each with a tenant of its own. */
  readonly others?: readonly string[]
  readonly keyKind?: Exclude<KeyKind, 'wrong' | 'none'>
  /** Another one over the same tenant and the same folder. */
  readonly over?: { readonly standIn: StandIn; readonly folder: string }
}

export const WEBHOOK_SECRET = 'whsec-writing'

/** Whoever starts it stops it. */
export const startWriting = async (options: WritingOptions = {}): Promise<Writing> => {
  const { others = [], keyKind = 'full', environment, over, ...tenant } = options
  const folder = over?.folder ?? mkdtempSync(join(tmpdir(), 'pushgraph-writing-'))
  const standIns = await Promise.all(
    ['default', ...others].map(async (_, n) =>
      n === 0 && over !== undefined ? over.standIn : startStandIn({ ...tenant, seed: n + 1 }),
    ),
  )
  const connectors = ['default', ...others].map((alias, n) => ({
    alias,
    apiKey: standIns[n]?.keys[keyKind],
    url: standIns[n]?.url,
    webhookSecrets: [WEBHOOK_SECRET],
  }))
  writeFileSync(join(folder, 'connectors.json'), JSON.stringify({ connectors }))
  const lines: string[] = []
  const app = await createApp(
    readConfig(
      {
        PORT: '0',
        PUSHGRAPH_CONFIG: 'connectors.json',
        PUSHGRAPH_DATA_DIR: folder,
        PUSHGRAPH_MUTATIONS: 'on',
        PUSHGRAPH_RATE: '1000',
        PUSHGRAPH_BURST: '1000',
        ...environment,
      },
      folder,
    ),
    createLog({
      level: 'info',
      readable: false,
      destination: { write: line => void lines.push(line) },
    }),
  )
  const url = await app.listen()
  const [standIn] = standIns
  if (standIn === undefined) throw new Error('no stand-in')
  const stop = async (): Promise<void> => {
    await app.stop(0)
    if (over !== undefined) return
    await Promise.all(standIns.map(each => each.close()))
    rmSync(folder, { recursive: true, force: true })
  }

  return {
    url,
    standIn,
    ask: (query, variables, headers) => askOver(url, query, variables, headers),
    get notes() {
      return lines
        .map(line => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === 'write')
    },
    logged: () => lines.join(''),
    sent: () =>
      standIn.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, route }) => `${method} ${route}`),
    stop,
  }
}

/** Asks a server over HTTP. */
export const askOver = async (
  url: string,
  query: string,
  variables?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors, extensions } = (await response.json()) as {
    data: unknown
    errors?: Asked['errors']
    extensions?: { readonly pushgraph?: { readonly requests: number } }
  }
  return {
    status: response.status,
    data,
    errors: errors ?? [],
    requests: extensions?.pushgraph?.requests ?? 0,
    headers: response.headers,
  }
}

/** The same, stopped when the running test ends; only to be called within one. */
export const writingForTest = async (options?: WritingOptions): Promise<Writing> => {
  const writing = await startWriting(options)
  onTestFinished(writing.stop)
  return writing
}

/** The mutations, each with what its answer is looked at for. */
export const MUTATIONS = {
  updateDetection: `mutation ($input: UpdateDetectionInput!) { updateDetection(input: $input) {
    clientMutationId detection { id connectorAlias archived classification revision } } }`,
  updateApp: `mutation ($input: UpdateAppInput!) { updateApp(input: $input) { clientMutationId
    app { id approvalStatus sensitivityLevel notes ownerId owner { id } revision } } }`,
  updateEmployee: `mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) {
    clientMutationId employee { id licensed revision } } }`,
  deleteAccount: `mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) {
    clientMutationId deletedAccountId account { id email } } }`,
  removeAccountLoginMethod: `mutation ($input: RemoveAccountLoginMethodInput!) {
    removeAccountLoginMethod(input: $input) { clientMutationId account { id passwordId loginMethods {
    passwordLogin oidcLogin samlLogin oktaSwaLogin fedCmLogin } revision } } }`,
} as const
