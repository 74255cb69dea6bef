/** Operations that are written for a graph without a prefix, as the graph that is served names its types and fields. */
import { buildASTSchema } from 'graphql'
import { loadTypeDefs, type Naming, renameOperation } from '../../graphql/schema/schema.ts'

/** How names are written in this graph, and whether it has mutations. */
export interface ServedTerms {
  readonly naming: Naming
  readonly mutations: boolean
}

/** Writes names as this graph has them: most graphs have them as they are. */
export const renamer = ({ naming, mutations }: ServedTerms): ((text: string) => string) => {
  if (naming.prefix === '') return text => text
  const schema = buildASTSchema(loadTypeDefs({ mutations }))
  return text => renameOperation(text, schema, naming)
}
