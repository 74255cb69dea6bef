/** Tiles of apps and browser extensions. */
import { linkTo } from '../frame/place.js'
import { Bars } from '../charts/bars.jsx'
import { Legend } from '../charts/legend.jsx'
import { Tile } from '../frame/tile.jsx'
import { toBars, toColumns, toStacks } from '../series.ts'
import { countOf, spokenOf } from '../words.ts'

const everywhere = ({ department }) =>
  department === undefined ? undefined : 'Apps are those of all departments.'

export const UnapprovedApps = ({ address }) => (
  <Tile
    title="Apps not approved, by accounts"
    document="OverviewUnapprovedApps"
    address={address}
    note={everywhere(address)}
  >
    {({ apps }) => (
      <MostUsed
        apps={apps}
        rowOf={app => rowOf(app, address)}
        nothing="No app stands as not approved."
      />
    )}
  </Tile>
)

export const SensitiveApps = ({ address }) => (
  <Tile
    title="Sensitive apps, by accounts without MFA"
    document="OverviewSensitiveApps"
    address={address}
    note={everywhere(address)}
  >
    {({ apps }) => (
      <MostUsed
        apps={apps}
        rowOf={app => ({
          ...rowOf(app, address),
          count: app.withoutMfa?.totalCount ?? 0,
          whole: app.accounts?.totalCount ?? 0,
        })}
        nothing="No app stands as highly sensitive."
      />
    )}
  </Tile>
)

const rowOf = (app, address) => ({
  name: app.name,
  count: app.accounts?.totalCount ?? 0,
  href: linkTo(address, 'app', app),
})

const MostUsed = ({ apps, rowOf, nothing }) => {
  const { nodes = [], totalCount = 0 } = apps ?? {}
  return (
    <>
      <Bars colour="c1" rows={nodes.map(rowOf)} nothing={nothing} />
      {totalCount > nodes.length && (
        <p className="note">{`The ${nodes.length} most used of ${countOf(totalCount)}.`}</p>
      )}
    </>
  )
}

const sensitivities = ['HIGH', 'MEDIUM', 'LOW', '']
const sensitivityColours = { HIGH: 's-high', MEDIUM: 's-medium', LOW: 's-low', '': 'c7' }

export const AppsByApproval = ({ address }) => (
  <Tile
    title="Apps by approval and sensitivity"
    document="OverviewAppsByApproval"
    address={address}
    note={everywhere(address)}
  >
    {({ apps }) => {
      const drawn = toColumns(apps?.groups ?? [], { order: sensitivities })
      if (drawn.columns.length === 0) return 'There are no apps.'
      const colourOf = name => sensitivityColours[name] ?? 'c6'
      const nameOf = status => (status === '' ? 'Nobody has decided' : spokenOf(status))
      return (
        <>
          <Legend
            entries={drawn.series.map(({ name, total: count }) => ({
              name: name === '' ? 'Sensitivity not set' : `${spokenOf(name)} sensitivity`,
              colour: colourOf(name),
              count,
            }))}
          />
          <Bars rows={toStacks(drawn, nameOf, colourOf)} />
        </>
      )
    }}
  </Tile>
)

export const Extensions = ({ address }) => (
  <Tile title="Browser extensions by deployment" document="OverviewExtensions" address={address}>
    {({ browserExtensions, outside }) => {
      const { columns, series } = toColumns(browserExtensions?.groups ?? [])
      if (columns.length === 0) return 'No browser extension is known.'
      const rows = columns.map((mode, place) => ({
        name: spokenOf(mode),
        count: series.reduce((sum, { counts }) => sum + counts[place], 0),
      }))
      return (
        <>
          <Bars rows={rows.sort((a, b) => b.count - a.count)} />
          {outside?.groups?.length > 0 && (
            <>
              <h3>{`Sideloaded or in development: ${countOf(outside.totalCount)}`}</h3>
              <Bars colour="c1" rows={toBars(outside.groups, name => name ?? 'without a name')} />
            </>
          )}
        </>
      )
    }}
  </Tile>
)
