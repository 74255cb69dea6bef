/** The same schema, resolvers and operations under the names that a prefix gives them. */
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type NameNode,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Naming } from './naming.ts'

/** Type definitions under the names of the schema. */
export const renameTypeDefs = (document: DocumentNode, naming: Naming): DocumentNode => {
  if (naming.prefix === '') return document
  const type = (name: NameNode): NameNode => ({ ...name, value: naming.type(name.value) })
  const fieldsOf = (
    owner: string,
    fields: readonly FieldDefinitionNode[] = [],
  ): readonly FieldDefinitionNode[] =>
    fields.map(field => ({
      ...field,
      name: { ...field.name, value: naming.field(owner, field.name.value) },
    }))
  return visit(document, {
    NamedType: { leave: node => ({ ...node, name: type(node.name) }) },
    ObjectTypeDefinition: {
      leave: node => ({
        ...node,
        name: type(node.name),
        fields: fieldsOf(node.name.value, node.fields),
      }),
    },
    InterfaceTypeDefinition: { leave: node => ({ ...node, name: type(node.name) }) },
    UnionTypeDefinition: { leave: node => ({ ...node, name: type(node.name) }) },
    EnumTypeDefinition: { leave: node => ({ ...node, name: type(node.name) }) },
    InputObjectTypeDefinition: { leave: node => ({ ...node, name: type(node.name) }) },
  })
}

/** Resolvers, scalars and the values of enumerations, by the name of their type. */
export type ResolverMap = Readonly<Record<string, object>>

/** Resolvers under the names of the schema, giving the names of types as the schema has them. */
export const renameResolvers = (resolvers: ResolverMap, naming: Naming): ResolverMap => {
  if (naming.prefix === '') return resolvers
  const membersOf = (type: string, members: object): object =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]: [string, unknown]) =>
        name === '__resolveType' && typeof member === 'function'
          ? [name, named(member as ResolveType, naming)]
          : [naming.field(type, name), member],
      ),
    )
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, members]) => [
      naming.type(type),
      membersOf(type, members),
    ]),
  )
}

type ResolveType = (...args: readonly unknown[]) => Maybe<string | null | undefined>

const named =
  (resolve: ResolveType, naming: Naming): ResolveType =>
  (...args) =>
    andThen(resolve(...args), name => (name ? naming.type(name) : name))

/**
 * An operation under the names of the schema, its text otherwise as it was.
 * `schema` is the one without a prefix, to which the operation as given fits.
 */
export const renameOperation = (source: string, schema: GraphQLSchema, naming: Naming): string => {
  if (naming.prefix === '') return source
  const types = new TypeInfo(schema)
  const changes: { readonly at: number; readonly end: number; readonly to: string }[] = []
  const change = ({ loc, value }: NameNode, to: string): void => {
    if (loc !== undefined && to !== value) changes.push({ at: loc.start, end: loc.end, to })
  }
  visit(
    parse(source),
    visitWithTypeInfo(types, {
      NamedType: node => {
        change(node.name, naming.type(node.name.value))
      },
      Field: node => {
        const parent = types.getParentType()
        if (parent) change(node.name, naming.field(parent.name, node.name.value))
      },
    }),
  )
  return changes
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, end, to }) => text.slice(0, at) + to + text.slice(end), source)
}
