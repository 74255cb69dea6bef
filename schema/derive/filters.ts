import type { FieldDefinitionNode, ObjectTypeDefinitionNode } from 'graphql'
import type { Field } from '../../src/model/collection.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { type EnumName, ranked } from '../../src/model/enums.ts'
import {
  carried,
  describe,
  fieldsOf,
  isCompared,
  listedBy,
  quote,
  shapeOf,
  type Written,
} from './written.ts'

/** The filter of a type: and, or, not, and one member for each field and relation that can be compared. */
export const filterOf = (written: Written, type: ObjectTypeDefinitionNode): string => {
  const filter = `${type.name.value}Filter`
  const members = fieldsOf(type)
    .filter(isCompared)
    .map(field => member(written, type, field))
  return `
    """
    Which objects of the type \`${type.name.value}\` pass. Members are joined by AND; \`{}\` passes everything. An operator
    given as an explicit null is refused, one given by an absent variable is as if it were not there.
    """
    input ${filter} {
      "Every one of these filters passes. An empty list passes everything."
      and: [${filter}!]
      "At least one of these filters passes. An empty list passes nothing."
      or: [${filter}!]
      "This filter does not pass."
      not: ${filter}
      ${isLinked(written, type) ? exists : ''}
      ${members.join('\n')}
    }`
}

/** Whether an object leads to one of that type. */
const isLinked = ({ entities, parts }: Written, { name }: ObjectTypeDefinitionNode): boolean =>
  [...entities, ...parts].flatMap(fieldsOf).some(field => {
    const shape = shapeOf(field.type)
    return !shape.list && shape.name === name.value && entities.some(of => of.name === name)
  })

const exists = `
  """
  True: there is such an object. False: there is none. Of the object that a link leads to it passes links that lead
  nowhere, which fail every other filter of it; in a list every object exists.
  """
  exists: Boolean`

const operandOfScalar: Readonly<Record<string, string>> = {
  ID: 'IDFilter',
  String: 'StringFilter',
  Boolean: 'BooleanFilter',
  DateTime: 'DateTimeFilter',
}

const member = (
  written: Written,
  type: ObjectTypeDefinitionNode,
  field: FieldDefinitionNode,
): string => {
  const { operand: usual, rule } = comparison(written, field) ?? {}
  const operand = isVersionField(type, field) ? 'VersionFilter' : usual
  if (operand === undefined) return ''
  const text = [describe(field), rule].filter(part => part !== undefined).join(' ')
  return `${quote(text)}\n${field.name.value}: ${operand}${carried(field)}`
}

const isVersionField = (type: ObjectTypeDefinitionNode, { name }: FieldDefinitionNode): boolean => {
  const of = collectionNames.find(each => collections[each].type === type.name.value)
  const fields: Readonly<Record<string, Field>> = of === undefined ? {} : collections[of].fields
  return fields[name.value]?.isVersion === true
}

const byNumber = 'Passes by how many of them pass.'
const byExistence = 'Fails where there is none; `{}` asks only that there is one.'

/** Undefined for what no filter compares: the connector, and JSON, whose text stands beside it. */
const comparison = (
  written: Written,
  field: FieldDefinitionNode,
): { readonly operand: string; readonly rule?: string } | undefined => {
  const listed = listedBy(written, field)
  if (listed !== undefined) return { operand: `${listed.name.value}ListFilter`, rule: byNumber }

  const { name, list } = shapeOf(field.type)
  const isOne = (of: readonly ObjectTypeDefinitionNode[]): boolean =>
    of.some(type => type.name.value === name)
  if (isOne(written.entities)) return { operand: `${name}Filter`, rule: byExistence }
  if (isOne(written.parts) && list) return { operand: `${name}ListFilter`, rule: byNumber }
  if (list) return { operand: `${name}ListFilter` }
  if (isOne(written.parts) || written.enums.has(name)) return { operand: `${name}Filter` }

  const operand = operandOfScalar[name]
  return operand === undefined ? undefined : { operand }
}

