/** What Elasticsearch would make of the fields of documents by the dynamic templates of an index template. */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from './exported.ts'

interface Mapping {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Mapping>>
}

export interface IndexTemplate {
  readonly index_patterns: readonly string[]
  readonly template: {
    readonly settings: Readonly<Record<string, unknown>>
    readonly mappings: {
      readonly date_detection: boolean
      readonly dynamic_templates: readonly Readonly<
        Record<
          string,
          {
            readonly path_match?: string
            readonly match_mapping_type: string
            readonly mapping: Mapping
          }
        >
      >[]
      readonly properties: Readonly<Record<string, Mapping>>
    }
  }
}

const typeOf = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double'
  return typeof value
}

/** The types that each field would get, all of them where there are several, which Elasticsearch refuses. */
export const mappingsOf = (
  { template: { mappings } }: IndexTemplate,
  documents: readonly Json[],
): ReadonlyMap<string, readonly Mapping[]> => {
  const found = new Map<string, Mapping[]>()
  const note = (path: string, mapping: Mapping): void => {
    const known = found.get(path) ?? []
    if (!known.some(one => isDeepStrictEqual(one, mapping))) found.set(path, [...known, mapping])
  }
  const stated = (path: string): Mapping | undefined =>
    path.split('.').reduce<Mapping | undefined>((at, name) => at?.properties?.[name], {
      properties: mappings.properties,
    })
  const dynamic = (path: string, type: string): Mapping => {
    for (const [rule] of mappings.dynamic_templates.map(one => Object.values(one))) {
      const { path_match = '*', match_mapping_type, mapping } = rule ?? never()
      const pattern = new RegExp(`^${path_match.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
      if (match_mapping_type === type && pattern.test(path)) return mapping
    }
    return { type }
  }
  const walk = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return
    if (Array.isArray(value)) {
      for (const element of value) walk(element, path)
      return
    }
    const type = typeOf(value)
    const said = stated(path)
    const mapping =
      said?.type === undefined && said !== undefined
        ? { type: 'object' }
        : (said ?? dynamic(path, type))
    if (path !== '') note(path, mapping)
    if (type !== 'object' || (mapping.type !== undefined && mapping.type !== 'object')) return
    for (const [name, member] of Object.entries(value))
      walk(member, path === '' ? name : `${path}.${name}`)
  }
  for (const document of documents) walk(document, '')
  return found
}

const never = (): never => {
  throw new Error('A dynamic template has no rule')
}
