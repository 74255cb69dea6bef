/** A list of the answer as a table, and as a file for spreadsheets. */
import { useMemo, useState } from 'react'
import { csvOf } from './csv.ts'
import { listsOf } from './lists.ts'
import { tableOf } from './table.ts'
import { count } from './words.ts'

/** More rows than this are in the file alone. */
const SHOWN_ROWS = 1_000

/** The first list, or the one chosen. */
export const AnswerTable = ({ run }) => {
  const data = run?.answer?.data
  const lists = useMemo(() => listsOf(data), [data])
  const [chosen, setChosen] = useState()
  const list = lists.find(({ path }) => path === chosen) ?? lists[0]
  const table = useMemo(() => tableOf(list?.rows ?? []), [list])
  if (list === undefined)
    return (
      <div className="answer-table">
        <p>{data ? 'The answer has no list.' : 'There is no answer yet.'}</p>
      </div>
    )
  return (
    <div className="answer-table">
      <div className="answer-table-head">
        {lists.length > 1 && (
          <label>
            List{' '}
            <select value={list.path} onChange={event => setChosen(event.target.value)}>
              {lists.map(({ path }) => (
                <option key={path}>{path}</option>
              ))}
            </select>
          </label>
        )}
        <span>{captionOf(list)}</span>
        <button type="button" disabled={table.rows.length === 0} onClick={() => save(list, table)}>
          Save as CSV
        </button>
      </div>
      <div
        className="answer-table-rows"
        tabIndex={0}
        role="region"
        aria-label={`Rows of ${list.path}`}
      >
        <Rows {...table} />
      </div>
    </div>
  )
}

const Rows = ({ columns, rows }) => (
  <table>
    <thead>
      <tr>
        {columns.map(name => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.slice(0, SHOWN_ROWS).map((cells, index) => (
        <tr key={index}>
          {cells.map((cell, place) => (
            <td key={place} data-kind={typeof cell} title={titleOf(cell)}>
              {cell === null ? '' : String(cell)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

/** Long texts are cut off in their cell. */
const titleOf = cell => (typeof cell === 'string' && cell.length > 40 ? cell : undefined)

const captionOf = ({ rows }) =>
  rows.length > SHOWN_ROWS
    ? `${count(rows.length, 'row')}, of which ${SHOWN_ROWS} are shown`
    : count(rows.length, 'row')

const save = ({ path }, { columns, rows }) => {
  const file = new Blob([csvOf(columns, rows)], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${path || 'answer'}.csv`
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
