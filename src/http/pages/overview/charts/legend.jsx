/** What the colours of a chart stand for, and how many there are of each. */
import { countOf } from '../words.ts'

/** `entries`: `{ name, colour, count }`. */
export const Legend = ({ entries }) => (
  <ul className="legend">
    {entries.map(({ name, colour, count }) => (
      <li key={name}>
        <i className={colour} /> {name} <b>{countOf(count)}</b>
      </li>
    ))}
  </ul>
)
