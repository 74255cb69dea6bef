/**
 * Makes src/ocsf/versions/VERSION.json: what the projections must know of each OCSF version, and no more.
 *
 *     node schema/ocsf/compact.ts FOLDER
 *
 * FOLDER holds one `ocsf-VERSION.json` for each version: the definitions of github.com/ocsf/ocsf-schema (Apache-2.0)
 * with everything that a class or object inherits or is given by a profile resolved into it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format } from 'prettier'

export const versions = ['1.1.0', '1.3.0', '1.6.0', '1.8.0', '1.9.0'] as const

const classNames = [
  'user_inventory',
  'inventory_info',
  'software_info',
  'cloud_resources_inventory_info',
  'web_resources_activity',
  'compliance_finding',
  'detection_finding',
  'authentication',
  'account_change',
  'user_management',
  'group_management',
  'entity_management',
  'base_event',
]

const objectNames = [
  'account',
  'actor',
  'agent',
  'analytic',
  'auth_factor',
  'check',
  'compliance',
  'device',
  'evidences',
  'feature',
  'finding_info',
  'fingerprint',
  'group',
  'http_request',
  'idp',
  'ldap_person',
  'managed_entity',
  'metadata',
  'network_endpoint',
  'object',
  'observable',
  'os',
  'policy',
  'product',
  'related_event',
  'resource_details',
  'service',
  'url',
  'user',
  'web_resource',
]

/** The profiles whose attributes are filled. */
const profileNames = ['host', 'incident', 'security_control']

const ofTheClass = ['class_uid', 'category_uid', 'type_uid']

interface Attribute {
  readonly type?: string
  readonly object?: string
  readonly is_array?: boolean
  readonly requirement: string
  readonly profiles?: readonly string[]
  readonly enum?: Readonly<
    Record<string, { readonly caption: string; readonly deprecated?: unknown }>
  >
  readonly sibling?: string
  readonly observable?: number
  readonly deprecated?: unknown
}

interface Definition {
  readonly caption: string
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly constraints?: Readonly<Record<string, readonly string[]>>
}

interface Compiled {
  readonly ocsf: string
  readonly source: string
  readonly categories: Readonly<Record<string, { readonly name: string; readonly caption: string }>>
  readonly types: Readonly<
    Record<
      string,
      {
        readonly base: string
        readonly regex?: string
        readonly max_len?: number
        readonly observable?: number
      }
    >
  >
  readonly classes: Readonly<
    Record<string, Definition & { readonly uid: number; readonly category: string | null }>
  >
  readonly objects: Readonly<Record<string, Definition>>
}

/** The compact form of a compiled version, as text. */
export const compact = async (compiled: Compiled): Promise<string> => {
  const enums = new Map<string, string>()

  /** Equal tables have one name: the attribute's, with the owner's where that is taken. */
  const nameOfEnum = (owner: string, name: string, table: string): string => {
    for (const candidate of [name, `${owner}.${name}`]) {
      const known = enums.get(candidate)
      if (known !== undefined && known !== table) continue
      enums.set(candidate, table)
      return candidate
    }
    throw new Error(`Two tables are called ${owner}.${name}`)
  }

  const attributeOf = (owner: string, name: string, attribute: Attribute): string => {
    const { type, object, is_array: isArray, requirement, profiles, sibling } = attribute
    const observable = attribute.observable ?? compiled.types[type ?? '']?.observable
    // Which class it is says the class itself.
    const table = ofTheClass.includes(name) ? undefined : attribute.enum
    return [
      `${object ?? type}${isArray === true ? '[]' : ''}`,
      ...(requirement === 'required' ? ['required'] : []),
      ...(profiles ?? []).map(profile => `profile=${profile}`),
      ...(table === undefined ? [] : [`enum=${nameOfEnum(owner, name, tableOf(table))}`]),
      ...(table === undefined ? [] : [`sibling=${sibling}`]),
      ...(observable === undefined || object !== undefined ? [] : [`observable=${observable}`]),
    ].join(' ')
  }

  const definitionOf = (
    name: string,
    { caption, attributes, constraints }: Definition,
    within: 'class' | 'object',
  ) => ({
    caption,
    ...(constraints === undefined
      ? {}
      : {
          constraints: Object.fromEntries(
            Object.entries(constraints).map(([rule, members]) => [rule, members.join(' ')]),
          ),
        }),
    attributes: Object.fromEntries(
      Object.entries(attributes)
        .filter(([, attribute]) => canBeFilled(attribute, within))
        .map(([attribute, of]) => [attribute, attributeOf(name, attribute, of)]),
    ),
  })

  const named = <T>(names: readonly string[], of: Readonly<Record<string, T>>): [string, T][] =>
    names.flatMap((name): [string, T][] => {
      const found = of[name]
      return found === undefined ? [] : [[name, found]]
    })

  const classes = Object.fromEntries(
    named(classNames, compiled.classes).map(([name, definition]) => [
      name,
      {
        uid: definition.uid,
        category: categoryOf(compiled, definition),
        ...definitionOf(name, definition, 'class'),
      },
    ]),
  )
  const objects = Object.fromEntries(
    named(objectNames, compiled.objects).map(([name, definition]) => [
      name,
      definitionOf(name, definition, 'object'),
    ]),
  )
  const facts = {
    version: compiled.ocsf,
    source: compiled.source,
    types: typesOf(compiled, [...Object.values(classes), ...Object.values(objects)]),
    enums: Object.fromEntries([...enums].sort(([a], [b]) => (a < b ? -1 : 1))),
    classes,
    objects,
  }
  return format(JSON.stringify(facts), {
    parser: 'json',
    printWidth: 100,
    objectWrap: 'collapse',
  })
}

