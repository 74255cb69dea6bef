/** The compiled queries of operations that come again. */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { perOperation } from '../analysis/known-operations.ts'
import { type CompiledQuery, type CompileOptions, compileQuery } from './compile-query.ts'

/**
 * Finds the compiled query of an operation; undefined at its first time, since what is parsed anew each time is not worth
 * compiling, and where it cannot be compiled.
 */
export const createCompiledQueries = (options: Pick<CompileOptions, 'findTexts' | 'read'> = {}) =>
  perOperation(({ name }, schema: GraphQLSchema, document: DocumentNode) => {
    let compiled: { readonly query: CompiledQuery | undefined } | 'new' | undefined = 'new'
    return (): CompiledQuery | undefined => {
      if (compiled === 'new') {
        compiled = undefined
        return undefined
      }
      compiled ??= { query: compileQuery(schema, document, name?.value, options) }
      return compiled.query
    }
  })
