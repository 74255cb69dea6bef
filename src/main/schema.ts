/** `pushgraph schema`: the schema as text. */
import { readPrefix } from '../config/config.ts'
import {
  createNaming,
  loadSubgraph,
  printSubgraph,
  printTypeDefs,
} from '../graphql/schema/schema.ts'
import type { Terminal } from './terminal.ts'

export interface SchemaOptions {
  readonly federation?: true
}

/**
 * Prints the schema as callers see it, or as composers take it.
 *
 * @throws {ConfigError} when the prefix of the settings cannot be used
 */
export const schema = (terminal: Terminal, { federation }: SchemaOptions): void => {
  const naming = createNaming(readPrefix(terminal.environment, terminal.directory))
  terminal.output.write(
    federation === true
      ? printSubgraph(loadSubgraph({ naming }))
      : printTypeDefs(undefined, naming),
  )
}
