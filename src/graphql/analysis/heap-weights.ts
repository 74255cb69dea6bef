/** How many bytes of heap things take that are kept of operations, as far as that can be told. */
import { type DocumentNode, Kind, type Token, TokenKind } from 'graphql'

/** What an object, a list, and each of their members take, in bytes; rather more than less. */
const [OBJECT, MEMBER, TEXT] = [56, 16, 32]

/**
 * About how many bytes of heap plain objects, lists and texts take; an object that stands in several places counts once.
 * No further than a little beyond `most`; `object` is what an object takes, where more is made of each.
 */
export const weightOf = (value: unknown, most = Infinity, object = OBJECT): number => {
  const met = new Set<object>()
  const left: unknown[] = [value]
  let bytes = 0
  while (left.length > 0 && bytes <= most) {
    const part = left.pop()
    if (typeof part === 'string') bytes += TEXT + part.length
    if (typeof part !== 'object' || part === null || met.has(part)) continue
    met.add(part)
    const isList = Array.isArray(part)
    const members: readonly unknown[] = isList ? part : Object.values(part)
    bytes += (isList ? OBJECT : object) + MEMBER * members.length
    for (const member of members) left.push(member)
  }
  return bytes
}

/** What tokens take with their nodes, in bytes of heap; a text has its letters once more. */
const [NAME, QUOTED, OTHER] = [500, 350, 170]
/** What is found of each token of an operation and its fragments; what a document has beside its tokens. */
const [FOUND, DOCUMENT] = [120, 4_000]

/** About how many bytes of heap a document takes with all that is found of its operations, before they are compiled. */
export const weightOfDocument = ({ loc, definitions }: DocumentNode): number => {
  if (loc === undefined) return DOCUMENT
  let bytes = DOCUMENT + 2 * loc.source.body.length
  let tokens = 0
  for (let at: Token | null = loc.startToken; at !== null; at = at.next) {
    tokens += 1
    if (at.kind === TokenKind.NAME) bytes += NAME
    else bytes += at.value === undefined ? OTHER : QUOTED + at.value.length
  }
  const lettersOf = (kind: Kind): number =>
    definitions.reduce(
      (sum, of) => sum + (of.kind === kind && of.loc ? of.loc.end - of.loc.start : 0),
      0,
    )
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length
  const shared = lettersOf(Kind.FRAGMENT_DEFINITION) / Math.max(1, loc.end - loc.start)
  // Each operation has its own findings of the fragments.
  return bytes + FOUND * tokens * (1 + shared * Math.max(0, operations - 1))
}
