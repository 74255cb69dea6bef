/** What agents are served: tools made of documents, or of whatever they ask, beside what they may read. */
import { readdirSync, readFileSync } from 'node:fs'
import type { GraphQLSchema } from 'graphql'
import type { Config } from '../../config/config.ts'
import type { CheckOperation } from '../../graphql/analysis/limits.ts'
import type { WrittenDocument } from '../../graphql/documents/written-document.ts'
import type { AgentOptions } from '../../http/mcp/agents.ts'
import { renamer, type ServedTerms } from '../../http/pages/served-names.ts'
import { createResources } from '../../mcp/reading/resources.ts'
import { createSchemaText } from '../../mcp/reading/schema-text.ts'
import { documentTools } from '../../mcp/tools/document-tools.ts'
import { exploreTools } from '../../mcp/tools/explore-tools.ts'
import type { Clock } from '../../model/clock.ts'
import type { ToolsOf } from '../documents.ts'

const toolFolder = new URL('../../../examples/tools/', import.meta.url)
const docs = new URL('../../../docs/', import.meta.url)
const packageFile = new URL('../../../package.json', import.meta.url)

export interface AgentSources extends ServedTerms {
  readonly schema: GraphQLSchema
  readonly checkScopes: CheckOperation
  readonly clock: Clock
}

export interface ServedAgents {
  readonly toolsOf: ToolsOf
  /** Undefined where agents are not served. */
  readonly options: AgentOptions | undefined
}

export const openAgents = (
  { mcp, introspection }: Pick<Config, 'mcp' | 'introspection'>,
  { schema, checkScopes, clock, ...terms }: AgentSources,
): ServedAgents => {
  if (mcp.mode === 'off')
    return { toolsOf: () => ({ tools: [], problems: [] }), options: undefined }
  const { maxBytes } = mcp
  const schemaText = introspection ? createSchemaText(schema) : undefined
  const free = mcp.mode === 'explore' ? exploreTools({ schema, schemaText, maxBytes }) : []
  return {
    toolsOf: listed => {
      const made = documentTools(listed ?? builtIn(terms), {
        ...{ schema, maxBytes, checkScopes },
        beside: free,
      })
      return { ...made, tools: [...made.tools, ...free] }
    },
    options: { resources: createResources(docs, schemaText), version: ownVersion(), clock },
  }
}

/** Written for a graph without a prefix. */
const builtIn = (terms: ServedTerms): readonly Pick<WrittenDocument, 'text' | 'at'>[] => {
  const rename = renamer(terms)
  return readdirSync(toolFolder)
    .filter(name => name.endsWith('.graphql'))
    .sort()
    .map(name => ({ at: name, text: rename(readFileSync(new URL(name, toolFolder), 'utf8')) }))
}

const ownVersion = (): string =>
  (JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string }).version
