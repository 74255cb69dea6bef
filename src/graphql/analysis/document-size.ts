/**
 * How large a document may be, so that to parse and validate it takes about 10 ms at most: its text is looked at before
 * it is parsed, what was parsed before it is validated. `docs/limits.md` has the table.
 */
import { type DocumentNode, GraphQLError, Kind, Lexer, parse, Source, TokenKind } from 'graphql'
import { BadInputError } from '../../errors.ts'
import type { Work } from '../../work/work.ts'
import { countComparisons } from './overlapping-fields.ts'
import { isNode } from './validate-in-turns.ts'

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

/**
 * Reads the text of an operation in turns: its document, or why it is none.
 *
 * @throws BadInputError that names the limit which it goes beyond
 */
export type ReadText = (text: string, work: Work) => Generator<void, DocumentNode | GraphQLError>

/** Refuses what is larger; what is no document is looked at as far as it is one. */
export const createReadText = ({ maxTokens }: { readonly maxTokens: number }): ReadText => {
  // Who allows more tokens allows more of what they make up.
  const scale = Math.max(1, maxTokens / DEFAULT_TOKENS)
  return function* (text, work) {
    checkLetters(text, scale)
    yield* tokenSteps(text, maxTokens, work)
    if (work.isOver()) yield
    const document = parsed(text)
    if (document instanceof GraphQLError) return document
    yield* partSteps(document, scale, work)
    if (work.isOver()) yield
    refuseAbove(
      MAX_COMPARISONS * scale,
      countComparisons(document, MAX_COMPARISONS * scale),
      'comparisons of fields that share a name in the answer',
    )
    return document
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

/** About what it takes to read a token, and to look at a part of a document. */
const TOKEN_NS = 200
const PART_NS = 100

/** Counts the tokens, to the end or as far as there are any. */
function* tokenSteps(text: string, maxTokens: number, work: Work): Generator<void, void> {
  const lexer = new Lexer(new Source(text))
  let brackets = 0
  for (let count = 0; ; count += 1) {
    if (!work.spend(TOKEN_NS)) yield
    if (!isRead(lexer)) return
    const { kind, start, end } = lexer.token
    if (kind === TokenKind.EOF) return
    if (count === maxTokens)
      throw new BadInputError(
        `The operation has more than the ${maxTokens} tokens that PUSHGRAPH_MAX_TOKENS allows; ask for less at once, or raise it`,
        'PUSHGRAPH_MAX_TOKENS',
        maxTokens,
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

const parsed = (text: string): DocumentNode | GraphQLError => {
  try {
    return parse(text)
  } catch (error) {
    // The parser calls itself for each level, and may come to the end of its stack.
    return error instanceof GraphQLError ? error : new GraphQLError('It is nested too deeply')
  }
}

const partOf = new Map(parts.flatMap(part => part.kinds.map(kind => [kind, part] as const)))

function* partSteps(document: DocumentNode, scale: number, work: Work): Generator<void, void> {
  const counts = new Map<Part, number>()
  const left: object[] = [document]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (!work.spend(PART_NS)) yield
    const part = partOf.get((node as { readonly kind: Kind }).kind)
    if (part !== undefined) {
      const count = (counts.get(part) ?? 0) + 1
      refuseAbove(part.most * scale, count, part.what)
      counts.set(part, count)
    }
    for (const value of Object.values(node) as unknown[])
      if (Array.isArray(value)) left.push(...(value as object[]))
      else if (isNode(value)) left.push(value)
  }
}

const refuseAbove = (most: number, found: number, what: string): void => {
  if (found > most)
    throw new BadInputError(
      `The document has more than the ${most} ${what} that one may have; ask for less at once, or use variables`,
      'query',
    )
}
