/** What GraphQL says of a mistake in a filter, with the way out: the operators that there are, and how words are written. */
import { type GraphQLSchema, isInputObjectType } from 'graphql'

/** Completes the message of an error of validation or coercion; any other stays as it is. */
export type ExplainMistake = (message: string) => string

export const createExplainMistake = (schema: GraphQLSchema): ExplainMistake => {
  /** ` It takes eq, ne or in.`; nothing of what is no filter. */
  const taking = (name: string): string => {
    const type = schema.getType(name)
    if (!isInputObjectType(type) || !name.endsWith('Filter')) return ''
    const [last = '', ...others] = Object.keys(type.getFields()).reverse()
    const members = others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`
    return ` It takes an object with ${members}.`
  }
  return message =>
    message
      .replace(
        /^Expected value of type "(\w+)!?", found .*$|Expected type "(\w+)!?" to be an object\.$/s,
        (whole, found?: string, expected?: string) => whole + taking(found ?? expected ?? ''),
      )
      .replace(
        /Field "\w+" is not defined by type "(\w+)"\.(?= Did you mean|$)/,
        (whole, type: string) => whole + taking(type),
      )
      .replace(
        /(Enum "\w+" cannot represent non-enum value: )"(\w+)"\. Did you mean the enum value "\2"\?/,
        '$1"$2". In a document it is written without quotes: $2.',
      )
}
