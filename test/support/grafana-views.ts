/** The views for Grafana as their files have them, and their questions asked of a server as Infinity asks them. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Dashboard, Panel } from '@grafana/schema'
import { parse } from 'yaml'
import { expect } from 'vitest'
import type { AlertRules } from '../../examples/grafana/source/alerts.ts'
import type { InfinityQuery } from '../../examples/grafana/source/infinity.ts'
import { addressOf, type Chosen, type Frame, frameOf, infinityHeaders } from './infinity.ts'

export const grafanaFolder = fileURLToPath(new URL('../../examples/grafana/', import.meta.url))
const read = (path: string): string => readFileSync(`${grafanaFolder}${path}`, 'utf8')

export const VIEWS = ['overview', 'people', 'apps', 'findings', 'detections', 'activity']

export const dashboards = VIEWS.map(
  name => JSON.parse(read(`dashboards/${name}.json`)) as Dashboard,
)

export const rules = (
  parse(read('provisioning/alerting/pushgraph.yaml')) as AlertRules
).groups.flatMap(group => group.rules)

export interface DataSource {
  readonly uid: string
  readonly type: string
  readonly url: string
  readonly jsonData: Readonly<Record<string, unknown>>
  readonly secureJsonData: Readonly<Record<string, string>>
}

const [provided] = (
  parse(read('provisioning/datasources/pushgraph.yaml')) as { datasources: DataSource[] }
).datasources
if (provided === undefined) throw new Error('There is no data source')

export const dataSource = provided

export interface Asked {
  /** Which panel, annotation, variable or rule. */
  readonly of: string
  readonly query: InfinityQuery
}

export const panelsOf = ({ panels = [] }: Dashboard): readonly Panel[] =>
  panels.filter((panel): panel is Panel => !('panels' in panel))

const askedBy = (dashboard: Dashboard): readonly Asked[] => [
  ...panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(query => ({
      of: `${dashboard.title}, ${title}`,
      query: query as unknown as InfinityQuery,
    })),
  ),
  ...(dashboard.annotations?.list ?? [])
    .filter(({ builtIn }) => builtIn === undefined)
    .map(({ name, target }) => ({
      of: `${dashboard.title}, annotation ${name}`,
      query: target as unknown as InfinityQuery,
    })),
  ...(dashboard.templating?.list ?? [])
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => ({
      of: `${dashboard.title}, variable ${name}`,
      query: (query as unknown as { infinityQuery: InfinityQuery }).infinityQuery,
    })),
]

/** All that the dashboards ask. */
export const askedByDashboards: readonly Asked[] = dashboards.flatMap(askedBy)

/** All that the alert rules ask. */
export const askedByRules: readonly Asked[] = rules.map(({ title, data }) => ({
  of: `alert: ${title}`,
  query: data[0]?.model as InfinityQuery,
}))

/** Every question that Grafana may ask. */
export const everywhere: readonly Asked[] = [...askedByDashboards, ...askedByRules]

/** @throws {Error} where that view has no panel of that title */
export const panelQuery = (view: string, title: string): InfinityQuery => {
  const found = dashboards
    .filter(({ uid }) => uid === `pushgraph-${view}`)
    .flatMap(panelsOf)
    .find(panel => panel.title === title)?.targets?.[0]
  if (found === undefined) throw new Error(`${view} has no panel ${title}`)
  return found as unknown as InfinityQuery
}

const queryOf = (ending: string): InfinityQuery => {
  const found = askedByDashboards.find(({ of }) => of.endsWith(ending))
  if (found === undefined) throw new Error(`There is no ${ending}`)
  return found.query
}

/** @throws {Error} where there is no variable of that name */
export const variableQuery = (name: string): InfinityQuery => queryOf(`variable ${name}`)

/** @throws {Error} where there is no annotation of that name */
export const annotationQuery = (name: string): InfinityQuery => queryOf(`annotation ${name}`)

const [allConnectors = '', allDepartments = ''] = (dashboards[0]?.templating?.list ?? []).map(
  ({ allValue }) => allValue,
)

export const DAY_MS = 86_400_000

/** A range of so many days, which ends in a minute where nothing else is said, of all connectors and departments. */
export const chosen = (
  days = 30,
  variables: Chosen['variables'] = {},
  to = new Date(Date.now() + 60_000),
): Chosen => ({
  from: new Date(Number(to) - days * DAY_MS),
  to,
  variables: { connector: allConnectors, department: allDepartments, ...variables },
})

/** The settings of a server that answers the documents of the views, and no others. */
export const listed = {
  PUSHGRAPH_DOCUMENTS: `${grafanaFolder}documents`,
  PUSHGRAPH_DOCUMENTS_MODE: 'only',
}

/** What Infinity sends with each question. */
export const askedWith = infinityHeaders({
  authorization: 'Bearer none',
  [String(dataSource.jsonData['httpHeaderName1'])]:
    dataSource.secureJsonData['httpHeaderValue1'] ?? '',
})

interface Answer {
  readonly data: unknown
  readonly errors?: unknown
  readonly extensions: { readonly pushgraph: { readonly complete: boolean } }
}

export const answerTo = async (
  url: string,
  query: InfinityQuery,
  to = chosen(),
  headers = askedWith,
): Promise<{ readonly status: number; readonly answer: Answer }> => {
  const response = await fetch(new URL(addressOf(query, to), url), { headers })
  return { status: response.status, answer: (await response.json()) as Answer }
}

/** What Grafana gets of an answer; there must be no error in it. */
export const askedFrame = async (
  url: string,
  query: InfinityQuery,
  to?: Chosen,
): Promise<Frame | undefined> => {
  const { status, answer } = await answerTo(url, query, to)
  expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined })
  return frameOf(query, answer)
}

/** Each column has a value; a status that is fine has no reason. */
export const expectValues = (query: InfinityQuery, found: Frame | undefined): void => {
  const names = query.columns.length === 0 ? [query.refId] : query.columns.map(({ text }) => text)
  expect(Object.keys(found ?? {})).toEqual(names)
  for (const [name, cells] of Object.entries(found ?? {}))
    if (name !== 'Reason') expect([name, cells.some(cell => cell !== null)]).toEqual([name, true])
}
