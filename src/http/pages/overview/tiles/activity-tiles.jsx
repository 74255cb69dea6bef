/** Tiles of what happens: logins and webhook events. */
import { Bars } from '../charts/bars.jsx'
import { Moment, Person } from '../charts/cells.jsx'
import { Columns } from '../charts/columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile, TileHead } from '../frame/tile.jsx'
import { useLive } from '../asking/use-live.js'
import { toBars, toColumns, toCounts } from '../series.ts'
import { countOf, spokenOf } from '../words.ts'

const NO_EVENTS =
  'No event is stored of this time. Events come by webhook: docs/webhooks.md says how to have Push send them.'

export const LoginMethods = ({ address }) => (
  <Tile
    title="Logins by method"
    document="OverviewLogins"
    address={address}
    note="As Push told them by webhook."
  >
    {({ events }) => {
      if (!events?.totalCount) return NO_EVENTS
      const counts = toCounts(events.nodes.map(({ loginType }) => loginType ?? null))
      return (
        <>
          <Bars rows={toBars(counts, spokenOf)} />
          {events.totalCount > events.nodes.length && (
            <p className="note">
              {`The newest ${countOf(events.nodes.length)} of ${countOf(events.totalCount)}.`}
            </p>
          )}
        </>
      )
    }}
  </Tile>
)

const methods = [
  ['password', 'Password'],
  ['oidc', 'OIDC'],
  ['saml', 'SAML'],
  ['oktaSwa', 'Okta SWA'],
  ['vendorSso', 'SSO of a vendor'],
  ['fedCm', 'FedCM'],
]

export const AccountLoginMethods = ({ address }) => (
  <Tile
    title="Accounts by login method"
    document="OverviewAccountLoginMethods"
    address={address}
    note="An account that has several counts for each."
  >
    {data => (
      <Bars
        rows={methods
          .map(([name, title]) => ({ name: title, count: data[name]?.totalCount ?? 0 }))
          .sort((a, b) => b.count - a.count)}
      />
    )}
  </Tile>
)

export const EventsOverTime = ({ address }) => (
  <Tile title="Events by day" document="OverviewEventsOverTime" address={address} size="wide">
    {({ events, connectors }) => {
      const drawn = toColumns(events?.days ?? [])
      if (drawn.series.length === 0) return sayStored(connectors)
      return <Columns label="Events by day and category" {...drawn} />
    }}
  </Tile>
)

const sayStored = (connectors = []) =>
  connectors.every(({ eventStore }) => eventStore.events === 0)
    ? 'No event is stored. Events come by webhook: docs/webhooks.md says how to have Push send them.'
    : NO_EVENTS

export const EventsByObject = ({ address }) => (
  <Tile title="Events by what they are about" document="OverviewEventsOverTime" address={address}>
    {({ events, connectors }) => (
      <Bars rows={toBars(events?.objects, spokenOf)} nothing={sayStored(connectors)} />
    )}
  </Tile>
)

const columnsOf = address => [
  { head: 'When', cell: ({ occurredAt }) => <Moment at={occurredAt} /> },
  {
    head: 'What',
    cell: ({ object, type }) =>
      `${spokenOf(object)}${type ? `, ${spokenOf(type).toLowerCase()}` : ''}`,
  },
  { head: 'Category', cell: ({ category }) => spokenOf(category) },
  {
    head: 'Person',
    cell: ({ employeeId, email, connectorAlias }) => (
      <Person
        address={address}
        person={employeeId ? { id: employeeId, email } : undefined}
        connectorAlias={connectorAlias}
      />
    ),
  },
]

export const NewestEvents = ({ address }) => (
  <Tile title="Newest events" document="OverviewNewestEvents" address={address} size="full">
    {({ events }) => (
      <Rows
        label="Newest events"
        rows={events?.nodes}
        columns={columnsOf(address)}
        nothing={NO_EVENTS}
      />
    )}
  </Tile>
)

/** As they arrive, of every connector that the caller sees; no filter narrows them. */
export const LiveEvents = ({ address, size = '' }) => {
  const { events, received, failure } = useLive('OverviewLiveEvents')
  return (
    <section className={`tile ${size}`} data-tile="OverviewLiveEvents">
      <TileHead title="Live events" document="OverviewLiveEvents" />
      {failure && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      {(events.length > 0 || !failure) && (
        <Rows
          label="Live events"
          rows={events}
          columns={columnsOf(address).toSpliced(2, 1)}
          nothing="Listening. The next event that Push tells by webhook stands here as soon as it is stored."
        />
      )}
      <p className="standing">{`${countOf(received)} since this view was opened, of all departments`}</p>
    </section>
  )
}
