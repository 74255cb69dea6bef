/** Everything that a schema lets one ask, in as few documents as will do; nothing of it is left to chance. */
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

/** What arguments are filled with: it leads to what a caller may not see, where anything does. */
export interface Bait {
  /** Ids of objects of that type, be it of an interface; the first is of one that a caller may see too. */
  readonly ids: (type: string) => readonly string[]
  readonly texts: readonly string[]
  /** The alias of a connector. */
  readonly connector: string
  /** Cursors of the list at that root field that are not the caller's own. */
  readonly cursorsOf: (root: string) => readonly string[]
}

export interface Asked {
  readonly name: string
  readonly query: string
}

type Type = GraphQLNamedType
type Field = GraphQLField<unknown, unknown>

export interface QuestionTerms {
  /** Leaves out the fields whose type is not to be asked for. */
  readonly without?: (type: GraphQLNamedType) => boolean
}

/** Rows of each list. */
const PAGE = 2

/**
 * Documents that between them have each root field and each field of all types, and give each argument its bait: a list
 * of what lies below each root field, its arguments, and those of the relations of its rows.
 */
export const everyQuestion = (
  schema: GraphQLSchema,
  bait: Bait,
  { without = () => false }: QuestionTerms = {},
): readonly Asked[] => {
  const fieldsOf = (type: Type): readonly Field[] =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).filter(field => !without(getNamedType(field.type)))
      : []
  const rowsOf = (type: Type): Type | undefined => {
    const nodes = isConnection(type)
      ? fieldsOf(type).find(({ name }) => name === 'nodes')
      : undefined
    return nodes && getNamedType(nodes.type)
  }
  const isEntity = (type: Type): boolean =>
    isAbstractType(type) || fieldsOf(type).some(({ name }) => name === 'id')

  /** What objects of the type have: with the links and lists that lead on from them, or without. */
  const selectionOf = (type: Type, links: boolean): string => {
    // A document of its own, whatever of it is selected.
    if (isOcsf(type)) return '{ message json }'
    if (type.name === 'Connector' && !links) return '{ alias }'
    const rows = rowsOf(type)
    if (rows !== undefined) return pageOf(type, rows, links)
    const own = fieldsOf(type)
    const others = isAbstractType(type)
      ? schema.getPossibleTypes(type).map(possible => {
          const more = fieldsOf(possible).filter(({ name }) => !own.some(of => of.name === name))
          const prefix = `${possible.name}_`
          return `... on ${possible.name} { __typename ${more.map(of => selected(of, links && own.length > 3, prefix)).join(' ')} }`
        })
      : []
    return `{ __typename ${own.map(of => selected(of, links)).join(' ')} ${others.join(' ')} }`
  }

  const pageOf = (type: Type, rows: Type, links: boolean): string => {
    const rest = fieldsOf(type).filter(({ name }) => !/^(nodes|edges)$/.test(name))
    const edges = fieldsOf(type).find(({ name }) => name === 'edges')
    const ofEdge = edges === undefined ? [] : fieldsOf(getNamedType(edges.type))
    const besideNode = ofEdge.filter(({ name }) => name !== 'node').map(of => selected(of, false))
    return `{ ${rest.map(of => selected(of, links)).join(' ')}
      edges { ${besideNode.join(' ')} node { __typename } } nodes ${selectionOf(rows, links)} }`
  }

  const selected = (field: Field, links: boolean, prefix = ''): string => {
    const type = getNamedType(field.type)
    const name = prefix === '' ? field.name : `${prefix}${field.name}: ${field.name}`
    if (isGrouped(field)) return links ? allGroups(field, name) : ''
    if (isLeafType(type)) return links || !isCounted(field) ? `${name}${needed(field)}` : ''
    // What stands in a plain list is part of the object.
    const isPart = isListType(getNullableType(field.type)) && !isAbstractType(type)
    const leadsOn = isConnection(type) || (isEntity(type) && !isPart && !isHeld(field))
    if (leadsOn && !links) return ''
    return `${name}${paged(field)} ${selectionOf(type, isPart && links)}`
  }

  const allGroups = ({ args, type }: Field, name: string): string => {
    const by = args.find(arg => arg.name === 'by')
    const dimension = by && getNamedType(by.type)
    if (!isEnumType(dimension)) return ''
    const values = dimension.getValues().map(({ name: value }) => value)
    const all = values.map(value => `by_${value}: groups(by: [${value}]) { keys count }`)
    const day = values.find(value => value.endsWith('_DAY')) ?? values[0] ?? ''
    const range =
      'from: "2023-10-28T00:00:00Z", until: "2023-10-30T00:00:00Z", fill: true, first: 9'
    const order = 'having: { gte: 0 }, orderBy: [{ by: KEY }]'
    const share = fieldsOf(getNamedType(type)).find(of => of.name === 'share')
    const filter = share?.args[0] && filtersOf(getNamedType(share.args[0].type), bait)[0]
    // The number of connectors would tell of those that are hidden.
    const numbers = `time distinct(of: CONNECTOR) share(where: ${filter ?? '{}'})`
    return `${all.join(' ')} ${name}(by: [${day}], ${range}, ${order}) { keys count ${numbers} }`
  }

  const textsOf = (of: Field, args: readonly GraphQLArgument[]): readonly string[] =>
    args.map(arg => `${arg.name}: ${baitsFor(arg, of, '')[0] ?? '""'}`)
  const needed = (field: Field): string =>
    inBrackets(textsOf(field, field.args.filter(isRequiredArgument)))
  const paged = (field: Field): string =>
    inBrackets([
      ...textsOf(field, field.args.filter(isRequiredArgument)),
      ...(field.args.some(({ name }) => name === 'first') ? [`first: ${PAGE}`] : []),
    ])

  /** The values that an argument is given, one after the other. */
  const baitsFor = (arg: GraphQLArgument, of: Field, key: string): readonly string[] => {
    const { name } = arg
    const type = getNullableType(arg.type)
    const named = getNamedType(type)
    if (name === 'representations') return [representations(schema, bait)]
    if (name === 'connector') return [JSON.stringify(bait.connector)]
    if (name === 'connectors') return [JSON.stringify([bait.connector])]
    if (name === 'id') return bait.ids(getNamedType(of.type).name).map(id => JSON.stringify(id))
    if (name === 'after' || name === 'before')
      return bait.cursorsOf(key).map(cursor => JSON.stringify(cursor))
    if (isInputObjectType(named) && name === 'filter') return filtersOf(named, bait)
    if (isEnumType(named) && isListType(type))
      return [
        `[${named
          .getValues()
          .map(value => value.name)
          .join(', ')}]`,
      ]
    if (named.name === 'String') return bait.texts.map(text => JSON.stringify(text))
    return [inputOf(arg.type, bait, 0)]
  }

  /** The field once for each value of each argument. */
  const baited = (field: Field, key: string): readonly string[] => {
    const type = getNamedType(field.type)
    const body = isLeafType(type) ? '' : selectionOf(type, false)
    return field.args.flatMap(arg =>
      baitsFor(arg, field, key).map(value => {
        const isPlace = arg.name === 'connector' && field.args.some(({ name }) => name === 'id')
        const beside = field.args.filter(
          other => other !== arg && (isRequiredArgument(other) || (isPlace && other.name === 'id')),
        )
        const isPaged = field.args.some(({ name }) => name === 'first')
        const side = arg.name === 'before' ? 'last' : 'first'
        const page = !isPaged || /^(first|last)$/.test(arg.name) ? [] : [`${side}: ${PAGE}`]
        const args = inBrackets([`${arg.name}: ${value}`, ...textsOf(field, beside), ...page])
        return `${field.name}${args} ${body}`
      }),
    )
  }

  const side = (
    name: string,
    texts: readonly string[],
    within = (text: string) => text,
  ): Asked[] =>
    texts.length === 0
      ? []
      : [{ name, query: `{ ${within(texts.map((text, n) => `asked${n}: ${text}`).join('\n'))} }` }]

  const roots = Object.values(schema.getQueryType()?.getFields() ?? {})
  return roots
    .filter(({ name, type }) => name !== '_service' && !without(getNamedType(type)))
    .flatMap(root => {
      const type = getNamedType(root.type)
      const rows = rowsOf(type)
      const id = root.args.find(arg => arg.name === 'id' && !isRequiredArgument(arg))
      const begin = `${root.name}${id === undefined ? paged(root) : inBrackets(textsOf(root, [id]))}`
      const relations =
        rows === undefined ? [] : fieldsOf(rows).flatMap(of => baited(of, root.name))
      return [
        { name: root.name, query: `{ ${begin} ${selectionOf(type, true)} }` },
        ...side(`${root.name} by its arguments`, baited(root, root.name)),
        ...side(
          `${root.name} by the arguments of relations`,
          relations,
          text => `${begin} { nodes { ${text} } }`,
        ),
      ]
    })
}

