/** The compiled queries of operations that come again. */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { Kept } from '../analysis/kept.ts'
import { perOperation } from '../analysis/known-operations.ts'
import { type CompiledQuery, type CompileOptions, compileQuery } from './compile-query.ts'

interface CompiledQueriesOptions extends Pick<CompileOptions, 'findTexts' | 'read'> {
  /** Where documents are kept: what was compiled of one counts with it. */
  readonly kept?: Kept
}

/** What a field of a compiled query takes, in bytes of heap. */
const FIELD_BYTES = 800

/**
 * Finds the compiled query of an operation, for callers who are told personal data (`isTold`) or for others; undefined at
 * its first time, since what is parsed anew each time is not worth compiling, and where it cannot be compiled.
 */
export const createCompiledQueries = ({ kept, ...options }: CompiledQueriesOptions = {}) =>
  perOperation(({ name }, schema: GraphQLSchema, document: DocumentNode) => {
    let isNew = true
    const compiled = new Map<boolean, CompiledQuery | undefined>()
    return (isTold: boolean): CompiledQuery | undefined => {
      if (isNew) {
        isNew = false
        return undefined
      }
      if (!compiled.has(isTold)) {
        const onFields = (fields: number) => kept?.grow(document, fields * FIELD_BYTES)
        const own = { ...options, isTold, onFields }
        compiled.set(isTold, compileQuery(schema, document, name?.value, own))
      }
      return compiled.get(isTold)
    }
  })
