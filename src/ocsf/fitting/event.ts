/** An event, built as far as it is asked for. */
import {
  type ClassFacts,
  type ClassName,
  facts,
  newest,
  type OcsfVersion,
  type VersionFacts,
} from './facts.ts'
import { fitAttribute, type Gleanings, OTHER } from './fit.ts'
import type { Projection } from './projection.ts'
import { createShape, type Shape } from './shape.ts'
import { isOther, type OcsfObject, put } from './values.ts'

export interface OcsfEvent {
  /** The class in the version that the event is for. */
  readonly className: ClassName
  /** One attribute, with no more built than it needs; undefined where the event lacks it. */
  get(attribute: string): unknown
  /** The whole event. */
  json(): OcsfObject
}

export type Project<Input> = (input: Input) => OcsfEvent

/** The attributes that tell what every event is, and what is gleaned from the others. */
export const envelope = [
  'activity_id',
  'activity_name',
  'category_uid',
  'category_name',
  'class_uid',
  'class_name',
  'type_uid',
  'type_name',
  'time',
  'metadata',
  'observables',
  'unmapped',
] as const

/**
 * Projects to that version by the first of the projections that the version has a place for: its class, and whatever
 * else the class demands there. The last one's class may be missing nowhere.
 */
export const createProject = <Input>(
  projections: readonly Projection<Input>[],
  version: OcsfVersion,
): Project<Input> => {
  for (const projection of projections) {
    const found = planFor(projection, facts[version])
    if (found !== undefined) return input => createEvent(found, input)
  }
  throw new Error(`OCSF ${version} has a class for none of the projections`)
}

/** A projection and how its parts are fitted. */
interface Plan<Input> {
  readonly projection: Projection<Input>
  readonly version: VersionFacts
  readonly className: ClassName
  readonly of: ClassFacts
  readonly shape: Shape
  readonly parts: readonly Part<Input>[]
  /** By what the version calls them. */
  readonly partsByName: ReadonlyMap<string, Part<Input>>
}

interface Part<Input> {
  readonly name: string
  readonly make: (input: Input) => unknown
  readonly profile: string | undefined
}

const planFor = <Input>(
  projection: Projection<Input>,
  version: VersionFacts,
): Plan<Input> | undefined => {
  const { className } = projection
  const of = version.classes.get(className)
  const written = facts[newest].classes.get(className)
  if (of === undefined || written === undefined) return undefined
  const filled = new Set([...envelope, ...Object.keys(projection.parts)])
  if (projection.needs?.every(name => of.attributes.has(name)) === false) return undefined
  for (const [name, { required, profiles }] of of.attributes)
    if (required && profiles.length === 0 && !filled.has(name)) return undefined

  const shape = createShape({ of: written, version: facts[newest] }, { of, version })
  const parts = Object.entries(projection.parts).map(([name, make]) => ({
    name,
    make,
    profile: shape.rules.get(name)?.profile,
  }))
  return {
    projection,
    version,
    className,
    of,
    shape,
    parts,
    partsByName: new Map(parts.map(part => [shape.rules.get(part.name)?.name ?? part.name, part])),
  }
}

const createEvent = <Input>(plan: Plan<Input>, input: Input): OcsfEvent => {
  let whole: OcsfObject | undefined
  const json = (): OcsfObject => (whole ??= build(plan, input))
  return {
    className: plan.className,
    json,
    get: attribute => {
      if (whole !== undefined) return whole[attribute]
      switch (attribute) {
        case 'observables':
        case 'unmapped':
          return json()[attribute]
        case 'metadata': {
          const heading = headingOf(plan, input)
          return fitAlone(
            plan,
            'metadata',
            metadataOf(plan, input, heading, profilesOf(plan, input)),
          )
        }
        default: {
          const part = plan.partsByName.get(attribute) ?? partNamedBy(plan, attribute)
          return part === undefined
            ? headingOf(plan, input)[attribute]
            : fitAlone(plan, part.name, part.make(input), attribute)
        }
      }
    },
  }
}

