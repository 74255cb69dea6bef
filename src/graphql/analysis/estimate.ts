/** What an operation is estimated to cost, from what the schema says of its fields in `@cost` and `@listSize`. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
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
import { BadInputError } from '../../errors.ts'
import { type ReadVariables, readVariables } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * What an operation costs with these variables, in the units of `@cost`; 0 where they cannot be used, which is refused
 * elsewhere.
 *
 * @throws BadInputError where nobody can even say what is wrong with them
 */
export type Estimate = (variables: Values) => number

/** One reckoning with the variables as coerced. */
interface Run {
  readonly variables: Values
  /** Costs of fragments, each reckoned once for each size that its fields are multiplied by. */
  readonly known: Map<string, number>
}

/** The cost of a selection whose sized fields stand for so many objects. */
type Cost = (run: Run, times: number) => number

/** Goes through the operation once: what is left to do for each request is to multiply. */
export const createEstimate = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  read: ReadVariables = readVariables,
): Estimate => {
  const root = schema.getRootType(operation.operation)
  if (!root) return () => 0
  const fragments = new Map(
    document.definitions
      .filter((of): of is FragmentDefinitionNode => of.kind === Kind.FRAGMENT_DEFINITION)
      .map(fragment => [fragment.name.value, fragment]),
  )
  const known = new Map<string, Cost>()

  const ofField = (parent: GraphQLNamedType, node: FieldNode, sized: SizedFields): Cost => {
    const field =
      isObjectType(parent) || isInterfaceType(parent)
        ? parent.getFields()[node.name.value]
        : undefined
    if (field === undefined) return free
    const type = getNamedType(field.type)
    const size = listSizeOf(field)
    const inner =
      node.selectionSet === undefined ? free : ofSet(type, node.selectionSet, size?.fields)
    const weight = weightOf(field)
    const each = isLeafType(type) ? 0 : weightOf(type, 1)
    const isSized = sized?.includes(field.name) === true
    const isAsked =
      (size?.slicing.length ?? 0) > 0 || field.args.some(({ name }) => name === REPRESENTATIONS)
    return (run, times) => {
      const args = isAsked ? argumentsOf(field, node, run.variables) : none
      const length = size === undefined ? 1 : lengthOf(size, args)
      const count = isSized ? times : countOf(size, length, args)
      return weight + count * (each + inner(run, size?.fields === undefined ? 1 : length))
    }
  }

  const ofFragment = (name: string, sized: SizedFields): Cost => {
    const key = `${name} ${sized?.join() ?? ''}`
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const fragment = fragments.get(name)
    const type = fragment && schema.getType(fragment.typeCondition.name.value)
    const whole = fragment && type ? ofSet(type, fragment.selectionSet, sized) : free
    const cost: Cost = (run, times) => {
      const at = `${times} ${key}`
      const reckoned = run.known.get(at) ?? whole(run, times)
      run.known.set(at, reckoned)
      return reckoned
    }
    known.set(key, cost)
    return cost
  }

  /** Objects of an abstract type are of one of its types each: the dearest counts. */
  const ofSet = (parent: GraphQLNamedType, set: SelectionSetNode, sized: SizedFields): Cost => {
    const common: Cost[] = []
    const others: Cost[] = []
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        common.push(ofField(parent, node, sized))
        continue
      }
      const condition =
        node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined
      others.push(
        node.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(node.name.value, sized)
          : ofSet((condition && schema.getType(condition)) || parent, node.selectionSet, sized),
      )
    }
    if (!isAbstractType(parent)) common.push(...others.splice(0))
    return (run, times) => {
      let sum = 0
      for (const cost of common) sum += cost(run, times)
      let dearest = 0
      for (const cost of others) dearest = Math.max(dearest, cost(run, times))
      return sum + dearest
    }
  }

  const cost = ofSet(root, operation.selectionSet, undefined)
  return variables => {
    const { coerced, errors } = read(schema, operation, variables)
    // graphql-js takes the end of its stack for a mistake in them.
    if ((errors as readonly Error[] | undefined)?.some(error => error instanceof RangeError))
      throw new BadInputError('The variables are nested too deeply', 'variables')
    return coerced === undefined ? 0 : cost({ variables: coerced, known: new Map() }, 1)
  }
}

const free: Cost = () => 0

const none: Values = {}

const REPRESENTATIONS = 'representations'

/** The fields of an object, such as the `nodes` of a page, that stand for as many objects as were asked for. */
type SizedFields = readonly string[] | undefined

interface ListSize {
  readonly slicing: readonly string[]
  readonly assumed: number
  readonly fields: SizedFields
}

const countOf = (size: ListSize | undefined, length: number, args: Values): number => {
  const representations = args[REPRESENTATIONS]
  if (Array.isArray(representations)) return representations.length
  return size?.fields === undefined ? length : 1
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

const listSizeOf = (field: Described): ListSize | undefined => {
  const size = directiveOf(field, 'listSize')
  return (
    size && {
      slicing: (size['slicingArguments'] ?? []) as readonly string[],
      assumed: Number(size['assumedSize'] ?? 1),
      fields: size['sizedFields'] as SizedFields,
    }
  )
}

/** No list gives more: one that is asked for more is refused by name, whatever that would have cost. */
const LONGEST_LIST = 10_000

const lengthOf = ({ slicing, assumed }: ListSize, args: Values): number => {
  const asked = slicing.map(name => args[name]).filter(value => typeof value === 'number')
  return asked.length > 0 ? Math.min(Math.max(0, ...asked), LONGEST_LIST) : assumed
}