const isConnection = ({ name }: Type): boolean => name.endsWith('Connection')
const isOcsf = ({ name }: Type): boolean =>
  name.startsWith('Ocsf') && !/(Connection|Edge)$/.test(name)
const isGrouped = ({ name, args }: Field): boolean => name === 'groups' && args.length > 0
const isCounted = ({ name }: Field): boolean => name === 'groupCount'

/** What an item of a timeline is made of. */
const isHeld = ({ name }: Field): boolean => /^(event|change|detectionEvent)$/.test(name)

const inBrackets = (texts: readonly string[]): string =>
  texts.length === 0 ? '' : `(${texts.join(', ')})`

const representations = (schema: GraphQLSchema, { ids, texts, connector }: Bait): string => {
  const union = schema.getType('_Entity')
  const types = isAbstractType(union) ? schema.getPossibleTypes(union) : []
  const place = `connectorAlias: ${JSON.stringify(connector)}`
  const keys = [
    ...types.flatMap(({ name }) =>
      ids(name).map(id => `__typename: "${name}", id: ${JSON.stringify(id)}`),
    ),
    ...texts.map(text => `__typename: "Employee", email: ${JSON.stringify(text)}`),
  ]
  return `[${keys.flatMap(key => [`{ ${key} }`, `{ ${key}, ${place} }`]).join(', ')}]`
}

