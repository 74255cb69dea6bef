/** The documents of operations: each text is read and validated in turns, once for all ways in which it is asked for. */
import { createHash } from 'node:crypto'
import { type DocumentNode, GraphQLError, type GraphQLSchema, specifiedRules } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Maybe } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'
import type { ReadText } from './document-size.ts'
import { validateSteps } from './validate-in-turns.ts'
import { ownRules } from './validation.ts'

/** What a text came to. */
export interface ReadDocument {
  /** Undefined where the text is no GraphQL, which the only error says. */
  readonly document: DocumentNode | undefined
  /** Why it is not valid; none where it is. */
  readonly errors: readonly GraphQLError[]
}

export interface Documents {
  /** @throws BadInputError where the text is too large */
  read(text: string, work: Work): Maybe<ReadDocument>
  /** A valid one that was read lately, by the SHA-256 of its text in hexadecimal digits. */
  find(hash: string): DocumentNode | undefined
}

export interface DocumentsOptions {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly readText: ReadText
}

/** Documents remembered: far more than the callers of one tenant have. */
const MAX_KEPT = 1_000
/** Letters of all of them: with its document each takes 40 to 170 bytes. */
const MAX_LETTERS = 300_000

export const createDocuments = (options: DocumentsOptions): Documents => {
  const rules = [...specifiedRules, ...ownRules(options)]
  const kept = new LRUCache<string, DocumentNode>({ max: MAX_KEPT, maxSize: MAX_LETTERS })

  function* steps(text: string, hash: string, work: Work): Generator<void, ReadDocument> {
    if (work.isOver()) yield
    const document = yield* options.readText(text, work)
    if (document instanceof GraphQLError) return { document: undefined, errors: [document] }
    const errors = yield* validateSteps(options.schema, document, rules, work)
    if (errors.length === 0) kept.set(hash, document, { size: Math.max(1, text.length) })
    return { document, errors }
  }

  return {
    read: (text, work) => {
      const hash = createHash('sha256').update(text).digest('hex')
      const document = kept.get(hash)
      return document === undefined
        ? work.run(steps(text, hash, work))
        : { document, errors: noErrors }
    },
    find: hash => kept.get(hash),
  }
}

const noErrors: readonly GraphQLError[] = []
