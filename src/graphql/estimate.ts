/** What an operation is estimated to cost, from what the schema says of its fields in `@cost` and `@listSize`. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import { BadInputError } from '../errors.ts'
import { oneMistake } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * In the units of `@cost`; 0 where the variables cannot be used, which is refused elsewhere.
 *
 * @throws BadInputError where nobody can even say what is wrong with them
 */
export const estimateCost = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Values,
): number => {
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
    oneMistake,
  )
  // graphql-js takes the end of its stack for a mistake in them.
  if ((errors as readonly Error[] | undefined)?.some(error => error instanceof RangeError))
    throw new BadInputError('The variables are nested too deeply', 'variables')
  const root = schema.getRootType(operation.operation)
  if (coerced === undefined || !root) return 0
  const fragments = new Map(
    document.definitions
      .filter((of): of is FragmentDefinitionNode => of.kind === Kind.FRAGMENT_DEFINITION)
      .map(fragment => [fragment.name.value, fragment]),
  )
  /** Costs of fragments, each reckoned once for each size that its fields are multiplied by. */
  const known = new Map<string, number>()

  const ofField = (parent: GraphQLNamedType, node: FieldNode, sized: Sized): number => {
    const field =
      isObjectType(parent) || isInterfaceType(parent)
        ? parent.getFields()[node.name.value]
        : undefined
    if (field === undefined) return 0
    const type = getNamedType(field.type)
    const args = argumentsOf(field, node, coerced)
    const size = listSizeOf(field, args)
    const inner =
      node.selectionSet === undefined
        ? 0
        : ofSet(type, node.selectionSet, size.fields === undefined ? none : size)
    const times = sized.fields?.includes(field.name) === true ? sized.times : countOf(size, args)
    return weightOf(field) + times * ((isLeafType(type) ? 0 : weightOf(type, 1)) + inner)
  }

  const ofFragment = (name: string, sized: Sized): number => {
    const key = `${name} ${sized.times} ${sized.fields?.join() ?? ''}`
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const fragment = fragments.get(name)
    const type = fragment && schema.getType(fragment.typeCondition.name.value)
    const cost = fragment && type ? ofSet(type, fragment.selectionSet, sized) : 0
    known.set(key, cost)
    return cost
  }

  /** Objects of an abstract type are of one of its types each: the dearest counts. */
  const ofSet = (parent: GraphQLNamedType, set: SelectionSetNode, sized: Sized): number => {
    let common = 0
    let dearest = 0
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        common += ofField(parent, node, sized)
        continue
      }
      const condition =
        node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined
      const cost =
        node.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(node.name.value, sized)
          : ofSet((condition && schema.getType(condition)) || parent, node.selectionSet, sized)
      if (isAbstractType(parent)) dearest = Math.max(dearest, cost)
      else common += cost
    }
    return common + dearest
  }

  return ofSet(root, operation.selectionSet, none)
}

/** The size that fields of an object, such as the `nodes` of a page, are multiplied by. */
interface Sized {
  readonly times: number
  readonly fields: readonly string[] | undefined
}

const none: Sized = { times: 1, fields: undefined }

const countOf = (size: Sized, { representations }: Values): number => {
  if (Array.isArray(representations)) return representations.length
  return size.fields === undefined ? size.times : 1
}

const argumentsOf = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Values,
): Values => {
  try {
    return getArgumentValues(field, node, variables)
  } catch {
    return {}
  }
}

interface Described {
  readonly astNode?:
    { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

const directiveOf = ({ astNode }: Described, name: string): Values | undefined => {
  const directive = astNode?.directives?.find(of => of.name.value === name)
  return (
    directive &&
    Object.fromEntries(
      (directive.arguments ?? []).map(({ name: { value }, value: given }) => [
        value,
        valueFromASTUntyped(given),
      ]),
    )
  )
}

const weightOf = (of: Described, usual = 0): number =>
  Number(directiveOf(of, 'cost')?.['weight'] ?? usual)

const listSizeOf = (field: Described, args: Values): Sized => {
  const size = directiveOf(field, 'listSize')
  if (size === undefined) return none
  const slicing = (size['slicingArguments'] ?? []) as readonly string[]
  const asked = slicing.map(name => args[name]).filter(value => typeof value === 'number')
  return {
    times: asked.length > 0 ? Math.max(0, ...asked) : Number(size['assumedSize'] ?? 1),
    fields: size['sizedFields'] as readonly string[] | undefined,
  }
}
