/** The frame of a tile: its question, its answer, and what is to be known of it. */
import { useEffect, useState } from 'react'
import { useAnswer } from '../asking/use-answer.js'
import { useVariables } from './variables.js'
import { sayIncomplete, sayLeftOut, sayProgress } from '../sayings.ts'
import { agoOf } from '../words.ts'

/**
 * `document` is the name of its operation. `children` draws `data`, once there is some; what it gives as a text is said in
 * place of rows. `size`: `wide`, `full`, or a third of the width.
 */
export const Tile = ({ title, document: name, address, size = '', note, children }) => {
  const variables = useVariables(address)
  const answer = useAnswer(name, variables)
  const { data, failure, isAsking, told } = answer
  const drawn = data === undefined ? undefined : children(data)
  return (
    <section className={`tile ${size}`} aria-busy={isAsking && data === undefined} data-tile={name}>
      <TileHead title={title} document={name} variables={variables} />
      {note && <p className="note">{note}</p>}
      {failure && (
        <p className="failure" role="alert">
          {failure}{' '}
          <button type="button" onClick={answer.again}>
            Ask again
          </button>
        </p>
      )}
      {typeof drawn === 'string' ? <p className="nothing">{drawn}</p> : drawn}
      {isAsking && data === undefined && <HowFar progress={answer.progress} since={answer.since} />}
      {told && data !== undefined && <Standing told={told} isAsking={isAsking} />}
    </section>
  )
}

/** Its title, and a link that opens its document in GraphiQL, with `variables` where it has some. */
export const TileHead = ({ title, document: question, variables }) => {
  const given = variables === undefined ? {} : { variables: JSON.stringify(variables) }
  return (
    <div className="tile-head">
      <h2>{title}</h2>
      <a
        className="open"
        href={`/graphiql#${new URLSearchParams({ question, ...given })}`}
        aria-label={`Open “${title}” in GraphiQL`}
      >
        GraphiQL
      </a>
    </div>
  )
}

const HowFar = ({ progress, since }) => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const passedMs = Math.max(0, now - since)
  // What is there at once needs no words.
  if (passedMs < 400) return <p className="progress" />
  const { share, text } = sayProgress(progress, passedMs)
  return (
    <p className="progress">
      <progress value={share} max={1} aria-label="How much of it is read" />
      <span>{text}</span>
    </p>
  )
}

const Standing = ({ told, isAsking }) => {
  const incomplete = sayIncomplete(told)
  const leftOut = sayLeftOut(told)
  return (
    <p className={`standing ${incomplete ? 'incomplete' : ''}`}>
      {told.asOf ? (
        <>
          As of <time dateTime={told.asOf}>{agoOf(told.asOf, Date.now())}</time>
        </>
      ) : (
        'From what is stored here'
      )}
      {incomplete ? `. ${incomplete}` : ', whole'}
      {leftOut && `. ${leftOut}`}
      {isAsking && <span className="asking"> · asking again</span>}
    </p>
  )
}
