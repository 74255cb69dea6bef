/** Tiles of people and their accounts. */
import { Bars } from '../charts/bars.jsx'
import { Person } from '../charts/cells.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toShares } from '../series.ts'
import { countOf } from '../words.ts'

export const AccountsWithoutMfa = ({ address }) => (
  <Tile
    title="Accounts without MFA by department"
    document="OverviewAccountsWithoutMfa"
    address={address}
  >
    {({ without, all }) => {
      const shares = toShares(without?.groups ?? [], all?.groups ?? [])
      if (shares.length === 0) return 'There are no accounts.'
      return (
        <Bars
          colour="c1"
          rows={shares.map(({ name, part, whole }) => ({
            name: name ?? 'no department',
            count: part,
            whole,
          }))}
        />
      )
    }}
  </Tile>
)

export const PeopleWithFindings = ({ address }) => (
  <Tile
    title="People with the most findings"
    document="OverviewPeopleWithFindings"
    address={address}
    size="wide"
  >
    {({ employees }) =>
      employees?.nodes.length > 0 ? (
        <Rows
          label="People with the most findings"
          rows={employees.nodes}
          columns={[
            { head: 'Person', cell: person => <Person address={address} person={person} /> },
            { head: 'Department', cell: ({ department }) => department ?? '–' },
            {
              head: 'Findings',
              isNumber: true,
              cell: ({ findings }) => countOf(findings?.totalCount ?? 0),
            },
            {
              head: 'Open',
              isNumber: true,
              cell: ({ openFindings }) => countOf(openFindings?.totalCount ?? 0),
            },
            {
              head: 'Accounts',
              isNumber: true,
              cell: ({ accounts }) => countOf(accounts?.totalCount ?? 0),
            },
          ]}
        />
      ) : (
        'Nobody is there.'
      )
    }
  </Tile>
)

export const PeopleWithoutBrowser = ({ address }) => (
  <Tile
    title="Licensed people without Push’s extension"
    document="OverviewPeopleWithoutBrowser"
    address={address}
    note="Nothing of what they do in a browser is seen."
  >
    {({ employees }) =>
      employees?.groups?.length > 0 ? (
        <Bars
          rows={employees.groups.map(({ keys, count }) => ({
            name: keys[0] ?? 'no department',
            count,
          }))}
        />
      ) : (
        'Everybody who is licensed has a browser with it.'
      )
    }
  </Tile>
)
