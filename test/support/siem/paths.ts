/** Which attributes events have, by their paths, and what stands there. */
import type { Json } from './exported.ts'

export interface PathFacts {
  /** What the values are in JSON: `string`, `number`, `boolean`, `object`. */
  readonly types: ReadonlySet<string>
  /** Whether some event has a list there. */
  readonly isList: boolean
  /** The values that are no objects, as text. */
  readonly values: ReadonlySet<string>
}

/** By the names joined by dots, whether or not there are lists on the way. */
export const pathsOf = (events: readonly Json[]): ReadonlyMap<string, PathFacts> => {
  const found = new Map<string, { types: Set<string>; isList: boolean; values: Set<string> }>()
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      factsAt(path).isList = true
      for (const element of value) walk(element, path)
      return
    }
    const facts = factsAt(path)
    facts.types.add(typeof value)
    if (typeof value !== 'object' || value === null) {
      facts.values.add(String(value))
      return
    }
    for (const [name, member] of Object.entries(value))
      walk(member, path === '' ? name : `${path}.${name}`)
  }
  const factsAt = (path: string) => {
    const facts = found.get(path) ?? { types: new Set(), isList: false, values: new Set() }
    found.set(path, facts)
    return facts
  }
  for (const event of events) walk(event, '')
  found.delete('')
  return found
}

/** The path as Splunk writes it: `evidences{}.url.url_string`. */
export const splunkPath = (path: string, paths: ReadonlyMap<string, PathFacts>): string => {
  const names = path.split('.')
  return names
    .map((name, index) => {
      const isList = paths.get(names.slice(0, index + 1).join('.'))?.isList === true
      return isList ? `${name}{}` : name
    })
    .join('.')
}
