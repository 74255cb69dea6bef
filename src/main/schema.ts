/** `pushgraph schema`: the schema as text. */
import { readSchemaSettings } from '../config/config.ts'
import {
  createNaming,
  loadSubgraph,
  printSubgraph,
  loadTypeDefs,
  printPossibleTypes,
  printTypeDefs,
} from '../graphql/schema/schema.ts'
import type { Terminal } from './terminal.ts'

export interface SchemaOptions {
  readonly federation?: true
  readonly possibleTypes?: true
}

/**
 * Prints the schema as callers see it, as composers take it, or which types its interfaces stand for.
 *
 * @throws {ConfigError} when what the settings say of it cannot be used
 */
export const schema = (terminal: Terminal, { federation, possibleTypes }: SchemaOptions): void => {
  const { prefix, mutations, auth } = readSchemaSettings(terminal.environment, terminal.directory)
  const naming = createNaming(prefix)
  if (federation === true) {
    terminal.output.write(printSubgraph(loadSubgraph({ naming, auth, mutations })))
    return
  }
  const print = possibleTypes === true ? printPossibleTypes : printTypeDefs
  terminal.output.write(print(loadTypeDefs({ mutations }), naming))
}
