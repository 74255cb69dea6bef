/** The fields of an operation as they will be answered: the walk through selections and fragments that all share. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

type Fragment = FragmentDefinitionNode | InlineFragmentNode

/** The fragment that stands at a place; undefined for a name that the document does not define. */
export type FindFragment = (node: FragmentSpreadNode | InlineFragmentNode) => Fragment | undefined

/** Finds the fragments of that document. */
export const fragmentFinder = (document: DocumentNode): FindFragment => {
  const named = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) named.set(definition.name.value, definition)
  return node => (node.kind === Kind.INLINE_FRAGMENT ? node : named.get(node.name.value))
}

/** Whether objects of that type have what the fragment selects. */
export const appliesTo = (
  schema: GraphQLSchema,
  fragment: Fragment | undefined,
  type: GraphQLObjectType,
): boolean => {
  const name = fragment?.typeCondition?.name.value
  const condition = name === undefined ? type : schema.getType(name)
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
}

/** Lets each named fragment in once: fragments that are spread twice within one another come to millions of fields. */
export const eachFragmentOnce = (): ((node: SelectionNode) => boolean) => {
  const met = new Set<string>()
  return node => {
    if (node.kind !== Kind.FRAGMENT_SPREAD) return true
    const isNew = !met.has(node.name.value)
    met.add(node.name.value)
    return isNew
  }
}

/**
 * The fields of a selection and of its fragments, in their order; each named fragment once, unless `enters` says otherwise:
 * what that refuses is left out, with all within.
 */
export function* fieldsIn(
  set: SelectionSetNode | undefined,
  findFragment: FindFragment,
  enters: (node: SelectionNode, set: SelectionSetNode) => boolean = eachFragmentOnce(),
): Generator<FieldNode> {
  if (set === undefined) return
  for (const node of set.selections)
    if (enters(node, set)) {
      if (node.kind === Kind.FIELD) yield node
      else yield* fieldsIn(findFragment(node)?.selectionSet, findFragment, enters)
    }
}

/** The name of a field in the answer. */
export const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value

/** Whether directives leave that out; `variables` as coerced. */
export const isLeftOut = (
  node: SelectionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean =>
  getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true ||
  getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false

export interface Selections {
  /**
   * The fields of a selection without those that directives leave out; where `type` is given, without those of its
   * fragments that objects of that type do not have. None any more once too many have been looked at.
   */
  fieldsOf(set: SelectionSetNode | undefined, type?: GraphQLObjectType): Generator<FieldNode>
  /** The selections of the rows of a page, through `nodes` and `edges { node }`, each with its path. */
  rowsOf(page: FieldNode, path: string): Generator<readonly [row: FieldNode, path: string]>
}

/** Fields looked at in one document: fragments within fragments must not make this the slowest part. */
const MAX_FIELDS = 5_000

/** The selections of a document; `variables` as coerced. */
export const createSelections = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Selections => {
  const findFragment = fragmentFinder(document)
  let left = MAX_FIELDS

  const fieldsOf: Selections['fieldsOf'] = (whole, type) =>
    fieldsIn(whole, findFragment, (node, set) => {
      if (left <= 0 || isLeftOut(node, variables)) return false
      // Fragments within fragments are not looked at: what is then needed in vain is little.
      const isNarrowed = type !== undefined && set === whole && node.kind !== Kind.FIELD
      if (isNarrowed && !appliesTo(schema, findFragment(node), type)) return false
      left -= 1
      return true
    })

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
  }
}
