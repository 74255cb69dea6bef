/**
 * A second judge of events: JSON Schema made of the facts of a version, checked by Ajv. What a schema cannot say (whether
 * observables stand in the event) the first judge says alone.
 */
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { once } from './once.ts'

type Schema = Readonly<Record<string, unknown>> | boolean

interface Definition {
  readonly caption: string
  readonly constraints?: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
}

type ClassDefinition = Definition & { readonly uid: number; readonly category: string }

interface Facts {
  readonly types: Readonly<Record<string, { readonly pattern?: string; readonly length?: number }>>
  readonly enums: Readonly<Record<string, string>>
  readonly classes: Readonly<Record<string, ClassDefinition>>
  readonly objects: Readonly<Record<string, Definition>>
}

const read = (version: string): Facts =>
  JSON.parse(
    readFileSync(new URL(`../../../src/ocsf/versions/${version}.json`, import.meta.url), 'utf8'),
  ) as Facts

/** One attribute as the facts write it: `user[] required profile=host enum=NAME sibling=NAME`. */
interface Attribute {
  readonly name: string
  readonly type: string
  readonly isArray: boolean
  readonly required: boolean
  readonly profiles: readonly string[]
  readonly table: string | undefined
  readonly sibling: string | undefined
}

const readAttribute = ([name, code]: readonly [string, string]): Attribute => {
  const [type = '', ...words] = code.split(' ')
  const after = (key: string): string[] =>
    words.filter(word => word.startsWith(`${key}=`)).map(word => word.slice(key.length + 1))
  return {
    name,
    type: type.replace('[]', ''),
    isArray: type.endsWith('[]'),
    required: words.includes('required'),
    profiles: after('profile'),
    table: after('enum')[0],
    sibling: after('sibling')[0],
  }
}

const captionsOf = (table: string): readonly (readonly [id: number, caption: string])[] =>
  table.split('|').map(entry => {
    const space = entry.indexOf(' ')
    return [Number(entry.slice(0, space)), entry.slice(space + 1)]
  })

const OTHER = 99

