/** What stands in the cells of tables. */
import { linkTo } from '../frame/place.js'
import { spokenOf, localTimeOf } from '../words.ts'

/** A link to a person's page; without the scope `pii` nobody has a name. */
export const Person = ({ address, person, connectorAlias }) =>
  person ? (
    <a href={linkTo(address, 'person', { connectorAlias, ...person })}>
      {person.email ?? `person ${person.id.slice(0, 8)}`}
    </a>
  ) : (
    <span className="faint">nobody</span>
  )

export const App = ({ address, app, connectorAlias }) =>
  app ? (
    <a href={linkTo(address, 'app', { connectorAlias, ...app })}>{app.name}</a>
  ) : (
    <span className="faint">–</span>
  )

export const Moment = ({ at }) =>
  at ? (
    <time dateTime={at} className="moment">
      {localTimeOf(at)}
    </time>
  ) : (
    <span className="faint">never</span>
  )

export const Severity = ({ word }) => (
  <span className={`mark s-${word.toLowerCase()}`}>{spokenOf(word)}</span>
)

export const State = ({ word }) => (
  <span className={`mark s-${word.toLowerCase()}`}>{spokenOf(word)}</span>
)

/** The page of a detection, without what makes it clickable: it is the attacker's. */
export const Page = ({ events }) => {
  const url = events?.find(each => each.url)?.url
  if (!url) return <span className="faint">no page told</span>
  return <code title={url}>{url.replace(/^http/, 'hxxp').replaceAll('.', '[.]')}</code>
}
