/** What there is, what is new, and what is open. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { toQuestion } from '../links.ts'
import { columns, IN_UTC, numbers, type Override, thresholds } from '../panels.ts'
import { severityColours } from './detections.ts'

const OPERATION = 'GrafanaOverview'

/** What should be none has a colour from one on. */
const shouldBeNone = (of: string, color: string): Override => ({
  of,
  properties: [{ id: 'thresholds', value: thresholds('green', [1, color]) }],
})

export const overview = dashboard({
  name: 'overview',
  title: 'overview',
  description: 'What an analyst looks at first: the numbers, what is new, what is open.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description:
          'All but the last two are of now. New is what was made within the range. Apps are those of all departments.',
        size: [24, 5],
        noValue: 'not known',
        links: [toQuestion('OverviewNumbers')],
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('People', 'employees.totalCount', 'number'),
          column('Accounts', 'accounts.totalCount', 'number'),
          column('Accounts without MFA', 'accountsWithoutMfa.totalCount', 'number'),
          column('Apps', 'apps.totalCount', 'number'),
          column('Open findings', 'openFindings.totalCount', 'number'),
          column('Open detections', 'openDetections.totalCount', 'number'),
          column('New findings', 'newFindings.totalCount', 'number'),
          column('New detections', 'newDetections.totalCount', 'number'),
        ],
      },
      { overrides: [shouldBeNone('Open detections', 'orange')] },
    ),
    columns(
      {
        title: 'New detections by severity',
        description: IN_UTC,
        size: [12, 10],
        noValue: 'No detection was made in this range',
        links: [toQuestion('OverviewDetectionsBySeverity')],
      },
      { operation: OPERATION, root: 'data.newDetections.groups' },
      severityColours,
    ),
    columns(
      {
        title: 'New findings by type',
        description: IN_UTC,
        size: [12, 10],
        noValue: 'No finding was made in this range',
        links: [toQuestion('OverviewFindingsOverTime')],
      },
      { operation: OPERATION, root: 'data.newFindings.groups' },
    ),
  ],
})
