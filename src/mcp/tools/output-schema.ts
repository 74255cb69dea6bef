/** What a tool gives: the fields that its document selects, as JSON Schema. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isScalarType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { jsonTypeOf, type JsonSchema } from './json-schema.ts'

/** The schema of an operation's `data`. */
export const dataSchemaOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): JsonSchema => {
  const root = schema.getRootType(operation)
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  const whole = { set: selectionSet, isAlways: true }
  return root ? new Outputs(schema, fragments).objectOf(root, [whole]) : {}
}

/** What is selected of an object in one place. */
interface SelectedSet {
  readonly set: SelectionSetNode
  /** Whether it is asked for whatever the objects above are, and whatever variables say. */
  readonly isAlways: boolean
}

/** A key of the answer, and all that is selected under it. */
interface Selected {
  /** Undefined where it may be of several types. */
  type: GraphQLOutputType | undefined
  readonly sets: SelectedSet[]
  /** Whether it is there whatever the object is, and whatever variables say. */
  isAlways: boolean
}

class Outputs {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema
    this.#fragments = fragments
  }

  objectOf(type: GraphQLCompositeType, sets: readonly SelectedSet[]): JsonSchema {
    const found = new Map<string, Selected>()
    // Where there is an object, one of them was asked for: with one alone, that one.
    for (const { set, isAlways } of sets)
      this.#gather(type, set, isAlways || sets.length === 1, found)
    const required = [...found].filter(([, { isAlways }]) => isAlways).map(([key]) => key)
    return {
      type: 'object',
      properties: Object.fromEntries(
        [...found].map(([key, selected]) => [
          key,
          selected.type === undefined ? {} : this.#valueOf(selected.type, selected.sets),
        ]),
      ),
      ...(required.length === 0 ? {} : { required }),
    }
  }

  #gather(
    type: GraphQLCompositeType,
    set: SelectionSetNode,
    isAlways: boolean,
    found: Map<string, Selected>,
  ): void {
    for (const node of set.selections) {
      const isSure = isAlways && (node.directives ?? []).length === 0
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        const field = isUnionType(type) ? undefined : type.getFields()[node.name.value]
        // Questions about the schema itself are any value.
        add(found, key, { type: field?.type, set: node.selectionSet, isAlways: isSure })
        continue
      }
      const fragment =
        node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value)
      const condition = fragment?.typeCondition?.name.value
      const within = condition === undefined ? type : this.#schema.getType(condition)
      if (fragment === undefined || !isCompositeType(within)) continue
      this.#gather(within, fragment.selectionSet, isSure && this.#isAll(type, within), found)
    }
  }

  /** Whether whatever is of the one type is of the other. */
  #isAll(type: GraphQLCompositeType, within: GraphQLCompositeType): boolean {
    if (type === within) return true
    return isAbstractType(within) && !isUnionType(type) && this.#schema.isSubType(within, type)
  }

  #valueOf(type: GraphQLOutputType, sets: readonly SelectedSet[]): JsonSchema {
    return isNonNullType(type)
      ? this.#givenOf(type.ofType, sets)
      : orNull(this.#givenOf(type, sets))
  }

  #givenOf(type: GraphQLOutputType, sets: readonly SelectedSet[]): JsonSchema {
    if (isNonNullType(type)) return this.#givenOf(type.ofType, sets)
    if (isListType(type)) return { type: 'array', items: this.#valueOf(type.ofType, sets) }
    if (isCompositeType(type)) return this.objectOf(type, sets)
    // The values of enumerations are words; which there are, the schema says.
    const of = isScalarType(type) ? jsonTypeOf(type) : 'string'
    return of === undefined ? {} : { type: of }
  }
}

const add = (
  found: Map<string, Selected>,
  key: string,
  {
    type,
    set,
    isAlways,
  }: {
    readonly type: GraphQLOutputType | undefined
    readonly set: SelectionSetNode | undefined
    readonly isAlways: boolean
  },
): void => {
  const sets = set === undefined ? [] : [{ set, isAlways }]
  const before = found.get(key)
  if (before === undefined) {
    found.set(key, { type, sets, isAlways })
    return
  }
  if (String(before.type) !== String(type)) before.type = undefined
  before.sets.push(...sets)
  before.isAlways ||= isAlways
}

const orNull = (schema: JsonSchema): JsonSchema => {
  const { type } = schema
  // Of no type: any value, null too.
  if (type === undefined) return schema
  return { ...schema, type: [type, 'null'].flat() }
}
