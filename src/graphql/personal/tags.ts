/** The mark of what may name a person, as the schema has it. */
import type { ConstDirectiveNode, GraphQLEnumType } from 'graphql'

/** A field, an argument, a member of an input or a value of an enumeration. */
interface Definition {
  readonly astNode?:
    { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

/** Whether the schema says `@tag(name: "pii")` of it. */
export const isPersonal = ({ astNode }: Definition): boolean =>
  astNode?.directives?.some(
    ({ name, arguments: given }) =>
      name.value === 'tag' &&
      given?.some(({ value }) => 'value' in value && value.value === 'pii') === true,
  ) === true

/** Whether the value of the enumeration stands for something personal: a key to sort by, a dimension. */
export const isPersonalValue = (type: GraphQLEnumType, value: unknown): boolean => {
  let found = ofEnums.get(type)
  if (found === undefined) {
    found = new Set(
      type
        .getValues()
        .filter(isPersonal)
        .map(({ value: of }): unknown => of),
    )
    ofEnums.set(type, found)
  }
  return found.has(value)
}

const ofEnums = new WeakMap<GraphQLEnumType, ReadonlySet<unknown>>()
