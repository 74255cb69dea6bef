/** Tiles of findings. */
import { Bars } from '../charts/bars.jsx'
import { App, Moment, Person, State } from '../charts/cells.jsx'
import { Columns } from '../charts/columns.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toColumns } from '../series.ts'
import { countOf, spokenOf } from '../words.ts'

const stateColours = { OPEN: 's-open', RESOLVED: 's-resolved' }

export const FindingsOverTime = ({ address, by = 'types', size = 'wide' }) => (
  <Tile
    title={by === 'types' ? 'New findings by type' : 'New findings by state'}
    document="OverviewFindingsOverTime"
    address={address}
    size={size}
  >
    {({ findings }) => {
      const drawn = toColumns(findings?.[by] ?? [])
      if (drawn.series.length === 0) return `No finding came in ${address.days} days.`
      return (
        <Columns
          label={by === 'types' ? 'New findings by day and type' : 'New findings by day and state'}
          {...drawn}
          colours={by === 'types' ? {} : stateColours}
        />
      )
    }}
  </Tile>
)

export const FindingsByType = ({ address }) => (
  <Tile title="All findings by type and state" document="OverviewFindingsByType" address={address}>
    {({ findings }) => {
      const { columns, series } = toColumns(findings?.groups ?? [], { order: ['OPEN', 'RESOLVED'] })
      if (columns.length === 0) return 'There are no findings.'
      const rows = columns.map((type, place) => {
        const parts = series.map(({ name, counts }) => ({
          count: counts[place],
          colour: stateColours[name] ?? 'c7',
        }))
        const count = parts.reduce((sum, each) => sum + each.count, 0)
        const open = series.find(({ name }) => name === 'OPEN')?.counts[place] ?? 0
        return { name: `${spokenOf(type)}, ${countOf(open)} open`, count, parts }
      })
      return <Bars rows={rows.sort((a, b) => b.count - a.count)} />
    }}
  </Tile>
)

export const FindingsByApp = ({ address }) => (
  <Tile title="Open findings by app" document="OverviewFindingsByApp" address={address}>
    {({ findings }) =>
      findings?.groups?.length > 0 ? (
        <Bars
          rows={findings.groups.map(({ keys, count }) => ({ name: keys[0] ?? 'unknown', count }))}
        />
      ) : (
        'No app has an open finding.'
      )
    }
  </Tile>
)

const passwordColours = {
  REUSED_PASSWORD: 'c0',
  WEAK_PASSWORD: 'c2',
  LEAKED_PASSWORD: 'c1',
  STOLEN_CREDENTIALS: 'c4',
}

export const Passwords = ({ address }) => (
  <Tile
    title="Reused, weak, leaked and stolen passwords"
    document="OverviewPasswords"
    address={address}
  >
    {({ findings }) => {
      if (!findings?.totalCount) return 'No open finding is about a password.'
      const { columns, series } = toColumns(findings.departments ?? [])
      const rows = columns.map((department, place) => {
        const parts = series.map(({ name, counts }) => ({
          count: counts[place],
          colour: passwordColours[name],
        }))
        return {
          name: department || 'no department',
          count: parts.reduce((sum, each) => sum + each.count, 0),
          parts,
        }
      })
      return (
        <>
          <ul className="legend">
            {findings.types?.map(({ keys, count }) => (
              <li key={keys[0]}>
                <i className={passwordColours[keys[0]]} /> {spokenOf(keys[0])}{' '}
                <b>{countOf(count)}</b>
              </li>
            ))}
          </ul>
          <Bars rows={rows.sort((a, b) => b.count - a.count)} />
        </>
      )
    }}
  </Tile>
)

export const NewestFindings = ({ address }) => (
  <Tile title="Newest findings" document="OverviewNewestFindings" address={address} size="full">
    {({ findings }) =>
      findings?.nodes.length > 0 ? (
        <Rows
          label="Newest findings"
          rows={findings.nodes}
          columns={[
            { head: 'Found', cell: ({ createdAt }) => <Moment at={createdAt} /> },
            { head: 'Type', cell: ({ typeRaw }) => spokenOf(typeRaw) },
            { head: 'State', cell: ({ state }) => <State word={state} /> },
            {
              head: 'Person',
              cell: ({ employee, connectorAlias }) => (
                <Person address={address} person={employee} connectorAlias={connectorAlias} />
              ),
            },
            { head: 'Department', cell: ({ employee }) => employee?.department ?? '–' },
            {
              head: 'App',
              cell: ({ app, connectorAlias }) => (
                <App address={address} app={app} connectorAlias={connectorAlias} />
              ),
            },
          ]}
        />
      ) : (
        `No finding came in ${address.days} days.`
      )
    }
  </Tile>
)
