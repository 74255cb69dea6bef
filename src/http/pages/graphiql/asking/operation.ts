/** What of a document is asked for. */
import { Kind, type OperationDefinitionNode, type OperationTypeNode, parse } from 'graphql'

interface Meant {
  readonly kind: `${OperationTypeNode}`
  /** As the document has it; undefined where it was not asked for by its name. */
  readonly name: string | undefined
}

/**
 * The operation that is meant: the one named, or the first. Right after a change of tabs, GraphiQL still names the
 * operation of the tab before; a name that the document does not have is none.
 */
export const meantBy = ({
  query,
  operationName,
}: {
  readonly query: string
  readonly operationName?: string | null
}): Meant => {
  const operations = operationsIn(query)
  const named = operations.find(({ name }) => name?.value === operationName)
  return { kind: (named ?? operations[0])?.operation ?? 'query', name: named?.name?.value }
}

const operationsIn = (query: string): readonly OperationDefinitionNode[] => {
  try {
    return parse(query).definitions.filter(each => each.kind === Kind.OPERATION_DEFINITION)
  } catch {
    // The server says better what is wrong with it.
    return []
  }
}
