/** One person: what happened, accounts, findings, browsers, detections. */
import { App, Moment, Page, Severity, State } from '../charts/cells.jsx'
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
  <dl className="facts">
    {[
      ['Name', [person.firstName, person.lastName].filter(Boolean).join(' ') || 'not shown'],
      ['E-mail', person.email ?? 'not shown without the scope “pii”'],
      ['Department', person.department ?? 'none'],
      ['Location', person.location ?? 'unknown'],
      ['Licensed', person.licensed ? 'yes' : 'no'],
      ['Known since', localTimeOf(person.createdAt)],
      ['Connector', person.connectorAlias],
    ].map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Accounts = ({ person: { accounts, connectorAlias }, address }) =>
  accounts?.nodes.length > 0 ? (
    <Rows
      label={`Accounts, ${countOf(accounts.totalCount ?? 0)} in all`}
      rows={accounts.nodes}
      columns={[
        {
          head: 'App',
          cell: ({ app }) => <App address={address} app={app} connectorAlias={connectorAlias} />,
        },
        { head: 'Account', cell: ({ email }) => email ?? '–' },
        {
          head: 'MFA',
          cell: ({ mfaRegistered }) =>
            mfaRegistered === null ? 'unknown' : mfaRegistered ? 'yes' : <b>no</b>,
        },
        {
          head: 'App is',
          cell: ({ app }) => (app?.approvalStatus ? spokenOf(app.approvalStatus) : 'not decided'),
        },
        { head: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
      ]}
    />
  ) : (
    <p className="nothing">No account is known.</p>
  )

const Findings = ({ person: { findings, connectorAlias }, address }) =>
  findings?.nodes.length > 0 ? (
    <Rows
      label="Findings"
      rows={findings.nodes}
      columns={[
        { head: 'Found', cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { head: 'Type', cell: ({ typeRaw }) => spokenOf(typeRaw) },
        { head: 'State', cell: ({ state }) => <State word={state} /> },
        {
          head: 'App',
          cell: ({ app }) => <App address={address} app={app} connectorAlias={connectorAlias} />,
        },
      ]}
    />
  ) : (
    <p className="nothing">There is no finding.</p>
  )

const Browsers = ({ person: { browsers } }) =>
  browsers?.nodes.length > 0 ? (
    <Rows
      label="Browsers"
      rows={browsers.nodes}
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
  ) : (
    <p className="nothing">No browser has Push’s extension: what they do there is not seen.</p>
  )

const Detections = ({ person: { detections } }) =>
  detections?.nodes.length > 0 ? (
    <Rows
      label="Detections"
      rows={detections.nodes}
      columns={[
        { head: 'Detected', cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { head: 'Severity', cell: ({ severityRaw }) => <Severity word={severityRaw} /> },
        { head: 'Type', cell: ({ detectionTypeRaw }) => spokenOf(detectionTypeRaw) },
        { head: 'Page', cell: ({ events }) => <Page events={events} /> },
      ]}
    />
  ) : (
    <p className="nothing">Nothing was detected.</p>
  )
