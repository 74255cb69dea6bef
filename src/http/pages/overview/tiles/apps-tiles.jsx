/** Tiles of apps and browser extensions. */
import { linkTo } from '../frame/place.js'
import { Bars } from '../charts/bars.jsx'
import { Tile } from '../frame/tile.jsx'
import { toColumns } from '../series.ts'
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
    {({ apps }) =>
      apps?.nodes.length > 0 ? (
        <>
          <Bars colour="c1" rows={apps.nodes.map(app => rowOf(app, address))} />
          <More shown={apps.nodes.length} total={apps.totalCount} />
        </>
      ) : (
        'No app stands as not approved.'
      )
    }
  </Tile>
)

export const SensitiveApps = ({ address }) => (
  <Tile
    title="Sensitive apps, by accounts without MFA"
    document="OverviewSensitiveApps"
    address={address}
    note={everywhere(address)}
  >
    {({ apps }) =>
      apps?.nodes.length > 0 ? (
        <>
          <Bars
            colour="c1"
            rows={apps.nodes.map(app => ({
              ...rowOf(app, address),
              count: app.withoutMfa?.totalCount ?? 0,
              whole: app.accounts?.totalCount ?? 0,
            }))}
          />
          <More shown={apps.nodes.length} total={apps.totalCount} />
        </>
      ) : (
        'No app stands as highly sensitive.'
      )
    }
  </Tile>
)

const rowOf = (app, address) => ({
  name: app.name,
  count: app.accounts?.totalCount ?? 0,
  href: linkTo(address, 'app', app),
})

const More = ({ shown, total }) =>
  total > shown ? <p className="note">{`The ${shown} most used of ${countOf(total)}.`}</p> : null

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
      const { columns, series } = toColumns(apps?.groups ?? [], { order: sensitivities })
      if (columns.length === 0) return 'There are no apps.'
      const rows = columns.map((status, place) => {
        const parts = series.map(({ name, counts }) => ({
          count: counts[place],
          colour: sensitivityColours[name] ?? 'c6',
        }))
        return {
          name: status === '' ? 'Nobody has decided' : spokenOf(status),
          count: parts.reduce((sum, each) => sum + each.count, 0),
          parts,
        }
      })
      return (
        <>
          <ul className="legend">
            {series.map(({ name, total }) => (
              <li key={name}>
                <i className={sensitivityColours[name] ?? 'c6'} />{' '}
                {name === '' ? 'Sensitivity not set' : `${spokenOf(name)} sensitivity`}{' '}
                <b>{countOf(total)}</b>
              </li>
            ))}
          </ul>
          <Bars rows={rows.sort((a, b) => b.count - a.count)} />
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
              <Bars
                colour="c1"
                rows={outside.groups.map(({ keys, count }) => ({
                  name: keys[0] ?? 'without a name',
                  count,
                }))}
              />
            </>
          )}
        </>
      )
    }}
  </Tile>
)
