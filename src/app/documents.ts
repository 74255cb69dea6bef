/** The listed documents as the server takes them: checked against its schema, or none at all; with the tools made of them. */
import { ConfigError } from '../errors.ts'
import type { CheckDocuments } from '../graphql/documents/check-documents.ts'
import { ListedDocuments } from '../graphql/documents/listed-documents.ts'
import type { WrittenDocument } from '../graphql/documents/written-document.ts'
import type { DocumentTerms } from '../http/documents/document-gate.ts'
import type { DocumentTools } from '../mcp/tools/document-tools.ts'
import type { DocumentSettings } from '../model/documents.ts'

/** @throws {ConfigError} that names everything that does not fit, with file and line */
export type ReadDocumentTerms = (settings: DocumentSettings) => DocumentTerms

/** What agents are served of the listed documents; of those that are built in, where nothing is listed. */
export type ToolsOf = (listed: readonly WrittenDocument[] | undefined) => DocumentTools

export const createReadTerms =
  (check: CheckDocuments, toolsOf: ToolsOf): ReadDocumentTerms =>
  ({ mode, sources }) => {
    if (sources === undefined) return { mode, listed: undefined, tools: toolsOf(undefined).tools }
    const { documents, problems } = check(sources)
    // What does not fit the schema cannot be made a tool.
    const made = problems.length > 0 ? { tools: [], problems } : toolsOf(documents)
    if (made.problems.length > 0)
      throw new ConfigError(made.problems.map(problem => `PUSHGRAPH_DOCUMENTS: ${problem}`))
    return { mode, listed: new ListedDocuments(documents), tools: made.tools }
  }
