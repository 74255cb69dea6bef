/** The facts of a version as fitting needs them: what becomes of each attribute, at each path of an event. */
import type { AttributeFacts, Constraint, ObjectFacts, VersionFacts } from './facts.ts'

/** An object of an event, or the event itself, at one path of it. */
export interface Shape {
  readonly rules: ReadonlyMap<string, Rule>
  readonly constraints: readonly Constraint[]
  readonly required: readonly string[]
  /** The path with a dot at its end; empty for the event. */
  readonly prefix: string
}

/** What becomes of one attribute. */
export interface Rule {
  /** What the version calls it. */
  readonly name: string
  /** Whether the version has it. */
  readonly kept: boolean
  readonly isArray: boolean
  /** The profile that an event must name to have it. */
  readonly profile: string | undefined
  /** Of an object; made when first met, since objects may hold themselves. */
  readonly shape: (() => Shape) | undefined
  /** Captions of the version, and those of the newest. */
  readonly enum:
    | {
        readonly captions: ReadonlyMap<number, string>
        readonly newest: ReadonlyMap<number, string>
        readonly sibling: string
        /** The version has the word alone, and no number beside it. */
        readonly wordOnly: boolean
      }
    | undefined
  readonly fits: ((value: unknown) => boolean) | undefined
  readonly observable: Pivot | undefined
}

/** A kind of value that an analyst pivots on, where it stands. */
export interface Pivot {
  readonly id: number
  readonly caption: string
  /** The path without indexes. */
  readonly name: string
}

/** Of OCSF's kinds of observable these; the others repeat them or are never filled. */
const pivots: ReadonlySet<number> = new Set([1, 2, 4, 5, 6, 10, 16, 31, 35, 38, 47])
/** The link to the finding in Push's console leads an analyst to no other event. */
const notPivots: ReadonlySet<string> = new Set(['finding_info.src_url'])

/** A definition in a version; undefined where the version lacks it. */
export interface Definition {
  readonly of: ObjectFacts | undefined
  readonly version: VersionFacts
}

/** What attributes were called before, where that is not deprecated in the version that calls them so. */
const formerNames: ReadonlyMap<string, string> = new Map([
  ['app_name', 'invoked_by'],
  ['updated_entity', 'entity_result'],
])

/** All that an attribute has been called, by what it is called now. */
export const namesOf = (name: string): readonly string[] => {
  const former = formerNames.get(name)
  return former === undefined ? [name] : [name, former]
}

/** The shape of an object that is written as the one definition says and fitted to the other. */
export const createShape = (written: Definition, target: Definition, path = ''): Shape => ({
  prefix: path === '' ? '' : `${path}.`,
  constraints: target.of?.constraints ?? [],
  required: [...(target.of?.attributes ?? [])]
    .filter(([, { required, profiles }]) => required && profiles.length === 0)
    .map(([name]) => name),
  rules: new Map(
    // An older version may have an attribute of its own, which a projection for it knows.
    [...(target.of?.attributes ?? []), ...(written.of?.attributes ?? [])].map(([name, of]) => [
      name,
      createRule(name, of, target.of, path, {
        written: written.version,
        target: target.version,
      }),
    ]),
  ),
})

const nameIn = (of: ObjectFacts | undefined, name: string): string => {
  const former = formerNames.get(name)
  return former !== undefined && of?.attributes.has(name) === false && of.attributes.has(former)
    ? former
    : name
}

const createRule = (
  name: string,
  written: AttributeFacts,
  owner: ObjectFacts | undefined,
  path: string,
  versions: { readonly written: VersionFacts; readonly target: VersionFacts },
): Rule => {
  const known = nameIn(owner, name)
  const itsPath = path === '' ? known : `${path}.${known}`
  return ruleOf(known, written, owner?.attributes.get(known), owner, itsPath, versions)
}

const ruleOf = (
  name: string,
  written: AttributeFacts,
  target: AttributeFacts | undefined,
  owner: ObjectFacts | undefined,
  path: string,
  versions: { readonly written: VersionFacts; readonly target: VersionFacts },
): Rule => ({
  name,
  kept: target?.isObject === written.isObject && target.isArray === written.isArray,
  isArray: written.isArray,
  profile: target?.profiles[0],
  shape: written.isObject
    ? once(() => {
        const of = ({ objects }: VersionFacts): ObjectFacts | undefined => objects.get(written.type)
        return createShape(
          { of: of(versions.written), version: versions.written },
          { of: of(versions.target), version: versions.target },
          path,
        )
      })
    : undefined,
  enum: written.enum && {
    captions: target?.enum?.captions ?? new Map<number, string>(),
    newest: written.enum.captions,
    sibling: written.enum.sibling,
    wordOnly: target === undefined && owner?.attributes.has(written.enum.sibling) === true,
  },
  fits: target && testOf(target, versions.target),
  observable: target && pivotOf(target, versions.target, path),
})

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/** Whether a value has the form that its type demands; undefined where it demands none. */
const testOf = ({ type, isArray }: AttributeFacts, { types }: VersionFacts): Rule['fits'] => {
  const { pattern, length } = types.get(type) ?? {}
  const isUrl = type === 'url_t'
  if (pattern === undefined && length === undefined && !isUrl) return undefined
  const fits = (value: unknown): boolean =>
    typeof value === 'string' &&
    (pattern?.test(value) ?? true) &&
    // In characters: a text has no more of them than of the units that it is kept in.
    (length === undefined || value.length <= length || [...value].length <= length) &&
    (!isUrl || URL.canParse(value))
  return isArray ? value => Array.isArray(value) && value.every(fits) : fits
}

const pivotOf = (
  { observable: id }: AttributeFacts,
  { objects }: VersionFacts,
  name: string,
): Pivot | undefined => {
  if (id === undefined || !pivots.has(id) || notPivots.has(name)) return undefined
  const caption = objects.get('observable')?.attributes.get('type_id')?.enum?.captions.get(id)
  return caption === undefined ? undefined : { id, caption, name }
}
