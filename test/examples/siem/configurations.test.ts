/** What examples/siem has for each receiver takes what it is sent. */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../../src/config/config.ts'
import { directoryForTest } from '../../support/directory.ts'
import { type Json, openTenant, type Tenant } from '../../support/siem/exported.ts'
import { type IndexTemplate, mappingsOf } from '../../support/siem/dynamic-mapping.ts'
import { type Processor, runPipeline } from '../../support/siem/ingest-pipeline.ts'
import { pathsOf, type PathFacts, splunkPath } from '../../support/siem/paths.ts'
import { page } from '../../support/siem/queries.ts'
import { readConf } from '../../support/siem/splunk-conf.ts'

const folder = fileURLToPath(new URL('../../../examples/siem/', import.meta.url))
const read = (path: string): string => readFileSync(folder + path, 'utf8')
const json = <Value>(path: string): Value => JSON.parse(read(path)) as Value

let tenant: Tenant
let events: { readonly '1.3.0': readonly Json[]; readonly '1.8.0': readonly Json[] }
let paths: { readonly [Version in keyof typeof events]: ReadonlyMap<string, PathFacts> }
beforeAll(async () => {
  tenant = await openTenant()
  events = { '1.3.0': await tenant.events('1.3.0'), '1.8.0': await tenant.events('1.8.0') }
  paths = { '1.3.0': pathsOf(events['1.3.0']), '1.8.0': pathsOf(events['1.8.0']) }
})
afterAll(async () => tenant.close())

test('docs/siem.md names every file of examples/siem', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => statSync(folder + path).isFile() && path !== 'README.md')
    .map(path => `../examples/siem/${path}`)
  const named = [...page.matchAll(/\]\((\.\.\/examples\/siem\/[^)]+)\)/g)].map(([, path]) => path)
  expect(named.toSorted()).toEqual(files.toSorted())
})

describe('a pushgraph.yaml', () => {
  const receivers = readdirSync(folder).filter(name =>
    existsSync(`${folder}${name}/pushgraph.yaml`),
  )

  test.each(receivers)(
    'of %s has a sink that the server takes, of the version that the page names',
    receiver => {
      const directory = directoryForTest()
      const { sinks } = parse(read(`${receiver}/pushgraph.yaml`)) as Sinks
      writeFileSync(join(directory, 'acme.key'), 'a-key-of-some-length', { mode: 0o600 })
      for (const { tokenFile, headersFile } of sinks) {
        if (typeof tokenFile === 'string')
          writeFileSync(join(directory, tokenFile), 'a-token', { mode: 0o600 })
        if (typeof headersFile === 'string')
          writeFileSync(join(directory, headersFile), 'authorization: Bearer a-token')
      }
      const file = join(folder, receiver, 'pushgraph.yaml')
      copyFileSync(file, join(directory, 'pushgraph.yaml'))
      const config = readConfig({ PUSHGRAPH_CONFIG: 'pushgraph.yaml' }, directory)
      expect(config.connectors.map(({ alias }) => alias)).toEqual(['acme'])
      expect(config.sinks).toHaveLength(1)
      const [, version] =
        new RegExp(`^\\| [\\w ]+ \\| (1\\.\\d\\.0) .*siem/${receiver}/`, 'm').exec(page) ?? []
      expect(config.sinks[0]).toMatchObject({ ocsf: version })
    },
  )
})

