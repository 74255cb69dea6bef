/** What is known to have happened to a person or an app, and around them. */
import { Moment } from '../charts/cells.jsx'
import { Tile } from '../frame/tile.jsx'
import { spokenOf } from '../words.ts'

/** `of`: `employee` or `app`, the field that the document asks for. */
export const TimelineTile = ({ address, document, of }) => (
  <Tile title="What happened" document={document} address={address} size="half">
    {data => {
      const { nodes = [] } = data[of]?.timeline ?? {}
      if (nodes.length === 0) return 'Nothing is known to have happened.'
      return (
        <ol className="timeline" tabIndex={0} aria-label="What happened, the latest first">
          {nodes.map(({ at, kind, text }, place) => (
            <li key={`${at} ${place}`} data-kind={kind}>
              <Moment at={at} /> <span>{text ?? spokenOf(kind)}</span>
            </li>
          ))}
        </ol>
      )
    }}
  </Tile>
)
