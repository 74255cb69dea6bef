/**
 * Whether an event is one of its version, by the compact facts alone: a smaller judge than OCSF's own, and none of the
 * code that built the event. It knows what is required, which attributes there are, enumerations and their captions,
 * constraints, formats, profiles, type_uid, and that observables are what the event holds.
 */
import { readFileSync } from 'node:fs'
import { once } from './once.ts'

interface Definition {
  readonly caption: string
  readonly constraints?: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
}

interface Facts {
  readonly types: Readonly<Record<string, { readonly pattern?: string; readonly length?: number }>>
  readonly enums: Readonly<Record<string, string>>
  readonly classes: Readonly<
    Record<string, Definition & { readonly uid: number; readonly category: string }>
  >
  readonly objects: Readonly<Record<string, Definition>>
}

type Value = Readonly<Record<string, unknown>>

/** One attribute as the facts write it: `user[] required profile=host enum=NAME sibling=NAME`. */
interface Attribute {
  readonly type: string
  readonly isArray: boolean
  readonly required: boolean
  readonly profiles: readonly string[]
  /** The captions of its numbers. */
  readonly captions: ReadonlyMap<number, string> | undefined
  readonly sibling: string
}

/** What is read of a definition again and again: thousands of events are held against each. */
interface Read {
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly required: readonly (readonly [name: string, profiles: readonly string[]])[]
  readonly constraints: readonly (readonly [rule: string, names: readonly string[]])[]
}

const readFacts = (version: string): Facts =>
  JSON.parse(
    readFileSync(new URL(`../../../src/ocsf/versions/${version}.json`, import.meta.url), 'utf8'),
  ) as Facts

const readAttribute = (code: string, { enums }: Facts): Attribute => {
  const [type = '', ...words] = code.split(' ')
  const after = (key: string): string[] =>
    words.filter(word => word.startsWith(`${key}=`)).map(word => word.slice(key.length + 1))
  const [table] = after('enum')
  return {
    type: type.replace('[]', ''),
    isArray: type.endsWith('[]'),
    required: words.includes('required'),
    profiles: after('profile'),
    captions: table === undefined ? undefined : readCaptions(enums[table] ?? ''),
    sibling: after('sibling')[0] ?? '',
  }
}

const readCaptions = (table: string): ReadonlyMap<number, string> =>
  new Map(
    table.split('|').map(entry => {
      const [uid = '', ...words] = entry.split(' ')
      return [Number(uid), words.join(' ')]
    }),
  )

