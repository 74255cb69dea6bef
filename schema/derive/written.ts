import {
  Kind,
  print,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql'
import { storedLists, storedNames } from '../../src/model/stored.ts'

/** What the written part of the schema says, looked up by name. */
export interface Written {
  readonly document: DocumentNode
  readonly objects: ReadonlyMap<string, ObjectTypeDefinitionNode>
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>
  /** The types with an id of their own, the interface of events among them: each has a list, a filter, an order and dimensions. */
  readonly entities: readonly ObjectTypeDefinitionNode[]
  /** The types that stand inside an entity, such as its login methods: each has a filter. */
  readonly parts: readonly ObjectTypeDefinitionNode[]
  /** The entities and parts that an entity leads to a list of. */
  readonly listed: readonly ObjectTypeDefinitionNode[]
}

const isStored = ({ name: { value } }: ObjectTypeDefinitionNode): boolean =>
  storedNames.some(name => storedLists[name].type === value)

/** Reckoned from the row, and compared by nobody. */
const reckoned = new Set(['cursor', 'inferred'])
/** Whether a type is reached from every entity and holds nothing of its row, or only what is made of it. */
const isNotOfTheRow = (name: string): boolean => name === 'Connector' || name.startsWith('Ocsf')

/** The written schema, looked through once. */
export const readWritten = (document: DocumentNode): Written => {
  const objects = new Map<string, ObjectTypeDefinitionNode>()
  const enums = new Map<string, EnumTypeDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION)
      objects.set(definition.name.value, definition)
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION) enums.set(definition.name.value, definition)
  }

  const events = document.definitions.flatMap(definition =>
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION && definition.name.value === 'Event'
      ? [{ ...definition, kind: Kind.OBJECT_TYPE_DEFINITION as const }]
      : [],
  )
  for (const event of events) objects.set(event.name.value, event)
  const is = (type: ObjectTypeDefinitionNode, name: string): boolean =>
    type.interfaces?.some(of => of.name.value === name) === true
  // The types of events have one list, filter and order between them.
  const entities = [...objects.values()].filter(
    type => (is(type, 'Entity') && !is(type, 'Event')) || events.includes(type) || isStored(type),
  )
  const held = entities
    .flatMap(fieldsOf)
    .filter(isCompared)
    .map(field => shapeOf(field.type))
  const parts = [...objects.values()].filter(
    type =>
      !entities.includes(type) &&
      !isNotOfTheRow(type.name.value) &&
      held.some(({ name }) => name === type.name.value),
  )
  const listed = [...entities, ...parts].filter(({ name: { value } }) =>
    held.some(({ name, list }) => name === `${value}Connection` || (list && name === value)),
  )
  return { document, objects, enums, entities, parts, listed }
}

/** The innermost type of a field, and whether a list of it stands there. */
export const shapeOf = (type: TypeNode): { readonly name: string; readonly list: boolean } => {
  switch (type.kind) {
    case Kind.NAMED_TYPE:
      return { name: type.name.value, list: false }
    case Kind.NON_NULL_TYPE:
      return shapeOf(type.type)
    case Kind.LIST_TYPE:
      return { ...shapeOf(type.type), list: true }
    default:
      return type satisfies never
  }
}

/** The entity whose list the field gives; undefined where it gives something else. */
export const listedBy = (
  written: Written,
  field: FieldDefinitionNode,
): ObjectTypeDefinitionNode | undefined => {
  const { name } = shapeOf(field.type)
  return written.entities.find(entity => `${entity.name.value}Connection` === name)
}

/** The fields whose values are the row's own: not the connector, and not a text beside an enumeration. */
export const ownFields = (type: ObjectTypeDefinitionNode): readonly FieldDefinitionNode[] =>
  fieldsOf(type).filter(
    ({ name, type: of }) =>
      name.value !== 'connectorAlias' &&
      !name.value.endsWith('Raw') &&
      !reckoned.has(name.value) &&
      !isNotOfTheRow(shapeOf(of).name),
  )

/** Whether a filter can compare the field: not what is reckoned, nor what is stored here itself. */
export const isCompared = ({ name, type }: FieldDefinitionNode): boolean =>
  !reckoned.has(name.value) &&
  !['OtherApp', 'EventConnection', 'ChangeConnection', 'TimelineConnection'].includes(
    shapeOf(type).name,
  )

/** All fields of a type, in the order in which they are written. */
export const fieldsOf = (type: ObjectTypeDefinitionNode): readonly FieldDefinitionNode[] =>
  type.fields ?? []

/** A text as a string literal of the schema language. */
export const quote = (text: string): string => JSON.stringify(text)

/** What the written schema says of a field, on one line. */
export const describe = (field: FieldDefinitionNode): string =>
  (field.description?.value ?? '').replaceAll('\n', ' ')

/** What whatever is derived from a field says of it too: that it is deprecated, and its tags. */
export const carried = (field: FieldDefinitionNode): string =>
  (field.directives ?? [])
    .filter(({ name }) => ['deprecated', 'tag'].includes(name.value))
    .map(directive => ` ${print(directive)}`)
    .join('')
