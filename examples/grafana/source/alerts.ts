/**
 * Alert rules as Grafana reads them from files. A rule about counts looks at the answer whole: while it is not, it has no
 * number, and the rule stays as it was.
 *
 * @see https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/alerting/rules_types.go
 */
import { DATA_SOURCE, type InfinityQuery, query } from './infinity.ts'

type StateWithoutNumber = 'KeepLast' | 'Alerting'

interface Threshold {
  readonly type: 'threshold'
  readonly refId: string
  readonly datasource: { readonly type: '__expr__'; readonly uid: '__expr__' }
  readonly expression: string
  readonly conditions: readonly {
    readonly evaluator: { readonly type: 'gt'; readonly params: readonly [number] }
  }[]
}

interface Rule {
  readonly uid: string
  readonly title: string
  readonly condition: string
  readonly for: string
  readonly noDataState: StateWithoutNumber
  readonly execErrState: StateWithoutNumber
  readonly dashboardUid: string
  readonly panelId: number
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly data: readonly {
    readonly refId: string
    readonly datasourceUid: string
    /** Seconds before now. */
    readonly relativeTimeRange: { readonly from: number; readonly to: number }
    readonly model: InfinityQuery | Threshold
  }[]
}

export interface AlertRules {
  readonly apiVersion: 1
  readonly groups: readonly {
    readonly orgId: number
    readonly name: string
    readonly folder: string
    readonly interval: string
    readonly rules: readonly Rule[]
  }[]
}

interface Told {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly severity: 'critical' | 'warning'
  /** The dashboard and its panel of numbers, below the three of the status row. */
  readonly view: string
  readonly for: string
  readonly without: StateWithoutNumber
  /** JSONata that gives a number, or nothing. */
  readonly value: string
  readonly above?: number
}

const RANGE = { from: 600, to: 0 }

const NUMBERS = 4

const rule = (told: Told): Rule => ({
  uid: `pushgraph-${told.name}`,
  title: told.title,
  condition: 'B',
  for: told.for,
  noDataState: told.without,
  execErrState: told.without,
  dashboardUid: `pushgraph-${told.view}`,
  panelId: NUMBERS,
  annotations: { summary: told.summary },
  labels: { severity: told.severity },
  data: [
    {
      refId: 'A',
      datasourceUid: DATA_SOURCE.uid,
      relativeTimeRange: RANGE,
      model: query({ operation: 'GrafanaAlerts', root: told.value }),
    },
    {
      refId: 'B',
      datasourceUid: '__expr__',
      relativeTimeRange: RANGE,
      model: {
        type: 'threshold',
        refId: 'B',
        datasource: { type: '__expr__', uid: '__expr__' },
        expression: 'A',
        conditions: [{ evaluator: { type: 'gt', params: [told.above ?? 0] } }],
      },
    },
  ],
})

/** Of a whole answer alone. */
const counted = (name: string): string =>
  `(extensions.pushgraph.complete ? data.${name}.totalCount : [])`

export const alertRules: AlertRules = {
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: 'Push',
      folder: 'Pushgraph',
      interval: '1m',
      rules: [
        rule({
          name: 'severe-detections',
          title: 'Severe detections are open',
          summary:
            '{{ .Values.A.Value }} detections of severity high or critical are not archived yet.',
          severity: 'critical',
          view: 'detections',
          for: '0s',
          without: 'KeepLast',
          value: counted('severeDetections'),
        }),
        rule({
          name: 'stolen-credentials',
          title: 'Stolen or leaked credentials still work',
          summary:
            '{{ .Values.A.Value }} findings about stolen credentials or leaked passwords are open.',
          severity: 'critical',
          view: 'findings',
          for: '5m',
          without: 'KeepLast',
          value: counted('stolenCredentials'),
        }),
        rule({
          name: 'sensitive-without-mfa',
          title: 'Accounts at sensitive apps have no second factor',
          summary:
            '{{ .Values.A.Value }} accounts at highly sensitive apps have no second factor. Set the threshold to what you bear.',
          severity: 'warning',
          view: 'overview',
          for: '1h',
          without: 'KeepLast',
          value: counted('sensitiveWithoutMfa'),
          above: 100,
        }),
        rule({
          name: 'connectors-failing',
          title: 'Tenants of Push cannot be read',
          summary: '{{ .Values.A.Value }} connectors are FAILING: their numbers are of earlier.',
          severity: 'warning',
          view: 'overview',
          for: '10m',
          without: 'KeepLast',
          value: '$count(data.connectors[status = "FAILING"])',
        }),
        rule({
          name: 'not-whole',
          title: 'Push cannot be counted',
          summary:
            'Pushgraph gives no whole answer, or none at all, so that the other alerts of this group stay as they were.',
          severity: 'warning',
          view: 'overview',
          for: '30m',
          without: 'Alerting',
          value: '(extensions.pushgraph.complete ? 0 : 1)',
        }),
      ],
    },
  ],
}