/** What is wrong with events of a version, each in a few words that begin with the path. */
export const createCheck = once((version: string): ((event: Value) => string[]) => {
  const facts = readFacts(version)
  const classes = new Map(Object.values(facts.classes).map(of => [of.uid, of]))
  const patternOf = once((pattern: string) => new RegExp(pattern))
  const read = once((definition: Definition): Read => {
    const attributes = Object.entries(definition.attributes).map(
      ([name, code]) => [name, readAttribute(code, facts)] as const,
    )
    const constraints = Object.entries(definition.constraints ?? {})
    return {
      attributes: new Map(attributes),
      required: attributes
        .filter(([, { required }]) => required)
        .map(([name, { profiles }]) => [name, profiles]),
      constraints: constraints.map(([rule, names]) => [rule, names.split(' ')]),
    }
  })

  return event => {
    const problems: string[] = []
    const found = classes.get(event['class_uid'] as number)
    if (found === undefined) return [`class_uid: ${String(event['class_uid'])} is unknown`]
    const metadata = event['metadata'] as Value
    const profiles = (metadata['profiles'] ?? []) as readonly string[]
    const usedProfiles = new Set<string>()

    const checkObject = (definition: Definition, object: Value, path: string): void => {
      const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
      const { attributes, required, constraints } = read(definition)
      for (const [name, value] of Object.entries(object)) {
        const attribute = attributes.get(name)
        if (attribute === undefined)
          problems.push(`${at(name)}: no attribute of ${definition.caption}`)
        else if (value === null || value === undefined) problems.push(`${at(name)}: empty`)
        else checkAttribute(attribute, name, value, object, at(name))
      }
      for (const [name, needs] of required) {
        const isOn = needs.length === 0 || needs.some(profile => profiles.includes(profile))
        if (isOn && object[name] === undefined) problems.push(`${at(name)}: required`)
      }
      for (const [rule, names] of constraints) {
        const count = names.filter(name => object[name] !== undefined).length
        if (rule === 'at_least_one' ? count === 0 : count !== 1)
          problems.push(`${path}: ${rule} of ${names.join(' ')}`)
      }
    }

    const checkAttribute = (
      { type, isArray, profiles: [profile], captions, sibling }: Attribute,
      name: string,
      value: unknown,
      beside: Value,
      path: string,
    ): void => {
      if (profile !== undefined) {
        usedProfiles.add(profile)
        if (!profiles.includes(profile)) problems.push(`${path}: without profile ${profile}`)
      }
      if (captions !== undefined) checkEnum(captions, value, beside[sibling], path)
      if (Array.isArray(value) !== isArray && type !== 'json_t')
        return void problems.push(`${path}: ${isArray ? 'no list' : 'a list'}`)
      const elements = isArray ? (value as readonly unknown[]) : [value]
      for (const [index, element] of elements.entries())
        checkValue(type, element, isArray ? `${path}[${index}]` : path)
      if (name.endsWith('_id') && captions === undefined && typeof value !== 'number')
        problems.push(`${path}: no number`)
    }

    const checkEnum = (
      captions: ReadonlyMap<number, string>,
      id: unknown,
      label: unknown,
      path: string,
    ): void => {
      const caption = captions.get(id as number)
      if (caption === undefined) problems.push(`${path}: ${String(id)} is no value`)
      else if (id === 99 ? typeof label !== 'string' || label === caption : label !== caption)
        problems.push(`${path}: ${String(id)} is called ${String(label)}`)
    }

    const checkValue = (type: string, value: unknown, path: string): void => {
      const object = facts.objects[type]
      if (object !== undefined) {
        if (read(object).attributes.size > 0) checkObject(object, value as Value, path)
        return
      }
      if (type === 'json_t') return
      const wanted = { boolean_t: 'boolean', integer_t: 'number', long_t: 'number' }[type]
      const kind = wanted ?? (type === 'timestamp_t' ? 'number' : 'string')
      if (typeof value !== kind) problems.push(`${path}: no ${kind}`)
      if (kind === 'number' && !Number.isSafeInteger(value))
        problems.push(`${path}: no whole number`)
      if (type === 'timestamp_t' && (value as number) !== 0 && (value as number) < 1e11)
        problems.push(`${path}: seconds`)
      if (type === 'url_t' && !URL.canParse(value as string)) problems.push(`${path}: no URL`)
      const { pattern, length = Infinity } = facts.types[type] ?? {}
      if (pattern !== undefined && !patternOf(pattern).test(value as string))
        problems.push(`${path}: no ${type}`)
      if (typeof value === 'string' && value.length > length && [...value].length > length)
        problems.push(`${path}: longer than ${length}`)
    }

    checkObject(found, event, '')
    for (const profile of profiles)
      if (!usedProfiles.has(profile)) problems.push(`metadata.profiles: ${profile} is not used`)
    if (metadata['version'] !== version) problems.push('metadata.version: another')
    const [category = ''] = found.category.split(' ')
    if (event['category_uid'] !== Number(category)) problems.push('category_uid: another')
    if (event['class_name'] !== found.caption) problems.push('class_name: another')
    if (event['type_uid'] !== found.uid * 100 + (event['activity_id'] as number))
      problems.push('type_uid: not class_uid * 100 + activity_id')
    if (!String(event['type_name']).startsWith(`${found.caption}: `))
      problems.push('type_name: odd')
    problems.push(...observablesMissing(event))
    return problems
  }
})

/** The observables whose value does not stand where they say. */
const observablesMissing = (event: Value): string[] => {
  const seen = new Set<string>()
  return ((event['observables'] ?? []) as readonly Value[]).flatMap(observable => {
    const { name, value, type_id: kind } = observable
    let values: readonly unknown[] = [event]
    for (const step of String(name).split('.'))
      values = values.flatMap(of => (of as Value | undefined)?.[step] ?? [])
    const key = `${String(kind)} ${String(value)}`
    const isTwice = seen.has(key)
    seen.add(key)
    if (isTwice) return [`observables: ${key} twice`]
    return values.some(of => String(of) === value) ? [] : [`observables: ${String(name)} differs`]
  })
}
