/** Exports as DuckDB reads them, in Parquet and in lines, beside the graph's own answers; in other zones of time than UTC. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { type ExportType, exportTypes } from '../../../src/export/part.ts'
import { isStored } from '../../../src/model/stored.ts'
import { type DuckDb, type DuckType, openDuckDb } from '../../support/clients/duckdb.ts'
import { type Graph, type GraphType, openGraph } from '../../support/clients/graph-types.ts'
import { post, SECRET } from '../../support/deliveries.ts'
import { linesOf } from '../../support/exporting.ts'
import { documented } from '../../support/ocsf/webhook-payloads.ts'
import { runProduct, serveProduct, type Serving } from '../../support/product.ts'
import { startStandIn } from '../../support/stand-in.ts'

type Value = Readonly<Record<string, unknown>>

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-'))
let standIn: StandIn
const servers: Serving[] = []
/** Of one that has stored nothing: webhook events tell of objects that Push's lists do not have. */
let graph: Graph
/** Of one that has stored events. */
let storing: Graph
let duckDb: DuckDb

const settings = (data = 'data'): Record<string, string> => ({
  PUSH_API_KEY: standIn.keys.readOnly,
  PUSH_API_URL: standIn.url,
  PUSH_WEBHOOK_SECRET: SECRET,
  PUSHGRAPH_RATE: '1000',
  PUSHGRAPH_BURST: '1000',
  PUSHGRAPH_DATA_DIR: join(folder, data),
  LOG_LEVEL: 'warn',
})

const serve = async (data: string): Promise<Serving> => {
  const server = await serveProduct({ environment: settings(data) })
  servers.push(server)
  return server
}

beforeAll(async () => {
  standIn = await startStandIn({ scale: 0.02 })
  const [first, second] = await Promise.all([serve('other'), serve('data')])
  graph = await openGraph(first.url)
  storing = await openGraph(second.url)
  const now = Math.floor(Date.now() / 1_000)
  for (const [index, { payload }] of documented.entries()) {
    // Over several days, at hours that are in another day elsewhere.
    const told = { ...payload, id: `delivery-${index}`, timestamp: now - index * 5_000 }
    const sent = await post(second.url, Buffer.from(JSON.stringify(told)))
    expect(sent.status).toBe(200)
  }
  duckDb = await openDuckDb()
})
afterAll(async () => {
  duckDb.close()
  for (const server of servers) server.kill('SIGTERM')
  await Promise.all(servers.map(({ ended }) => ended))
  await standIn.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Who answers for that list. */
const graphOf = (list: ExportType): Graph => (isStored(list) ? storing : graph)

/** The type of a list's nodes. */
const nodeType = (list: string): GraphType =>
  graph.type('Query').fields().get(list)?.fields().get('nodes') ?? graph.type('')

/** Exports everything; both the server's zone and that of whoever exports are none in which the days are those of UTC. */
const exportTo = async (out: string, ...args: readonly string[]): Promise<string> => {
  const file = join(folder, out)
  const environment = { ...settings(), TZ: 'America/St_Johns' }
  const ended = await runProduct(['export', '--out', file, ...args], { environment })
  expect(ended).toMatchObject({ exitCode: 0 })
  expect(ended.errors).not.toContain('no place')
  return file
}

const scalars: Readonly<Record<string, string>> = {
  Boolean: 'BOOLEAN',
  Int: 'INTEGER',
  Long: 'BIGINT',
  DateTime: 'TIMESTAMP WITH TIME ZONE',
}

/** The type of a column as plain data. */
const shapeOf = (duck: DuckType): unknown => {
  const { valueType, entryNames, entryTypes = [] } = duck
  if (valueType !== undefined) return [shapeOf(valueType)]
  if (entryNames === undefined) return duck.toString()
  return Object.fromEntries(
    entryNames.map((name, at) => [name, shapeOf(entryTypes[at] as DuckType)]),
  )
}

/** What that should be of a field of the graph, as far as the column has its members. */
const wantedShape = (of: GraphType, duck: DuckType): unknown => {
  if (of.isList) return [wantedShape({ ...of, isList: false }, duck.valueType ?? duck)]
  const fields = of.fields()
  if (fields.size === 0) return scalars[of.name] ?? 'VARCHAR'
  const { entryNames = [], entryTypes = [] } = duck
  return Object.fromEntries(
    entryNames.map((name, at) => {
      const field = fields.get(name)
      return [
        name,
        field === undefined ? 'nothing' : wantedShape(field, entryTypes[at] as DuckType),
      ]
    }),
  )
}

/** Those columns as a selection of a question; of an enumeration the words that Push sent. */
const selectionOf = (columns: Iterable<readonly [string, DuckType]>, of: GraphType): string =>
  Array.from(columns, ([name, duck]) => {
    const field = of.fields().get(name)
    if (field?.isEnum === true) return `${name}: ${name}Raw`
    const { entryNames, entryTypes = [] } = duck.valueType ?? duck
    if (field === undefined || entryNames === undefined) return name
    const inner = entryNames.map((each, at) => [each, entryTypes[at] as DuckType] as const)
    return `${name} { ${selectionOf(inner, field)} }`
  }).join(' ')

/** How values that both have are told: moments as the graph has them, JSON that is text in the one as JSON. */
interface Telling {
  readonly withNulls: boolean
  /** Without it, members of no fixed form are left out. */
  readonly withJson: boolean
}

const TYPENAME: GraphType = {
  name: 'String',
  isList: false,
  isEnum: false,
  fields: () => new Map(),
}

/** The value as the graph would have it. */
const told = (value: unknown, of: GraphType, telling: Telling): unknown => {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map(each => told(each, { ...of, isList: false }, telling))
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'bigint') return Number(value)
  if (of.name === 'JSON') return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
  if (typeof value !== 'object') return value
  return toldMembers(value as Value, of, telling)
}

const toldMembers = (value: Value, of: GraphType, telling: Telling): Value => {
  const fields = new Map([...of.fields(), ['__typename', TYPENAME]])
  const members: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    const field = fields.get(name)
    // Lines of several types have the columns of all of them.
    if (field === undefined && value[name] !== null)
      throw new Error(`The graph knows no ${of.name}.${name}`)
    if (field === undefined || (field.name === 'JSON' && !telling.withJson)) continue
    const member = told(value[name], field, telling)
    if (member !== null || telling.withNulls) members[name] = member
  }
  return members
}

