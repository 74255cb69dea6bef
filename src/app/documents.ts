/** The listed documents as the server takes them: checked against its schema, or none at all. */
import { ConfigError } from '../errors.ts'
import type { CheckDocuments } from '../graphql/documents/check-documents.ts'
import { ListedDocuments } from '../graphql/documents/listed-documents.ts'
import type { DocumentTerms } from '../http/documents/document-gate.ts'
import type { DocumentSettings } from '../model/documents.ts'

/** @throws {ConfigError} that names everything that does not fit, with file and line */
export type ReadDocumentTerms = (settings: DocumentSettings) => DocumentTerms

export const createReadTerms =
  (check: CheckDocuments): ReadDocumentTerms =>
  ({ mode, sources }) => {
    if (sources === undefined) return { mode, listed: undefined }
    const { documents, problems } = check(sources)
    if (problems.length > 0)
      throw new ConfigError(problems.map(problem => `PUSHGRAPH_DOCUMENTS: ${problem}`))
    return { mode, listed: new ListedDocuments(documents) }
  }
