/** `pushgraph schema`: the schema as text. */
import { readSchemaSettings } from '../config/config.ts'
import {
  createNaming,
  loadSubgraph,
  printSubgraph,
  loadTypeDefs,
  printTypeDefs,
} from '../graphql/schema/schema.ts'
import type { Terminal } from './terminal.ts'

export interface SchemaOptions {
  readonly federation?: true
}

/**
 * Prints the schema as callers see it, or as composers take it.
 *
 * @throws {ConfigError} when what the settings say of it cannot be used
 */
export const schema = (terminal: Terminal, { federation }: SchemaOptions): void => {
  const { prefix, mutations, auth } = readSchemaSettings(terminal.environment, terminal.directory)
  const naming = createNaming(prefix)
  terminal.output.write(
    federation === true
      ? printSubgraph(loadSubgraph({ naming, auth, mutations }))
      : printTypeDefs(loadTypeDefs({ mutations }), naming),
  )
}
