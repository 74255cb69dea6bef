/** What stands in the body of an event, as Push sent it: members of the right kind, or null. */
import type { EventParent } from '../parents.ts'
import { isMembers, type Members, objectIn } from '../../model/events.ts'

/** What is reported. */
export const newOf = ({ payload }: EventParent): Members | undefined => objectIn(payload(), 'new')

/** A member of its own that is a text; the same for flags, and for lists of texts. */
export const textIn = (members: Members | undefined, name: string): string | null => {
  const value = memberOf(members, name)
  return typeof value === 'string' ? value : null
}

export const flagIn = (members: Members | undefined, name: string): boolean | null => {
  const value = memberOf(members, name)
  return typeof value === 'boolean' ? value : null
}

export const textsIn = (members: Members | undefined, name: string): string[] | null => {
  const value = memberOf(members, name)
  return Array.isArray(value) ? value.filter(element => typeof element === 'string') : null
}

/** A member of its own, whatever it is. */
export const memberOf = (members: Members | undefined, name: string): unknown =>
  members !== undefined && Object.hasOwn(members, name) ? members[name] : null

/** The notice stands in a member of its own, named after the control. */
export const noticeOf = (event: EventParent): Members | null => {
  const reported = newOf(event)
  const own = Object.values(reported ?? {}).find(
    value => isMembers(value) && Object.hasOwn(value, 'title'),
  )
  if (isMembers(own)) return own
  return reported !== undefined && Object.hasOwn(reported, 'title') ? reported : null
}

/** Of an app's banner, the mode is that of the notice. */
export const modeIn = (reported: Members | undefined, notice: Members | null): string | null =>
  textIn(reported, 'mode') ?? textIn(notice ?? undefined, 'mode')
