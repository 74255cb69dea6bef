/** Horizontal bars in a list: a list that is read aloud as it stands, so that it needs no other form. */
import { countOf, percentOf } from '../words.ts'

/**
 * `rows`: `{ name, count, whole, parts, href }`; with `whole` the bar shows the part of it, else of the largest. Where there
 * are none, `nothing` is said.
 */
export const Bars = ({ rows, nothing, colour = 'c0' }) => {
  if (rows.length === 0) return <p className="nothing">{nothing}</p>
  const largest = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <ul className="bars">
      {rows.map(({ name, count, whole, parts, href }) => (
        <li key={name}>
          <span className="bar-name" title={name}>
            {href ? <a href={href}>{name}</a> : name}
          </span>
          <span className="bar-value">
            {whole === undefined ? (
              countOf(count)
            ) : (
              <>
                {percentOf(count, whole)} <small>{`${countOf(count)} of ${countOf(whole)}`}</small>
              </>
            )}
          </span>
          <span className="bar" aria-hidden="true">
            {(parts ?? [{ count, colour }]).map(({ count: each, colour: own }) => (
              <i
                key={own}
                className={own}
                style={{ inlineSize: `${(100 * each) / (whole ?? largest)}%` }}
              />
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