describe('Splunk', () => {
  const props = readConf(read('splunk/props.conf')).get('ocsf:push') ?? new Map<string, string>()

  test('finds the time of every event where props.conf says, in milliseconds', async () => {
    const ahead = Number(props.get('MAX_TIMESTAMP_LOOKAHEAD'))
    expect(props.get('TIME_FORMAT')).toBe('%s%3N')
    for (const line of await tenant.lines('1.3.0')) {
      const found = new RegExp(props.get('TIME_PREFIX') ?? 'nothing').exec(line)
      const behind = line.slice((found?.index ?? 0) + (found?.[0].length ?? 0))
      const { time } = JSON.parse(line) as { readonly time: number }
      expect(Number(/^\d+/.exec(behind.slice(0, ahead))?.[0])).toBe(time)
    }
  })

  test('keeps every line whole, and sees all of it', async () => {
    const limits = readConf(read('splunk/limits.conf'))
    const longest = (await tenant.lines('1.3.0')).map(line => Buffer.byteLength(line))
    expect(Math.max(...longest)).toBeLessThan(Number(props.get('TRUNCATE')) / 10)
    expect(Math.max(...longest)).toBeLessThan(Number(limits.get('kv')?.get('maxchars')) / 10)
    expect(limits.get('spath')?.get('extraction_cutoff')).toBe(limits.get('kv')?.get('maxchars'))
    const fields = events['1.3.0'].map(event => pathsOf([event]).size)
    expect(Math.max(...fields)).toBeLessThan(Number(limits.get('kv')?.get('limit')))
  })

  test('is told of fields that there are', () => {
    const written = new Set(
      [...paths['1.3.0'].keys()].map(path => splunkPath(path, paths['1.3.0'])),
    )
    const named = [...props].flatMap(([name, value]) => {
      if (name.startsWith('FIELDALIAS')) return [value.split(' AS ')[0]]
      return name.startsWith('EVAL') ? [...value.matchAll(/'(.*?)'/g)].map(([, path]) => path) : []
    })
    expect(named.length).toBeGreaterThan(5)
    for (const path of named) expect(written).toContain(path)
  })

  test('takes by its token what the sink sends', () => {
    const token = readConf(read('splunk/inputs.conf')).get('http://pushgraph')
    const { sinks } = parse(read('splunk/pushgraph.yaml')) as Sinks
    expect(sinks[0]).toMatchObject({
      index: token?.get('index'),
      sourcetype: token?.get('sourcetype'),
      acknowledgement: token?.get('useACK') === '1',
    })
  })
})

interface Sinks {
  readonly sinks: readonly Readonly<Record<string, unknown>>[]
}

