/** What SIEMs are sent of a small tenant, as exports have it: every object, and a webhook event of each kind. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OcsfVersion } from '../../../src/ocsf/ocsf.ts'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { post, SECRET } from '../deliveries.ts'
import { linesOf } from '../exporting.ts'
import { documented } from '../ocsf/webhook-payloads.ts'
import { serveProduct } from '../product.ts'
import { startStandIn } from '../stand-in.ts'
import { runCommand } from '../terminal.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Tenant {
  readonly standIn: StandIn
  /** The lines of an export in that version; each version is exported once. */
  lines(version: OcsfVersion): Promise<readonly string[]>
  events(version: OcsfVersion): Promise<readonly Json[]>
  /** A folder of Parquet files; each time those are added of what is new or has changed. */
  lake(version: OcsfVersion): Promise<string>
  /** What the graph says of the same objects. */
  ask(query: string): Promise<unknown>
  close(): Promise<void>
}

const payloads = documented.map(({ payload }) => payload)
const finding = payloads.find(({ object, type }) => object === 'FINDING' && type === 'CREATE')

/** Of each kind of event one, and a finding of the other type that queries ask for. */
const told = [
  ...payloads,
  { ...finding, new: { ...(finding?.['new'] as Json), type: 'REUSED_PASSWORD' } },
]

/** Whoever opens it closes it. */
export const openTenant = async (): Promise<Tenant> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-siem-'))
  const standIn = await startStandIn()
  const connector = { alias: 'acme', apiKey: standIn.keys.readOnly, webhookSecret: SECRET }
  writeFileSync(join(folder, 'connectors.json'), JSON.stringify({ connectors: [connector] }))
  const settings = {
    PUSHGRAPH_CONFIG: join(folder, 'connectors.json'),
    PUSHGRAPH_DATA_DIR: join(folder, 'data'),
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    // Each export is of the tenant as it is.
    PUSHGRAPH_KEEP_S: '0',
    LOG_LEVEL: 'warn',
  }
  const server = await serveProduct({ environment: settings })
  for (const [index, payload] of told.entries()) {
    const body = Buffer.from(JSON.stringify({ ...payload, id: `${index}` }))
    const { status } = await post(server.url, body, { connector: 'acme' })
    if (status !== 200) throw new Error(`The server took a delivery with ${status}`)
  }
  server.kill('SIGTERM')
  await server.ended

  const exported = async (name: string, ...args: string[]): Promise<string> => {
    const out = join(folder, name)
    const { exitCode, errors } = await runCommand(['export', '--out', out, ...args], {
      environment: settings,
      stopped: new Promise(() => undefined),
    })
    if (exitCode !== 0) throw new Error(errors)
    return out
  }
  const lines = new Map<OcsfVersion, Promise<readonly string[]>>()
  const linesIn = (version: OcsfVersion): Promise<readonly string[]> => {
    const found = lines.get(version)
    if (found !== undefined) return found
    const made = exported(`${version}.ndjson`, '--ocsf', version).then(file =>
      readFileSync(file, 'utf8').trimEnd().split('\n'),
    )
    lines.set(version, made)
    return made
  }
  return {
    standIn,
    lines: linesIn,
    events: async version => linesOf((await linesIn(version)).join('\n')),
    lake: version => exported('lake', '--ocsf', version, '--format', 'parquet', '--since', 'last'),
    ask: async query => {
      const product = await serveProduct({ environment: settings })
      const response = await fetch(`${product.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
      product.kill('SIGTERM')
      await product.ended
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return data
    },
    close: async () => {
      await standIn.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
