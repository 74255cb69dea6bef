/** GraphiQL's tabs as this graph answers them; the page has its own for a graph without prefix and mutations. */
import { readdirSync, readFileSync } from 'node:fs'
import { buildASTSchema } from 'graphql'
import { loadTypeDefs, type Naming, renameOperation } from '../../graphql/schema/schema.ts'

/** One tab; `headers` is a JSON object as text. */
export interface Tab {
  readonly query: string
  readonly headers: string | null
}

const folder = new URL('graphiql/tabs/', import.meta.url)

/** What a tab has where mutations are served stands behind these marks, a comment where they are not. */
const WITH_MUTATIONS = /#\+ ?/g

/** The tabs in their order; undefined where the page's own will do. */
export const tabsOf = (naming: Naming, mutations: boolean): readonly Tab[] | undefined => {
  return naming.prefix === '' && !mutations ? undefined : readTabs(naming, mutations)
}

/** The texts of all tabs, also where the page has its own. */
export const tabTextsOf = (naming: Naming, mutations: boolean): readonly string[] =>
  readTabs(naming, mutations).map(({ query }) => query)

const readTabs = (naming: Naming, mutations: boolean): readonly Tab[] => {
  const schema = buildASTSchema(loadTypeDefs({ mutations }))
  const names = readdirSync(folder).sort()
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  const textOf = (name: string): string =>
    mutations ? read(name).replaceAll(WITH_MUTATIONS, '') : read(name)
  return names
    .filter(name => name.endsWith('.graphql'))
    .map(name => {
      const headers = name.replace(/\.graphql$/, '.headers.json')
      return {
        query: renameOperation(textOf(name), schema, naming),
        headers: names.includes(headers) ? read(headers) : null,
      }
    })
}