interface Columns {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

describe('Microsoft Sentinel', () => {
  const { properties: table } = json<{ properties: { schema: Columns & { name: string } } }>(
    'sentinel/table.json',
  )
  const { properties: rule } = json<{
    properties: {
      streamDeclarations: Readonly<Record<string, Columns>>
      dataFlows: readonly { streams: readonly string[]; outputStream: string }[]
    }
  }>('sentinel/dcr.json')

  test('has a column for each attribute, of its type, and no other', () => {
    const typeOf = (name: string, { types, isList }: PathFacts): string => {
      if (isList || types.has('object')) return 'dynamic'
      if (types.has('boolean')) return 'boolean'
      if (types.has('string')) return 'string'
      return /(^|_)time$/.test(name) ? 'long' : 'int'
    }
    const expected = [...paths['1.8.0']]
      .filter(([path]) => !path.includes('.'))
      .map(([name, facts]) => ({ name, type: typeOf(name, facts) }))
    const sorted = ({ columns }: Columns) => columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const all = [{ name: 'TimeGenerated', type: 'datetime' }, ...expected]
    expect(sorted(table.schema)).toEqual(sorted({ columns: all }))
    // What Azure says of names.
    const reserved = [
      '_resourceid',
      'id',
      '_subscriptionid',
      'tenantid',
      'type',
      'uniqueid',
      'title',
    ]
    for (const { name } of all) {
      expect(name).toMatch(/^[A-Za-z]\w{0,44}$/)
      expect(reserved).not.toContain(name.toLowerCase())
    }
  })

  test('has a rule that takes what Vector sends into that table', () => {
    const [flow] = rule.dataFlows
    const { sinks } = parse(read('sentinel/vector.yaml')) as {
      sinks: { sentinel: { stream_name: string } }
    }
    expect(flow?.streams).toEqual([sinks.sentinel.stream_name])
    expect(rule.streamDeclarations[sinks.sentinel.stream_name]?.columns).toEqual(
      table.schema.columns,
    )
    expect(flow?.outputStream).toBe(`Custom-${table.schema.name}`)
  })
})

describe('Amazon Security Lake', () => {
  test('has names of sources that AWS takes', () => {
    const sources = json<readonly { sourceName: string }[]>('security-lake/sources.json')
    expect(sources).not.toHaveLength(0)
    for (const { sourceName } of sources) expect(sourceName).toMatch(/^[\w\-:.]{1,20}$/)
  })

  test('is sent nothing before the first export is whole', () => {
    const directory = directoryForTest()
    writeFileSync(join(directory, 'aws'), '#!/bin/sh\necho "$@"\nexit 1\n', { mode: 0o755 })
    const { status, stdout, stderr } = spawnSync(
      `${folder}security-lake/upload.sh`,
      [join(directory, 'lake'), 'bucket', 'eu-central-1'],
      { env: { PATH: `${directory}:${process.env['PATH']}` }, encoding: 'utf8' },
    )
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

describe('Vector', () => {
  test.each(['sentinel', 'datadog'])('listens where the sink for %s sends', receiver => {
    const vector = parse(read(`${receiver}/vector.yaml`)) as {
      sources: {
        pushgraph: {
          address: string
          path: string
          framing: { method: string }
          auth: { username: string; password: string }
        }
      }
      transforms: Readonly<Record<string, { inputs: readonly string[]; source: string }>>
      sinks: Readonly<Record<string, { inputs: readonly string[]; acknowledgements: object }>>
    }
    const { sinks } = parse(read(`${receiver}/pushgraph.yaml`)) as Sinks
    const { address, path, framing, auth } = vector.sources.pushgraph
    expect(sinks[0]?.['url']).toBe(`http://${address}${path}`)
    expect(framing.method).toBe('newline_delimited')
    // What the page has made of the password is what Vector asks for.
    const heading = { sentinel: 'Microsoft Sentinel', datadog: 'Datadog' }[receiver]
    const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    const [command = ''] = /^printf .*vector-headers\.yaml$/m.exec(section) ?? []
    const directory = directoryForTest()
    spawnSync('sh', ['-c', command], {
      cwd: directory,
      env: { PATH: process.env['PATH'], PUSHGRAPH_PASSWORD: 'p'.repeat(99) },
    })
    const headers = parse(readFileSync(join(directory, 'vector-headers.yaml'), 'utf8')) as unknown
    const shown = `${auth.username}:${'p'.repeat(99)}`
    expect(auth.password).toBe('${PUSHGRAPH_PASSWORD}')
    expect(headers).toEqual({ Authorization: `Basic ${Buffer.from(shown).toString('base64')}` })
    const [transform] = Object.entries(vector.transforms)
    const [sink] = Object.values(vector.sinks)
    expect(transform?.[1].inputs).toEqual(['pushgraph'])
    expect(sink).toMatchObject({ inputs: [transform?.[0]], acknowledgements: { enabled: true } })
    // What Vector adds itself is no attribute.
    const named = [
      ...(transform?.[1].source ?? '').matchAll(/(?:event|to_int|int!\()?\.(\w+(?:\.\w+)*)/g),
    ]
      .map(([, name = '']) => name)
      .filter(name => !['path', 'source_type', 'timestamp'].includes(name))
    expect(named).not.toHaveLength(0)
    for (const name of named) expect(paths['1.3.0'].has(name), name).toBe(true)
  })
})

describe('Elastic', () => {
  const template = json<IndexTemplate>('elastic/template.json')
  const { processors } = json<{ processors: readonly Processor[] }>('elastic/pipeline.json')
  const documents = () => events['1.8.0'].map(event => runPipeline(processors, event))

  test('gives no field two types, and has room for all', () => {
    const mappings = mappingsOf(template, documents())
    expect([...mappings].filter(([, types]) => types.length > 1)).toEqual([])
    expect(mappings.get('ocsf.unmapped')).toEqual([{ type: 'flattened' }])
    expect(mappings.get('ocsf.evidences.data')).toEqual([{ type: 'flattened' }])
    expect(mappings.get('ocsf.metadata')).toEqual([{ type: 'object' }])
    expect(mappings.get('ocsf.time')).toEqual([{ type: 'date', format: 'epoch_millis' }])
    expect(mappings.get('ocsf.src_endpoint.ip')).toMatchObject([{ type: 'ip' }])
    expect(mappings.get('event.ingested')).toEqual([{ type: 'date' }])
    expect(mappings.get('related.ip')).toMatchObject([{ type: 'ip' }])
    const limit = Number(template.template.settings['index.mapping.total_fields.limit'])
    expect(mappings.size).toBeLessThan(limit / 2)
  })

  test('refuses no event for what stands where an address would', () => {
    const found = [...mappingsOf(template, documents())].filter(([, types]) =>
      types.some(({ type }) => type === 'ip'),
    )
    expect(found.map(([path]) => path)).toContain('source.ip')
    for (const [path, types] of found)
      expect(types, path).toEqual([{ type: 'ip', ignore_malformed: true }])
  })

  test('would give two where data had no type of its own', () => {
    const { mappings } = template.template
    const without = { ...mappings, dynamic_templates: mappings.dynamic_templates.slice(1) }
    const found = mappingsOf(
      { ...template, template: { ...template.template, mappings: without } },
      documents(),
    )
    expect([...found].some(([, types]) => types.length > 1)).toBe(true)
  })

  test('fills the fields of ECS from attributes that there are', () => {
    const text = JSON.stringify(processors)
    const named = [
      ...text.matchAll(/"(?:copy_from|field)":"ocsf\.([\w.]+)"/g),
      ...text.matchAll(/ctx\.ocsf\.(\w+) [=!]= /g),
    ].map(([, path = '']) => path.replace('.0.', '.'))
    expect(new Set(named).size).toBeGreaterThan(12)
    for (const path of named) expect(paths['1.8.0'].has(path), path).toBe(true)
  })

  test('names each host, address and person of an event once', () => {
    const valuesOf = (event: Json, id: number): readonly string[] => {
      const all = (event['observables'] ?? []) as readonly { type_id: number; value: string }[]
      return [...new Set(all.filter(one => one.type_id === id).map(({ value }) => value))]
    }
    const names = { hosts: 1, ip: 2, user: 5 }
    const seen = new Map(Object.keys(names).map(name => [name, 0]))
    for (const [index, document] of documents().entries()) {
      const event = events['1.8.0'][index] ?? {}
      expect(document['ocsf']).toEqual(event)
      expect(document['@timestamp']).toBe(new Date(Number(event['time'])).toISOString())
      const related = (document['related'] ?? {}) as Readonly<Record<string, readonly string[]>>
      for (const [name, id] of Object.entries(names)) {
        expect(related[name] ?? []).toEqual(valuesOf(event, id))
        seen.set(name, (seen.get(name) ?? 0) + (related[name]?.length ?? 0))
      }
    }
    for (const [name, count] of seen) expect(count, name).toBeGreaterThan(10)
  })

  test('has the stream, the pipeline and the sink under one name', () => {
    const { sinks } = parse(read('elastic/pushgraph.yaml')) as Sinks
    expect(sinks[0]?.['url']).toContain('/logs-push.ocsf-default/_bulk')
    expect(template.index_patterns).toEqual(['logs-push.ocsf-*'])
    expect(template.template.settings['index.default_pipeline']).toBe('logs-push.ocsf')
    expect(page).toContain('/_ingest/pipeline/logs-push.ocsf\n')
    expect(page).toContain('/_index_template/logs-push.ocsf\n')
  })
})

interface PantherField {
  readonly name: string
  readonly required?: boolean
  readonly type: string
  readonly timeFormats?: readonly string[]
  readonly element?: { readonly type: string; readonly fields: readonly PantherField[] }
}

describe('Panther', () => {
  const { fields } = parse(read('panther/schema.yml')) as { fields: readonly PantherField[] }

  /** What does not fit the schema, as paths. */
  const misfits = (value: Json, of: readonly PantherField[], at = ''): readonly string[] => {
    const known = new Map(of.map(field => [field.name, field]))
    const missing = of.filter(
      ({ name, required }) => required === true && value[name] === undefined,
    )
    return [
      ...missing.map(({ name }) => `${at}${name} is missing`),
      ...Object.entries(value).flatMap(([name, member]) => {
        const field = known.get(name)
        if (field === undefined) return [`${at}${name} has no field`]
        if (field.type === 'array')
          return (member as readonly Json[]).flatMap(one =>
            misfits(one, field.element?.fields ?? [], `${at}${name}.`),
          )
        const fits = {
          string: typeof member === 'string',
          boolean: typeof member === 'boolean',
          bigint: Number.isSafeInteger(member),
          timestamp: Number.isSafeInteger(member) && field.timeFormats?.[0] === 'unix_ms',
          json: typeof member === 'object',
        }
        return fits[field.type as keyof typeof fits] ? [] : [`${at}${name} is no ${field.type}`]
      }),
    ]
  }

  test('has a field for everything that an event has', () => {
    expect([...new Set(events['1.8.0'].flatMap(event => misfits(event, fields)))]).toEqual([])
    const [first] = events['1.8.0']
    const wrong = { ...first, time: 'now', new: 1 }
    expect(misfits(wrong, fields)).toEqual(['time is no timestamp', 'new has no field'])
  })

  const python = spawnSync('python3', ['--version']).status === 0
  if (!python) console.info('python3 is not on this machine: the rule for Panther is not run.')

  test.runIf(python)('raises an alert for phishing that is open, and for nothing else', () => {
    const { Tests: own, LogTypes } = parse(read('panther/push_phishing.yml')) as {
      readonly LogTypes: readonly string[]
      readonly Tests: readonly { readonly ExpectedResult: boolean; readonly Log: Json }[]
    }
    const { schema } = parse(read('panther/schema.yml')) as { readonly schema: string }
    expect(LogTypes).toEqual([schema])
    const logs = [...own.map(({ Log }) => Log), ...events['1.8.0']]
    const { stdout, stderr } = spawnSync('python3', ['-c', harness, folder], {
      input: JSON.stringify(logs),
      encoding: 'utf8',
      maxBuffer: 1e8,
    })
    expect(stderr).toBe('')
    const told = JSON.parse(stdout) as readonly (Json | null)[]
    const expected = [
      ...own.map(({ ExpectedResult }) => ExpectedResult),
      ...events['1.8.0'].map(event => {
        const { types } = (event['finding_info'] ?? { types: [] }) as { types: readonly string[] }
        const isOpen = event['status_id'] === 1 || event['status_id'] === 2
        return event['class_uid'] === 2004 && isOpen && types.includes('PHISHING')
      }),
    ]
    expect(told.map(one => one !== null)).toEqual(expected)
    expect(expected.filter(Boolean).length).toBeGreaterThan(5)
    // Of one that has no event yet, Push names the person by id alone.
    expect(told.filter(one => String(one?.['title']).includes('somebody')).length).toBeLessThan(2)
    expect(told[0]).toEqual({
      title: 'Push: Phishing met ada@example.com (Observed)',
      dedup: 'd1',
      severity: 'HIGH',
      context: { link: null, seen: [] },
    })
  })
})

/** Calls the rule as Panther does: an event is a dictionary that can be asked for what stands deep in it. */
const harness = `
import json, sys
sys.path.insert(0, sys.argv[1] + "panther")
sys.dont_write_bytecode = True
import push_phishing as rule

class Event(dict):
    def deep_get(self, *names, default=None):
        at = self
        for name in names:
            at = at.get(name) if isinstance(at, dict) else None
        return default if at is None else at

def tell(event):
    if not rule.rule(event):
        return None
    return {
        "title": rule.title(event),
        "dedup": rule.dedup(event),
        "severity": rule.severity(event),
        "context": rule.alert_context(event),
    }

print(json.dumps([tell(Event(log)) for log in json.load(sys.stdin)]))
`

describe('Datadog', () => {
  test('has a pipeline for attributes that there are, and a level for each severity', () => {
    const { filter, processors } = json<{
      filter: { query: string }
      processors: readonly {
        sources?: readonly string[]
        categories?: readonly { filter: { query: string } }[]
      }[]
    }>('datadog/pipeline.json')
    const sources = processors.flatMap(({ sources: named = [] }) => named)
    const ofOcsf = sources
      .filter(source => source.startsWith('ocsf.'))
      .map(source => source.slice(5))
    expect(ofOcsf.length).toBeGreaterThan(4)
    for (const path of ofOcsf) expect(paths['1.3.0'].has(path), path).toBe(true)
    const levels = processors.flatMap(({ categories = [] }) =>
      categories.map(one => one.filter.query),
    )
    expect(levels).toEqual(['5', '4', '3', '2'].map(id => `@ocsf.severity_id:${id}`).concat('*'))
    expect(filter.query).toBe('source:push-security')
    expect(read('datadog/vector.yaml')).toContain('"ddsource": "push-security"')
  })
})
