/** One app: what happened, who uses it, and its findings. */
import { Bars } from '../charts/bars.jsx'
import { Moment, Person, State } from '../charts/cells.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { TimelineTile } from '../tiles/timeline-tile.jsx'
import { countOf, spokenOf, localTimeOf, percentOf } from '../words.ts'

export const AppView = ({ address }) => (
  <div className="tiles">
    <AppTile address={address} title="What it is" size="half">
      {app => <What app={app} address={address} />}
    </AppTile>
    <TimelineTile address={address} document="OverviewAppTimeline" of="app" />
    <AppTile address={address} title="Accounts by department">
      {({ accounts }) =>
        accounts?.groups?.length > 0 ? (
          <Bars
            rows={accounts.groups.map(({ keys, count }) => ({
              name: keys[0] ?? 'no department',
              count,
            }))}
          />
        ) : (
          <p className="nothing">Nobody has an account.</p>
        )
      }
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
  <dl className="facts">
    {[
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
    ].map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Accounts = ({ app: { accounts, connectorAlias }, address }) =>
  accounts?.nodes.length > 0 ? (
    <Rows
      label="Accounts used last"
      rows={accounts.nodes}
      columns={[
        {
          head: 'Person',
          cell: ({ employee }) => (
            <Person address={address} person={employee} connectorAlias={connectorAlias} />
          ),
        },
        { head: 'Department', cell: ({ employee }) => employee?.department ?? '–' },
        {
          head: 'MFA',
          cell: ({ mfaRegistered }) =>
            mfaRegistered === null ? 'unknown' : mfaRegistered ? 'yes' : <b>no</b>,
        },
        { head: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
      ]}
    />
  ) : (
    <p className="nothing">Nobody has an account.</p>
  )

const Findings = ({ app: { findings, connectorAlias }, address }) =>
  findings?.nodes.length > 0 ? (
    <Rows
      label="Findings"
      rows={findings.nodes}
      columns={[
        { head: 'Found', cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { head: 'Type', cell: ({ typeRaw }) => spokenOf(typeRaw) },
        { head: 'State', cell: ({ state }) => <State word={state} /> },
        {
          head: 'Person',
          cell: ({ employee }) => (
            <Person address={address} person={employee} connectorAlias={connectorAlias} />
          ),
        },
      ]}
    />
  ) : (
    <p className="nothing">There is no finding.</p>
  )
