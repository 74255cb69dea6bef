/** The alerts and the dashboard of metrics: over figures that there are, and as they should be. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { beforeAll, describe, expect, test } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct } from '../support/product.ts'
import { findPromtool } from '../support/promtool.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[]
  }[]
}
interface Dashboard {
  readonly uid: string
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly targets: readonly { readonly expr: string }[]
  }[]
  readonly templating: { readonly list: readonly { readonly query: string }[] }
}

const rules = (parse(read('examples/alerts/pushgraph.yaml')) as Rules).groups.flatMap(
  group => group.rules,
)
const dashboard = JSON.parse(read('examples/grafana/dashboards/metrics.json')) as Dashboard
const expressions = [
  ...rules.map(({ alert, expr }) => ({ of: `the alert ${alert}`, expr })),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ of: `the panel ${title}`, expr })),
  ),
]

const namesIn = (expression: string): readonly string[] =>
  expression.match(/\b(pushgraph|nodejs|process)_\w+/g) ?? []

/** A figure's labels and all that is said of it, as docs/metrics.md has them. */
const documented = new Map(
  [...read('docs/metrics.md').matchAll(/^\| (`pushgraph_.*?) +\| +(.*?) +\| (.*)\|$/gm)].flatMap(
    ([, names = '', labels = '', told = '']) =>
      names.split(', ').map(name => [name.replaceAll('`', ''), { labels, told }] as const),
  ),
)

/** The figures that a server gives, by name; of a histogram the names of its parts. */
let given: ReadonlySet<string> = new Set()
beforeAll(async () => {
  const product = await serveProduct({
    environment: { PUSHGRAPH_DEMO_SCALE: '0.05', PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0' },
  })
  const text = await (await fetch(`${product.url}/metrics`)).text()
  product.kill('SIGTERM')
  await product.ended
  given = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name],
    ),
  )
})

test('docs/metrics.md lists the figures that there are', () => {
  const own = [...given]
    .filter(name => name.startsWith('pushgraph_') && !/_(bucket|sum)$/.test(name))
    .map(name => (given.has(name.replace(/count$/, 'bucket')) ? name.replace(/_count$/, '') : name))
  expect(own.length).toBeGreaterThan(30)
  expect([...documented.keys()].sort()).toEqual(own.sort())
})

describe('every expression of the alerts and the dashboard', () => {
  test.each(expressions)('asks for figures that there are: $of', ({ expr }) => {
    for (const name of namesIn(expr)) expect(given).toContain(name)
    expect(expr).toMatch(/\b(pushgraph|nodejs|process)_|^up\{/)
  })

  test.each(expressions)('asks for labels and words of theirs: $of', ({ expr }) => {
    for (const [, name = '', selector = ''] of expr.matchAll(/(pushgraph_\w+)\{(.*?)\}/g)) {
      const { labels, told } = documented.get(name.replace(/_bucket$/, '')) ?? {}
      expect(labels).toBeDefined()
      for (const [, label = '', value = ''] of selector.matchAll(/(\w+)=~?"(.*?)"/g)) {
        if (label === 'job') continue
        expect(labels).toContain(`\`${label}\``)
        // Codes of errors and statuses are elsewhere.
        if (/[$A-Z]/.test(value) && label !== 'status') continue
        if (/^\d+$/.test(value) || label === 'type') continue
        for (const word of value.split('|')) expect(told).toContain(`\`${word}\``)
      }
    }
  })
})

test('the dashboard knows its source and its variables, and no two panels are one', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  for (const { query } of dashboard.templating.list)
    for (const name of namesIn(query)) expect(given).toContain(name)
})

test('each alert is tried: when it comes, and when it does not', () => {
  const tries = parse(read('examples/alerts/pushgraph.test.yaml')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
  }
  const asked = tries.tests.flatMap(({ alert_rule_test: all }) => all)
  expect(rules.length).toBeGreaterThan(10)
  for (const { alert } of rules) {
    const own = asked.filter(({ alertname }) => alertname === alert)
    expect(own.some(({ exp_alerts: alerts }) => alerts.length > 0)).toBe(true)
    expect(own.some(({ exp_alerts: alerts }) => alerts.length === 0)).toBe(true)
  }
})

test("Prometheus' own tool takes rules, settings and the dashboard's expressions", ({ skip }) => {
  const promtool = findPromtool()
  if (promtool === undefined) return skip('there is no promtool')
  const run = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: root, encoding: 'utf8' })
    return status === 0 ? 'fine' : stdout + stderr
  }
  expect(run('check', 'rules', 'examples/alerts/pushgraph.yaml')).toBe('fine')
  expect(run('test', 'rules', 'examples/alerts/pushgraph.test.yaml')).toBe('fine')
  // As compose.yaml and compose.tokens.yaml lay them out.
  const etc = directoryForTest()
  mkdirSync(join(etc, 'alerts'))
  writeFileSync(join(etc, 'alerts/pushgraph.yaml'), read('examples/alerts/pushgraph.yaml'))
  writeFileSync(join(etc, 'pushgraph.token'), 'token')
  for (const name of ['prometheus.yaml', 'prometheus.tokens.yaml']) {
    writeFileSync(join(etc, name), read(`examples/compose/${name}`))
    expect(run('check', 'config', join(etc, name))).toBe('fine')
  }
  const asRules = dashboard.panels.flatMap(({ id, targets }) =>
    targets.map(({ expr }, index) => ({
      record: `panel:${id}:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    })),
  )
  const path = join(etc, 'dashboard.yaml')
  writeFileSync(path, JSON.stringify({ groups: [{ name: 'dashboard', rules: asRules }] }))
  expect(run('check', 'rules', path)).toBe('fine')
})
