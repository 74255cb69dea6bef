/** What agents are served. */
import { MCP_MODES, MCP_MOST_KB } from '../model/documents.ts'
import { anyText, oneOf, whole } from './kinds.ts'

export const agentVariables = {
  PUSHGRAPH_MCP: oneOf(MCP_MODES, 'documents').describe(
    'what agents are served at /mcp: documents: those of PUSHGRAPH_DOCUMENTS that have a description, else built-in ones; explore: queries of their own, too; off: nothing (default documents)',
  ),
  PUSHGRAPH_MCP_MAX_KB: whole(4, MCP_MOST_KB, 32).describe(
    'kilobytes that one answer to an agent may have (default 32)',
  ),
  PUSHGRAPH_TOKEN: anyText.describe('token that pushgraph mcp --url shows to that server'),
}
