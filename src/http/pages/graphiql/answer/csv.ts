/**
 * Tables as files for spreadsheets.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
import type { Cell } from './table.ts'

/** The text of the file: what stands before it tells spreadsheets that it is UTF-8. */
export const csvOf = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${[columns, ...rows].map(cells => cells.map(fieldOf).join(',')).join('\r\n')}\r\n`

const fieldOf = (cell: Cell): string => {
  const text = typeof cell === 'string' ? harmless(cell) : cell === null ? '' : String(cell)
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Spreadsheets take for a formula what begins like one, and whoever attacks may choose what stands in an answer: an
 * apostrophe before it makes it text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
