/** What the variables of an operation are used for: how long pages are, and where they begin. */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

export interface VariableUses {
  /** Those that say how many objects a page has. */
  readonly sizes: readonly string[]
  /** Pages that can be gone on with. */
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

export const variableUsesOf = (schema: GraphQLSchema, document: DocumentNode): VariableUses => {
  const sizes = new Set<string>()
  const pages: PagedList[] = []
  const descriptions = new Map<string, string>()
  const typeInfo = new TypeInfo(schema)
  const path: string[] = []
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: {
        enter: node => {
          path.push(node.alias?.value ?? node.name.value)
        },
        leave: () => {
          path.pop()
        },
      },
      Argument: ({ name, value }) => {
        if (value.kind !== Kind.VARIABLE) return
        const variable = value.name.value
        const description = typeInfo.getArgument()?.description
        if (description && !descriptions.has(variable)) descriptions.set(variable, description)
        if (SIZES.has(name.value)) sizes.add(variable)
        if (name.value === 'after') pages.push({ after: variable, path: [...path] })
      },
    }),
  )
  return { sizes: [...sizes], pages, descriptions }
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
