/** How large the JSON of a request may be beside its bytes, so that to read it takes about 10 ms at most. */
import { BadInputError } from '../errors.ts'

/** Brackets within brackets; all who walk through what is read call themselves for each. */
const MAX_LEVELS = 200
/** Objects and lists. A gateway's representations are most of them. */
const MAX_CONTAINERS = 25_000
/** Members of all objects. */
const MAX_MEMBERS = 25_000
/** Names of members, each counted once: V8 makes a shape of its own for objects that begin by a new one. */
const MAX_NAMES = 2_000
/** Whatever is parted by commas. */
const MAX_PARTS = 100_000
/** Texts of so few letters, each counted once: V8 keeps them in one table, which grows by each that is new. */
const MAX_SHORT_TEXTS = 20_000
const SHORT_LETTERS = 10
/** Of how many a letter may be written. */
const ESCAPED = 6

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [BRACKET_L, BRACKET_R, BRACE_L, BRACE_R] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Looks at a text that is to be read as JSON, which it need not be. @throws BadInputError where it is larger */
export const checkJson = (text: string): void => {
  // Each level takes a letter at least.
  if (text.length <= MAX_LEVELS) return
  let [level, containers, members, parts] = [0, 0, 0, 0]
  // Where the last text stands, its quotes aside.
  let [from, to] = [0, 0]
  const names = new Set<string>()
  const shortTexts = new Set<string>()
  for (let at = 0; at < text.length; at += 1)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        from = at + 1
        at = to = endOfText(text, at)
        if (to - from <= SHORT_LETTERS || isEscapedShort(text, from, to)) {
          shortTexts.add(text.slice(from, to))
          refuseAbove(
            MAX_SHORT_TEXTS,
            shortTexts.size,
            `different texts of ${SHORT_LETTERS} letters or less`,
          )
        }
        break
      case COMMA:
        refuseAbove(MAX_PARTS, (parts += 1), 'parts')
        break
      case COLON:
        refuseAbove(MAX_MEMBERS, (members += 1), 'members of objects')
        names.add(text.slice(from, to))
        // Once for each text, however many colons follow what need not be JSON.
        from = to
        refuseAbove(MAX_NAMES, names.size, 'different names of members')
        break
      case BRACKET_L:
      case BRACE_L:
        refuseAbove(MAX_CONTAINERS, (containers += 1), 'objects and lists')
        refuseAbove(MAX_LEVELS, (level += 1), 'brackets within one another')
        break
      case BRACKET_R:
      case BRACE_R:
        level -= 1
    }
}

/** Whether a longer one may be short once it is read: one that may be counts, whether it is or not. */
const isEscapedShort = (text: string, from: number, to: number): boolean =>
  to - from <= ESCAPED * SHORT_LETTERS && text.slice(from, to).includes('\\')

/** Where the text ends whose quote opens there. */
const endOfText = (text: string, opens: number): number => {
  let at = opens + 1
  for (let code = text.charCodeAt(at); at < text.length && code !== QUOTE;) {
    at += code === BACKSLASH ? 2 : 1
    code = text.charCodeAt(at)
  }
  return at
}

const refuseAbove = (most: number, found: number, what: string): void => {
  if (found > most)
    throw new BadInputError(
      `The JSON has more than the ${most} ${what} that a request may have; ask for less at once`,
    )
}
