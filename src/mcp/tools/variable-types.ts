/** The types of an operation's variables, and values that it could be asked with. */
import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type TypeNode,
} from 'graphql'
import type { ToolArguments } from './tool.ts'

/** The type that a document names so. @throws {Error} where the document does not fit the schema */
export const inputTypeOf = (schema: GraphQLSchema, node: TypeNode): GraphQLInputType => {
  const type = typeFromAST(schema, node)
  if (isInputType(type)) return type
  throw new Error('A variable is of no type that the schema has')
}

/**
 * A value for each variable that must have one: enough for whoever wants to know what the operation leads to, and needs it
 * to be one that could be asked. Nobody is called so.
 */
export const sampleVariables = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): ToolArguments =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, type, defaultValue }) =>
      type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined
        ? [[variable.name.value, sampleOf(inputTypeOf(schema, type))]]
        : [],
    ),
  )

const samples: Readonly<Record<string, unknown>> = {
  Boolean: true,
  DateTime: '2024-01-01T00:00:00Z',
  Duration: 'PT1H',
  Float: 1,
  Int: 1,
}

const sampleOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return [sampleOf(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (!isInputObjectType(type)) return samples[type.name] ?? 'x'
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map(field => [field.name, sampleOf(field.type)]),
  )
}
