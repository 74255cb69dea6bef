/** Rows of an answer as a table that scrolls within its tile. */

/** `columns`: `{ head, cell, isNumber }`. */
export const Rows = ({ label, columns, rows }) => (
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