/**
 * Left out is what is deprecated, belongs to what we never fill, or has values that no word stands beside; but not
 * what a class demands, since that decides whether it can be used.
 */
const canBeFilled = (attribute: Attribute, within: 'class' | 'object'): boolean => {
  const { deprecated, object, profiles, requirement, sibling, is_array: isArray } = attribute
  return (
    deprecated === undefined &&
    (object === undefined || objectNames.includes(object) || requirement === 'required') &&
    (profiles ?? []).every(name => within === 'class' && profileNames.includes(name)) &&
    (attribute.enum === undefined || (sibling !== undefined && isArray !== true))
  )
}

/** `0 Unknown|1 Log`: ids with their captions. */
const tableOf = (
  captions: Readonly<Record<string, { readonly caption: string; readonly deprecated?: unknown }>>,
): string =>
  Object.entries(captions)
    .filter(([, { deprecated }]) => deprecated === undefined)
    .map(([id, { caption }]) => `${id} ${caption}`)
    .join('|')

const categoryOf = (
  { categories }: Compiled,
  { category: name, attributes }: Compiled['classes'][string],
): string => {
  // What belongs to none says so in the only value that the attribute may have.
  const own = attributes['category_uid']?.enum
  if (name === null && own !== undefined) return tableOf(own)
  const found = Object.entries(categories).find(([, category]) => category.name === name)
  if (found === undefined) throw new Error(`There is no category ${name}`)
  return `${found[0]} ${found[1].caption}`
}

/** The types of the attributes, with what limits their values. */
const typesOf = (
  { types }: Compiled,
  definitions: readonly { readonly attributes: Readonly<Record<string, string>> }[],
): Readonly<Record<string, unknown>> => {
  const used = new Set(
    definitions.flatMap(({ attributes }) =>
      Object.values(attributes).map(code => code.split(/[ []/, 1)[0] ?? ''),
    ),
  )
  return Object.fromEntries(
    [...used]
      .flatMap(name => {
        const type = types[name]
        if (type === undefined) return []
        const { base, regex, max_len: own } = type
        const length = own ?? types[base]?.max_len
        return [
          [
            name,
            {
              ...(regex === undefined ? {} : { pattern: regex }),
              ...(length === undefined ? {} : { length }),
            },
          ] as const,
        ]
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The compact form of one version, made from its file in that folder. */
export const compactFrom = (folder: string, version: string): Promise<string> =>
  compact(JSON.parse(readFileSync(join(folder, `ocsf-${version}.json`), 'utf8')) as Compiled)

export const target = (version: string): string =>
  fileURLToPath(new URL(`../../src/ocsf/versions/${version}.json`, import.meta.url))

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) {
    console.error('usage: node schema/ocsf/compact.ts FOLDER')
    process.exit(2)
  }
  for (const version of versions) writeFileSync(target(version), await compactFrom(folder, version))
}
