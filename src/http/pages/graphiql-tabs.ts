/** GraphiQL's tabs under the names that a prefix gives; the page has its own for a graph without one. */
import { readdirSync, readFileSync } from 'node:fs'
import { buildASTSchema } from 'graphql'
import { loadTypeDefs, type Naming, renameOperation } from '../../graphql/schema/schema.ts'

/** One tab; `headers` is a JSON object as text. */
export interface Tab {
  readonly query: string
  readonly headers: string | null
}

const folder = new URL('graphiql/tabs/', import.meta.url)

/** The tabs in their order; undefined where the page's own will do. */
export const renamedTabs = (naming: Naming): readonly Tab[] | undefined => {
  if (naming.prefix === '') return undefined
  const schema = buildASTSchema(loadTypeDefs())
  const names = readdirSync(folder).sort()
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  return names
    .filter(name => name.endsWith('.graphql'))
    .map(name => {
      const headers = name.replace(/\.graphql$/, '.headers.json')
      return {
        query: renameOperation(read(name), schema, naming),
        headers: names.includes(headers) ? read(headers) : null,
      }
    })
}
