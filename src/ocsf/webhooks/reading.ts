/** Reading what a webhook sent: the members that are known, as far as they hold what they should, and all the rest. */
import { isMembers, isMoment, type Members } from '../../model/events.ts'

/** What a member may hold. A `moment` is a time in UNIX seconds. */
interface Kinds {
  text: string
  texts: readonly string[]
  flag: boolean
  moment: number
  members: Members
}

export type Spec = Readonly<Record<string, keyof Kinds>>

/** What was read: null where there is nothing, or not what should be there. */
export type Parsed<Of extends Spec> = {
  readonly [Name in keyof Of]: Kinds[Of[Name]] | null
}

export interface ReadMembers<Of extends Spec> {
  readonly told: Parsed<Of>
  /** Members that are unknown, or hold what they should not; none is null. */
  readonly rest: Members
}

/** Reads members as the table says. */
export const reads =
  <const Of extends Spec>(spec: Of) =>
  (members: Members | undefined): ReadMembers<Of> => {
    const told: Record<string, unknown> = Object.fromEntries(
      Object.keys(spec).map(name => [name, null]),
    )
    const rest: [string, unknown][] = []
    for (const [name, value] of Object.entries(members ?? {})) {
      if (value === null) continue
      const kind = Object.hasOwn(spec, name) ? spec[name] : undefined
      if (kind !== undefined && holds[kind](value)) told[name] = value
      else rest.push([name, value])
    }
    return { told: told as Parsed<Of>, rest: Object.fromEntries(rest) }
  }

/** Longer texts have no place in any attribute of the older versions. */
const MAX_LENGTH = 65_535
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_LENGTH

const holds: Readonly<Record<keyof Kinds, (value: unknown) => boolean>> = {
  text: isText,
  texts: value => Array.isArray(value) && value.every(isText),
  flag: value => typeof value === 'boolean',
  moment: isMoment,
  members: isMembers,
}

/** The same with names as OCSF writes them, also in what it holds: `employeeId` becomes `employee_id`. */
export const inSnakeCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inSnakeCase)
  return isMembers(value) ? membersInSnakeCase(value) : value
}

export const membersInSnakeCase = (members: Members): Members => {
  const taken = new Set<string>()
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const written = snakeCase(name)
      // Two members must not become one.
      const isFree = written === name || !(taken.has(written) || Object.hasOwn(members, written))
      taken.add(written)
      return [isFree ? written : name, inSnakeCase(value)]
    }),
  )
}

const snakeCase = (name: string): string =>
  name.replace(/(?<=[\p{Ll}\d])\p{Lu}/gu, letter => `_${letter}`).toLowerCase()
