/** Which apps are used, which of them nobody approved, and what runs in browsers. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { toApp, toQuestion } from '../links.ts'
import { bars, hidden, numbers, table } from '../panels.ts'

const OPERATION = 'GrafanaApps'

export const apps = dashboard({
  name: 'apps',
  title: 'apps',
  description:
    'Apps that are not approved or sensitive, by use; browser extensions. All of it is of now. Apps are those of all departments.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description: 'Of now, whatever the range is. Apps are those of all departments.',
        size: [24, 4],
        noValue: 'not known',
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('Apps', 'apps.totalCount', 'number'),
          column('Not approved', 'unapproved.totalCount', 'number'),
          column('Highly sensitive', 'sensitive.totalCount', 'number'),
          column('Extensions in browsers', 'browserExtensions.totalCount', 'number'),
        ],
      },
    ),
    bars(
      {
        title: 'Apps by approval',
        description: 'Those of all departments.',
        size: [12, 7],
        noValue: 'No app',
        links: [toQuestion('OverviewAppsByApproval')],
      },
      { operation: OPERATION, root: 'data.apps.groups' },
      'Approval',
    ),
    bars(
      {
        title: 'Extensions by deployment',
        description: 'How the extensions came into the browsers of the departments chosen.',
        size: [12, 7],
        noValue: 'No extension',
        links: [toQuestion('OverviewExtensions')],
      },
      { operation: OPERATION, root: 'data.browserExtensions.groups' },
      'Deployment',
    ),
    table(
      {
        title: 'Apps that are not approved',
        description: 'The 200 with most accounts.',
        size: [12, 14],
        noValue: 'Every app is approved, or not decided yet',
        links: [toQuestion('OverviewUnapprovedApps')],
      },
      {
        operation: OPERATION,
        root: 'data.unapproved.nodes',
        columns: [
          column('App', 'name'),
          column('Accounts', 'accounts.totalCount', 'number'),
          column('Sensitivity', 'sensitivityLevel'),
          column('First seen', 'createdAt', 'timestamp'),
          column('Connector', 'connectorAlias'),
          column('App id', 'id'),
        ],
      },
      [toApp('App'), ...hidden('App id')],
    ),
    table(
      {
        title: 'Highly sensitive apps',
        description: 'The 200 with most accounts.',
        size: [12, 14],
        noValue: 'No app is marked as highly sensitive',
        links: [toQuestion('OverviewSensitiveApps')],
      },
      {
        operation: OPERATION,
        root: 'data.sensitive.nodes',
        columns: [
          column('App', 'name'),
          column('Accounts', 'accounts.totalCount', 'number'),
          column('Without MFA', 'withoutMfa.totalCount', 'number'),
          column('Approval', 'approvalStatus'),
          column('Connector', 'connectorAlias'),
          column('App id', 'id'),
        ],
      },
      [toApp('App'), ...hidden('App id')],
    ),
  ],
})
