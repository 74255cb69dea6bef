/** How large the JSON of a request may be beside its bytes, so that to read it takes about 10 ms at most. */
import { BadInputError } from '../errors.ts'

/** Brackets within brackets; all who walk through what is read call themselves for each. */
const MAX_LEVELS = 200
/** Objects and lists. A gateway's representations are most of them. */
const MAX_CONTAINERS = 25_000
/** Members of all objects: names that are new take the longest. */
const MAX_MEMBERS = 25_000
/** Whatever is parted by commas. */
const MAX_PARTS = 100_000

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [BRACKET_L, BRACKET_R, BRACE_L, BRACE_R] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Looks at a text that is to be read as JSON, which it need not be. @throws BadInputError where it is larger */
export const checkJson = (text: string): void => {
  // Each level takes a letter at least.
  if (text.length <= MAX_LEVELS) return
  let [level, containers, members, parts] = [0, 0, 0, 0]
  for (let at = 0; at < text.length; at += 1)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at)
        break
      case COMMA:
        refuseAbove(MAX_PARTS, (parts += 1), 'parts')
        break
      case COLON:
        refuseAbove(MAX_MEMBERS, (members += 1), 'members of objects')
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
