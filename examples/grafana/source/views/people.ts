/** Who has accounts without a second factor, findings, or no browser in which Push is at work. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { bars, hidden, nullAs, numbers, share, table, thresholds } from '../panels.ts'
import { toPerson, toQuestion } from '../links.ts'

const OPERATION = 'GrafanaPeople'

export const people = dashboard({
  name: 'people',
  title: 'people',
  description:
    'Second factors by department, people without Push, people with findings. All of it is of now.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description: 'Of now, whatever the range is.',
        size: [24, 4],
        noValue: 'not known',
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('People', 'employees.totalCount', 'number'),
          column('With a licence', 'licensed.totalCount', 'number'),
          column('Of them without a browser', 'withoutBrowser.totalCount', 'number'),
          column('Accounts', 'accounts.totalCount', 'number'),
        ],
      },
    ),
    table(
      {
        title: 'Accounts without MFA by department',
        description:
          'The share of the accounts of each department that have no second factor; none is for accounts of nobody and of people without a department.',
        size: [14, 12],
        noValue: 'No account',
        links: [toQuestion('OverviewAccountsWithoutMfa')],
      },
      {
        operation: OPERATION,
        root: 'data.accounts.groups',
        columns: [
          column('Department', 'keys.0'),
          column('People', 'people', 'number'),
          column('Accounts', 'count', 'number'),
          column('Without MFA', 'withoutMfa', 'number'),
        ],
      },
      [
        { of: 'Department', properties: [{ id: 'mappings', value: [nullAs('none')] }] },
        share('Without MFA', thresholds('green', [0.25, 'orange'], [0.5, 'red'])),
      ],
    ),
    bars(
      {
        title: 'Licensed people without a browser, by department',
        description: 'They have a licence of Push, and no browser in which it is at work.',
        size: [10, 12],
        noValue: 'Everybody with a licence has a browser',
        links: [toQuestion('LicensedWithoutBrowser')],
      },
      { operation: OPERATION, root: 'data.withoutBrowser.groups' },
      'Department',
    ),
    table(
      {
        title: 'People with open findings',
        description: 'The 200 with most findings. Addresses need the scope pii.',
        size: [24, 14],
        noValue: 'Nobody has an open finding',
        links: [toQuestion('OverviewPeopleWithFindings')],
      },
      {
        operation: 'GrafanaPeopleWithFindings',
        root: 'data.employees.nodes',
        columns: [
          column('E-mail', 'email'),
          column('Department', 'department'),
          column('Open findings', 'openFindings.totalCount', 'number'),
          column('Findings', 'findings.totalCount', 'number'),
          column('Accounts', 'accounts.totalCount', 'number'),
          column('Connector', 'connectorAlias'),
          column('Person id', 'id'),
        ],
      },
      [toPerson('E-mail'), ...hidden('Person id')],
    ),
  ],
})
