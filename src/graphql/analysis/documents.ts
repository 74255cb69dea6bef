/** The documents of operations: each text is read and validated in turns, once for all ways in which it is asked for. */
import { hash } from 'node:crypto'
import { type DocumentNode, GraphQLError, type GraphQLSchema, specifiedRules } from 'graphql'
import type { Maybe } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'
import type { ReadText } from './document-size.ts'
import { weightOfDocument } from './heap-weights.ts'
import { Kept } from './kept.ts'
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
  read(text: string, work: Work, textHash?: string): Maybe<ReadDocument>
  /** A valid one that was read lately, by the hash of its text. */
  find(textHash: string): DocumentNode | undefined
}

/** What a document is known by: the SHA-256 of its text, in hexadecimal digits. */
export const hashOfText = (text: string): string => hash('sha256', text)

export interface DocumentsOptions {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly readText: ReadText
  /** Where they are kept. */
  readonly kept?: Kept | undefined
}

export const createDocuments = (options: DocumentsOptions): Documents => {
  const rules = [...specifiedRules, ...ownRules(options)]
  const { kept = new Kept() } = options
  const byHash = new Map<string, DocumentNode>()

  const find = (textHash: string): DocumentNode | undefined => {
    const document = byHash.get(textHash)
    if (document !== undefined) kept.touch(document)
    return document
  }

  const keep = (textHash: string, document: DocumentNode): void => {
    byHash.set(textHash, document)
    kept.add(document, weightOfDocument(document), () => {
      if (byHash.get(textHash) === document) byHash.delete(textHash)
    })
  }

  function* steps(text: string, textHash: string, work: Work): Generator<void, ReadDocument> {
    if (work.isOver()) yield
    const document = yield* options.readText(text, work)
    if (document instanceof GraphQLError) return { document: undefined, errors: [document] }
    const errors = yield* validateSteps(options.schema, document, rules, work)
    if (errors.length === 0) keep(textHash, document)
    return { document, errors }
  }

  return {
    read: (text, work, textHash = hashOfText(text)) => {
      const document = find(textHash)
      return document === undefined
        ? work.run(steps(text, textHash, work))
        : { document, errors: noErrors }
    },
    find,
  }
}

const noErrors: readonly GraphQLError[] = []
