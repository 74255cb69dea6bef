/** Where cells and panels lead to: pages of Pushgraph, at the address under which the browser reaches it. */
import type { DashboardLink } from '@grafana/schema'
import type { Override } from './panels.ts'

const BASE = '${pushgraph:raw}'

const cell = (of: string, title: string, url: string): Override => ({
  of,
  properties: [{ id: 'links', value: [{ title, url, targetBlank: true }] }],
})

const pageOf = (page: 'person' | 'app', id: string): string =>
  `${BASE}/#/${page}?id=\${__data.fields["${id}"]:percentencode}&of=\${__data.fields["Connector"]:percentencode}`

/** A column that leads to the person's page, whose id is in the column `id`. */
export const toPerson = (of: string, id = 'Person id'): Override =>
  cell(of, 'This person in Pushgraph', pageOf('person', id))

/** A column that leads to the app's page. */
export const toApp = (of: string, id = 'App id'): Override =>
  cell(of, 'This app in Pushgraph', pageOf('app', id))

/** A column that holds an address of its own. */
export const toItself = (of: string, title: string): Override => cell(of, title, '${__value.raw}')

/** A link of a panel that opens a question of Pushgraph's pages in GraphiQL. */
export const toQuestion = (question: string): DashboardLink => ({
  title: 'Ask in GraphiQL',
  type: 'link',
  url: `${BASE}/graphiql#question=${question}`,
  targetBlank: true,
  asDropdown: false,
  icon: 'external link',
  includeVars: false,
  keepTime: false,
  tags: [],
  tooltip: '',
})

/** A link of a dashboard to the same view of Pushgraph's overview. */
export const toView = (view: string): DashboardLink => ({
  ...toQuestion(''),
  title: 'Overview of Pushgraph',
  url: `${BASE}/#/${view}`,
  tooltip: 'The same view, live',
})
