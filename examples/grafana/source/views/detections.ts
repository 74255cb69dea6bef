/** Attacks that Push saw in browsers. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { toItself, toPerson, toQuestion } from '../links.ts'
import {
  bars,
  columns,
  hidden,
  IN_UTC,
  numbers,
  type Override,
  table,
  thresholds,
  words,
} from '../panels.ts'

const OPERATION = 'GrafanaDetections'

const colourOf = { CRITICAL: 'dark-red', HIGH: 'red', MEDIUM: 'orange', LOW: 'yellow' }

export const severityColours: readonly Override[] = Object.entries(colourOf).map(
  ([of, fixedColor]) => ({
    of,
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
  }),
)

const NONE = 'No detection was made in this range'

export const detections = dashboard({
  name: 'detections',
  title: 'detections',
  description:
    'Detections by severity over time, by type, by what was done about them, the newest.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description: 'Open ones are of now: not archived. New is what was made within the range.',
        size: [24, 4],
        noValue: 'not known',
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('Open', 'open.totalCount', 'number'),
          column('Open, high or critical', 'severe.totalCount', 'number'),
          column('New', 'new.totalCount', 'number'),
        ],
      },
      {
        overrides: [
          {
            of: 'Open, high or critical',
            properties: [{ id: 'thresholds', value: thresholds('green', [1, 'red']) }],
          },
        ],
      },
    ),
    columns(
      {
        title: 'New detections by severity',
        description: IN_UTC,
        size: [24, 9],
        noValue: NONE,
        links: [toQuestion('OverviewDetectionsBySeverity')],
      },
      { operation: OPERATION, root: 'data.new.severities' },
      severityColours,
    ),
    bars(
      {
        title: 'By type',
        description: 'Those that were made within the range.',
        size: [8, 9],
        noValue: NONE,
        links: [toQuestion('OverviewDetectionsByType')],
      },
      { operation: OPERATION, root: 'data.new.types' },
      'Type',
    ),
    bars(
      {
        title: 'By what was done',
        description: 'Of those that were made within the range: how Push responded.',
        size: [8, 9],
        noValue: NONE,
      },
      { operation: OPERATION, root: 'data.new.responses' },
      'Response',
    ),
    bars(
      {
        title: 'By department',
        description: 'Those that were made within the range.',
        size: [8, 9],
        noValue: NONE,
      },
      { operation: OPERATION, root: 'data.new.departments' },
      'Department',
    ),
    table(
      {
        title: 'Newest detections of the range',
        description: '500 at most. Addresses and links to Push need the scope pii.',
        size: [24, 14],
        noValue: NONE,
        links: [toQuestion('OverviewNewestDetections')],
      },
      {
        operation: 'GrafanaNewestDetections',
        root: 'data.detections.nodes',
        columns: [
          column('Made', 'createdAt', 'timestamp'),
          column('Severity', 'severityRaw'),
          column('Type', 'detectionTypeRaw'),
          column('Archived', 'archived'),
          column('E-mail', 'employee.email'),
          column('Department', 'employee.department'),
          column('In Push', 'detectionLink'),
          column('Connector', 'connectorAlias'),
          column('Person id', 'employeeId'),
        ],
      },
      [
        toPerson('E-mail'),
        toItself('In Push', 'This detection in Push'),
        {
          of: 'Severity',
          properties: [
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
            {
              id: 'mappings',
              value: [
                words(
                  Object.fromEntries(
                    Object.entries(colourOf).map(([word, color]) => [word, { color }]),
                  ),
                ),
              ],
            },
          ],
        },
        ...hidden('Person id'),
      ],
    ),
  ],
})
