/**
 * Texts of events that may have any length, such as URLs. An entry of an index takes 2,704 bytes, so only how they begin is
 * indexed: a comparison says of that, too, what follows from it.
 */
import type { StoredName } from '../../model/stored.ts'
import type { Bind } from './statement-values.ts'

/** Characters, of four bytes at most. In the indexes of migrations/1/04-events.sql, too. */
const BEGINNING = 600
const columns: ReadonlySet<string> = new Set(['email_key', 'source_ip_address_key', 'url'])

export type Sign = '=' | '>' | '>=' | '<' | '<='

/** What follows for the beginnings of two texts. */
const ofBeginnings = { '=': '=', '>': '>=', '>=': '>=', '<': '<=', '<=': '<=' } as const

/** The condition that the column's text stands so to that one, or is one of several. */
export const comparedText = (
  list: StoredName,
  column: string,
  sign: Sign,
  value: string | readonly string[],
  bind: Bind,
): string => {
  if (list !== 'events' || !columns.has(column)) return compared(column, sign, value, bind)
  // A text that begins with a shorter one and nothing else is that one: to say it twice would have the planner expect next to no rows.
  if (isWithin(value)) return compared(`left(${column}, ${BEGINNING})`, sign, value, bind)
  const said = compared(column, sign, value, bind)
  const beginning = typeof value === 'string' ? beginningOf(value) : value.map(beginningOf)
  const follows = compared(`left(${column}, ${BEGINNING})`, ofBeginnings[sign], beginning, bind)
  return `(${follows} AND ${said})`
}

const compared = (
  text: string,
  sign: Sign,
  value: string | readonly string[],
  bind: Bind,
): string =>
  typeof value === 'string'
    ? `${text} ${sign} ${bind(value, 'text')}`
    : `${text} ${sign} ANY (${bind(value, 'text[]')})`

const isWithin = (value: string | readonly string[]): boolean =>
  typeof value === 'string' ? value.length < BEGINNING : value.every(isWithin)

const beginningOf = (text: string): string =>
  text.length <= BEGINNING ? text : [...text].slice(0, BEGINNING).join('')
