/** What a caller may do and see. */

/**
 * `read`: the rows; `events`: what is stored from webhooks; `write`: mutations; `pii`: texts that may name a person;
 * `metrics`: `/metrics`.
 */
export const CALLER_SCOPES = ['read', 'events', 'write', 'pii', 'metrics'] as const

export type CallerScope = (typeof CALLER_SCOPES)[number]

export interface Rights {
  /** The name that logs and limits know the caller by; undefined where it showed none. */
  readonly name: string | undefined
  readonly scopes: ReadonlySet<CallerScope>
  /** The aliases that it sees; undefined where it sees all, those that come later too. */
  readonly connectors: ReadonlySet<string> | undefined
  /** Callers of the same key are given the same answers. */
  readonly key: string
}

export const createRights = (
  name: string | undefined,
  scopes: Iterable<CallerScope>,
  connectors?: Iterable<string>,
): Rights => {
  const has = new Set(scopes)
  const sees = connectors === undefined ? undefined : new Set(connectors)
  const key = JSON.stringify([[...has].sort(), sees === undefined ? null : [...sees].sort()])
  return { name, scopes: has, connectors: sees, key }
}

/** Those of one that nobody asks who it is, and of this process itself. */
export const allRights: Rights = createRights(undefined, CALLER_SCOPES)

/** The connectors, or what belongs to each, that a caller of these rights sees: all of them, or that one alone. */
export const visibleTo = <T>(
  { connectors }: Rights,
  all: ReadonlyMap<string, T>,
  only?: string,
): ReadonlyMap<string, T> => {
  if (only !== undefined) {
    const one = connectors?.has(only) === false ? undefined : all.get(only)
    return new Map(one === undefined ? [] : [[only, one]])
  }
  return connectors === undefined
    ? all
    : new Map([...all].filter(([alias]) => connectors.has(alias)))
}
