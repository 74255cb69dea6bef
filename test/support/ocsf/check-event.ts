/**
 * Whether an event is one of its version, by the compact facts alone: a smaller judge than OCSF's own, and none of the
 * code that built the event. It knows what is required, which attributes there are, enumerations and their captions,
 * constraints, formats, profiles, type_uid, and that observables are what the event holds.
 */
import { readFileSync } from 'node:fs'

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

const read = (version: string): Facts =>
  JSON.parse(
    readFileSync(new URL(`../../../src/ocsf/versions/${version}.json`, import.meta.url), 'utf8'),
  ) as Facts

/** What is wrong with events of a version, each in a few words that begin with the path. */
export const createCheck = (version: string): ((event: Value) => string[]) => {
  const facts = read(version)

  return event => {
    const problems: string[] = []
    const found = Object.values(facts.classes).find(({ uid }) => uid === event['class_uid'])
    if (found === undefined) return [`class_uid: ${String(event['class_uid'])} is unknown`]
    const metadata = event['metadata'] as Value
    const profiles = (metadata['profiles'] ?? []) as readonly string[]
    const usedProfiles = new Set<string>()

    const checkObject = (definition: Definition, object: Value, path: string): void => {
      const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
      for (const [name, value] of Object.entries(object)) {
        const code = definition.attributes[name]?.split(' ')
        if (code === undefined) problems.push(`${at(name)}: no attribute of ${definition.caption}`)
        else if (value === null || value === undefined) problems.push(`${at(name)}: empty`)
        else checkAttribute(code, name, value, object, at(name))
      }
      for (const [name, code] of Object.entries(definition.attributes)) {
        const [, ...words] = code.split(' ')
        const needs = words.filter(word => word.startsWith('profile=')).map(word => word.slice(8))
        const isOn = needs.length === 0 || needs.some(profile => profiles.includes(profile))
        if (words.includes('required') && isOn && object[name] === undefined)
          problems.push(`${at(name)}: required`)
      }
      for (const [rule, names] of Object.entries(definition.constraints ?? {})) {
        const count = names.split(' ').filter(name => object[name] !== undefined).length
        if (rule === 'at_least_one' ? count === 0 : count !== 1)
          problems.push(`${path}: ${rule} of ${names}`)
      }
    }

    const checkAttribute = (
      [type = '', ...words]: readonly string[],
      name: string,
      value: unknown,
      beside: Value,
      path: string,
    ): void => {
      const after = (key: string): string | undefined =>
        words.find(word => word.startsWith(`${key}=`))?.slice(key.length + 1)
      const profile = after('profile')
      if (profile !== undefined) {
        usedProfiles.add(profile)
        if (!profiles.includes(profile)) problems.push(`${path}: without profile ${profile}`)
      }
      const table = after('enum')
      if (table !== undefined) checkEnum(table, value, beside[after('sibling') ?? ''], path)
      const isArray = type.endsWith('[]')
      if (Array.isArray(value) !== isArray && type !== 'json_t')
        return void problems.push(`${path}: ${isArray ? 'no list' : 'a list'}`)
      const one = type.replace('[]', '')
      const elements = isArray ? (value as readonly unknown[]) : [value]
      for (const [index, element] of elements.entries())
        checkValue(one, element, isArray ? `${path}[${index}]` : path)
      if (/_id$/.test(name) && table === undefined && typeof value !== 'number')
        problems.push(`${path}: no number`)
    }

    const checkEnum = (table: string, id: unknown, label: unknown, path: string): void => {
      const captions = new Map(
        (facts.enums[table] ?? '').split('|').map(entry => {
          const [uid = '', ...words] = entry.split(' ')
          return [Number(uid), words.join(' ')]
        }),
      )
      const caption = captions.get(id as number)
      if (caption === undefined) problems.push(`${path}: ${String(id)} is no value`)
      else if (id === 99 ? typeof label !== 'string' || label === caption : label !== caption)
        problems.push(`${path}: ${String(id)} is called ${String(label)}`)
    }

    const checkValue = (type: string, value: unknown, path: string): void => {
      const object = facts.objects[type]
      if (object !== undefined) {
        if (Object.keys(object.attributes).length > 0) checkObject(object, value as Value, path)
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
      if (pattern !== undefined && !new RegExp(pattern).test(value as string))
        problems.push(`${path}: no ${type}`)
      if (typeof value === 'string' && [...value].length > length)
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
}

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
