/** What a filter object may name in each scope, and what each name compares: one table, derived from the model. */
import { computedOf } from '../model/collection-lookups.ts'
import { collectionNames, collections } from '../model/collections.ts'
import { detectionEventFields } from '../model/detection-events.ts'
import type { Field } from '../model/collection.ts'
import type { EnumName } from '../model/enums.ts'
import { detectionEventRelations, relations, type ToMany, type ToOne } from '../model/relations.ts'
import { storedLists, storedNames, type StoredName } from '../model/stored.ts'
import type { FilterScope } from './filter.ts'

/** What a value is compared as. */
export type Comparable =
  | { readonly as: 'text' | 'version' | 'id' | 'boolean' | 'moment' }
  | { readonly as: 'enum'; readonly enum: EnumName }

export type Operand =
  | { readonly kind: 'value'; readonly field: string; readonly of: Comparable }
  | { readonly kind: 'values'; readonly field: string; readonly of: Comparable }
  | { readonly kind: 'objects'; readonly field: string; readonly scope: 'detectionEvents' }
  /** An object of the graph whose members the row holds flat. */
  | { readonly kind: 'members'; readonly of: ReadonlyMap<string, Operand> }
  | { readonly kind: 'toOne'; readonly link: ToOne }
  | { readonly kind: 'toMany'; readonly relation: ToMany }
  /** Whether there is such an object, of what links lead to. */
  | { readonly kind: 'exists' }

type Operands = ReadonlyMap<string, Operand>

const text: Comparable = { as: 'text' }

export const operandsOf = (scope: FilterScope): Operands => operands[scope]

/** The operands of one field: an enumeration also offers its words as sent, in `xRaw`. */
const fieldOperands = (name: string, field: Field): readonly (readonly [string, Operand])[] => {
  const one = (of: Comparable): Operand => ({ kind: 'value', field: name, of })
  const many = (of: Comparable): Operand => ({ kind: 'values', field: name, of })
  switch (field.kind) {
    case 'id':
    case 'boolean':
      return [[name, one({ as: field.kind })]]
    case 'string':
      return [[name, one(field.isVersion === true ? { as: 'version' } : text)]]
    case 'seconds':
      return [[name, one({ as: 'moment' })]]
    case 'strings':
      return [[name, many(text)]]
    case 'enum':
      return [
        [name, one(words(field))],
        [`${name}Raw`, one(text)],
      ]
    case 'enums':
      return [
        [name, many(words(field))],
        [`${name}Raw`, many(text)],
      ]
    case 'objects':
      return [[name, { kind: 'objects', field: name, scope: 'detectionEvents' }]]
    default:
      return field.kind satisfies never
  }
}

const words = (field: Field): Comparable =>
  field.enum === undefined ? text : { as: 'enum', enum: field.enum }

/** Fields that Push keeps in an object of their own are in one here too: `loginMethods: {passwordLogin: ...}`. */
const ofFields = (fields: Readonly<Record<string, Field>>): Map<string, Operand> => {
  const result = new Map<string, Operand>()
  const grouped = Map.groupBy(Object.entries(fields), ([, field]) =>
    field.from.includes('.') ? field.from.slice(0, field.from.indexOf('.')) : '',
  )
  for (const [group, members] of grouped) {
    const entries = members.flatMap(([name, field]) => fieldOperands(name, field))
    if (group !== '') result.set(group, { kind: 'members', of: new Map(entries) })
    else for (const [name, operand] of entries) result.set(name, operand)
  }
  return result
}

const links: readonly ToOne[] = [
  ...collectionNames.flatMap((name): readonly ToOne[] => relations[name].toOne),
  ...storedNames.flatMap(name => storedLists[name].links),
  ...detectionEventRelations.toOne,
]

/** What links lead to. */
const linked: ReadonlySet<string> = new Set(links.map(({ to }) => to))

const ofCollection = (name: (typeof collectionNames)[number]): Operands => {
  const result = ofFields(collections[name].fields)
  // Values that are no fields of the row: which connector it is from, and what is made of it.
  result.set('connectorAlias', { kind: 'value', field: 'connectorAlias', of: text })
  for (const field of Object.keys(computedOf(name)))
    result.set(field, { kind: 'value', field, of: text })
  if (linked.has(name)) result.set('exists', { kind: 'exists' })
  for (const link of relations[name].toOne) result.set(link.name, { kind: 'toOne', link })
  for (const relation of relations[name].toMany)
    result.set(relation.name, { kind: 'toMany', relation })
  return result
}

const ofStored = (name: StoredName): Operands => {
  const result = ofFields(storedLists[name].fields)
  result.set('connectorAlias', { kind: 'value', field: 'connectorAlias', of: text })
  for (const link of storedLists[name].links) result.set(link.name, { kind: 'toOne', link })
  return result
}

const ofDetectionEvents = (): Operands => {
  const result = ofFields(detectionEventFields)
  // The graph's `metadata` is JSON, which no operator compares; its text is `metadataRaw`.
  result.delete('metadata')
  result.set('metadataRaw', { kind: 'value', field: 'metadata', of: text })
  for (const link of detectionEventRelations.toOne) result.set(link.name, { kind: 'toOne', link })
  return result
}

const operands = Object.fromEntries([
  ...collectionNames.map(name => [name, ofCollection(name)] as const),
  ...storedNames.map(name => [name, ofStored(name)] as const),
  ['detectionEvents', ofDetectionEvents()] as const,
]) as Record<FilterScope, Operands>
