/** The selections of an operation as they will be answered: with their fragments, without what directives leave out. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getDirectiveValues,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

type Values = Readonly<Record<string, unknown>>
type Parent = GraphQLObjectType | null | undefined

export interface Selections {
  /** The fields of a selection, with those of its fragments; none any more once too many have been looked at. */
  fieldsOf(set: SelectionSetNode | undefined): Generator<FieldNode>
  /** The selections of the rows of a page, through `nodes` and `edges { node }`, each with its path. */
  rowsOf(page: FieldNode, path: string): Generator<readonly [row: FieldNode, path: string]>
  /** What a selection asks of objects of that type. */
  narrowed(set: SelectionSetNode | undefined, type: GraphQLObjectType): SelectionSetNode | undefined
  /** The arguments as the resolver will get them; none where they cannot be coerced, which the resolver will say. */
  argumentsOf(parent: Parent, field: FieldNode): Values
}

/** Fields looked at in one document: fragments within fragments must not make this the slowest part. */
const MAX_FIELDS = 5_000

/** `variables`: as coerced. */
export const createSelections = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Values,
): Selections => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  let left = MAX_FIELDS

  const isLeftOut = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false

  function* fieldsOf(set: SelectionSetNode | undefined): Generator<FieldNode> {
    for (const node of set?.selections ?? []) {
      if (left <= 0 || isLeftOut(node)) continue
      left -= 1
      if (node.kind === Kind.FIELD) yield node
      else if (node.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf(node.selectionSet)
      else yield* fieldsOf(fragments.get(node.name.value)?.selectionSet)
    }
  }

  return {
    fieldsOf,
    rowsOf: function* (page, path) {
      for (const part of fieldsOf(page.selectionSet)) {
        const at = `${path}.${keyOf(part)}`
        if (part.name.value === 'nodes') yield [part, at]
        if (part.name.value === 'edges')
          for (const edge of fieldsOf(part.selectionSet))
            if (edge.name.value === 'node') yield [edge, `${at}.${keyOf(edge)}`]
      }
    },
    narrowed: (set, type) => {
      const fits = (condition: string | undefined): boolean => {
        const named = condition === undefined ? type : schema.getType(condition)
        return named === type || (isAbstractType(named) && schema.isSubType(named, type))
      }
      return (
        set && {
          ...set,
          selections: set.selections.filter(node => {
            if (node.kind === Kind.FIELD) return true
            const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
            return fits(inner?.typeCondition?.name.value)
          }),
        }
      )
    },
    argumentsOf: (parent, field) => {
      const definition: GraphQLField<unknown, unknown> | undefined =
        parent?.getFields()[field.name.value]
      try {
        return definition === undefined ? {} : getArgumentValues(definition, field, variables)
      } catch {
        return {}
      }
    },
  }
}

/** The name of a field in the answer. */
export const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value
