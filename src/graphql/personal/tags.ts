/** The mark of what may name a person, as the schema has it. */
import type { ConstDirectiveNode } from 'graphql'

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
