/** The types that are served where `PUSHGRAPH_MUTATIONS` is on, put into the schema without them. */
import { readFileSync } from 'node:fs'
import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql'

/** `subgraph`: with what only a supergraph and its caches read. */
export type SchemaForm = 'plain' | 'subgraph'

const files: { readonly [form in SchemaForm]: URL } = {
  plain: new URL('../../generated/mutations.graphql', import.meta.url),
  subgraph: new URL('../../generated/mutations-subgraph.graphql', import.meta.url),
}

/** The schema with mutations; what they add to types stands with the other fields of those. */
export const withMutations = (schema: DocumentNode, form: SchemaForm): DocumentNode => {
  const { definitions } = parse(readFileSync(files[form], 'utf8'), { noLocation: true })
  const extended = (type: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode => {
    const more = definitions.flatMap(definition =>
      definition.kind === Kind.OBJECT_TYPE_EXTENSION && definition.name.value === type.name.value
        ? (definition.fields ?? [])
        : [],
    )
    return more.length === 0 ? type : { ...type, fields: [...(type.fields ?? []), ...more] }
  }
  return {
    ...schema,
    definitions: [
      ...schema.definitions.map(definition =>
        definition.kind === Kind.OBJECT_TYPE_DEFINITION ? extended(definition) : definition,
      ),
      ...definitions.filter(({ kind }) => kind !== Kind.OBJECT_TYPE_EXTENSION),
    ],
  }
}
