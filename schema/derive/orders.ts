import type { FieldDefinitionNode, ObjectTypeDefinitionNode } from 'graphql'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { storedLists, storedNames } from '../../src/model/stored.ts'
import { dimensions, numberKey, upperSnake, type Dimension } from '../../src/model/dimensions.ts'
import {
  carried,
  describe,
  isCompared,
  listedBy,
  ownFields,
  quote,
  shapeOf,
  type Written,
} from './written.ts'

/** What an entity's list can be sorted by: each field of one value, those of its parts among them. */
export const orderOf = (written: Written, type: ObjectTypeDefinitionNode): string => {
  const name = type.name.value
  const values = flatFields(written, type)
    .filter(field => isSortable(written, field))
    .map(
      field =>
        `${quote(`By \`${field.name.value}\`: ${describe(field)}`)}
        ${upperSnake(field.name.value)}${carried(field)}`,
    )
  const numbers = ownFields(type).flatMap(field => {
    const listed = listedBy(written, field)
    if (listed === undefined || !isCompared(field)) return []
    const text = `By how many there are of \`${field.name.value}\`: ${describe(field)}`
    return `${quote(text)} ${numberKey(field.name.value)}${carried(field)}`
  })
  return `
    """
    One key to sort objects of the type \`${name}\` by. Texts are compared without regard to letter case; severities
    and sensitivity levels by their rank, lowest first; versions by their numbers, part by part; ids and other words letter by letter, as Push sent them. Rows without a value come last in either direction.
    """
    input ${name}Order {
      "What to sort by."
      field: ${name}OrderField!
      "Which end comes first."
      direction: OrderDirection! = ASC
    }

    "What objects of the type \`${name}\` can be sorted by."
    enum ${name}OrderField { ${[...values, ...numbers].join('\n')} }`
}

const sortableScalars: ReadonlySet<string> = new Set(['ID', 'String', 'Boolean', 'DateTime'])

const isSortable = (written: Written, field: FieldDefinitionNode): boolean => {
  const { name, list } = shapeOf(field.type)
  return !list && (sortableScalars.has(name) || written.enums.has(name))
}

/** What an entity's list can be grouped by. */
export const dimensionsOf = (written: Written, type: ObjectTypeDefinitionNode): string => {
  const name = type.name.value
  const collection =
    collectionNames.find(of => collections[of].type === name) ??
    storedNames.find(of => storedLists[of].type === name)
  if (collection === undefined) throw new Error(`No collection has the type ${name}.`)

  const values = [...dimensions[collection]].map(([value, dimension]) =>
    dimensionValue(written, type, value, dimension),
  )
  return `
    "What objects of the type \`${name}\` can be grouped by."
    enum ${name}Dimension { ${values.join('\n')} }`
}

const dimensionValue = (
  written: Written,
  type: ObjectTypeDefinitionNode,
  value: string,
  dimension: Dimension,
): string => {
  if (dimension.kind === 'connector') return `"By the alias of the connector."\n${value}`

  const { field: name, through, bucket } = dimension
  const owner = through === undefined ? type : written.objects.get(collections[through.to].type)
  const field = owner && flatFields(written, owner).find(of => of.name.value === name)
  if (field === undefined) throw new Error(`The schema lacks the field ${name} behind ${value}.`)

  const each = shapeOf(field.type).list ? 'each element of ' : ''
  const span = bucket === undefined ? '' : `the ${bucket.toLowerCase()} (UTC${weekday(bucket)}) of `
  const place = through === undefined ? `\`${name}\`` : `\`${through.name}.${name}\``
  return `${quote(`By ${each}${span}${place}: ${describe(field)}`)}\n${value}${carried(field)}`
}

const weekday = (bucket: string): string => (bucket === 'WEEK' ? ', from Monday' : '')

/** An entity's own fields, with those of a part in the place of the part. */
const flatFields = (
  written: Written,
  type: ObjectTypeDefinitionNode,
): readonly FieldDefinitionNode[] =>
  ownFields(type).flatMap(field => {
    const { name, list } = shapeOf(field.type)
    const part = list ? undefined : written.parts.find(of => of.name.value === name)
    return part === undefined ? [field] : ownFields(part)
  })
