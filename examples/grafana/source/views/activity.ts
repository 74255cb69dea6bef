/** What Push told by webhook. */
import { dashboard } from '../dashboard.ts'
import { column } from '../infinity.ts'
import { toPerson, toQuestion } from '../links.ts'
import { bars, columns, hidden, numbers, table } from '../panels.ts'

const OPERATION = 'GrafanaActivity'

const NONE = 'No event in this range: without webhooks there is none'

export const activity = dashboard({
  name: 'activity',
  title: 'activity',
  description:
    'Events that Push told by webhook, within the range. They need webhooks, and a token with the scope events.',
  operation: OPERATION,
  panels: [
    numbers(
      {
        title: 'Numbers',
        description: 'Events within the range.',
        size: [8, 6],
        noValue: 'not known',
      },
      {
        operation: OPERATION,
        root: 'data',
        columns: [
          column('Events', 'events.totalCount', 'number'),
          column('Logins', 'logins.totalCount', 'number'),
        ],
      },
    ),
    table(
      {
        title: 'Stored events',
        description: 'Of all time, as far as they are kept.',
        size: [16, 6],
        noValue: 'No connector that this token sees',
      },
      {
        operation: OPERATION,
        root: 'data.connectors',
        columns: [
          column('Connector', 'alias'),
          column('Events', 'eventStore.events', 'number'),
          column('The oldest arrived', 'eventStore.oldestAt', 'timestamp'),
        ],
      },
    ),
    columns(
      {
        title: 'Events by category',
        description: 'By the hour, day or week in which they happened, in UTC.',
        size: [24, 9],
        noValue: NONE,
        links: [toQuestion('OverviewEventsOverTime')],
      },
      { operation: OPERATION, root: 'data.events.categories' },
    ),
    bars(
      {
        title: 'By what they are about',
        description: 'The 25 kinds of objects with most events in the range.',
        size: [12, 10],
        noValue: NONE,
      },
      { operation: OPERATION, root: 'data.events.objects' },
      'Object',
    ),
    bars(
      {
        title: 'By department',
        description:
          'The 25 departments with most events in the range. Some events are about nobody.',
        size: [12, 10],
        noValue: NONE,
      },
      { operation: OPERATION, root: 'data.events.departments' },
      'Department',
    ),
    table(
      {
        title: 'Newest events of the range',
        description: '500 at most. Addresses need the scope pii.',
        size: [24, 14],
        noValue: NONE,
        links: [toQuestion('OverviewNewestEvents')],
      },
      {
        operation: 'GrafanaNewestEvents',
        root: 'data.events.nodes',
        columns: [
          column('Happened', 'occurredAt', 'timestamp'),
          column('Category', 'categoryRaw'),
          column('Object', 'object'),
          column('What became of it', 'typeRaw'),
          column('Name', 'objectName'),
          column('E-mail', 'email'),
          column('Connector', 'connectorAlias'),
          column('Person id', 'employeeId'),
        ],
      },
      [toPerson('E-mail'), ...hidden('Person id')],
    ),
  ],
})
