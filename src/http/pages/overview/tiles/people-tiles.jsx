/** Tiles of people and their accounts. */
import { Bars } from '../charts/bars.jsx'
import { Person } from '../charts/cells.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toBars, toShares } from '../series.ts'
import { countOf, departmentOf } from '../words.ts'

export const AccountsWithoutMfa = ({ address }) => (
  <Tile
    title="Accounts without MFA by department"
    document="OverviewAccountsWithoutMfa"
    address={address}
  >
    {({ without, all }) => {
      const shares = toShares(without?.groups ?? [], all?.groups ?? [])
      return (
        <Bars
          colour="c1"
          rows={shares.map(({ name, part, whole }) => ({
            name: departmentOf(name),
            count: part,
            whole,
          }))}
          nothing="There are no accounts."
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
    {({ employees }) => (
      <Rows
        label="People with the most findings"
        rows={employees?.nodes}
        nothing="Nobody is there."
        columns={[
          { head: 'Person', cell: person => <Person address={address} person={person} /> },
          { head: 'Department', cell: ({ department }) => department ?? '–' },
          totalColumn('Findings', 'findings'),
          totalColumn('Open', 'openFindings'),
          totalColumn('Accounts', 'accounts'),
        ]}
      />
    )}
  </Tile>
)

const totalColumn = (head, relation) => ({
  head,
  isNumber: true,
  cell: person => countOf(person[relation]?.totalCount ?? 0),
})

export const PeopleWithoutBrowser = ({ address }) => (
  <Tile
    title="Licensed people without Push’s extension"
    document="OverviewPeopleWithoutBrowser"
    address={address}
    note="Nothing of what they do in a browser is seen."
  >
    {({ employees }) => (
      <Bars
        rows={toBars(employees?.groups, departmentOf)}
        nothing="Everybody who is licensed has a browser with it."
      />
    )}
  </Tile>
)
