/** The schema in pieces that a model can read: what can be asked, one type, or what has some words in it. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  printType,
} from 'graphql'

/** More matches say that the words were too few. */
const MOST_MATCHES = 40
/** Letters: each word is looked for in each line. */
export const MAX_WORDS = 500

export interface SchemaText {
  /** What can be asked for at the root, a line each. */
  root(): string
  /** The definition of that type, with its descriptions; undefined where there is none. */
  type(name: string): string | undefined
  /**
   * A line for each type and field that has all those words in its name or description; undefined where these are longer
   * than {@link MAX_WORDS}.
   */
  matches(words: string): string | undefined
  readonly typeNames: readonly string[]
}

export const createSchemaText = (schema: GraphQLSchema): SchemaText => {
  const types = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('_'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  let lines: readonly string[] | undefined

  return {
    typeNames: types.map(({ name }) => name),
    root: () => rootsOf(schema).flatMap(fieldLines).join('\n'),
    type: name => {
      const type = types.find(each => each.name === name)
      return type && printType(type)
    },
    matches: words => {
      if (words.length > MAX_WORDS) return undefined
      lines ??= types.flatMap(type => [lineOf(type.name, type.description), ...fieldLines(type)])
      const wanted = [...new Set(words.toLowerCase().split(/\s+/))]
      const found = lines.filter(line => {
        const text = line.toLowerCase()
        return wanted.every(word => text.includes(word))
      })
      const more = found.length - MOST_MATCHES
      return [
        ...found.slice(0, MOST_MATCHES),
        ...(more > 0 ? [`${more} more: search for more words.`] : []),
        ...(found.length === 0 ? ['Nothing has these words: try fewer, or others.'] : []),
      ].join('\n')
    },
  }
}

const rootsOf = (schema: GraphQLSchema): readonly GraphQLNamedType[] =>
  [schema.getQueryType(), schema.getMutationType()].filter(type => !!type)

const fieldLines = (type: GraphQLNamedType): readonly string[] => {
  if (isEnumType(type))
    return type
      .getValues()
      .map(({ name, description }) => lineOf(`${type.name}.${name}`, description))
  if (isObjectType(type) || isInterfaceType(type))
    return Object.values(type.getFields()).map(field =>
      lineOf(
        `${type.name}.${field.name}${argumentsOf(field)}: ${String(field.type)}`,
        field.description,
      ),
    )
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(field =>
      lineOf(`${type.name}.${field.name}: ${String(field.type)}`, field.description),
    )
  return []
}

const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string =>
  args.length === 0
    ? ''
    : `(${args.map(({ name, type }) => `${name}: ${String(type)}`).join(', ')})`

const lineOf = (name: string, description: string | null | undefined): string =>
  description ? `${name}  # ${description.replaceAll(/\s+/g, ' ')}` : name
