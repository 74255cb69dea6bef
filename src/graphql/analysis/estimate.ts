/** What an operation is estimated to cost, from what the schema says of its fields in `@cost` and `@listSize`. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InlineFragmentNode,
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
import { fragmentFinder } from './selections.ts'
import { type Coerced, type ReadVariables, readVariables } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * What an operation costs with these variables, in the units of `@cost`; 0 where they cannot be used, which is refused
 * elsewhere.
 *
 * @throws BadInputError where nobody can even say what is wrong with them
 */
export type Estimate = (variables: Values) => number

/** One reckoning with the variables of one request. */
interface Run {
  readonly values: Coerced
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
  const cost = costFinder(schema, document)(root, operation.selectionSet, undefined)
  return variables => {
    const values = read(schema, operation, variables)
    // graphql-js takes the end of its stack for an error in them.
    if (values.errors?.some(error => error instanceof RangeError))
      throw new BadInputError('The variables are nested too deeply', 'variables')
    return values.coerced === undefined ? 0 : cost({ values, known: new Map() }, 1)
  }
}

/** Finds the cost of a selection of that document, of objects of a type. */
const costFinder = (schema: GraphQLSchema, document: DocumentNode) => {
  const findFragment = fragmentFinder(document)
  const known = new Map<string, Cost>()

  const ofField = (parent: GraphQLNamedType, node: FieldNode, sized: SizedFields): Cost => {
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {}
    const field = fields[node.name.value]
    if (field === undefined) return free
    const type = getNamedType(field.type)
    const size = listSizeOf(field)
    const inner = node.selectionSet ? ofSet(type, node.selectionSet, size?.fields) : free
    const weight = weightOf(field)
    const each = isLeafType(type) ? 0 : weightOf(type, 1)
    const isSized = sized?.includes(field.name) === true
    const isAsked =
      (size?.slicing.length ?? 0) > 0 || field.args.some(({ name }) => name === REPRESENTATIONS)
    return (run, times) => {
      const args = isAsked ? run.values.argumentsOrNone(field, node) : none
      const length = size === undefined ? 1 : lengthOf(size, args)
      const count = isSized ? times : countOf(size, length, args)
      return weight + count * (each + inner(run, size?.fields === undefined ? 1 : length))
    }
  }

  const ofFragment = (
    node: InlineFragmentNode | FragmentSpreadNode,
    parent: GraphQLNamedType,
    sized: SizedFields,
  ): Cost => {
    const fragment = findFragment(node)
    if (fragment === undefined) return free
    const condition = fragment.typeCondition?.name.value
    const type = (condition && schema.getType(condition)) || parent
    if (fragment.kind === Kind.INLINE_FRAGMENT) return ofSet(type, fragment.selectionSet, sized)
    const key = `${fragment.name.value} ${sized?.join() ?? ''}`
    const cost = known.get(key) ?? oncePerRun(key, ofSet(type, fragment.selectionSet, sized))
    known.set(key, cost)
    return cost
  }

  /** Objects of an abstract type are of one of its types each: the dearest counts. */
  const ofSet = (parent: GraphQLNamedType, set: SelectionSetNode, sized: SizedFields): Cost => {
    const common: Cost[] = []
    const others: Cost[] = []
    for (const node of set.selections)
      if (node.kind === Kind.FIELD) common.push(ofField(parent, node, sized))
      else others.push(ofFragment(node, parent, sized))
    if (!isAbstractType(parent)) common.push(...others.splice(0))
    return (run, times) => {
      let sum = 0
      for (const cost of common) sum += cost(run, times)
      let dearest = 0
      for (const cost of others) dearest = Math.max(dearest, cost(run, times))
      return sum + dearest
    }
  }
  return ofSet
}

/** The cost of the fragment of that name, reckoned once in each run. */
const oncePerRun =
  (key: string, whole: Cost): Cost =>
  (run, times) => {
    const at = `${times} ${key}`
    const reckoned = run.known.get(at) ?? whole(run, times)
    run.known.set(at, reckoned)
    return reckoned
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
