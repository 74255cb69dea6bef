/** The values that projections are written with. */

/** An object of an event or the event itself, by OCSF's own attribute names. */
export type OcsfObject = Readonly<Record<string, unknown>>

/** A word of Push's that OCSF's enumeration has no value for. */
export interface Other {
  readonly other: string
}

/** A value of an enumeration. The fitting writes the caption beside it. */
export type Code = number | Other

export const isOther = (value: unknown): value is Other =>
  typeof value === 'object' && value !== null && 'other' in value

/** OCSF takes its own caption for 99 beside a 99 for a word that was left out: such a word is written otherwise. */
export const other = (word: string): Other => ({ other: word === 'Other' ? 'OTHER' : word })

/** What a table says of a word of Push's; undefined where it lacks the word or there is none. */
export const lookUp = <T>(
  table: Readonly<Record<string, T>>,
  word: string | null | undefined,
): T | undefined =>
  word !== null && word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined

/** OCSF's value for a word of Push's; the word itself where the table lacks it, nothing for no word. */
export const codeOf = (
  table: Readonly<Record<string, number>>,
  word: string | null | undefined,
): Code | undefined =>
  lookUp(table, word) ?? (word === null || word === undefined ? undefined : other(word))

/** Whole milliseconds, as OCSF has all its times, of Push's seconds, which may have a fraction. */
export const ms = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 1000)

/** The members that have a value; nothing where none has. */
export const given = (members: OcsfObject): OcsfObject | undefined => {
  let found: Record<string, unknown> | undefined
  for (const name in members) {
    const value = members[name]
    if (value === null || value === undefined) continue
    found ??= {}
    found[name] = value
  }
  return found
}

/** Sets a member of whatever name: one that is called `__proto__` must become a member too. */
export const put = (object: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === '__proto__')
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  else object[name] = value
}

const acronyms = new Set(['AITM', 'BITB', 'MFA', 'OAUTH', 'SSO', 'URL'])

/** `MFA_NOT_REGISTERED` as people read it: MFA not registered. */
export const inWords = (word: string): string => {
  const words = word.split('_').map(part => (acronyms.has(part) ? part : part.toLowerCase()))
  const [first = '', ...rest] = words
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ')
}
