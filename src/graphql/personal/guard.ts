/**
 * Keeps personal data from callers without the scope `pii`, in one place: the fields of the schema. A field that is
 * tagged as personal is null to them, save where its resolver says how it is told without persons; any other text is
 * told unless it holds an e-mail address.
 */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLID,
  type GraphQLSchema,
  GraphQLString,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { andThen } from '../../model/maybe.ts'
import { holdsAddress, WITHHELD } from '../../model/personal.ts'
import type { Rights } from '../../model/rights.ts'
import { fromRow, rowsOf } from '../compiled/row-field.ts'
import { isPersonal } from './tags.ts'

type Resolver = GraphQLFieldResolver<unknown, { readonly rights?: Rights } | undefined>

/** Whether a caller of these rights is told personal data. */
export const seesPersons = (rights: Rights | undefined): boolean =>
  rights?.scopes.has('pii') === true

const redacted = Symbol('told without persons')

/** The resolver, with what resolves the field for callers who may not know who it is about. */
export const withRedacted = <Resolve extends (...args: never[]) => unknown>(
  resolve: Resolve,
  withoutPersons: NoInfer<Resolve>,
): Resolve => Object.assign(resolve, { [redacted]: withoutPersons })

/** Whether somebody said how the field is told without persons. */
export const hasRedacted = (resolve: object): boolean => redacted in resolve

/** A resolver of what was made for the caller, without persons already where it must be. */
export const alreadyRedacted = <Resolve extends (...args: never[]) => unknown>(
  resolve: Resolve,
): Resolve => withRedacted(resolve, resolve)

const [open, closed] = [Symbol('as it is'), Symbol('without persons')]

interface Guard {
  readonly [open]: Resolver | undefined
  readonly [closed]: Resolver
}

/** The resolver behind the guard, for whoever asks once for many fields whether the caller is told personal data. */
export const unguarded = <Resolve extends object>(
  resolve: Resolve | undefined,
  isTold: boolean,
): Resolve | undefined => {
  if (resolve === undefined || !(open in resolve)) return resolve
  const guard = resolve as unknown as Guard
  return (isTold ? guard[open] : guard[closed]) as Resolve | undefined
}

/** Puts a guard before each field that may tell who somebody is. */
export const guardPersonal = (schema: GraphQLSchema): void => {
  for (const type of Object.values(schema.getTypeMap())) {
    // The types of introspection are one for all schemas, and the schema itself is no secret.
    if (!isObjectType(type) || type.name.startsWith('_')) continue
    for (const field of Object.values(type.getFields())) {
      const without = redactedOf(field)
      if (without !== undefined) field.resolve = guarded(field, without)
    }
  }
}

/** What the field is resolved by for callers who are told no personal data; undefined where that is all the same. */
const redactedOf = (field: GraphQLField<unknown, unknown>): Resolver | undefined => {
  const own = (field.resolve as { readonly [redacted]?: Resolver } | undefined)?.[redacted]
  if (own !== undefined) return own
  if (isPersonal(field)) return () => null
  const isRequired = isNonNullType(field.type)
  const named = getNamedType(field.type)
  if (named !== GraphQLString && named !== GraphQLID) return undefined
  const resolve = resolverOf(field)
  const told = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(toldText)
    return typeof value === 'string' && holdsAddress(value) ? (isRequired ? WITHHELD : null) : value
  }
  return (...args) => andThen(resolve(...args), told)
}

const toldText = (value: unknown): unknown =>
  typeof value === 'string' && holdsAddress(value) ? WITHHELD : value

/** Without one of its own, a field is the member of that name. */
const resolverOf = ({ name, resolve }: GraphQLField<unknown, unknown>): Resolver =>
  resolve ??
  ((parent, ...rest) => {
    const value = (parent as Readonly<Record<string, unknown>> | undefined)?.[name]
    return typeof value === 'function' ? (value.call(parent, ...rest) as unknown) : value
  })

const guarded = (field: GraphQLField<unknown, unknown>, without: Resolver): Resolver => {
  const resolve = resolverOf(field)
  const guard: Resolver = (parent, args, context, info) =>
    (seesPersons(context?.rights) ? resolve : without)(parent, args, context, info)
  const marked = Object.assign(guard, { [open]: field.resolve, [closed]: without })
  const rows = rowsOf(field.resolve)
  return rows === undefined ? marked : fromRow(rows, marked)
}
