/** The needs of operations that come again: found anew only where variables differ in what the needs depend on. */
import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import type { AnyNeed } from '../../loaders/loaders.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { isGiven } from '../../model/values.ts'
import { toEnd } from '../../work/to-end.ts'
import type { Work } from '../../work/work.ts'
import { needSteps } from './demand.ts'
import { weightOf } from './heap-weights.ts'
import { Kept } from './kept.ts'
import { perOperation } from './known-operations.ts'
import { grouping } from './looked-at.ts'
import { type ReadVariables, readVariables } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

/** The needs of that operation with those variables; in turns, where it has some. */
export type FindNeeds = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Values,
  work?: Work,
) => Maybe<readonly AnyNeed[]>

/** Longer ones hardly come again. */
const MAX_KEY_LENGTH = 1_000
/** Bytes of needs that are remembered for one set of variables: more of them are found anew each time. */
const MAX_BYTES = 1_048_576

/** Remembers what it finds among what is kept; `read` is shared with whoever else reads the same variables. */
export const createFindNeeds = (
  read: ReadVariables = readVariables,
  kept: Kept = new Kept(),
): FindNeeds => {
  const remembered = new Map<string, readonly AnyNeed[]>()
  let operations = 0
  const keyOf = perOperation((_operation, document: DocumentNode) => {
    operations += 1
    const number = operations
    const uses = usesOf(document)
    return (coerced: Values): string | undefined => {
      if (uses === undefined) return undefined
      let key = `${number}`
      for (const [name, use] of uses) {
        const value = coerced[name]
        key += ` ${use === 'presence' && isGiven(value) ? '*' : JSON.stringify(value)}`
      }
      return key
    }
  })

  return (schema, document, operation, variables, work) => {
    const { coerced } = read(schema, operation, variables)
    if (coerced === undefined) return []
    const key = keyOf(operation, document)(coerced)
    const known = key === undefined ? undefined : remembered.get(key)
    if (known !== undefined) {
      kept.touch(known)
      return known
    }
    const steps = needSteps(schema, document, operation.name?.value, variables, { read, work })
    return andThen(work === undefined ? toEnd(steps) : work.run(steps), needs => {
      const bytes =
        key === undefined || key.length > MAX_KEY_LENGTH
          ? Infinity
          : weightOf([key, needs], MAX_BYTES)
      if (key === undefined || bytes > MAX_BYTES) return needs
      remembered.set(key, needs)
      kept.add(needs, bytes, () => remembered.delete(key))
      return needs
    })
  }
}

/** Whether only the presence of a variable matters, or its value too. */
type Use = 'presence' | 'value'

/**
 * How needs depend on the variables of a document; those on which they do not are left out. Undefined where they are a
 * gateway's representations, which are many and hardly the same again.
 */
const usesOf = (document: DocumentNode): ReadonlyMap<string, Use> | undefined => {
  const uses = new Map<string, Use>()
  let isKeyed = true
  const note = (node: ArgumentNode): void => {
    if (node.name.value === 'representations') isKeyed = false
    // Which object is asked for by its id makes no difference.
    const isId = node.name.value === 'id' && node.value.kind === Kind.VARIABLE
    visit(node, {
      Variable: ({ name }) => {
        if (!isId) uses.set(name.value, 'value')
        else if (!uses.has(name.value)) uses.set(name.value, 'presence')
      },
    })
  }
  visit(document, {
    Field: ({ name, arguments: given = [] }) => {
      for (const argument of given)
        // Nor does which groups of a whole list are given.
        if (!grouping.has(name.value) || argument.name.value === 'by') note(argument)
    },
    Directive: ({ arguments: given = [] }) => {
      for (const argument of given) note(argument)
    },
  })
  return isKeyed ? uses : undefined
}
