/**
 * Rows of an answer as a table that scrolls within its tile; where there are none, `nothing` is said. `columns`:
 * `{ head, cell, isNumber }`.
 */
export const Rows = ({ rows, nothing, ...table }) =>
  rows?.length > 0 ? <Table rows={rows} {...table} /> : <p className="nothing">{nothing}</p>

const Table = ({ label, columns, rows }) => (
  <div className="scroll rows" role="region" aria-label={label} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns.map(({ head, isNumber }) => (
            <th key={head} scope="col" className={isNumber ? 'number' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.id}>
            {columns.map(({ head, cell, isNumber }) => (
              <td key={head} className={isNumber ? 'number' : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
