/** What is known of each OCSF version: its classes, objects, attributes and captions, read from versions/. */
import v110 from '../versions/1.1.0.json' with { type: 'json' }
import v130 from '../versions/1.3.0.json' with { type: 'json' }
import v160 from '../versions/1.6.0.json' with { type: 'json' }
import v180 from '../versions/1.8.0.json' with { type: 'json' }
import v190 from '../versions/1.9.0.json' with { type: 'json' }
import { type OcsfVersion, ocsfVersions } from '../../model/ocsf/versions.ts'
import { byVersion, type ByVersion } from './by-version.ts'

export { defaultVersion, type OcsfVersion, ocsfVersions } from '../../model/ocsf/versions.ts'

/** The version that projections are written for. */
export const newest: OcsfVersion = ocsfVersions[0]

export type ClassName = keyof (typeof v190)['classes']

export interface AttributeFacts {
  /** The type of its values, or the object that they are. */
  readonly type: string
  readonly isObject: boolean
  readonly isArray: boolean
  readonly required: boolean
  /** Exists only in events that name one of these in `metadata.profiles`; always where empty. */
  readonly profiles: readonly string[]
  /** Captions by id, and the attribute that holds the caption. */
  readonly enum:
    { readonly captions: ReadonlyMap<number, string>; readonly sibling: string } | undefined
  /** The kind of observable that its values are. */
  readonly observable: number | undefined
}

export interface ObjectFacts {
  readonly caption: string
  readonly constraints: readonly Constraint[]
  readonly attributes: ReadonlyMap<string, AttributeFacts>
}

export interface Constraint {
  readonly rule: 'at_least_one' | 'just_one'
  readonly of: readonly string[]
}

export interface ClassFacts extends ObjectFacts {
  readonly uid: number
  readonly category: { readonly uid: number; readonly caption: string }
}

/** What values of a type must be like; they are texts where anything is said here. */
export interface TypeFacts {
  readonly pattern: RegExp | undefined
  /** Characters at most. */
  readonly length: number | undefined
}

export interface VersionFacts {
  readonly version: OcsfVersion
  readonly classes: ReadonlyMap<ClassName, ClassFacts>
  readonly objects: ReadonlyMap<string, ObjectFacts>
  readonly types: ReadonlyMap<string, TypeFacts>
}

interface Compact {
  readonly types: Readonly<Record<string, { readonly pattern?: string; readonly length?: number }>>
  readonly enums: Readonly<Record<string, string>>
  readonly classes: Readonly<
    Record<string, CompactObject & { readonly uid: number; readonly category: string }>
  >
  readonly objects: Readonly<Record<string, CompactObject>>
}

interface CompactObject {
  readonly caption: string
  readonly constraints?: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
}

const readVersion = (version: OcsfVersion, compact: Compact): VersionFacts => {
  const enums = new Map(Object.entries(compact.enums).map(([name, of]) => [name, readCaptions(of)]))

  const readObject = ({ caption, constraints, attributes }: CompactObject): ObjectFacts => ({
    caption,
    constraints: Object.entries(constraints ?? {}).map(([rule, of]) => ({
      rule: rule as Constraint['rule'],
      of: of.split(' '),
    })),
    attributes: new Map(
      Object.entries(attributes).map(([name, code]) => [name, readAttribute(code)]),
    ),
  })

  const readAttribute = (code: string): AttributeFacts => {
    const [type = '', ...words] = code.split(' ')
    const after = (key: string): string[] =>
      words.filter(word => word.startsWith(`${key}=`)).map(word => word.slice(key.length + 1))
    const [captions] = after('enum').map(name => enums.get(name))
    const [observable] = after('observable')
    const name = type.replace('[]', '')
    return {
      type: name,
      isObject: name in compact.objects,
      isArray: type.endsWith('[]'),
      required: words.includes('required'),
      profiles: after('profile'),
      enum: captions === undefined ? undefined : { captions, sibling: after('sibling')[0] ?? '' },
      observable: observable === undefined ? undefined : Number(observable),
    }
  }

  return {
    version,
    classes: new Map(
      Object.entries(compact.classes).map(([name, of]) => [
        name as ClassName,
        { ...readObject(of), uid: of.uid, category: readEntry(of.category) },
      ]),
    ),
    objects: new Map(Object.entries(compact.objects).map(([name, of]) => [name, readObject(of)])),
    types: new Map(
      Object.entries(compact.types).map(([name, { pattern, length }]) => [
        name,
        { pattern: pattern === undefined ? undefined : new RegExp(pattern), length },
      ]),
    ),
  }
}

/** `0 Unknown|1 Log` */
const readCaptions = (text: string): ReadonlyMap<number, string> =>
  new Map(text.split('|').map(entry => [readEntry(entry).uid, readEntry(entry).caption]))

const readEntry = (entry: string): { readonly uid: number; readonly caption: string } => {
  const space = entry.indexOf(' ')
  return { uid: Number(entry.slice(0, space)), caption: entry.slice(space + 1) }
}

/** The classes that events can be of. */
export const classNames = Object.keys(v190.classes) as ClassName[]

const compacts: ByVersion<Compact> = {
  '1.9.0': v190,
  '1.8.0': v180,
  '1.6.0': v160,
  '1.3.0': v130,
  '1.1.0': v110,
}

export const facts = byVersion(version => readVersion(version, compacts[version]))
