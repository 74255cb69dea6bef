/** Stacked columns over time, plain SVG; the same numbers stand in a table below them for whoever reads no chart. */
import { spokenOf, countOf, dayOf } from '../words.ts'
import { Legend } from './legend.jsx'
import { Numbers } from './numbers.jsx'

/** `series` as src/series.ts makes them; `colours` gives a class by the name of a series. */
export const Columns = ({ label, columns, series, colours = {} }) => {
  const heights = columns.map((_, place) =>
    series.reduce((sum, { counts }) => sum + counts[place], 0),
  )
  const top = niceTop(Math.max(1, ...heights))
  const total = heights.reduce((sum, each) => sum + each, 0)
  const colourOf = (name, place) => colours[name] ?? `c${place % 8}`
  return (
    <figure className="columns">
      <Legend
        entries={series.map(({ name, total: count }, place) => ({
          name: spokenOf(name),
          colour: colourOf(name, place),
          count,
        }))}
      />
      <div className="plot">
        <div className="scale" aria-hidden="true">
          <span>{countOf(top)}</span>
          <span>{countOf(top / 2)}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${columns.length * 10} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${label}: ${countOf(total)} from ${dayOf(columns[0])} to ${dayOf(columns.at(-1))}`}
        >
          <path className="grid" d={`M0 0H${columns.length * 10}M0 50H${columns.length * 10}`} />
          {columns.map((column, place) => (
            <Column
              key={column}
              x={place * 10}
              column={column}
              scale={100 / top}
              parts={series.map(({ name, counts }, index) => ({
                name,
                count: counts[place],
                colour: colourOf(name, index),
              }))}
            />
          ))}
        </svg>
      </div>
      <div className="axis" aria-hidden="true">
        {axisOf(columns).map(column => (
          <span key={column}>{dayOf(column)}</span>
        ))}
      </div>
      <Numbers
        label={label}
        head={['Day', ...series.map(({ name }) => spokenOf(name))]}
        rows={columns.map((column, place) => [
          dayOf(column),
          ...series.map(({ counts }) => countOf(counts[place])),
        ])}
      />
    </figure>
  )
}

const Column = ({ x, column, parts, scale }) => {
  let above = 100
  const said = parts
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${spokenOf(name)} ${countOf(count)}`)
  return (
    <g>
      <title>{`${dayOf(column)}: ${said.join(', ') || 'none'}`}</title>
      <rect className="behind" x={x} y={0} width={10} height={100} />
      {parts.map(({ name, count, colour }) => {
        const height = count * scale
        above -= height
        return (
          height > 0 && (
            <rect key={name} className={colour} x={x + 1} y={above} width={8} height={height} />
          )
        )
      })}
    </g>
  )
}

/** A round number that is not below it, and whose half is one. */
const niceTop = value => {
  const power = 10 ** Math.floor(Math.log10(value))
  const steps = power === 1 ? [2, 4, 6, 8, 10] : [1, 1.4, 1.6, 2, 3, 4, 5, 6, 8, 10]
  return steps.map(step => Math.round(step * power)).find(each => each >= value) ?? value
}

/** The first, the last, and some between. */
const axisOf = columns => {
  const steps = Math.min(4, columns.length - 1)
  return steps < 1
    ? columns
    : Array.from(
        { length: steps + 1 },
        (_, place) => columns[Math.round((place * (columns.length - 1)) / steps)],
      )
}
