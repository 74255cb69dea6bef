/** One app: what happened, who uses it, and its findings. */
import { Bars } from '../charts/bars.jsx'
import { Person } from '../charts/cells.jsx'
import { Facts } from '../charts/facts.jsx'
import {
  departmentColumn,
  findingColumns,
  lastUsedColumn,
  mfaColumn,
  personColumn,
} from '../charts/known-columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { TimelineTile } from '../tiles/timeline-tile.jsx'
import { toBars } from '../series.ts'
import { countOf, departmentOf, localTimeOf, percentOf, spokenOf } from '../words.ts'

export const AppView = ({ address }) => (
  <div className="tiles">
    <AppTile address={address} title="What it is" size="half">
      {app => <What app={app} address={address} />}
    </AppTile>
    <TimelineTile address={address} document="OverviewAppTimeline" of="app" />
    <AppTile address={address} title="Accounts by department">
      {({ accounts }) => (
        <Bars rows={toBars(accounts?.groups, departmentOf)} nothing="Nobody has an account." />
      )}
    </AppTile>
    <AppTile address={address} title="Accounts used last" size="wide">
      {app => <Accounts app={app} address={address} />}
    </AppTile>
    <AppTile address={address} title="Findings" size="full">
      {app => <Findings app={app} address={address} />}
    </AppTile>
  </div>
)

const AppTile = ({ children, ...others }) => (
  <Tile document="OverviewApp" {...others}>
    {({ app }) =>
      app
        ? children(app)
        : 'No such app is known. Perhaps it is gone, or your token does not reach its connector.'
    }
  </Tile>
)

const What = ({ app, address }) => (
  <Facts
    facts={[
      ['Name', app.name],
      ['Type', app.type],
      ['Approval', app.approvalStatus ? spokenOf(app.approvalStatus) : 'nobody has decided'],
      ['Sensitivity', app.sensitivityLevel ? spokenOf(app.sensitivityLevel) : 'not set'],
      [
        'Owner',
        app.owner ? (
          <Person address={address} person={app.owner} connectorAlias={app.connectorAlias} />
        ) : (
          'nobody'
        ),
      ],
      ['Accounts', countOf(app.accounts?.totalCount ?? 0)],
      [
        'Without MFA',
        `${countOf(app.withoutMfa?.totalCount ?? 0)}, ${percentOf(app.withoutMfa?.totalCount ?? 0, app.accounts?.totalCount ?? 0)}`,
      ],
      ['Website', app.website ?? 'not told'],
      ['Labels', app.labels?.join(', ') || 'none'],
      ['Known since', localTimeOf(app.createdAt)],
      ['Connector', app.connectorAlias],
    ]}
  />
)

const Accounts = ({ app, address }) => (
  <Rows
    label="Accounts used last"
    rows={app.accounts?.nodes}
    nothing="Nobody has an account."
    columns={[personColumn(address, app), departmentColumn, mfaColumn, lastUsedColumn]}
  />
)

const Findings = ({ app, address }) => (
  <Rows
    label="Findings"
    rows={app.findings?.nodes}
    nothing="There is no finding."
    columns={[...findingColumns, personColumn(address, app)]}
  />
)
