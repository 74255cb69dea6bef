/** The writers of documents that come again. */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { compileQuery, type Writer, type WriterOptions } from './compile-query.ts'

/** The writer for an operation of a document; undefined at its first time, and where there is none. */
export type FindWriter = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
) => Writer | undefined

interface Known {
  readonly writer: Writer | undefined
}

/** Documents go with whoever keeps them: what is parsed anew each time is never gone through twice. */
export const createWriters = (
  options: Pick<WriterOptions, 'findTexts' | 'read'> = {},
): FindWriter => {
  const documents = new WeakMap<DocumentNode, Map<string, Known>>()

  return (schema, document, operationName) => {
    const known = documents.get(document)
    if (known === undefined) {
      documents.set(document, new Map())
      return undefined
    }
    const name = operationName ?? ''
    const found = known.get(name) ?? {
      writer: compileQuery(schema, document, operationName, options),
    }
    known.set(name, found)
    return found.writer
  }
}
