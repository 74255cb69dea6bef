import {
  buildASTSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLType,
} from 'graphql'
import { createExecutableSchema, loadTypeDefs } from '../../src/graphql/schema/schema.ts'

export const schema = createExecutableSchema({})

const written = buildASTSchema(loadTypeDefs())

/** Every type that the project has named: not what federation adds. */
export const ownTypes: readonly GraphQLNamedType[] = Object.values(schema.getTypeMap()).filter(
  type =>
    !isIntrospectionType(type) &&
    !isSpecifiedScalarType(type) &&
    written.getType(type.name) !== undefined,
)

export const object = (name: string): GraphQLObjectType => {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`)
  return type
}

export const input = (name: string): GraphQLInputObjectType => {
  const type = schema.getType(name)
  if (!isInputObjectType(type)) throw new Error(`${name} is no input type.`)
  return type
}

export const valuesOf = (name: string): readonly string[] => {
  const type = schema.getType(name)
  if (!isEnumType(type)) throw new Error(`${name} is no enumeration.`)
  return type.getValues().map(value => value.name)
}

export interface Member {
  readonly name: string
  readonly type: GraphQLType
  readonly args?: readonly Member[]
}

/** The fields of an object, interface or input type; nothing of the others. */
export const membersOf = (type: GraphQLNamedType): readonly Member[] =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? Object.values<Member>(type.getFields()).filter(({ name }) => !name.startsWith('_'))
    : []

export const isNullable = (type: GraphQLType): boolean => !isNonNullType(type)

export const isList = (type: GraphQLType): boolean =>
  isListType(isNonNullType(type) ? type.ofType : type)

export const nameOf = (type: GraphQLType): string => getNamedType(type).name
