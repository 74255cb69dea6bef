/** What the variables of an operation are used for: how long pages are, and where they begin. */
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { ToolArguments } from './tool.ts'

export interface VariableUses {
  /** Those that say how many objects a page has. */
  readonly sizes: readonly string[]
  /** The values of those that need not be given. */
  readonly defaults: ToolArguments
  /** Pages that can be gone on with: each by a variable that no other list begins at. */
  readonly pages: readonly PagedList[]
  /** By variable: the description of an argument that it is the whole value of. */
  readonly descriptions: ReadonlyMap<string, string>
}

/** A connection that is asked for once, whose next page begins at a variable. */
export interface PagedList {
  /** The variable that holds the cursor after which it begins. */
  readonly after: string
  /** The keys under which the answer has the connection, from the root on. */
  readonly path: readonly string[]
}

const SIZES: ReadonlySet<string> = new Set(['first', 'last'])

/** Of a document that fits the schema, with one operation. */
export const variableUsesOf = (schema: GraphQLSchema, document: DocumentNode): VariableUses => {
  const sizes = new Set<string>()
  const defaults: [string, unknown][] = []
  const pages = new Map<string, PagedList>()
  const descriptions = new Map<string, string>()
  const fragments = new Map<string, FragmentDefinitionNode>()
  const path: string[] = []
  const seen = new Set<string>()

  const walk = (definition: DefinitionNode): void => {
    const typeInfo = new TypeInfo(schema)
    visit(
      definition,
      visitWithTypeInfo(typeInfo, {
        VariableDefinition: ({ variable, defaultValue }) => {
          if (defaultValue !== undefined)
            defaults.push([variable.name.value, valueFromASTUntyped(defaultValue)])
        },
        Field: {
          enter: node => {
            path.push(node.alias?.value ?? node.name.value)
          },
          leave: () => {
            path.pop()
          },
        },
        FragmentSpread: ({ name }) => {
          const fragment = fragments.get(name.value)
          const place = [...path, name.value].join('.')
          // What stands in one place twice says nothing new.
          if (fragment === undefined || seen.has(place)) return
          seen.add(place)
          walk(fragment)
        },
        Argument: ({ name, value }) => {
          if (value.kind !== Kind.VARIABLE) return
          const variable = value.name.value
          const description = typeInfo.getArgument()?.description
          if (description && !descriptions.has(variable)) descriptions.set(variable, description)
          if (SIZES.has(name.value)) sizes.add(variable)
          if (name.value === 'after')
            pages.set([...path, variable].join('.'), { after: variable, path: [...path] })
        },
      }),
    )
  }

  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition)

  const byVariable = Map.groupBy(pages.values(), ({ after }) => after)
  return {
    sizes: [...sizes],
    defaults: Object.fromEntries(defaults),
    // The cursor of one list is no place in another.
    pages: [...byVariable.values()].filter(({ length }) => length === 1).flat(),
    descriptions,
  }
}

/** The variables that lead to the next page of each list that has one, in an answer's data. */
export const nextPages = (
  { pages }: Pick<VariableUses, 'pages'>,
  data: unknown,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pages.flatMap(({ after, path }) => {
      const cursor = cursorIn(path.reduce(memberOf, data))
      return cursor === undefined ? [] : [[after, cursor]]
    }),
  )

/** What lies within a list belongs to one of many: nobody could tell whose page goes on. */
const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined

const cursorIn = (connection: unknown): string | undefined => {
  const info = memberOf(connection, 'pageInfo')
  const cursor = memberOf(info, 'endCursor')
  return memberOf(info, 'hasNextPage') === true && typeof cursor === 'string' ? cursor : undefined
}
