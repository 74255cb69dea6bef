/** One object that several connectors were asked for. */
import { BadInputError } from '../errors.ts'
import type { Maybe, Settled } from '../model/maybe.ts'
import type { CollectionName, Rows } from '../model/rows.ts'

/** An object with the connector that it was read from. */
export interface FoundObject<Name extends CollectionName = CollectionName> {
  readonly connector: string
  readonly row: Rows[Name]
}

/** The object with that id, or null; settled at once where the store has it. */
export type LoadRow = <Name extends CollectionName>(
  connector: string,
  name: Name,
  id: string | null,
) => Maybe<FoundObject<Name> | null>

/** How a caller says which connector is meant. */
export interface ConnectorHint {
  /** The argument that says so. */
  readonly argument: string
  readonly hint: string
}

/**
 * The one object among the answers of the connectors, or null.
 * @throws BadInputError where several have it, and what went wrong where none has it and one failed
 */
export const theOne = <Name extends CollectionName>(
  answers: readonly Settled<FoundObject<Name> | null>[],
  { argument, hint }: ConnectorHint,
): FoundObject<Name> | null => {
  const found: FoundObject<Name>[] = []
  for (const answer of answers)
    if ('value' in answer && answer.value !== null) found.push(answer.value)
  const [first, second] = found
  if (first !== undefined && second !== undefined)
    throw new BadInputError(
      `More than one connector has it (${found.map(({ connector }) => connector).join(', ')})${hint}`,
      argument,
    )
  if (first !== undefined) return first
  const failed = answers.find(answer => 'failure' in answer)
  // A connector that failed may have had it: null would be a claim.
  if (failed !== undefined) throw failed.failure
  return null
}
