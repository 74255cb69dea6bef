/** The compiled queries of operations that come again. */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { perOperation } from '../analysis/known-operations.ts'
import { type CompiledQuery, type CompileOptions, compileQuery } from './compile-query.ts'

/**
 * Finds the compiled query of an operation, for callers who are told personal data (`isTold`) or for others; undefined at
 * its first time, since what is parsed anew each time is not worth compiling, and where it cannot be compiled.
 */
export const createCompiledQueries = (options: Pick<CompileOptions, 'findTexts' | 'read'> = {}) =>
  perOperation(({ name }, schema: GraphQLSchema, document: DocumentNode) => {
    let isNew = true
    const compiled = new Map<boolean, CompiledQuery | undefined>()
    return (isTold: boolean): CompiledQuery | undefined => {
      if (isNew) {
        isNew = false
        return undefined
      }
      if (!compiled.has(isTold))
        compiled.set(isTold, compileQuery(schema, document, name?.value, { ...options, isTold }))
      return compiled.get(isTold)
    }
  })
