/** Validates a document in turns, as `validate` of graphql-js does in one go: the same rules find the same errors. */
import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  type ValidationRule,
  visitInParallel,
  visitWithTypeInfo,
} from 'graphql'
import type { Work } from '../../work/work.ts'
import { validationOptions } from './validation.ts'
import { NotedContext } from './variable-usages.ts'

/** About what all rules take for a node. */
const NODE_NS = 500

/** What is wrong with the document, as far as that is told. */
export function* validateSteps(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
  work: Work,
): Generator<void, readonly GraphQLError[]> {
  const errors: GraphQLError[] = []
  const types = new TypeInfo(schema)
  const context = new NotedContext(schema, document, types, error => {
    if (errors.length < validationOptions.maxErrors) {
      errors.push(error)
      return
    }
    errors.push(new GraphQLError(TOO_MANY))
    throw new TooMany()
  })
  const visitor = visitInParallel([...rules.map(rule => rule(context)), context.noting(types)])
  try {
    const fragmentTypes = new TypeInfo(schema)
    // Rules ask of a whole operation, with all fragments, when it is left.
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        yield* visit(definition, walkOf(fragmentTypes, context.noting(fragmentTypes), work))
    yield* visit(document, walkOf(types, visitor, work))
  } catch (failure) {
    if (!(failure instanceof TooMany)) throw failure
  }
  return errors
}

/** As graphql-js says it. */
const TOO_MANY = 'Too many validation errors, error limit reached. Validation aborted.'

class TooMany extends Error {}

type Place = readonly [key: string | number | undefined, parent: Parent | undefined]
type Parent = ASTNode | readonly ASTNode[]
type Visit = (
  node: ASTNode,
  key: string | number | undefined,
  parent: Parent | undefined,
  path: readonly (string | number)[],
  ancestors: readonly Parent[],
) => unknown

/** With methods for all kinds of nodes; of these, none leaves anything out or puts anything in. */
interface Visitor {
  readonly enter: Visit
  readonly leave: Visit
}

interface Walk {
  readonly visitor: Visitor
  readonly work: Work
  readonly path: (string | number)[]
  readonly ancestors: Parent[]
}

const walkOf = (types: TypeInfo, visitor: ASTVisitor, work: Work): Walk => ({
  visitor: visitWithTypeInfo(types, visitor) as Visitor,
  ...{ work, path: [], ancestors: [] },
})

/** Enters and leaves a node and all within, in the order of the text. */
function* visit(
  node: ASTNode,
  walk: Walk,
  [key, parent]: Place = [undefined, undefined],
): Generator<void, void> {
  const { visitor, work, path, ancestors } = walk
  if (!work.spend(NODE_NS)) yield
  visitor.enter(node, key, parent, path, ancestors)
  if (parent !== undefined) ancestors.push(parent)
  for (const [name, member] of Object.entries(node) as [string, unknown][]) {
    path.push(name)
    if (Array.isArray(member)) yield* visitAll(node, member as readonly ASTNode[], walk)
    else if (isNode(member)) yield* visit(member, walk, [name, node])
    path.pop()
  }
  if (parent !== undefined) ancestors.pop()
  visitor.leave(node, key, parent, path, ancestors)
}

function* visitAll(node: ASTNode, nodes: readonly ASTNode[], walk: Walk): Generator<void, void> {
  const { path, ancestors } = walk
  ancestors.push(node)
  for (const [index, each] of nodes.entries()) {
    path.push(index)
    yield* visit(each, walk, [index, nodes])
    path.pop()
  }
  ancestors.pop()
}

/** Not the place in the text, which every node has beside its parts. */
export const isNode = (member: unknown): member is ASTNode =>
  typeof member === 'object' && member !== null && 'kind' in member
