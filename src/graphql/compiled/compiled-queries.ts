/** The compiled queries of documents that come again. */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { type CompiledQuery, type CompileOptions, compileQuery } from './compile-query.ts'

/** The compiled operation of a document; undefined at its first time, and where it cannot be compiled. */
export type FindCompiledQuery = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
) => CompiledQuery | undefined

interface Known {
  readonly query: CompiledQuery | undefined
}

/** Documents go with whoever keeps them: what is parsed anew each time is never compiled. */
export const createCompiledQueries = (
  options: Pick<CompileOptions, 'findTexts' | 'read'> = {},
): FindCompiledQuery => {
  const documents = new WeakMap<DocumentNode, Map<string, Known>>()

  return (schema, document, operationName) => {
    const known = documents.get(document)
    if (known === undefined) {
      documents.set(document, new Map())
      return undefined
    }
    const name = operationName ?? ''
    const found = known.get(name) ?? {
      query: compileQuery(schema, document, operationName, options),
    }
    known.set(name, found)
    return found.query
  }
}
