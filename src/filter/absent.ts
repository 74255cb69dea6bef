/** What a filter of the object behind a link says of a link that leads nowhere. */

/**
 * Whether the filter, as GraphQL coerced it, passes where there is no object. It does only where it speaks of that, by
 * `exists` in its own members or in those of its `and`, `or` and `not`; then every comparison fails, as there is nothing
 * to compare.
 */
export const passesAbsent = (input: unknown): boolean => {
  const { speaks, passes } = ofObject(input)
  return speaks && passes
}

interface Verdict {
  /** Whether `exists` stands somewhere in it. */
  readonly speaks: boolean
  readonly passes: boolean
}

const ofObject = (input: unknown): Verdict =>
  all(
    Object.entries(input ?? {}).flatMap(([name, value]: [string, unknown]) =>
      value === undefined ? [] : [ofMember(name, value)],
    ),
  )

const ofMember = (name: string, value: unknown): Verdict => {
  switch (name) {
    case 'exists':
      return { speaks: true, passes: value === false }
    case 'not': {
      const { speaks, passes } = ofObject(value)
      return { speaks, passes: !passes }
    }
    case 'and':
      return all([value].flat().map(ofObject))
    case 'or': {
      const parts = [value].flat().map(ofObject)
      return { speaks: parts.some(of => of.speaks), passes: parts.some(of => of.passes) }
    }
    default:
      return { speaks: false, passes: false }
  }
}

const all = (parts: readonly Verdict[]): Verdict => ({
  speaks: parts.some(of => of.speaks),
  passes: parts.every(of => of.passes),
})
