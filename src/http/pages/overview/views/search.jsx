/** What a value leads to, in every collection and among the stored events. */
import { App, Moment, Person, Severity, State } from '../charts/cells.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { countOf, spokenOf } from '../words.ts'

export const SearchView = ({ address }) =>
  address.value === undefined ? (
    <p className="nothing">
      Give an e-mail address, an IP address, a domain, a URL, the name of an app, or any id, as
      pasted: the field is on top, and the key / leads there.
    </p>
  ) : (
    <div className="tiles">
      <Tile
        title={`Found of ${address.value}`}
        document="OverviewSearch"
        address={address}
        size="full"
      >
        {({ search }) => <Found search={search} address={address} />}
      </Tile>
    </div>
  )

const Found = ({ search, address }) => {
  const { edges = [], totalCount = 0 } = search ?? {}
  return (
    <>
      <Rows
        label="What was found"
        nothing="Nothing has this value. The whole value is looked for, not a part of it."
        rows={edges.map(edge => ({ id: `${edge.node.__typename} ${edge.node.id}`, ...edge }))}
        columns={[
          { head: 'Kind', cell: ({ node }) => kindOf(node) },
          { head: 'What', cell: ({ node }) => <What node={node} address={address} /> },
          { head: 'Of whom', cell: ({ node }) => <OfWhom node={node} address={address} /> },
          {
            head: 'Since',
            cell: ({ node }) => (
              <Moment at={node.createdAt ?? node.occurredAt ?? node.lastOnlineAt} />
            ),
          },
          { head: 'How', cell: ({ matchedOn }) => howOf(matchedOn[0]) },
        ]}
      />
      {totalCount > edges.length && (
        <p className="note">{`The first ${edges.length} of ${countOf(totalCount)}.`}</p>
      )}
    </>
  )
}

const kindOf = ({ __typename: type }) => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

const howOf = ({ field, via } = {}) => (via ? `by ${via}, of ${field}` : field)

const What = ({ node, address }) => {
  if (/Employee$/.test(node.__typename)) return <Person address={address} person={node} />
  if (/App$/.test(node.__typename) && node.name) return <App address={address} app={node} />
  if (node.severityRaw)
    return (
      <>
        <Severity word={node.severityRaw} /> {spokenOf(node.detectionTypeRaw)}
      </>
    )
  if (node.typeRaw && node.state)
    return (
      <>
        {spokenOf(node.typeRaw)} <State word={node.state} />
      </>
    )
  if (node.app) return <App address={address} app={node.app} connectorAlias={node.connectorAlias} />
  if (node.browserRaw) return `${spokenOf(node.browserRaw)} on ${spokenOf(node.osRaw)}`
  return node.extensionName ?? spokenOf(node.object ?? node.id)
}

const OfWhom = ({ node, address }) => {
  const id = node.employeeId ?? node.accountEmployeeId
  return id ? (
    <Person
      address={address}
      person={{ id, email: node.email }}
      connectorAlias={node.connectorAlias}
    />
  ) : (
    <span className="faint">–</span>
  )
}
