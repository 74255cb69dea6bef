/** The numbers of the day, and what has become of them in a week. */
import { writeAddress } from '../address.ts'
import { useAnswer } from '../asking/use-answer.js'
import { Tile } from '../frame/tile.jsx'
import { useVariables } from '../frame/variables.js'
import { signedOf, countOf, percentOf } from '../words.ts'

export const NumbersTile = ({ address }) => (
  <Tile title="Today" document="OverviewNumbers" address={address} size="full numbers-tile">
    {data => <Figures data={data} address={address} />}
  </Tile>
)

const figures = [
  ['employees', 'People', 'people'],
  ['accounts', 'Accounts', 'people'],
  ['accountsWithoutMfa', 'Accounts without MFA', 'people'],
  ['apps', 'Apps', 'apps'],
  ['openFindings', 'Open findings', 'findings'],
  ['openDetections', 'Detections, not archived', 'detections'],
]

const Figures = ({ data, address }) => {
  // It needs a scope of its own, and is known only where it was read then.
  const before = useAnswer('OverviewNumbersBefore', useVariables(address))
  const beside = {
    accountsWithoutMfa: percentOf(
      data.accountsWithoutMfa?.totalCount ?? 0,
      data.accounts?.totalCount ?? 0,
    ),
    openFindings: `${countOf(data.newFindings?.totalCount ?? 0)} new in ${address.days} days`,
    openDetections: `${countOf(data.newDetections?.totalCount ?? 0)} new in ${address.days} days`,
    ...(address.department === undefined ? {} : { apps: 'in all departments' }),
  }
  return (
    <>
      <dl className="figures">
        {figures.map(([name, title, view]) => (
          <div key={name} data-figure={name}>
            <dt>
              <a href={writeAddress({ ...address, view })}>{title}</a>
            </dt>
            <dd>
              <b>{data[name]?.totalCount == null ? '?' : countOf(data[name].totalCount)}</b>
              <Change now={data[name]?.totalCount} before={before.data?.[name]} />
              {beside[name] && <small>{beside[name]}</small>}
            </dd>
          </div>
        ))}
      </dl>
      <p className="note">{sayBefore(before)}</p>
    </>
  )
}

const Change = ({ now, before }) =>
  now != null && before?.complete && before.totalCount != null ? (
    <span className="change">{signedOf(now - before.totalCount)} in a week</span>
  ) : null

const sayBefore = ({ data, failure }) => {
  if (failure) return `Changes since last week are not shown. ${failure}`
  if (data === undefined) return 'Looking up what it was a week ago…'
  const known = figures.filter(([name]) => data[name]?.complete)
  if (known.length === figures.length) return 'Changes are those since a week ago.'
  return known.length === 0
    ? 'What it was a week ago is not known here: Pushgraph had not read it by then. Changes appear once it has run for a week.'
    : 'Where no change stands, what it was a week ago is not known here.'
}
