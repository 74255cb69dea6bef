/** Tells caches and gateways for how long an answer may be kept: until the oldest row behind it is not fresh any more. */
import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Clock } from '../model/clock.ts'
import type { Context } from './context.ts'

export interface CacheabilityOptions {
  /** Rows younger than this are served as they are. */
  readonly maxAgeMs: number
  readonly clock: Clock
}

/** Sets the `Cache-Control` header of answers over HTTP. */
export const cacheabilityPlugin = ({
  maxAgeMs,
  clock,
}: CacheabilityOptions): ApolloServerPlugin<Context> => {
  const liveTypes = new WeakMap<GraphQLSchema, ReadonlySet<string>>()
  const liveDocuments = new WeakMap<DocumentNode, boolean>()

  const isLive = (schema: GraphQLSchema, document: DocumentNode): boolean => {
    const known = liveDocuments.get(document)
    if (known !== undefined) return known
    const types = liveTypes.get(schema) ?? findLiveTypes(schema)
    liveTypes.set(schema, types)
    const live = asksFor(types, schema, document)
    liveDocuments.set(document, live)
    return live
  }

  return {
    requestDidStart: async ({ contextValue }) => ({
      willSendResponse: async ({ schema, document, response }) => {
        const summary = contextValue.summary()
        if (summary === undefined || response.body.kind !== 'single') return
        const isWhole =
          response.body.singleResult.errors === undefined &&
          summary.complete &&
          summary.warnings.length === 0 &&
          contextValue.planWish === undefined
        const { asOf } = summary
        const leftMs =
          asOf === null || document === undefined || isLive(schema, document)
            ? 0
            : Math.max(0, asOf + maxAgeMs - clock.now())
        response.http.headers.set(
          'cache-control',
          isWhole ? `private, max-age=${Math.floor(leftMs / 1_000)}` : 'no-store',
        )
      },
    }),
  }
}

/** The types that the schema says may not be kept at all. */
const findLiveTypes = (schema: GraphQLSchema): ReadonlySet<string> =>
  new Set(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ astNode }) =>
        astNode?.directives?.some(
          ({ name, arguments: given }) =>
            name.value === 'cacheControl' &&
            given?.some(
              argument =>
                argument.name.value === 'maxAge' &&
                'value' in argument.value &&
                argument.value.value === '0',
            ),
        ),
      )
      .map(({ name }) => name),
  )

const asksFor = (
  types: ReadonlySet<string>,
  schema: GraphQLSchema,
  document: DocumentNode,
): boolean => {
  const at = new TypeInfo(schema)
  let found = false
  visit(
    document,
    visitWithTypeInfo(at, {
      Field: () => {
        const type = at.getType()
        if (type && types.has(getNamedType(type).name)) found = true
      },
    }),
  )
  return found
}
