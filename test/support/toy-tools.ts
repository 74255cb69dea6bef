/** Tools over the graph of the toy server. */
import { buildSchema } from 'graphql'
import { GatewayError } from '../../src/errors.ts'
import type { ServerOptions } from '../../src/http/server.ts'
import { createResources } from '../../src/mcp/reading/resources.ts'
import { documentTools } from '../../src/mcp/tools/document-tools.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { ToyContext } from './toy-server.ts'

const documents = [
  '"Says hello." query Hello("Whom to greet." $name: String) { hello(name: $name) }',
  '"Takes its time." query Slow { slow }',
  '"Breaks." query Breaks { bug hello }',
  '"Breaks alone." query BreaksAlone { bug }',
  'query WithoutDescription { hello }',
]

/** What a toy serves agents, to callers with the scope `read`. */
export const toyTools = ({
  clock = systemClock,
  more = [],
}: {
  readonly clock?: Pick<typeof systemClock, 'after'>
  /** Documents beside those above. */
  readonly more?: readonly string[]
} = {}): Pick<ServerOptions<ToyContext>, 'agents' | 'documentTerms'> => {
  const schema = buildSchema('type Query { hello(name: String): String! slow: String bug: String }')
  const written = [...documents, ...more].map((text, index) => ({ text, at: `${index}.graphql:1` }))
  const { tools } = documentTools(written, {
    ...{ schema, maxBytes: 4_096, beside: [] },
    checkScopes: (_, { scopes }) => {
      if (!scopes.has('read')) throw new GatewayError('FORBIDDEN', 'no scope', { scope: 'read' })
    },
  })
  const docs = new URL('../../docs/', import.meta.url)
  return {
    documentTerms: { mode: 'prefer', listed: undefined, tools },
    agents: { resources: createResources(docs, undefined), version: '1.2.3', clock },
  }
}
