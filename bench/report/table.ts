/** Tables as a terminal and as Markdown show them. */

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  /** A text for each column. */
  readonly rows: readonly (readonly string[])[]
}

/** Columns of figures stand to the right: those in which every row begins with a digit, a sign or nothing at all. */
const isFigures = (table: Table, column: number): boolean =>
  table.rows.every(row => /^[-+−\d]|^$/.test(row[column] ?? ''))

const widthsOf = ({ columns, rows }: Table): readonly number[] =>
  columns.map((name, column) =>
    Math.max(name.length, ...rows.map(row => (row[column] ?? '').length)),
  )

const align = (table: Table, widths: readonly number[], cells: readonly string[]): string[] =>
  widths.map((width, column) => {
    const cell = cells[column] ?? ''
    return isFigures(table, column) ? cell.padStart(width) : cell.padEnd(width)
  })

/** The table as lines of a terminal, its title first. */
export const toText = (table: Table): string => {
  const widths = widthsOf(table)
  const line = (cells: readonly string[]): string =>
    align(table, widths, cells).join('  ').trimEnd()
  const rule = widths.map(width => '─'.repeat(width)).join('  ')
  return [table.title, '', line(table.columns), rule, ...table.rows.map(line), ''].join('\n')
}

/** The table as Prettier would leave it in a Markdown page, without its title. */
export const toMarkdown = (table: Table): string => {
  const escaped: Table = {
    ...table,
    columns: table.columns.map(escape),
    rows: table.rows.map(row => row.map(escape)),
  }
  const widths = widthsOf(escaped).map(width => Math.max(3, width))
  const line = (cells: readonly string[]): string =>
    `| ${align(escaped, widths, cells).join(' | ')} |`
  const rule = widths.map((width, column) =>
    isFigures(escaped, column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  return [line(escaped.columns), `| ${rule.join(' | ')} |`, ...escaped.rows.map(line)].join('\n')
}

const escape = (cell: string): string => cell.replace(/([|\\])/g, '\\$1')

/** 1,234 or 12.3 or 0.123: as many digits as say something. */
export const figure = (value: number): string => {
  const size = Math.abs(value)
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** How many times as much, to two digits behind the point. */
export const ratio = (value: number, of: number): string => (value / of).toFixed(2)

export const yesNo = (value: boolean): string => (value ? 'yes' : 'NO')
