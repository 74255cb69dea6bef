/** The numbers of a chart as a table, opened by whoever wants them. */
export const Numbers = ({ label, head, rows }) => (
  <details className="numbers">
    <summary aria-label={`${label} as a table`}>As a table</summary>
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map(each => (
              <th key={each} scope="col">
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {others.map((each, place) => (
                <td key={head[place + 1]} className="number">
                  {each}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)
