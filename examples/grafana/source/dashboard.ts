/** The frame that all dashboards share: variables, marks, links, and the row that says what the rest is worth. */
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardCursorSync,
  type Panel,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/schema'
import { column, DATA_SOURCE, query } from './infinity.ts'
import { toView } from './links.ts'
import { numbers, table, thresholds, type Unplaced, words } from './panels.ts'

/** By which the dashboards find each other. */
const TAG = 'pushgraph-views'

/** Of 24 columns in all. */
const WIDTH = 24

interface View {
  /** Its name in the overview of Pushgraph. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** The document that its numbers come from: the status row tells of the answer to it. */
  readonly operation: string
  readonly panels: readonly Unplaced[]
}

export const dashboard = ({ name, title, description, operation, panels }: View): Dashboard => ({
  uid: `pushgraph-${name}`,
  title: `Push: ${title}`,
  description,
  tags: [TAG],
  schemaVersion: 42,
  version: 1,
  editable: true,
  graphTooltip: DashboardCursorSync.Crosshair,
  refresh: '1m',
  time: { from: 'now-30d', to: 'now' },
  timepicker: { refresh_intervals: ['30s', '1m', '5m', '15m', '1h'] },
  // Days and hours are counted in UTC.
  timezone: 'utc',
  links: [
    {
      ...toView(name),
      type: 'dashboards',
      title: 'Views',
      url: '',
      tags: [TAG],
      targetBlank: false,
      includeVars: true,
      keepTime: true,
      tooltip: '',
    },
    toView(name),
  ],
  annotations: { list: [builtIn, ...marks] },
  templating: { list: variables },
  panels: placed([...standing(operation), ...panels]),
})

/** From left to right, then below. */
const placed = (panels: readonly Unplaced[]): Panel[] => {
  let [x, y, height] = [0, 0, 0]
  return panels.map(({ size: [w, h], ...panel }, at) => {
    if (x + w > WIDTH) [x, y, height] = [0, y + height, 0]
    const gridPos = { x, y, w, h }
    x += w
    height = Math.max(height, h)
    return { id: at + 1, ...panel, gridPos }
  })
}

/** Whether the answers are whole and how old they are, of the same answer that the numbers below come from. */
const standing = (operation: string): readonly Unplaced[] => [
  numbers(
    {
      title: 'What the numbers rest on',
      description:
        'Whether all rows were there that the numbers of this dashboard count, and when the oldest read began that they rest on.',
      size: [8, 4],
      noValue: 'not known',
    },
    {
      operation,
      root: 'extensions.pushgraph',
      columns: [column('Whole', 'complete'), column('As of', 'asOf', 'timestamp')],
    },
    {
      overrides: [
        {
          of: 'Whole',
          properties: [
            {
              id: 'mappings',
              value: [
                words({
                  true: { text: 'whole', color: 'green' },
                  false: { text: 'not whole', color: 'red' },
                }),
              ],
            },
          ],
        },
        { of: 'As of', properties: [{ id: 'unit', value: 'dateTimeFromNow' }] },
      ],
    },
  ),
  table(
    {
      title: 'What is missing, and why',
      description:
        'What Pushgraph says of the answer that the numbers of this dashboard come from.',
      size: [8, 4],
      noValue: 'Nothing is missing',
    },
    {
      operation,
      root: 'extensions.pushgraph.warnings',
      columns: [column('Warning', 'message')],
    },
  ),
  table(
    {
      title: 'Connectors',
      description: 'Whether requests to each tenant of Push succeed, and who waits for its limit.',
      size: [8, 4],
      noValue: 'No connector that this token sees',
    },
    {
      operation: 'GrafanaConnectors',
      root: 'data.connectors',
      columns: [
        column('Connector', 'alias'),
        column('Status', 'status'),
        column('Reason', 'reason'),
        column('Requests waiting', 'rateLimit.queued', 'number'),
      ],
    },
    [
      {
        of: 'Status',
        properties: [
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
          {
            id: 'mappings',
            value: [
              words({
                OK: { color: 'green' },
                DEGRADED: { color: 'orange' },
                FAILING: { color: 'red' },
              }),
            ],
          },
        ],
      },
      { of: 'Requests waiting', properties: [{ id: 'thresholds', value: thresholds('text') }] },
    ],
  ),
]

/** Grafana's own: where somebody marked a moment by hand, or an alert changed. */
const builtIn: AnnotationQuery = {
  builtIn: 1,
  name: 'Annotations & Alerts',
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  type: 'dashboard',
}

const mark = (name: string, root: string, iconColor: string, enable: boolean): AnnotationQuery => ({
  name,
  datasource: DATA_SOURCE,
  enable,
  iconColor,
  target: query({
    operation: 'GrafanaMarks',
    root,
    format: 'dataframe',
    refId: 'Anno',
    columns: [
      column('time', 'occurredAt', 'timestamp'),
      column('title', 'objectName'),
      column('text', 'description'),
      column('tags', 'connectorAlias'),
    ],
  }),
})

/** Stored webhook events: without webhooks there are none. */
const marks: readonly AnnotationQuery[] = [
  mark('Detections', 'data.detections.nodes', 'red', true),
  mark('Administrators', 'data.administrators.nodes', 'blue', false),
]

const choice = (name: string, label: string, root: string, columns: Parameters<typeof column>[]) =>
  ({
    name,
    label,
    type: 'query',
    datasource: DATA_SOURCE,
    refresh: VariableRefresh.onDashboardLoad,
    sort: VariableSort.disabled,
    multi: true,
    includeAll: true,
    allowCustomValue: false,
    current: { text: ['All'], value: ['$__all'] },
    query: {
      queryType: 'infinity',
      refId: 'variable',
      query: '',
      infinityQuery: query({
        operation: 'GrafanaChoices',
        root,
        refId: 'variable',
        columns: columns.map(each => column(...each)),
      }),
      meta: { textField: 'text', valueField: 'value' },
    },
  }) satisfies VariableModel

/**
 * The name of a department, and the filter that it stands for: so quotes and commas in names, and people of no department,
 * are asked for rightly.
 */
const DEPARTMENTS = `$map(data.employees.groups, function($group) {
  $group.keys[0]
    ? {
        "text": $group.keys[0],
        "value": $string({"department": {"eq": $group.keys[0], "caseSensitive": true}})
      }
    : {
        "text": "no department",
        "value": $string({"or": [{"department": {"isNull": true}}, {"department": {"eq": ""}}]})
      }
})`

const variables: VariableModel[] = [
  {
    ...choice('connector', 'Connector', 'data.connectors', [
      ['text', 'alias'],
      ['value', 'alias'],
    ]),
    allValue: 'null',
  },
  {
    ...choice('department', 'Department', DEPARTMENTS, [
      ['text', 'text'],
      ['value', 'value'],
    ]),
    allValue: '{"exists":true},{"exists":false}',
  },
  {
    name: 'pushgraph',
    label: 'Pushgraph at',
    description: 'The address under which your browser reaches Pushgraph; links lead there.',
    type: 'textbox',
    query: 'http://localhost:4000',
    current: { text: 'http://localhost:4000', value: 'http://localhost:4000' },
    hide: VariableHide.dontHide,
  },
]
