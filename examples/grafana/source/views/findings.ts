/** Weaknesses that Push found: which, where, and whether they are dealt with. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { toApp, toPerson, toQuestion } from '../links.ts'
import { bars, columns, hidden, IN_UTC, nullAs, numbers, share, table } from '../panels.ts'

const OPERATION = 'GrafanaFindings'

const NONE = 'No finding was made in this range'

export const findings = dashboard({
  name: 'findings',
  title: 'findings',
  description:
    'New findings by type and state over time, open ones by app and department, the newest.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description: 'All and open are of now. New is what was made within the range.',
        size: [24, 4],
        noValue: 'not known',
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('Findings', 'all.totalCount', 'number'),
          column('Open', 'open.totalCount', 'number'),
          column('New', 'new.totalCount', 'number'),
        ],
      },
    ),
    columns(
      {
        title: 'New findings by type',
        description: IN_UTC,
        size: [12, 10],
        noValue: NONE,
        links: [toQuestion('OverviewFindingsOverTime')],
      },
      { operation: OPERATION, root: 'data.new.types' },
    ),
    columns(
      {
        title: 'New findings by state',
        description: `${IN_UTC} The state is that of now.`,
        size: [12, 10],
        noValue: NONE,
      },
      { operation: OPERATION, root: 'data.new.states' },
    ),
    table(
      {
        title: 'All findings by type',
        description: 'Of now, and the share of them that is open.',
        size: [10, 12],
        noValue: 'No finding',
        links: [toQuestion('OverviewFindingsByType')],
      },
      {
        operation: OPERATION,
        root: 'data.all.groups',
        columns: [
          column('Type', 'keys.0'),
          column('Findings', 'count', 'number'),
          column('Open', 'open', 'number'),
        ],
      },
      [share('Open')],
    ),
    bars(
      {
        title: 'Open findings by app',
        description: 'The 25 apps with most of them. Some findings are of no app.',
        size: [7, 12],
        noValue: 'No finding is open',
        links: [toQuestion('OverviewFindingsByApp')],
      },
      { operation: OPERATION, root: 'data.open.apps' },
      'App',
    ),
    bars(
      {
        title: 'Open findings by department',
        description: 'The 25 departments with most of them.',
        size: [7, 12],
        noValue: 'No finding is open',
      },
      { operation: OPERATION, root: 'data.open.departments' },
      'Department',
    ),
    table(
      {
        title: 'Newest findings of the range',
        description: '500 at most. Addresses need the scope pii.',
        size: [24, 14],
        noValue: NONE,
        links: [toQuestion('OverviewNewestFindings')],
      },
      {
        operation: 'GrafanaNewestFindings',
        root: 'data.findings.nodes',
        columns: [
          column('Made', 'createdAt', 'timestamp'),
          column('Type', 'typeRaw'),
          column('State', 'stateRaw'),
          column('E-mail', 'employee.email'),
          column('Department', 'employee.department'),
          column('App', 'app.name'),
          column('Connector', 'connectorAlias'),
          column('Person id', 'employeeId'),
          column('App id', 'appId'),
        ],
      },
      [
        toPerson('E-mail'),
        toApp('App'),
        { of: 'Department', properties: [{ id: 'mappings', value: [nullAs('none')] }] },
        ...hidden('Person id', 'App id'),
      ],
    ),
  ],
})
