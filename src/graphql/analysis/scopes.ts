/** Refuses an operation that leads to what its caller has no scope for: before anything is planned or read. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  type InlineFragmentNode,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import { GatewayError } from '../../errors.ts'
import { holdsAddress } from '../../model/personal.ts'
import type { CallerScope, Rights } from '../../model/rights.ts'
import { isGiven } from '../../model/values.ts'
import { scopesOf } from '../federation/scopes.ts'
import { type FindPersonal, personalArgumentsOf } from '../personal/arguments.ts'
import { isPersonal, isPersonalValue } from '../personal/tags.ts'
import type { CheckOperation } from './limits.ts'
import { fragmentFinder, isLeftOut, keyOf } from './selections.ts'
import { type Coerced, noVariables, type ReadVariables, readVariables } from './variables.ts'

/**
 * Checks operations of that schema; `read` is shared with whoever else reads the same variables. What it throws is a
 * GatewayError `FORBIDDEN` that names the scope, and the part of the operation that needs it.
 */
export const createCheckScopes =
  (schema: GraphQLSchema, read: ReadVariables = readVariables): CheckOperation =>
  ({ document, operationName, variables }, { scopes }) => {
    const operation = getOperationAST(document, operationName)
    if (operation === null || operation === undefined) return
    if (operation.operation === OperationTypeNode.MUTATION && !scopes.has('write'))
      throw forbidden('write', 'mutation')
    // With these, everything that can be read may be.
    if (scopes.has('read') && scopes.has('events') && scopes.has('pii')) return
    const root = schema.getRootType(operation.operation)
    const values = read(schema, operation, variables ?? noVariables)
    // What does not fit does not run.
    if (!root || values.coerced === undefined) return
    const walk = {
      schema,
      findFragment: fragmentFinder(document),
      values,
      scopes,
      personal: personalArgumentsOf(schema),
    }
    new ScopeWalk(walk).enter(root, operation.selectionSet, '')
  }

const forbidden = (scope: CallerScope, path: string): GatewayError =>
  new GatewayError(
    'FORBIDDEN',
    `This caller does not have the scope "${scope}", which ${JSON.stringify(path.slice(0, 300))} needs; leave that out, or ask with a token that has it`,
    { scope },
  )

interface Walked {
  readonly schema: GraphQLSchema
  readonly findFragment: ReturnType<typeof fragmentFinder>
  readonly values: Coerced
  readonly scopes: Rights['scopes']
  readonly personal: FindPersonal
}

/** The walk through one operation, each selection once. @throws GatewayError */
class ScopeWalk {
  readonly #of: Walked
  readonly #entered = new Set<SelectionSetNode>()
  /** Values of variables that were looked at, by their types: each may stand in hundreds of arguments. */
  readonly #lookedAt = new Map<GraphQLInputType, Set<object>>()

  constructor(of: Walked) {
    this.#of = of
  }

  enter(parent: GraphQLNamedType, set: SelectionSetNode, path: string): void {
    if (this.#entered.has(set)) return
    this.#entered.add(set)
    const { findFragment, values } = this.#of
    for (const node of set.selections) {
      const isGivenUp = node.directives?.length && isLeftOut(node, values.coerced ?? noVariables)
      if (isGivenUp) continue
      if (node.kind === Kind.FIELD) this.#field(parent, node, path)
      else this.#fragment(parent, findFragment(node), path)
    }
  }

  #field(parent: GraphQLNamedType, node: FieldNode, path: string): void {
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {}
    const field = fields[node.name.value]
    // Questions about the schema itself need nothing.
    if (field === undefined) return
    if (this.#isNeverHeld(parent, field)) return
    const at = path === '' ? keyOf(node) : `${path}.${keyOf(node)}`
    const type = getNamedType(field.type)
    this.#needs(scopesOf(this.#of.schema).of(type), at)
    this.#arguments(field, node, at)
    if (node.selectionSet !== undefined) this.enter(type, node.selectionSet, at)
  }

  #fragment(
    parent: GraphQLNamedType,
    fragment: FragmentDefinitionNode | InlineFragmentNode | undefined,
    path: string,
  ): void {
    if (fragment === undefined) return
    const condition = fragment.typeCondition?.name.value
    const type = condition === undefined ? parent : this.#of.schema.getType(condition)
    // Where some types of an interface may be given, the others are left out.
    if (type === undefined || this.#isNeverGiven(type)) return
    this.enter(type, fragment.selectionSet, path)
  }

  #arguments(field: GraphQLField<unknown, unknown>, node: FieldNode, path: string): void {
    if (!node.arguments?.length) return
    const given = this.#of.values.argumentsOrNone(field, node)
    for (const argument of field.args) {
      const { name, type } = argument
      if (!(name in given)) continue
      // What was known once is told by what is stored here.
      if (name === 'at' && isGiven(given[name])) this.#needs('events', `${path}.${name}`)
      if (isPersonal(argument)) this.#personal(given[name], `${path}.${name}`)
      this.#value(type, given[name], `${path}.${name}`)
    }
    const personal = this.#of.scopes.has('pii') ? undefined : this.#of.personal(field, given)
    if (personal !== undefined) throw forbidden('pii', `${path}.${personal}`)
  }

  /** Whatever it is, to compare it or to sort by it would tell: it makes no difference whether anybody has it. */
  #personal(value: unknown, path: string): void {
    if (value === null || value === undefined || this.#of.scopes.has('pii')) return
    throw forbidden('pii', path)
  }

  #value(of: GraphQLInputType, value: unknown, path: string): void {
    const type = getNullableType(of)
    if (value === null || value === undefined) return
    if (typeof value === 'object' && !this.#isNew(type, value)) return
    if (isListType(type)) {
      for (const each of Array.isArray(value) ? value : [value])
        this.#value(type.ofType, each, path)
      return
    }
    if (isEnumType(type) && typeof value === 'string') {
      this.#needs(scopesOf(this.#of.schema).ofValue(type, value), path)
      if (isPersonalValue(type, value)) this.#personal(value, path)
    } else if (typeof value === 'string' && holdsAddress(value)) this.#personal(value, path)
    if (!isInputObjectType(type)) return
    this.#needs(scopesOf(this.#of.schema).of(type), path)
    const fields = type.getFields()
    for (const [name, member] of Object.entries(value)) {
      const input = fields[name]
      if (input === undefined) continue
      if (isPersonal(input)) this.#personal(member, `${path}.${name}`)
      this.#value(input.type, member, `${path}.${name}`)
    }
  }

  #isNew(type: GraphQLInputType, value: object): boolean {
    const values = this.#lookedAt.get(type) ?? new Set()
    this.#lookedAt.set(type, values)
    const isNew = !values.has(value)
    values.add(value)
    return isNew
  }

  #needs(scope: CallerScope | undefined, path: string): void {
    if (scope !== undefined && !this.#of.scopes.has(scope)) throw forbidden(scope, path)
  }

  /** What items of a timeline hold of what is stored is left out with those items. */
  #isNeverHeld(parent: GraphQLNamedType, { type }: GraphQLField<unknown, unknown>): boolean {
    return parent.name.endsWith('TimelineItem') && this.#isNeverGiven(getNamedType(type))
  }

  #isNeverGiven(type: GraphQLNamedType): boolean {
    const { schema, scopes } = this.#of
    const lacks = (one: GraphQLNamedType): boolean => {
      const scope = scopesOf(schema).of(one)
      return scope !== undefined && !scopes.has(scope)
    }
    return isAbstractType(type) ? schema.getPossibleTypes(type).every(lacks) : lacks(type)
  }
}