const isJoint = (name: string): boolean => /^(and|or|not)$/.test(name)

/** Filters that look for the bait in each member, and beyond each link. */
const filtersOf = (type: Type, bait: Bait): readonly string[] => {
  if (!isInputObjectType(type)) return []
  const members = Object.values(type.getFields()).filter(({ name }) => !isJoint(name))
  if (type.getFields()['or'] === undefined)
    return members.map(of => `{ ${of.name}: ${filtersOf(getNamedType(of.type), bait)[0] ?? '{}'} }`)
  const parts = members.map(({ name, type: of }) => `{ ${name}: ${inputOf(of, bait, 2)} }`)
  return [`{ or: [${parts.join(', ')}] }`]
}

const inputOf = (of: GraphQLInputType, bait: Bait, steps: number): string => {
  const type = getNullableType(of)
  if (isListType(type)) return `[${inputOf(type.ofType, bait, steps)}]`
  if (isEnumType(type)) return type.getValues().at(-1)?.name ?? ''
  if (!isInputObjectType(type)) return scalarOf(type.name, bait)
  const fields = type.getFields()
  const inner = (name: string, left: number): string =>
    `${name}: ${inputOf(fields[name]?.type ?? type, bait, left)}`
  for (const name of ['contains', 'eq', 'field']) if (name in fields) return `{ ${inner(name, 0)} }`
  if (steps === 0) return '{}'
  for (const name of ['any', 'some']) if (name in fields) return `{ ${inner(name, steps - 1)} }`
  const members = Object.keys(fields).filter(name => !isJoint(name))
  return `{ or: [${members.map(name => `{ ${inner(name, steps - 1)} }`).join(', ')}] }`
}

const scalarOf = (name: string, { ids, texts }: Bait): string => {
  switch (name) {
    case 'ID':
      return JSON.stringify(ids('')[1])
    case 'String':
    case 'JSON':
      return JSON.stringify(texts[0])
    case 'Boolean':
      return 'true'
    case 'DateTime':
      return '"2023-10-29T18:27:41Z"'
    case 'Duration':
      return '"P1D"'
    case 'Int':
    case 'Float':
    case 'Long':
      return '2'
    default:
      throw new Error(`No value is known for the scalar ${name}`)
  }
}
