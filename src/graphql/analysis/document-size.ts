/**
 * How large a document may be, so that to parse and validate it takes about 10 ms at most: its text is looked at before
 * it is parsed, what was parsed before it is validated. `docs/limits.md` has the table.
 */
import { type DocumentNode, Kind, Lexer, parse, Source, TokenKind } from 'graphql'
import { LRUCache } from 'lru-cache'
import { BadInputError } from '../../errors.ts'
import { countComparisons } from './overlapping-fields.ts'

/** What documents of as many tokens as `PUSHGRAPH_MAX_TOKENS` allows where nobody sets it may have. */
const DEFAULT_TOKENS = 20_000
/** UTF-16 units in all. */
const MAX_LETTERS = 500_000
const MAX_LINES = 10_000
/** UTF-16 units of a name: of a field, an argument, a type, a fragment. */
const MAX_NAME = 256
/** UTF-16 units of a text, such as the longest cursor. */
const MAX_TEXT = 65_536
const MAX_NUMBER = 256
/** Brackets within brackets, of any kind; the parser and all who walk through what it gives call themselves for each. */
const MAX_BRACKETS = 200
/** Comparisons of fields that the rules of validation may need, see `countComparisons`. */
const MAX_COMPARISONS = 20_000

/** Parts of a document, and how many there may be. */
interface Part {
  readonly most: number
  readonly what: string
  readonly kinds: readonly Kind[]
}

const parts: readonly Part[] = [
  { most: 50, what: 'operations', kinds: [Kind.OPERATION_DEFINITION] },
  { most: 300, what: 'fragments', kinds: [Kind.FRAGMENT_DEFINITION] },
  {
    most: 2_000,
    what: 'fields and places of fragments',
    kinds: [Kind.FIELD, Kind.FRAGMENT_SPREAD, Kind.INLINE_FRAGMENT],
  },
  { most: 300, what: 'variables', kinds: [Kind.VARIABLE_DEFINITION] },
  { most: 500, what: 'directives', kinds: [Kind.DIRECTIVE] },
  { most: 2_000, what: 'arguments', kinds: [Kind.ARGUMENT] },
  { most: 1_000, what: 'objects in its arguments', kinds: [Kind.OBJECT] },
  {
    most: 5_000,
    what: 'values in its arguments',
    kinds: [Kind.STRING, Kind.INT, Kind.FLOAT, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST],
  },
]

/** Looks at the text of an operation before it is validated. @throws BadInputError that names the limit */
export type CheckText = (text: string) => void

/** Texts that passed, remembered by as many letters in all: those that come again are not looked at again. */
const MAX_PASSED = 1_000
const MAX_PASSED_LETTERS = 500_000

/** Refuses what is larger; what is no document is left to the parser, which then fails early. */
export const createCheckText = ({ maxTokens }: { readonly maxTokens: number }): CheckText => {
  // Who allows more tokens allows more of what they make up.
  const scale = Math.max(1, maxTokens / DEFAULT_TOKENS)
  const checkParts = createCheckParts(scale)
  const passed = new LRUCache<string, true>({
    max: MAX_PASSED,
    maxSize: MAX_PASSED_LETTERS,
    sizeCalculation: (_, { length }) => Math.max(1, length),
  })
  return text => {
    if (passed.has(text)) return
    checkLetters(text, scale)
    if (!checkTokens(text, maxTokens)) return
    const document = parsed(text)
    if (document === undefined) return
    checkParts(document)
    refuseAbove(
      MAX_COMPARISONS * scale,
      countComparisons(document, MAX_COMPARISONS * scale),
      'comparisons of fields that share a name in the answer',
    )
    passed.set(text, true)
  }
}

/** What takes its time before the first token is there: lines can be comments, and are counted for each mistake. */
const checkLetters = (text: string, scale: number): void => {
  refuseAbove(MAX_LETTERS * scale, text.length, 'letters')
  const mostLines = MAX_LINES * scale
  refuseAbove(mostLines, 1 + countOf(text, '\n', mostLines), 'lines')
  refuseAbove(mostLines, 1 + countOf(text, '\r', mostLines), 'lines')
  refuseAbove(mostLines, countOf(text, '\\', mostLines), 'backslashes')
}

/** How often the letter stands there; no longer looked for once that is more than `most`. */
const countOf = (text: string, letter: string, most: number): number => {
  let count = 0
  for (let at = text.indexOf(letter); at !== -1 && count <= most; count += 1)
    at = text.indexOf(letter, at + 1)
  return count
}

const opening: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
])
const closing: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
])

/** Longest tokens, by their kinds; punctuation has one letter or three. */
const longest: Partial<Record<TokenKind, readonly [most: number, what: string]>> = {
  [TokenKind.NAME]: [MAX_NAME, 'letters in a name'],
  [TokenKind.INT]: [MAX_NUMBER, 'digits in a number'],
  [TokenKind.FLOAT]: [MAX_NUMBER, 'digits in a number'],
  [TokenKind.STRING]: [MAX_TEXT, 'letters in a text'],
  [TokenKind.BLOCK_STRING]: [MAX_TEXT, 'letters in a text'],
}

/** Whether it consists of tokens to its end. */
const checkTokens = (text: string, maxTokens: number): boolean => {
  const lexer = new Lexer(new Source(text))
  let brackets = 0
  for (let count = 0; ; count += 1) {
    if (!isRead(lexer)) return false
    const { kind, start, end } = lexer.token
    if (kind === TokenKind.EOF) return true
    if (count === maxTokens)
      throw new BadInputError(
        `The operation has more than the ${maxTokens} tokens that PUSHGRAPH_MAX_TOKENS allows; ask for less at once, or raise it`,
        'PUSHGRAPH_MAX_TOKENS',
      )
    const [most, what] = longest[kind] ?? [Infinity, '']
    refuseAbove(most, end - start, what)
    if (opening.has(kind)) brackets += 1
    else if (closing.has(kind)) brackets -= 1
    refuseAbove(MAX_BRACKETS, brackets, 'brackets within one another')
  }
}

/** Reads one token more; false where there is none, which is the parser's to say: it comes no farther. */
const isRead = (lexer: Lexer): boolean => {
  try {
    lexer.advance()
    return true
  } catch {
    return false
  }
}

const parsed = (text: string): DocumentNode | undefined => {
  try {
    return parse(text, { noLocation: true })
  } catch {
    return undefined
  }
}

const createCheckParts = (scale: number): ((document: DocumentNode) => void) => {
  const partOf = new Map(parts.flatMap(part => part.kinds.map(kind => [kind, part] as const)))
  return document => {
    const counts = new Map<Part, number>()
    const left: unknown[] = [document]
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      const part = partOf.get((node as { readonly kind: Kind }).kind)
      if (part !== undefined) {
        const count = (counts.get(part) ?? 0) + 1
        refuseAbove(part.most * scale, count, part.what)
        counts.set(part, count)
      }
      for (const value of Object.values(node as object) as unknown[])
        if (Array.isArray(value)) left.push(...(value as unknown[]))
        else if (typeof value === 'object' && value !== null) left.push(value)
    }
  }
}

const refuseAbove = (most: number, found: number, what: string): void => {
  if (found > most)
    throw new BadInputError(
      `The document has more than the ${most} ${what} that one may have; ask for less at once, or use variables`,
      'query',
    )
}
