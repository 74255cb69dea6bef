/** Queries of docs/siem.md in the hands of programs that know their language: DuckDB, and Microsoft's reader of KQL. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, openTenant, type Tenant } from '../../support/siem/exported.ts'
import { loadKusto } from '../../support/siem/kusto.ts'
import { filesBelow } from '../../support/parquet.ts'
import { queries } from '../../support/siem/queries.ts'

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url))
const read = (path: string): string => readFileSync(join(examples, path), 'utf8')

describe('the KQL of docs/siem.md', () => {
  const { properties } = JSON.parse(read('siem/sentinel/table.json')) as {
    properties: { schema: { name: string; columns: readonly { name: string; type: string }[] } }
  }
  // Azure's word for a type is not always Kusto's, and a column may have the name of a type.
  const columns = properties.schema.columns
    .map(({ name, type }) => `['${name}']: ${type === 'boolean' ? 'bool' : type}`)
    .join(', ')
  let problemsOf: (query: string) => readonly string[]
  beforeAll(() => {
    problemsOf = loadKusto({
      [properties.schema.name]: columns,
      SigninLogs: 'TimeGenerated: datetime, UserPrincipalName: string, IPAddress: string',
    })
  })

  const asked = queries.filter(({ language }) => language === 'kusto')
  test.each(asked.map(({ text }, index) => ({ text, number: index + 1 })))(
    'number $number is understood, with the columns of table.json',
    ({ text }) => {
      expect(problemsOf(text)).toEqual([])
    },
  )

  test('is not understood with a column that there is not', () => {
    expect(asked.length).toBeGreaterThan(3)
    expect(problemsOf('PushOcsf_CL | where klass_uid == 1').join()).toContain('klass_uid')
  })
})

interface DuckDb {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): readonly Json[] }>
}

describe('the SQL of docs/siem.md', () => {
  let tenant: Tenant
  let lake: string
  let duckdb: DuckDb
  beforeAll(async () => {
    tenant = await openTenant()
    const { DuckDBInstance } = (await import(
      join(examples, 'clients/node_modules/@duckdb/node-api/lib/index.js')
    )) as { DuckDBInstance: { create(): Promise<{ connect(): Promise<DuckDb> }> } }
    duckdb = await (await DuckDBInstance.create()).connect()
    // What Athena has and DuckDB calls otherwise.
    await duckdb.runAndReadAll('CREATE MACRO element_at(list, i) AS list[i]')
    await duckdb.runAndReadAll('CREATE MACRO from_unixtime(seconds) AS to_timestamp(seconds)')
    await duckdb.runAndReadAll(
      `CREATE MACRO json_extract_scalar(text, path) AS
         json_extract_string(text, regexp_replace(path, '\\["(.*)"\\]', '."\\1"'))`,
    )
    await readLake()
  })
  afterAll(async () => tenant.close())

  /** Has a table of each class, with what the files have by now. */
  const readLake = async (): Promise<void> => {
    lake = await tenant.lake('1.3.0')
    for (const name of readdirSync(lake))
      await duckdb.runAndReadAll(
        `CREATE OR REPLACE VIEW ${sourceOf(name)} AS SELECT * FROM
           read_parquet('${lake}/${name}/1.3.0/**/*.parquet', filename = '$path', hive_types = { eventDay: VARCHAR })`,
      )
  }

  const asked = queries.filter(({ language }) => language === 'sql').map(({ text }) => text)
  const run = async (text: string | undefined) =>
    (await duckdb.runAndReadAll(text ?? '')).getRowObjectsJson()

  test('finds phishing that is open, in the order of time', async () => {
    const expected = (await tenant.events('1.3.0')).filter(
      event =>
        event['class_uid'] === 2004 &&
        event['status_id'] === 1 &&
        (event['metadata'] as { log_name: string }).log_name === 'push_security_rest' &&
        (event['finding_info'] as { types: readonly string[] }).types.includes('PHISHING') &&
        Number(event['time']) >= Date.UTC(2025, 0, 1),
    )
    const found = await run(asked[0])
    expect(found.length).toBeGreaterThan(3)
    interface Detection {
      readonly actor: { readonly user: { readonly email_addr?: string } }
      readonly evidences?: readonly { readonly user?: { readonly email_addr: string } }[]
      readonly finding_info: { readonly src_url?: string }
    }
    const toldOf = (event: Json): unknown => {
      const { actor, evidences, finding_info } = event as unknown as Detection
      const person = actor.user.email_addr ?? evidences?.[0]?.user?.email_addr
      return [person ?? null, finding_info.src_url ?? null]
    }
    const byTime = (a: Json, b: Json): number => Number(b['time']) - Number(a['time'])
    expect(found.map(({ person, link }) => [person, link])).toEqual(
      expected.toSorted(byTime).map(toldOf),
    )
    expect(found.filter(({ person }) => person === null).length).toBeLessThan(2)
  })

  test('counts by person who uses a password again', async () => {
    const rows = await graph<{
      findings: { groups: readonly { keys: string[]; count: number }[] }
    }>(
      `{ findings(filter: { type: { eq: REUSED_PASSWORD }, state: { eq: OPEN } }) {
           groups(by: [EMPLOYEE_EMAIL]) { keys count } } }`,
    )
    const found = (await run(asked[1])).map(
      ({ email, findings }) => `${String(email)}: ${String(findings)}`,
    )
    expect(found.length).toBeGreaterThan(3)
    expect(found.toSorted()).toEqual(
      rows.findings.groups.map(({ keys, count }) => `${keys[0]}: ${count}`).toSorted(),
    )
  })

  test('finds the accounts without a second factor', async () => {
    const { accounts } = await graph<{
      accounts: { nodes: readonly { email: string; appType: string }[] }
    }>(
      '{ accounts(filter: { mfaRegistered: { eq: false } }, first: 1000) { nodes { email appType } } }',
    )
    const found = (await run(asked[2])).map(({ email, app }) => `${String(email)} ${String(app)}`)
    expect(found.length).toBeGreaterThan(50)
    expect(found.toSorted()).toEqual(
      accounts.nodes.map(({ email, appType }) => `${email} ${appType}`).toSorted(),
    )
  })

  /** What the graph says of the same tenant. */
  const graph = async <Data>(query: string): Promise<Data> => tenant.ask(query) as Promise<Data>

  test('has a source for each class, and each file is copied to the source of its class once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pushgraph-upload-'))
    try {
      const sources = JSON.parse(read('siem/security-lake/sources.json')) as readonly {
        readonly sourceName: string
      }[]
      const names = sources.map(({ sourceName }) => sourceName)
      expect(names.toSorted()).toEqual(readdirSync(lake).map(sourceOf).toSorted())
      // An `aws` that copies into a folder, and says so where it would copy a file over another.
      writeFileSync(join(folder, 'aws'), fakeAws, { mode: 0o755 })
      const upload = join(examples, 'siem/security-lake/upload.sh')
      const environment = { PATH: `${folder}:${process.env['PATH']}`, FAKE_S3: join(folder, 's3') }
      execFileSync(upload, [lake, 'bucket', 'eu-central-1'], { env: environment })
      const copied = filesBelow(join(folder, 's3/bucket/ext'))
      const written = filesBelow(lake).map(path => {
        const [, name, day, file] =
          /^(\w+)\/1\.3\.0\/connector=acme\/(eventDay=\d{8})\/(.*\.parquet)$/.exec(path) ?? []
        return `${sourceOf(name ?? '')}/region=eu-central-1/accountId=external_acme/${day}/${file}`
      })
      expect(written.length).toBeGreaterThan(10)
      expect(copied).toEqual(written.toSorted())
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('counts a finding no longer that was resolved by the next round', async () => {
    const open = tenant.standIn.data.findings.filter(
      ({ type, state }) => type === 'REUSED_PASSWORD' && state === 'OPEN',
    )
    const sum = async (): Promise<number> =>
      (await run(asked[1])).reduce((all, { findings }) => all + Number(findings), 0)
    expect(await sum()).toBe(open.length)
    tenant.standIn.update('findings', open[0]?.id ?? '', { state: 'RESOLVED' })
    await readLake()
    expect(await sum()).toBe(open.length - 1)
  })
})

/** The source of a class: its name, without what would make it longer than AWS takes. */
const sourceOf = (className: string): string =>
  `push_${className.replace(/_(?:finding|management|activity)$/, '')}`

const fakeAws = `#!/bin/sh
# aws s3 sync --only-show-errors --exclude X --include Y FROM s3://TO
[ "$1 $2" = "s3 sync" ] || exit 2
from=$8
to=$FAKE_S3/\${9#s3://}
mkdir -p "$to" && cp -r "$from." "$to"
`
