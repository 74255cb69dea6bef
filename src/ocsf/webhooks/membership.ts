/** An employee who was added to a group, or removed from one, and nothing else about them changed. */
import { isDeepStrictEqual } from 'node:util'
import type { Members } from '../../model/events.ts'
import { INFORMATIONAL } from '../fitting/projection.ts'
import type { OcsfObject } from '../fitting/values.ts'
import { employeeIn } from './client.ts'
import { inSnakeCase } from './reading.ts'
import { type Input, messageOf, oldOf, webhook } from './webhook-event.ts'

export interface Membership extends Input {
  readonly activity: number
  readonly group: string
  /** The employee as they are now. */
  readonly user: OcsfObject
  /** What else Push tells of them. */
  readonly others: Members
}

const ADD_USER = 3
const REMOVE_USER = 4

/**
 * The change; undefined where it is not of exactly one group. Whatever else changed, several groups among it, has no
 * place in the class.
 */
export const membershipOf = (input: Input): Membership | undefined => {
  const { old, new: now } = input.told
  if (input.event.row.type !== 'UPDATE' || old === null || now === null) return undefined
  const { groups: oldGroups, ...before } = old
  const { groups: newGroups, ...after } = now
  const had = groupsIn(oldGroups)
  const has = groupsIn(newGroups)
  if (had === undefined || has === undefined || !isDeepStrictEqual(before, after)) return undefined
  const added = [...has.difference(had)]
  const removed = [...had.difference(has)]
  const [group, ...more] = [...added, ...removed]
  const { user, rest } = employeeIn(now)
  const isNobody = user['uid'] === null && user['name'] === null
  if (group === undefined || group === '' || more.length > 0 || isNobody) return undefined
  return {
    ...input,
    activity: added.length > 0 ? ADD_USER : REMOVE_USER,
    group,
    user,
    others: rest,
  }
}

/** The names of groups; undefined where Push does not tell them as it should. */
const groupsIn = (groups: unknown): ReadonlySet<string> | undefined =>
  Array.isArray(groups) && groups.every(group => typeof group === 'string')
    ? new Set(groups)
    : undefined

const SUCCESS = 1

const projectionOf = (
  needs: readonly string[],
  parts: Readonly<Record<string, (input: Membership) => unknown>>,
) =>
  webhook<Membership>({
    className: 'group_management',
    needs,
    activity: ({ activity }) => activity,
    parts: {
      severity_id: () => INFORMATIONAL,
      status_id: () => SUCCESS,
      message: messageOf,
      group: ({ group }) => ({ name: group }),
      ...parts,
    },
    unmapped: input => ({ ...oldOf(input), actor: inSnakeCase(input.told.actor) }),
    others: ({ others }) => others,
  })

export const membership = projectionOf(['users'], { users: ({ user }) => [user] })

/** Before 1.9 the class is about one user. */
export const membershipOfUser = projectionOf([], { user: ({ user }) => user })
