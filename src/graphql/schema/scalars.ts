/** The scalars of the graph beside GraphQL's own. */
import {
  type ASTNode,
  GraphQLError,
  type GraphQLScalarType,
  Kind,
  valueFromASTUntyped,
} from 'graphql'
import { GatewayError } from '../../errors.ts'
import { formatDateTime, readDateTime } from './date-time.ts'
import { writtenJson } from './written-json.ts'

/** How the values of a scalar are written into an answer and read from an argument; its description is in schema/. */
export type Codec = Pick<
  GraphQLScalarType<unknown, unknown>,
  'serialize' | 'parseValue' | 'parseLiteral'
>

/** A scalar that a caller writes as a text. */
const textCodec = (
  name: string,
  serialize: (value: unknown) => unknown,
  read: (text: string) => unknown,
): Codec => {
  const parse = (value: unknown, node?: ASTNode): unknown => {
    if (typeof value !== 'string')
      throw badInput(`${name} cannot represent what is not a text`, { node })
    try {
      return read(value)
    } catch (cause) {
      throw cause instanceof GatewayError ? badInput(cause.message, { node, cause }) : cause
    }
  }
  return {
    serialize,
    parseValue: value => parse(value),
    parseLiteral: node => parse(node.kind === Kind.STRING ? node.value : undefined, node),
  }
}

/** Where it is written, if it stands in the document, and what was thrown. */
interface Origin {
  readonly node?: ASTNode | undefined
  readonly cause?: Error
}

const badInput = (message: string, { node, cause }: Origin = {}): GraphQLError =>
  new GraphQLError(message, {
    nodes: node ?? null,
    originalError: cause ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  })

/** Resolvers give and get UNIX seconds; with a fraction where the moment has one. */
const dateTime = textCodec(
  'DateTime',
  value => {
    if (typeof value !== 'number') throw new TypeError('A DateTime is resolved to UNIX seconds')
    return formatDateTime(value)
  },
  readDateTime,
)

/** Stays a text: whoever compares with it reads it, and can then name the operator that it stands at. */
const duration = textCodec(
  'Duration',
  value => value,
  text => text,
)

const json: Codec = {
  serialize: writtenJson,
  parseValue: value => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
}

/** A whole number that JSON's numbers hold exactly. */
const readLong = (value: unknown, node?: ASTNode): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw badInput('Long cannot represent what is not a whole number of up to 53 bits', { node })
  return value
}

const long: Codec = {
  serialize: value => {
    if (!Number.isSafeInteger(value)) throw new TypeError('A Long is resolved to a whole number')
    return value
  },
  parseValue: value => readLong(value),
  parseLiteral: node => readLong(node.kind === Kind.INT ? Number(node.value) : undefined, node),
}

/** The scalars of our own, by name. */
export const scalars: Readonly<Record<'DateTime' | 'Duration' | 'JSON' | 'Long', Codec>> = {
  DateTime: dateTime,
  Duration: duration,
  JSON: json,
  Long: long,
}
