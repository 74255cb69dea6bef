/** What a tool takes: the variables of its document as JSON Schema. */
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
  type VariableDefinitionNode,
} from 'graphql'
import { jsonTypeOf, type JsonSchema, type ObjectSchema, WRITTEN_AS } from './json-schema.ts'
import { inputTypeOf } from './variable-types.ts'
import type { VariableUses } from './variable-uses.ts'

/** Objects that a page has at most, whoever asks. */
const MOST_OF_PAGE = 1_000

/** The values of an enumeration are explained in so many letters, or not at all. */
const MOST_LETTERS = 800

/**
 * An object with a member for each variable, and no others. Those that must not be null and have no default are required.
 * Input objects stand under `$defs`, since they may hold each other.
 */
export const inputSchemaOf = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  uses: VariableUses,
): ObjectSchema => {
  const inputs = new InputTypes()
  const properties = variableDefinitions.map((definition): [string, JsonSchema] => [
    definition.variable.name.value,
    propertyOf(schema, definition, uses, inputs),
  ])
  const required = variableDefinitions
    .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
    .map(({ variable }) => variable.name.value)
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...inputs.definitions(),
  }
}

const propertyOf = (
  schema: GraphQLSchema,
  { variable, type, defaultValue, description }: VariableDefinitionNode,
  { sizes, descriptions }: VariableUses,
  inputs: InputTypes,
): JsonSchema => {
  const name = variable.name.value
  const own = inputs.schemaOf(inputTypeOf(schema, type))
  return {
    ...own,
    ...withDescription(description?.value ?? descriptions.get(name), own.description),
    ...(sizes.includes(name) ? { minimum: 1, maximum: MOST_OF_PAGE } : {}),
    ...(defaultValue === undefined ? {} : { default: valueFromASTUntyped(defaultValue) }),
  }
}

const withDescription = (
  ...parts: readonly (string | null | undefined)[]
): { readonly description?: string } => {
  const told = parts.filter(part => part !== undefined && part !== null && part !== '')
  return told.length === 0 ? {} : { description: told.join('\n') }
}

/** Describes input types; input objects once each. */
class InputTypes {
  readonly #definitions = new Map<string, JsonSchema>()

  definitions(): Pick<JsonSchema, '$defs'> {
    return this.#definitions.size === 0 ? {} : { $defs: Object.fromEntries(this.#definitions) }
  }

  schemaOf(type: GraphQLInputType): JsonSchema {
    if (isNonNullType(type)) return this.schemaOf(type.ofType)
    if (isListType(type)) return { type: 'array', items: this.schemaOf(type.ofType) }
    return this.#ofNamed(type)
  }

  #ofNamed(type: GraphQLNamedInputType): JsonSchema {
    if (isEnumType(type)) return ofEnum(type)
    if (isInputObjectType(type)) {
      this.#define(type)
      return { $ref: `#/$defs/${type.name}` }
    }
    const of = jsonTypeOf(type)
    return {
      ...(of === undefined ? {} : { type: of }),
      ...withDescription(WRITTEN_AS[type.name]),
    }
  }

  #define(type: GraphQLInputObjectType): void {
    if (this.#definitions.has(type.name)) return
    // It may hold itself.
    this.#definitions.set(type.name, {})
    const fields = Object.values(type.getFields())
    const required = fields.filter(isRequiredInputField).map(({ name }) => name)
    this.#definitions.set(type.name, {
      type: 'object',
      ...withDescription(type.description),
      properties: Object.fromEntries(
        fields.map(({ name, type: of, description }) => [
          name,
          { ...this.schemaOf(of), ...withDescription(description) },
        ]),
      ),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    })
  }
}

const ofEnum = (type: GraphQLEnumType): JsonSchema => {
  const values = type.getValues()
  const told = values.map(({ name, description }) => `${name}: ${description ?? ''}`).join('\n')
  return {
    type: 'string',
    enum: values.map(({ name }) => name),
    ...withDescription(told.length <= MOST_LETTERS ? told : type.description),
  }
}