/** How many objects of a list have to pass. */
export const quantifierOf = (written: Written, type: ObjectTypeDefinitionNode): string => {
  const filter = `${type.name.value}Filter`
  // The list of a part stands in the row and can be missing there; one of a relation can only be empty.
  const missing = written.parts.includes(type)
    ? ' Where Push does not give the list, nothing of it passes.'
    : ''
  return `
    """
    Passes by how many objects of the type \`${type.name.value}\` in a list pass. Members are joined by AND; \`{}\`
    passes everything.${missing}
    """
    input ${type.name.value}ListFilter {
      "At least one of them passes: \`some: {}\` asks for a list that is not empty."
      some: ${filter}
      "Every one of them passes; so does an empty list."
      every: ${filter}
      "None of them passes; so does an empty list: \`none: {}\` asks for an empty one."
      none: ${filter}
      "So many of them pass: \`count: { gte: 3 }\` asks for a list of three or more."
      count: ${type.name.value}CountFilter
    }

    """
    Compares how many objects of the type \`${type.name.value}\` there are in a list. Members are joined by AND; \`{}\` passes
    everything.
    """
    input ${type.name.value}CountFilter {
      "There are so many."
      eq: Int
      "There are more or fewer."
      ne: Int
      "There are more."
      gt: Int
      "There are so many or more."
      gte: Int
      "There are fewer."
      lt: Int
      "There are so many or fewer."
      lte: Int
      "True passes nothing, as there is always a number; false everything."
      isNull: Boolean
      "Which of them count. Where absent, all of them."
      where: ${filter}
    }`
}

/** The filters of every enumeration that a row holds, alone or in a list. */
export const enumFilters = (written: Written): readonly string[] => {
  const held = [...written.entities, ...written.parts]
    .flatMap(fieldsOf)
    .map(field => shapeOf(field.type))
    .filter(({ name }) => written.enums.has(name))
  const alone = new Set(held.map(({ name }) => name))
  const listed = new Set(held.filter(({ list }) => list).map(({ name }) => name))
  return [
    ...[...alone].map(name => enumFilter(name, isOpen(written, name))),
    ...[...listed].map(enumListFilter),
  ]
}

/** Whether Push may send a word that the enumeration does not have. */
const isOpen = ({ enums }: Written, name: string): boolean =>
  enums.get(name)?.values?.some(value => value.name.value === 'UNRECOGNIZED') === true

const enumFilter = (name: string, open: boolean): string => `
  """
  Compares a value of \`${name}\`. Members are joined by AND; \`{}\` passes everything. A row without a value passes
  only \`isNull: true\`, \`ne\` and \`notIn\`.${open ? ' `UNRECOGNIZED` stands for every word that is new to Pushgraph.' : ''}
  """
  input ${name}Filter {
    "The value equals this one."
    eq: ${name}
    "The value differs from this one, or there is none."
    ne: ${name}
    "The value equals one of these. An empty list passes nothing."
    in: [${name}!]
    "The value equals none of these, or there is none."
    notIn: [${name}!]
    ${isRanked(name) ? comparisonsOfRank(name) : ''}
    "True: there is no value. False: there is one."
    isNull: Boolean
  }`

const isRanked = (name: string): boolean => ranked.has(name as EnumName)

const comparisonsOfRank = (name: string): string => `
    "The value stands above this one. A word that is new to Pushgraph does not pass, and none stands above \`UNRECOGNIZED\`."
    gt: ${name}
    "The value is this one or stands above it. A word that is new to Pushgraph does not pass."
    gte: ${name}
    "The value stands below this one. A word that is new to Pushgraph does not pass."
    lt: ${name}
    "The value is this one or stands below it. A word that is new to Pushgraph does not pass."
    lte: ${name}`

const enumListFilter = (name: string): string => `
  """
  Compares a list of \`${name}\`. Members are joined by AND; \`{}\` passes everything. A row without a list passes
  only \`isNull: true\`.
  """
  input ${name}ListFilter {
    "At least one element passes."
    any: ${name}Filter
    "Every element passes; so does an empty list."
    all: ${name}Filter
    "No element passes; so does an empty list."
    none: ${name}Filter
    "True: the list is there and has no element. False: it has at least one."
    isEmpty: Boolean
    "True: there is no list. False: there is one, be it empty."
    isNull: Boolean
  }`
