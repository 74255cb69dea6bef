/** Tiles of findings. */
import { Bars } from '../charts/bars.jsx'
import { Columns } from '../charts/columns.jsx'
import {
  appColumn,
  departmentColumn,
  findingColumns,
  personColumn,
} from '../charts/known-columns.jsx'
import { Legend } from '../charts/legend.jsx'
import { Rows } from '../charts/rows.jsx'
import { Tile } from '../frame/tile.jsx'
import { toBars, toColumns, toStacks } from '../series.ts'
import { countOf, departmentOf, spokenOf } from '../words.ts'

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
      const drawn = toColumns(findings?.groups ?? [], { order: ['OPEN', 'RESOLVED'] })
      const open = drawn.series.find(({ name }) => name === 'OPEN')?.counts ?? []
      const rows = toStacks(
        drawn,
        (type, place) => `${spokenOf(type)}, ${countOf(open[place] ?? 0)} open`,
        state => stateColours[state] ?? 'c7',
      )
      return <Bars rows={rows} nothing="There are no findings." />
    }}
  </Tile>
)

export const FindingsByApp = ({ address }) => (
  <Tile title="Open findings by app" document="OverviewFindingsByApp" address={address}>
    {({ findings }) => (
      <Bars
        rows={toBars(findings?.groups, name => name ?? 'unknown')}
        nothing="No app has an open finding."
      />
    )}
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
      const drawn = toColumns(findings.departments ?? [])
      return (
        <>
          <Legend
            entries={(findings.types ?? []).map(({ keys, count }) => ({
              name: spokenOf(keys[0]),
              colour: passwordColours[keys[0]],
              count,
            }))}
          />
          <Bars rows={toStacks(drawn, departmentOf, type => passwordColours[type])} />
        </>
      )
    }}
  </Tile>
)

export const NewestFindings = ({ address }) => (
  <Tile title="Newest findings" document="OverviewNewestFindings" address={address} size="full">
    {({ findings }) => (
      <Rows
        label="Newest findings"
        rows={findings?.nodes}
        nothing={`No finding came in ${address.days} days.`}
        columns={[...findingColumns, personColumn(address), departmentColumn, appColumn(address)]}
      />
    )}
  </Tile>
)