/** What every event begins with. */
const headingOf = <Input>(
  { projection, of, shape }: Plan<Input>,
  input: Input,
): { readonly type_uid: number; readonly time: number } & OcsfObject => {
  const activity = projection.activity(input)
  const { captions, newest: all } = shape.rules.get('activity_id')?.enum ?? {}
  const known = isOther(activity) ? undefined : captions?.get(activity)
  const id = known === undefined ? OTHER : (activity as number)
  return {
    activity_id: id,
    activity_name: known ?? (isOther(activity) ? activity.other : (all?.get(activity) ?? '')),
    category_uid: of.category.uid,
    category_name: of.category.caption,
    class_uid: of.uid,
    class_name: of.caption,
    type_uid: of.uid * 100 + id,
    type_name: `${of.caption}: ${captions?.get(id) ?? ''}`,
    time: projection.time(input),
  }
}

const build = <Input>(plan: Plan<Input>, input: Input): OcsfObject => {
  const { projection, shape, parts } = plan
  const heading = headingOf(plan, input)
  const event: Record<string, unknown> = heading
  const out: Gleanings = { lost: [], observables: [] }
  const profiles: string[] = []
  for (const { name, make, profile } of parts) {
    const value = make(input)
    if (value === undefined || value === null) continue
    const before = out.lost.length
    const isThere = fitAttribute(shape, name, value, event, out)
    if (!isThere && projection.dispensable?.has(name) === true) out.lost.length = before
    if (isThere && profile !== undefined && !profiles.includes(profile)) profiles.push(profile)
  }
  fitAttribute(shape, 'metadata', metadataOf(plan, input, heading, profiles), event, out)
  if (out.observables.length > 0) event['observables'] = out.observables
  const unmapped = unmappedOf(projection.unmapped(input), out.lost)
  if (unmapped !== undefined) event['unmapped'] = unmapped
  return event
}

const metadataOf = <Input>(
  { projection, version }: Plan<Input>,
  input: Input,
  heading: { readonly type_uid: number; readonly time: number },
  profiles: readonly string[],
): OcsfObject => ({
  version: version.version,
  profiles: profiles.length === 0 ? undefined : [...profiles].sort(),
  ...projection.metadata(input, {
    typeUid: heading.type_uid,
    time: heading.time,
    has: name => version.objects.get('metadata')?.attributes.has(name) === true,
  }),
})

/** The profiles whose attributes the event has. */
const profilesOf = <Input>(plan: Plan<Input>, input: Input): readonly string[] => {
  const profiles = new Set<string>()
  for (const { name, make, profile } of plan.parts)
    if (profile !== undefined && fitAlone(plan, name, make(input)) !== undefined)
      profiles.add(profile)
  return [...profiles]
}

/** One attribute of the event, or the one beside it that holds its caption. */
const fitAlone = <Input>(
  { shape }: Plan<Input>,
  name: string,
  value: unknown,
  wanted = name,
): unknown => {
  if (value === undefined || value === null) return undefined
  const fitted: Record<string, unknown> = {}
  fitAttribute(shape, name, value, fitted, { lost: [], observables: [] })
  return fitted[wanted]
}

/** The part whose caption that attribute holds. */
const partNamedBy = <Input>({ parts, shape }: Plan<Input>, attribute: string) =>
  parts.find(({ name }) => shape.rules.get(name)?.enum?.sibling === attribute)

const unmappedOf = (own: OcsfObject, lost: Gleanings['lost']): OcsfObject | undefined => {
  let unmapped: Record<string, unknown> | undefined
  for (const name in own) {
    const value = own[name]
    if (value === undefined || value === null) continue
    unmapped ??= {}
    put(unmapped, name, value)
  }
  for (const [path, value] of lost) {
    unmapped ??= {}
    // What the webhook itself calls so keeps the name.
    let free = path
    while (Object.hasOwn(unmapped, free)) free = `other_${free}`
    unmapped[free] = value
  }
  return unmapped
}
