/** What a subscription asks for. */
import { type DocumentNode, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql'
import { BadInputError } from '../../errors.ts'
import type { StreamedList } from '../../loaders/loaders.ts'
import { fieldsIn, fragmentFinder } from '../analysis/selections.ts'
import { noVariables, type ReadVariables } from '../analysis/variables.ts'
import { namingOf } from '../federation/naming.ts'

/** One subscription, parsed and valid. */
export interface Subscribing {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

const streamed: readonly StreamedList[] = ['events', 'changes']

interface SubscribedTo {
  readonly list: StreamedList
  readonly filter?: unknown
  readonly since?: string | null
}

/** What the only field that a subscription has asks for. */
export const askedOf = (
  schema: GraphQLSchema,
  { document, operationName, variables }: Subscribing,
  readVariables: ReadVariables,
): SubscribedTo => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined)
    throw new BadInputError('The document has no operation of that name', 'operationName')
  const read = readVariables(schema, operation, variables ?? noVariables)
  if (read.errors !== undefined) throw theirs(read.errors[0] ?? new Error('no variables'))
  const [field] = fieldsIn(operation.selectionSet, fragmentFinder(document))
  const naming = namingOf(schema)
  const called = (name: StreamedList): string => naming.field('Subscription', name)
  const list = streamed.find(name => called(name) === field?.name.value)
  const definition = list && schema.getSubscriptionType()?.getFields()[called(list)]
  if (field === undefined || list === undefined || definition === undefined)
    throw new BadInputError(
      `A subscription must ask for ${streamed.map(name => `"${called(name)}"`).join(' or ')}`,
    )
  try {
    return { list, ...read.argumentsOf(definition, field) }
  } catch (error) {
    throw theirs(error)
  }
}

/** An error in variables or arguments under the code that it has over plain HTTP; without one it would be a bug of ours. */
const theirs = (error: unknown): unknown =>
  error instanceof GraphQLError
    ? new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
      })
    : error
