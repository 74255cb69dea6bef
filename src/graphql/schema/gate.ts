/**
 * Lets graphql-js work in slices: where an operation's turn is over, a field that leads to objects is resolved, and the
 * next item of a list completed, in a later turn. Also counts what the answer comes to at least while it is made.
 */
import {
  defaultFieldResolver,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { andThen } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'

type Resolver = GraphQLFieldResolver<unknown, { readonly work?: Work } | undefined>

const own = Symbol('the resolver itself')

/** The resolver behind the gate, for whoever works in slices already. */
export const ungated = <Resolve extends object>(
  resolve: Resolve | undefined,
): Resolve | undefined =>
  resolve !== undefined && hasGate(resolve)
    ? (resolve as { readonly [own]: Resolve | undefined })[own]
    : resolve

const hasGate = (resolve: object | undefined): boolean => resolve !== undefined && own in resolve

/** Puts a gate before each field of the schema that leads to objects, or takes arguments: it may refuse these, which takes its time. */
export const gateResolvers = (schema: GraphQLSchema): void => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const isQuick = isLeafType(getNamedType(field.type)) && field.args.length === 0
      // The types of introspection are one for all schemas: they may have their gates already.
      if (isQuick || hasGate(field.resolve)) continue
      field.resolve = gated(field.resolve, isListType(getNullableType(field.type)))
    }
  }
}

const gated = (resolve: Resolver | undefined, isList: boolean): Resolver => {
  const go = resolve ?? defaultFieldResolver
  const gate: Resolver = (parent, args, context, info) => {
    const work = context?.work
    if (work === undefined) return go(parent, args, context, info)
    const resolved = (): unknown => {
      const value = counted(work, go, parent, args, context, info)
      if (!isList) {
        if (typeof value === 'object' && value !== null && !(value instanceof Promise))
          work.wrote(leastBytes(info))
        return value
      }
      return andThen(value, items => (Array.isArray(items) ? new Items(items, work, info) : items))
    }
    return work.isKnownOver || work.isOver() ? work.later(resolved) : resolved()
  }
  return Object.assign(gate, { [own]: resolve })
}

/** About what an error comes to in an answer. */
const ERROR_BYTES = 200

/** What the field comes to; where it fails, its error counts as part of the answer. */
const counted = (work: Work, go: Resolver, ...args: Parameters<Resolver>): unknown => {
  try {
    const value = go(...args)
    return value instanceof Promise ? value.catch(failing(work)) : value
  } catch (error) {
    work.wrote(ERROR_BYTES)
    throw error
  }
}

/** Many may fail at once; to say where in the document each of them stands is what takes the time. */
const failing = (work: Work) => (error: unknown) => {
  const fail = (): never => {
    throw error
  }
  work.wrote(ERROR_BYTES)
  return work.isOver() ? work.later(fail) : fail()
}

/** The items of a list, each as it is wanted: at once, or once others have had their turn. */
class Items implements Iterable<unknown> {
  readonly #items: readonly unknown[]
  readonly #work: Work
  readonly #bytes: number

  constructor(items: readonly unknown[], work: Work, info: GraphQLResolveInfo) {
    this.#items = items
    this.#work = work
    this.#bytes = leastBytes(info)
  }

  *[Symbol.iterator](): Generator {
    for (const item of this.#items) {
      this.#work.wrote(this.#bytes)
      const isOver = this.#work.isKnownOver || this.#work.isOver()
      yield isOver ? this.#work.later(() => item) : item
    }
  }
}

/** What an object comes to in JSON without its values: the names of its fields. Those that may be left out do not count. */
const leastBytes = ({ fieldNodes, fragments, returnType }: GraphQLResolveInfo): number => {
  const [node] = fieldNodes
  if (node === undefined) return 0
  const known = leastOf.get(node)
  if (known !== undefined) return known
  // Of an interface or a union, a fragment may be of another type.
  const isKnown = isObjectType(getNamedType(returnType))
  const sizeOf = (set: SelectionSetNode | undefined, depth: number): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if ((selection.directives?.length ?? 0) > 0 || depth > 8) return sum
      if (selection.kind === Kind.FIELD)
        return sum + (selection.alias ?? selection.name).value.length + 5
      if (!isKnown) return sum
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection.selectionSet
          : fragments[selection.name.value]?.selectionSet
      return sum + sizeOf(inner, depth + 1)
    }, 0)
  const bytes = 2 + sizeOf(node.selectionSet, 0)
  leastOf.set(node, bytes)
  return bytes
}

const leastOf = new WeakMap<FieldNode, number>()
