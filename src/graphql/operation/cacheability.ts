/** Tells caches and gateways for how long an answer may be kept: until the oldest row behind it is not fresh any more. */
import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Summary } from '../../loaders/loaders.ts'
import type { Clock } from '../../model/clock.ts'
import { rememberLast } from '../../model/remember.ts'
import { perOperation } from '../analysis/known-operations.ts'

export interface CacheabilityOptions {
  /** Rows younger than this are served as they are. */
  readonly maxAgeMs: number
  readonly clock: Clock
}

/** The `Cache-Control` header of an answer at that cost; `isWhole`: it has no errors, and nothing but data is in it. */
export type CacheControlOf = (
  asked: {
    readonly schema: GraphQLSchema
    readonly document: DocumentNode | undefined
    readonly operation: OperationDefinitionNode | undefined
  },
  summary: Summary,
  isWhole: boolean,
) => string

export const createCacheability = ({ maxAgeMs, clock }: CacheabilityOptions): CacheControlOf => {
  const liveTypesOf = rememberLast(findLiveTypes)
  const isLive = perOperation((_operation, schema: GraphQLSchema, document: DocumentNode) =>
    asksFor(liveTypesOf(schema), schema, document),
  )

  return ({ schema, document, operation }, { asOf, complete, warnings }, isWhole) => {
    if (!isWhole || !complete || warnings.length > 0) return 'no-store'
    if (operation?.operation === OperationTypeNode.MUTATION) return 'no-store'
    const isUnknown = asOf === null || document === undefined || operation === undefined
    const leftMs =
      isUnknown || isLive(operation, schema, document)
        ? 0
        : Math.max(0, asOf + maxAgeMs - clock.now())
    return `private, max-age=${Math.floor(leftMs / 1_000)}`
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
