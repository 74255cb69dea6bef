import { isMembers, type Members } from './events.ts'

/** One difference between two states of an object. */
export interface Difference {
  /** With dots into members of members. */
  readonly path: string
  readonly old: unknown
  readonly new: unknown
}

/**
 * What an event of that type changed. Push also sends what was created as `old` alone, and may leave out what was before:
 * then nobody knows what a change changed, and nothing is said.
 */
export const changesTold = (
  type: string | null,
  old: Members | undefined,
  now: Members | undefined,
): readonly Difference[] => {
  if (type === 'CREATE' && now === undefined) return differences(undefined, old)
  if (type === 'DELETE' && old === undefined) return differences(now, undefined)
  if (type === 'UPDATE' && (old === undefined || now === undefined)) return []
  return differences(old, now)
}

/**
 * What differs, in the order of the paths: members of objects one by one, lists as a whole. A member that is absent is
 * the same as one that is null.
 */
export const differences = (
  old: Members | undefined,
  now: Members | undefined,
): readonly Difference[] =>
  [...between(old ?? {}, now ?? {}, '')].sort((a, b) => (a.path < b.path ? -1 : 1))

function* between(old: Members, now: Members, prefix: string): Generator<Difference> {
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [before, after] = [memberOf(old, name), memberOf(now, name)]
    const path = `${prefix}${name}`
    const isBoth = (isMembers(before) || before === null) && (isMembers(after) || after === null)
    if (isBoth && !(before === null && after === null))
      yield* between(before ?? {}, after ?? {}, `${path}.`)
    else if (!isSame(before, after)) yield { path, old: before, new: after }
  }
}

const memberOf = (members: Members, name: string): unknown =>
  Object.hasOwn(members, name) ? (members[name] ?? null) : null

const isSame = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, index) => isSame(element, b[index]))
  if (isMembers(a) && isMembers(b)) return between(a, b, '').next().done === true
  return a === b
}
