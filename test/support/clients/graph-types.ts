/** A server's own answers and the types that it says they have, for whoever compares others with them. */
import { expect } from 'vitest'

interface TypeRef {
  readonly kind: string
  readonly name: string | null
  readonly ofType?: TypeRef | null
}

/** A type without what says that it is never null. */
export interface GraphType {
  readonly name: string
  readonly isList: boolean
  readonly isEnum: boolean
  /** By name, where it is an object. */
  readonly fields: () => ReadonlyMap<string, GraphType>
}

export interface Graph {
  /** The type of that name. */
  type(name: string): GraphType
  /** All nodes of a list. */
  nodes(list: string, selection: string): Promise<readonly Record<string, unknown>[]>
}

const TYPES = `{ __schema { types { name fields(includeDeprecated: true) { name type {
  kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

/** Of the server at that address, without a path. */
export const openGraph = async (url: string): Promise<Graph> => {
  const ask = async <Data>(query: string): Promise<Data> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }
  const { __schema: schema } = await ask<{
    __schema: {
      types: { name: string; fields: readonly { name: string; type: TypeRef }[] | null }[]
    }
  }>(TYPES)

  const typeOf = ({ kind, name, ofType }: TypeRef): GraphType => {
    if (ofType === null || ofType === undefined)
      return { ...type(name ?? ''), isEnum: kind === 'ENUM' }
    return kind === 'LIST' ? { ...typeOf(ofType), isList: true } : typeOf(ofType)
  }
  const type = (name: string): GraphType => ({
    name,
    isList: false,
    isEnum: false,
    fields: () => {
      const fields = schema.types.find(of => of.name === name)?.fields ?? []
      return new Map(fields.map(field => [field.name, typeOf(field.type)]))
    },
  })

  interface Page {
    readonly nodes: readonly Record<string, unknown>[]
    readonly complete: boolean
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  }
  return {
    type,
    nodes: async (list, selection) => {
      const all: Record<string, unknown>[] = []
      for (let after = 'null'; ;) {
        const { page } = await ask<{ page: Page }>(
          `{ page: ${list}(first: 1000, after: ${after}) {
            complete nodes { ${selection} } pageInfo { hasNextPage endCursor } } }`,
        )
        expect(page.complete).toBe(true)
        all.push(...page.nodes)
        if (!page.pageInfo.hasNextPage) return all
        after = JSON.stringify(page.pageInfo.endCursor)
      }
    },
  }
}
