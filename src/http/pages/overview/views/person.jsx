/** One person: what happened, accounts, findings, browsers, detections. */
import { Moment } from '../charts/cells.jsx'
import { Facts } from '../charts/facts.jsx'
import {
  appColumn,
  detectionColumns,
  findingColumns,
  lastUsedColumn,
  mfaColumn,
  pageColumn,
} from '../charts/known-columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { TimelineTile } from '../tiles/timeline-tile.jsx'
import { countOf, spokenOf, localTimeOf } from '../words.ts'

export const PersonView = ({ address }) => (
  <div className="tiles">
    <PersonTile address={address} title="Who" size="half">
      {person => <Who person={person} />}
    </PersonTile>
    <TimelineTile address={address} document="OverviewPersonTimeline" of="employee" />
    <PersonTile address={address} title="Accounts" size="full">
      {person => <Accounts person={person} address={address} />}
    </PersonTile>
    <PersonTile address={address} title="Findings" size="half">
      {person => <Findings person={person} address={address} />}
    </PersonTile>
    <PersonTile address={address} title="Browsers" size="half">
      {person => <Browsers person={person} />}
    </PersonTile>
    <PersonTile address={address} title="Detections" size="full">
      {person => <Detections person={person} />}
    </PersonTile>
  </div>
)

const PersonTile = ({ children, ...others }) => (
  <Tile document="OverviewPerson" {...others}>
    {({ employee }) =>
      employee
        ? children(employee)
        : 'No such person is known. Perhaps they left, or your token does not reach their connector.'
    }
  </Tile>
)

const Who = ({ person }) => (
  <Facts
    facts={[
      ['Name', [person.firstName, person.lastName].filter(Boolean).join(' ') || 'not shown'],
      ['E-mail', person.email ?? 'not shown without the scope “pii”'],
      ['Department', person.department ?? 'none'],
      ['Location', person.location ?? 'unknown'],
      ['Licensed', person.licensed ? 'yes' : 'no'],
      ['Known since', localTimeOf(person.createdAt)],
      ['Connector', person.connectorAlias],
    ]}
  />
)

const Accounts = ({ person, address }) => (
  <Rows
    label={`Accounts, ${countOf(person.accounts?.totalCount ?? 0)} in all`}
    rows={person.accounts?.nodes}
    nothing="No account is known."
    columns={[
      appColumn(address, person),
      { head: 'Account', cell: ({ email }) => email ?? '–' },
      mfaColumn,
      {
        head: 'App is',
        cell: ({ app }) => (app?.approvalStatus ? spokenOf(app.approvalStatus) : 'not decided'),
      },
      lastUsedColumn,
    ]}
  />
)

const Findings = ({ person, address }) => (
  <Rows
    label="Findings"
    rows={person.findings?.nodes}
    nothing="There is no finding."
    columns={[...findingColumns, appColumn(address, person)]}
  />
)

const Browsers = ({ person: { browsers } }) => (
  <Rows
    label="Browsers"
    rows={browsers?.nodes}
    nothing="No browser has Push’s extension: what they do there is not seen."
    columns={[
      {
        head: 'Browser',
        cell: ({ browserRaw, version }) => `${spokenOf(browserRaw)} ${version ?? ''}`,
      },
      { head: 'System', cell: ({ osRaw }) => spokenOf(osRaw) },
      { head: 'Push’s extension', cell: ({ extensionVersion }) => extensionVersion ?? '–' },
      { head: 'Last online', cell: ({ lastOnlineAt }) => <Moment at={lastOnlineAt} /> },
    ]}
  />
)

const Detections = ({ person: { detections } }) => (
  <Rows
    label="Detections"
    rows={detections?.nodes}
    nothing="Nothing was detected."
    columns={[...detectionColumns, pageColumn]}
  />
)