const inOrder = (values: readonly Value[]): readonly Value[] =>
  values
    .map(value => ({ value, text: JSON.stringify(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ value }) => value)

const parquetIn = (path: string): string =>
  `FROM read_parquet('${path}/**/*.parquet', hive_partitioning = false)`

/** All lines are looked at for their types, and all that is in them. */
const linesIn = (file: string): string =>
  `FROM read_ndjson('${file}', sample_size = -1, maximum_depth = -1)`

describe('plain objects', () => {
  test('are in Parquet and lines what they are in the graph', async () => {
    const lake = await exportTo('plain', '--format', 'parquet')
    const lines = await exportTo('plain.ndjson')
    expect(readdirSync(lake).sort()).toEqual([...exportTypes].sort())
    for (const list of exportTypes) {
      const of = nodeType(list)
      const columns = await duckDb.columns(parquetIn(join(lake, list)))
      const fields = of.fields()
      for (const [name, duck] of columns)
        expect([name, shapeOf(duck)]).toEqual([
          name,
          name === '__typename' ? 'VARCHAR' : wantedShape(fields.get(name) ?? of, duck),
        ])
      const nodes = await graphOf(list).nodes(list, selectionOf(columns, of))
      expect(nodes.length).toBeGreaterThan(0)

      const rows = await duckDb.rows(parquetIn(join(lake, list)))
      const whole = { withNulls: true, withJson: true }
      const wanted = inOrder(nodes.map(node => toldMembers(node, of, whole)))
      expect(inOrder(rows.map(row => toldMembers(row, of, whole)))).toEqual(wanted)

      const typenames = [...new Set(nodes.map(node => `'${String(node['__typename'])}'`))]
      const same = await duckDb.rows(
        `${linesIn(lines)} WHERE __typename IN (${typenames.join(', ')})`,
      )
      const some = { withNulls: false, withJson: false }
      expect(inOrder(same.map(row => toldMembers(row, of, some)))).toEqual(
        inOrder(nodes.map(node => toldMembers(node, of, some))),
      )
    }
  })
})

/** An event of OCSF as the graph has it. */
interface OcsfNode {
  readonly __typename: string
  readonly json: Value & { readonly class_uid: number }
}

const INVENTORY = 5
const FINDINGS = 2
const WEB_ACTIVITY = 6001

/** Without its moment where that may be the one of its reading, and the id that is made of it then: older versions have apps as activity. */
const withoutMoment = (event: Value): Value => {
  if (event['category_uid'] !== INVENTORY && event['class_uid'] !== WEB_ACTIVITY) return event
  const { uid: _, ...metadata } = event['metadata'] as Value
  return { ...event, time: null, metadata }
}

/** An event without what the graph has from lists that an export does not read: of findings whose accounts and people they are. */
const asInGraph = (event: Value): Value => {
  if (event['category_uid'] !== FINDINGS) return withoutMoment(event)
  return { ...event, resource: null, resources: null, actor: null, observables: null }
}

describe.each(['1.1.0', '1.8.0'])('events of OCSF %s', ocsf => {
  test('are in Parquet and lines what they are in the graph, in partitions by the day in UTC', async () => {
    const lake = await exportTo(ocsf, '--ocsf', ocsf, '--format', 'parquet')
    const lines = await exportTo(`${ocsf}.ndjson`, '--ocsf', ocsf)
    const version = `V${ocsf.replaceAll('.', '_')}`
    const events: OcsfNode[] = []
    for (const list of exportTypes)
      for (const node of await graphOf(list).nodes(
        list,
        `ocsf(version: ${version}) { __typename json }`,
      ))
        events.push(node['ocsf'] as OcsfNode)

    const classes = Map.groupBy(events, ({ __typename }) => __typename)
    expect(readdirSync(lake)).toHaveLength(classes.size)
    for (const name of readdirSync(lake)) {
      const of = graph.type(
        `Ocsf${name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
      )
      const own = classes.get(of.name) ?? []
      const files = parquetIn(join(lake, name, ocsf))
      for (const [column, duck] of await duckDb.columns(files))
        expect([column, shapeOf(duck)]).toEqual([
          column,
          wantedShape(of.fields().get(column) ?? of, duck),
        ])

      const tell = (telling: Telling) => (event: Value) => toldMembers(event, of, telling)
      const whole = tell({ withNulls: false, withJson: true })
      const rows = (await duckDb.rows(files)).map(whole)
      const wanted = own.map(({ json }) => whole(json))
      expect(inOrder(rows.map(asInGraph))).toEqual(inOrder(wanted.map(asInGraph)))
      const uid = own[0]?.json.class_uid
      const written = linesOf(readFileSync(lines, 'utf8')).filter(of => of['class_uid'] === uid)
      expect(inOrder(rows.map(withoutMoment))).toEqual(
        inOrder(written.map(whole).map(withoutMoment)),
      )

      const some = tell({ withNulls: false, withJson: false })
      const same = await duckDb.rows(`${linesIn(lines)} WHERE class_uid = ${uid ?? 'NULL'}`)
      expect(inOrder(same.map(some))).toEqual(inOrder(written.map(some)))
    }

    const days = await duckDb.rows(`
      SELECT count(*)::INT AS events, count(DISTINCT eventDay)::INT AS days,
        count(*) FILTER (eventDay::VARCHAR <> strftime(make_timestamp(time * 1000), '%Y%m%d'))::INT AS elsewhere
      FROM read_parquet('${lake}/*/*/*/*/*.parquet', hive_partitioning = true, union_by_name = true)`)
    expect(days).toEqual([
      { events: events.length, days: expect.any(Number) as number, elsewhere: 0 },
    ])
    expect(days[0]?.['days']).toBeGreaterThan(3)
  })
})
