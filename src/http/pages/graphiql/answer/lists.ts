/** The lists of an answer. */

export interface FoundList {
  /** Where it stands, as `employees` or `employees.groups`. */
  readonly path: string
  readonly rows: readonly unknown[]
}

/**
 * Those that stand in no other list, in the order of the answer. A connection is the list of its nodes, or of its edges.
 */
export const listsOf = (data: unknown): readonly FoundList[] => [...listsIn(data, [])]

function* listsIn(value: unknown, path: readonly string[]): Generator<FoundList> {
  if (Array.isArray(value)) yield { path: path.join('.'), rows: value }
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      yield* listsIn(member, isOfConnection(name, member) ? path : [...path, name])
}

/** Whether that member is what its object is about. */
export const isOfConnection = (name: string, member: unknown): boolean =>
  (name === 'nodes' || name === 'edges') && Array.isArray(member)
