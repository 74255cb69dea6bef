/** `pushgraph documents check`: tries listed documents against the schema, without serving anything. */
import { resolve } from 'node:path'
import { readSchemaSettings } from '../config/config.ts'
import { readDocuments } from '../config/documents-files.ts'
import { createReadText } from '../graphql/analysis/document-size.ts'
import { createCheckDocuments } from '../graphql/documents/check-documents.ts'
import { resolvers, resolversWithMutations } from '../graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../graphql/schema/schema.ts'
import { CommandError, say, type Terminal } from './terminal.ts'

/**
 * Prints a line for each document, with the hash or id that it is asked for by; to the other stream, what is wrong.
 * 0 where nothing is, else 1.
 *
 * @throws {CommandError} where no folder or manifest is named
 * @throws {ConfigError} when what the settings say of the schema cannot be used
 */
export const checkDocuments = (terminal: Terminal, named: string | undefined): number => {
  const { directory, environment } = terminal
  const settings = readSchemaSettings(environment, directory)
  const path = named ?? settings.documents
  if (path === undefined)
    throw new CommandError(
      'Name the folder of .graphql files or the manifest to check, or set PUSHGRAPH_DOCUMENTS.',
      2,
    )
  const read = readDocuments(resolve(directory, path), directory)
  if (read.sources === undefined) throw new CommandError(read.problems.join('\n'), 2)

  const { introspection, maxTokens, mutations, auth } = settings
  const check = createCheckDocuments({
    schema: createExecutableSchema(
      mutations ? resolversWithMutations : resolvers,
      createNaming(settings.prefix),
      { auth, mutations },
    ),
    introspection,
    readText: createReadText({ maxTokens }),
  })
  const { documents, problems } = check(read.sources)
  const found = [...read.problems, ...problems]
  for (const { ids, at, says } of documents) say(terminal.output, `${ids[0] ?? ''}  ${at}  ${says}`)
  for (const problem of found) say(terminal.errors, problem)
  say(
    terminal.errors,
    found.length === 0
      ? `All ${documents.length} documents fit the schema.`
      : `${found.length} ${found.length === 1 ? 'problem' : 'problems'} in ${documents.length} documents.`,
  )
  return found.length === 0 ? 0 : 1
}