/** The schemas of a version: one of each class, over those of its objects. */
const createSchemas = (version: string) => {
  const { types, enums, classes, objects } = read(version)

  const valueOf = (type: string): Schema => {
    if (type in objects) return { $ref: `objects#/definitions/${type}` }
    const { pattern, length } = types[type] ?? {}
    switch (type) {
      case 'json_t':
        return true
      case 'boolean_t':
        return { type: 'boolean' }
      case 'float_t':
        return { type: 'number' }
      case 'integer_t':
        return { type: 'integer', minimum: -0x8000_0000, maximum: 0x7fff_ffff }
      case 'long_t':
        return { type: 'integer' }
      case 'timestamp_t':
        // Seconds would be in the year 1970.
        return { type: 'integer', not: { exclusiveMinimum: 0, exclusiveMaximum: 1e11 } }
      default:
        return {
          type: 'string',
          ...(pattern === undefined ? {} : { pattern }),
          ...(length === undefined ? {} : { maxLength: length }),
        }
    }
  }

  const labels = new Map<string, Schema>()

  /** Beside each number stands its caption, and beside 99 a word that is not the caption. Equal tables are one schema. */
  const labelled = (attribute: Attribute): Schema => {
    const key = `labels of ${attribute.name} ${attribute.table ?? ''} ${attribute.sibling ?? ''}`
    labels.set(key, { allOf: [true, ...labelsOf(attribute)] })
    return { $ref: `objects#/definitions/${encodeURIComponent(key)}` }
  }

  const labelsOf = ({ name, table, sibling = '' }: Attribute): Schema[] =>
    captionsOf(enums[table ?? ''] ?? '').map(([id, caption]) => ({
      if: { properties: { [name]: { const: id } }, required: [name] },
      then: {
        properties: { [sibling]: id === OTHER ? { not: { const: caption } } : { const: caption } },
        required: [sibling],
      },
    }))

  const profileNamed = (profiles: readonly string[]): Schema => ({
    properties: {
      metadata: {
        properties: { profiles: { contains: { enum: profiles } } },
        required: ['profiles'],
      },
    },
  })

  const schemaOf = (definition: Definition): Record<string, unknown> & { allOf: Schema[] } => {
    const attributes = Object.entries(definition.attributes).map(readAttribute)
    if (attributes.length === 0) return { type: 'object', allOf: [true] }
    const properties = attributes.map((attribute): [string, Schema] => {
      const { name, type, isArray, table } = attribute
      const ids = table && captionsOf(enums[table] ?? '').map(([id]) => id)
      const one = ids === undefined || ids === '' ? valueOf(type) : { enum: ids }
      return [name, isArray ? { type: 'array', items: one } : one]
    })
    const constraints = Object.entries(definition.constraints ?? {}).map(([rule, names]) => ({
      [rule === 'at_least_one' ? 'anyOf' : 'oneOf']: names
        .split(' ')
        .map(name => ({ required: [name] })),
    }))
    const ofProfiles = attributes
      .filter(({ profiles }) => profiles.length > 0)
      .map(({ name, profiles, required }) => ({
        if: profileNamed(profiles),
        then: required ? { required: [name] } : true,
        else: { properties: { [name]: false } },
      }))
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: attributes
        .filter(({ required, profiles }) => required && profiles.length === 0)
        .map(({ name }) => name),
      additionalProperties: false,
      allOf: [
        true,
        ...constraints,
        ...ofProfiles,
        ...attributes.filter(({ table }) => table !== undefined).map(labelled),
      ],
    }
  }

  const definitions = Object.fromEntries(
    Object.entries(objects).map(([name, definition]) => [name, schemaOf(definition)]),
  )

  const schemaOfClass = (definition: ClassDefinition): Schema => {
    const { uid, caption, category } = definition
    const [[categoryUid, categoryName] = []] = captionsOf(category)
    const activity = readAttribute(['activity_id', definition.attributes['activity_id'] ?? ''])
    const schema = schemaOf(definition)
    const types = captionsOf(enums[activity.table ?? ''] ?? '').map(([id, name]) => ({
      if: { properties: { activity_id: { const: id } } },
      then: {
        properties: {
          type_uid: { const: uid * 100 + id },
          type_name: { const: `${caption}: ${name}` },
        },
      },
    }))
    const own = {
      properties: {
        class_uid: { const: uid },
        class_name: { const: caption },
        category_uid: { const: categoryUid },
        category_name: { const: categoryName },
        metadata: { properties: { version: { const: version } } },
      },
    }
    return { ...schema, allOf: [own, ...types, ...schema.allOf] }
  }

  const ofClasses = new Map(Object.values(classes).map(of => [of.uid, schemaOfClass(of)]))
  return {
    objects: { $id: 'objects', definitions: { ...definitions, ...Object.fromEntries(labels) } },
    classes: ofClasses,
  }
}

/** The validators of a version, each compiled when it is first asked for: that takes longer than thousands of events. */
const createValidators = once((version: string) => {
  const { objects, classes } = createSchemas(version)
  const ajv = new Ajv({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    // OCSF's patterns are none of the stricter kind.
    unicodeRegExp: false,
    // Making it short would take three times as long, which no number of events here makes up for.
    code: { optimize: false },
    inlineRefs: false,
  })
  ajv.addSchema(objects)
  return { classes, compile: once((schema: Schema): ValidateFunction => ajv.compile(schema)) }
})

/** What Ajv finds wrong with events of a version, each in a few words that begin with the path. */
export const createSchemaCheck = (
  version: string,
): ((event: Readonly<Record<string, unknown>>) => readonly string[]) => {
  const { classes, compile } = createValidators(version)
  return event => {
    const uid = event['class_uid']
    const schema = classes.get(uid as number)
    if (schema === undefined) return [`/class_uid ${String(uid)} is unknown`]
    const validate = compile(schema)
    if (validate(event)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    )
  }
}
