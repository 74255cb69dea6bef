/** The schema as it is for those who ask it directly: without what only a supergraph and its caches read. */
import { Kind, visit, type DocumentNode } from 'graphql'

const plainDirectives = new Set(['deprecated', 'oneOf', 'specifiedBy'])

/** The same types without directives of federation, cost and caching, and without the definitions of those. */
export const withoutDirectives = (document: DocumentNode): DocumentNode =>
  visit(
    {
      ...document,
      definitions: document.definitions.filter(
        definition =>
          definition.kind !== Kind.SCHEMA_EXTENSION &&
          definition.kind !== Kind.DIRECTIVE_DEFINITION &&
          !(
            definition.kind === Kind.ENUM_TYPE_DEFINITION &&
            definition.name.value === 'CacheControlScope'
          ),
      ),
    },
    { Directive: directive => (plainDirectives.has(directive.name.value) ? undefined : null) },
  )
