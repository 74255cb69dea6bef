/**
 * Questions made from a schema alone: every way of reading that it has, each by whatever leads to it and with arguments
 * of every kind. What is added to the schema is asked for without a line here.
 */
import fc from 'fast-check'
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { detectionEventRelations, relations } from '../../src/model/relations.ts'
import type { CollectionName } from '../../src/model/rows.ts'

/** A field that leads from an object, or from the root, to objects, their list, or what is made of one. */
export interface Reading {
  /** Its type and name: `Employee.accounts`. */
  readonly key: string
  readonly from: string
  readonly field: GraphQLField<unknown, unknown>
  /** The type of its value, or of the list's elements. */
  readonly to: GraphQLNamedType
  readonly isList: boolean
}

/** A document, which may have the variable `cursor`: one of the cursors of its own answer without it. */
export type Question = string

type Type = GraphQLNamedType
type Text = fc.Arbitrary<string>

/** Every way of reading that an operation of that schema can come to, by its key. */
export const readingsOf = (schema: GraphQLSchema): ReadonlyMap<string, Reading> => {
  const found = new Map<string, Reading>()
  const met = new Set<Type>()
  const meet = (type: Type): void => {
    if (met.has(type)) return
    met.add(type)
    for (const reading of readingsAt(type)) {
      found.set(reading.key, reading)
      meet(reading.to)
    }
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) meet(possible)
  }
  const query = schema.getQueryType()
  if (query) meet(query)
  return found
}

/** The ways that a list of the model or a link between its collections goes, by their keys. */
export const modelReadings: ReadonlySet<string> = new Set([
  ...collectionNames.flatMap(name => {
    const { type } = collections[name]
    const single = `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`
    const { toOne, toMany } = relations[name]
    const links = [...toOne, ...toMany].map(link => `${type}.${link.name}`)
    return [`Query.${name}`, `Query.${single}`, ...links]
  }),
  'Detection.events',
  ...detectionEventRelations.toOne.map(({ name }) => `DetectionEvent.${name}`),
])

const readingsAt = (type: Type): readonly Reading[] =>
  fieldsOf(type).flatMap(field => {
    const isList = isConnection(getNamedType(field.type))
    const to = isList ? nodeOf(getNamedType(field.type)) : getNamedType(field.type)
    const key = `${type.name}.${field.name}`
    return leadsOn(to) ? [{ key, from: type.name, field, to, isList }] : []
  })

const fieldsOf = (type: Type): readonly GraphQLField<unknown, unknown>[] =>
  // An event of OCSF is one document, whatever of it is selected.
  (isObjectType(type) || isInterfaceType(type)) && !isOcsf(type)
    ? Object.values(type.getFields())
    : []

const isConnection = ({ name }: Type): boolean => name.endsWith('Connection')
const isOcsf = (type: Type): boolean => type.name.startsWith('Ocsf') && !isConnection(type)

const nodeOf = (connection: Type): Type => {
  const nodes = isObjectType(connection) ? connection.getFields()['nodes'] : undefined
  if (nodes === undefined) throw new Error(`${connection.name} has no nodes`)
  return getNamedType(nodes.type)
}

/** Anything else is part of the object that has it. */
const leadsOn = (type: Type): boolean =>
  isAbstractType(type) ||
  isOcsf(type) ||
  type.name === 'Connector' ||
  type.name === '_Service' ||
  type.name === 'TimelineItem' ||
  (isObjectType(type) && 'id' in type.getFields())

/** Objects deeper than this below the root are not asked for. */
const MAX_STEPS = 3
/** How much likelier a way is taken that may rest on whole collections alone. */
const MODEL_WEIGHT = 8

export interface Questions {
  /** Those that read that way, by whatever else leads there. */
  to(reading: Reading): fc.Arbitrary<Question>
  /** All of them. */
  readonly any: fc.Arbitrary<Question>
}

export const questionsOf = (schema: GraphQLSchema): Questions => {
  const readings = [...readingsOf(schema).values()]
  const root = schema.getQueryType()?.name ?? ''

  /** Whether objects of that type may be among those that the reading gives. */
  const gives = ({ to }: Reading, name: string): boolean =>
    to.name === name ||
    (isAbstractType(to) && schema.getPossibleTypes(to).some(possible => possible.name === name))

  const stepsTo = new Map([[root, 0]])
  for (let steps = 0; steps < MAX_STEPS; steps += 1)
    for (const { name } of Object.values(schema.getTypeMap()))
      if (
        !stepsTo.has(name) &&
        readings.some(reading => stepsTo.get(reading.from) === steps && gives(reading, name))
      )
        stepsTo.set(name, steps + 1)

  const weighed = (some: readonly Reading[]): fc.Arbitrary<Reading> =>
    fc.oneof(
      ...some.map(reading => ({
        weight: modelReadings.has(reading.key) ? MODEL_WEIGHT : 1,
        arbitrary: fc.constant(reading),
      })),
    )

  /** The field with that inside, wrapped in what leads to it from the root. */
  const reached = (reading: Reading, steps: number, inside?: string): Text =>
    written(reading, inside).chain(text => {
      if (reading.from === root) return fc.constant(text)
      const ways = readings.filter(
        way => gives(way, reading.from) && (stepsTo.get(way.from) ?? Infinity) < steps,
      )
      return weighed(ways).chain(way =>
        reached(way, steps - 1, `... on ${reading.from} { ${text} }`),
      )
    })

  /** The document that selects those root fields, side by side or in a fragment. */
  const documentOf = (...texts: readonly Text[]): fc.Arbitrary<Question> =>
    fc.record({ roots: fc.tuple(...texts), byFragment: fc.nat(3) }).map(({ roots, byFragment }) => {
      const fields = roots.map((text, n) => `asked${n}: ${text}`).join(' ')
      const head = fields.includes('$cursor') ? 'query Q($cursor: String)' : 'query Q'
      return byFragment === 0
        ? `${head} { ...Root } fragment Root on ${root} { ${fields} }`
        : `${head} { ${fields} }`
    })

  const reachable = readings.filter(({ from }) => stepsTo.has(from))
  const some = weighed(reachable).chain(reading => reached(reading, MAX_STEPS))
  return {
    to: reading => documentOf(reached(reading, MAX_STEPS)),
    any: fc.oneof(
      { weight: 3, arbitrary: documentOf(some) },
      { weight: 1, arbitrary: documentOf(some, some) },
    ),
  }
}

/** The field with its arguments and a selection that has `inside` among the object's own fields. */
const written = (reading: Reading, inside = ''): Text => {
  const { field, to, isList } = reading
  const ofObject = objectSelection(to, inside)
  return fc
    .record({
      args: argumentsOf(reading),
      selection: isList ? listSelection(getNamedType(field.type), ofObject) : ofObject,
    })
    .map(({ args, selection }) => {
      const cursors = args.includes('$cursor') ? 'pageInfo { startCursor endCursor }' : ''
      return `${field.name}${args} { ${selection} ${cursors} }`
    })
}

const objectSelection = (type: Type, inside: string): Text => {
  if (isOcsf(type)) return fc.constant(`time json ${inside}`)
  const own = fieldsOf(type)
    .map(field => ({ field, of: getNamedType(field.type) }))
    .filter(({ of }) => !leadsOn(of) && !isConnection(of))
    .map(({ field }) => partText(field))
  return someOf(own).map(text => `${text} ${inside}`)
}

const listSelection = (connection: Type, ofNode: Text): Text =>
  fc
    .record({
      node: ofNode,
      parts: someOf(
        fieldsOf(connection)
          .filter(({ name }) => name !== 'nodes' && name !== 'edges')
          .map(partText),
      ),
      byEdge: fc.boolean(),
    })
    .map(({ node, parts, byEdge }) =>
      byEdge ? `${parts} edges { cursor node { ${node} } }` : `${parts} nodes { ${node} }`,
    )

/** A field that is part of its object, whole. */
const partText = ({ name, args, type }: GraphQLField<unknown, unknown>): Text => {
  const part = getNamedType(type)
  const members = isObjectType(part)
    ? Object.values(part.getFields()).filter(({ type: of }) => !leadsOn(getNamedType(of)))
    : []
  return fc
    .tuple(argumentTexts(args.filter(isRequiredArgument)), ...members.map(partText))
    .map(([given, ...texts]) => {
      const inside = texts.length === 0 ? '' : ` { ${texts.join(' ')} }`
      return `${name}${inBrackets(given)}${inside}`
    })
}

/** At least one of them. */
const someOf = (texts: readonly Text[]): Text =>
  texts.length === 0
    ? fc.constant('__typename')
    : fc
        .subarray([...texts.keys()], { minLength: 1 })
        .chain(chosen => fc.tuple(...chosen.map(n => texts[n] ?? fc.constant(''))))
        .map(parts => parts.join(' '))

const inBrackets = (texts: readonly string[]): string => {
  const given = texts.filter(text => text !== '')
  return given.length === 0 ? '' : `(${given.join(', ')})`
}

const paging: ReadonlySet<string> = new Set(['first', 'after', 'last', 'before'])

const argumentsOf = ({ field: { args }, to }: Reading): Text => {
  const has = (name: string): boolean => args.some(arg => arg.name === name)
  const count = fc.constantFrom(1, 2, 4)
  const pages: readonly (readonly [needed: string, weight: number, rest: string])[] = [
    ['first', 2, ''],
    ['after', 1, ', after: $cursor'],
    ['last', 1, ''],
    ['before', 1, ', before: $cursor'],
  ]
  const page = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    ...pages
      .filter(([needed]) => has(needed))
      .map(([needed, weight, rest]) => {
        const side = needed === 'last' || needed === 'before' ? 'last' : 'first'
        return { weight, arbitrary: count.map(n => `${side}: ${n}${rest}`) }
      }),
  )
  const rest = args.filter(({ name }) => !paging.has(name))
  const textsOf = (arg: GraphQLArgument): fc.Arbitrary<readonly string[]> =>
    arg.name === 'id' ? idOf(to).map(id => [`id: "${id}"`]) : argumentTexts([arg])
  const maybe = (arg: GraphQLArgument): fc.Arbitrary<readonly string[]> =>
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: textsOf(arg) })
  // Of an object that goes by several names, one is given.
  const names = has('id') ? rest.filter(({ name }) => name !== 'connector' && name !== 'at') : []
  const others = rest.filter(arg => !names.includes(arg))
  return fc
    .tuple(
      page,
      names.length === 0 ? fc.constant([]) : fc.constantFrom(...names).chain(textsOf),
      ...others.map(arg => (isRequiredArgument(arg) ? textsOf(arg) : maybe(arg))),
    )
    .map(([first, ...texts]) => inBrackets([first, ...texts.flat()]))
}

/** An id that objects of the type may have; most have that of one that is there. */
const idOf = ({ name }: Type): Text => {
  const collection = collectionNames.find(each => collections[each].type === name)
  const letter = collection === undefined ? '' : idLetters[collection]
  const own = knownIds.filter(id => letter !== '' && id.startsWith(letter))
  return own.length === 0 ? fc.constantFrom(...knownIds) : fc.constantFrom(...own, 'nobody')
}

const argumentTexts = (args: readonly GraphQLArgument[]): fc.Arbitrary<readonly string[]> =>
  fc.tuple(...args.map(({ name, type }) => valueOf(type, name).map(value => `${name}: ${value}`)))

/** How far filters lie inside one another. */
const MAX_FILTER_DEPTH = 4

/** They mean nothing without another member beside them, or need one. */
const unspoken: ReadonlySet<string> = new Set(['caseSensitive', 'and', 'or'])

const valueOf = (of: GraphQLInputType, name: string, depth = 0): Text => {
  const type = getNullableType(of)
  if (isListType(type))
    return fc
      .array(valueOf(type.ofType, name, depth), { minLength: 1, maxLength: 1 })
      .map(values => `[${values.join(', ')}]`)
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(value => value.name))
  if (!isInputObjectType(type)) return scalarOf(type.name, name)
  const fields = Object.values(type.getFields())
  const required = fields.filter(isRequiredInputField)
  const optional = fields.filter(
    field =>
      !isRequiredInputField(field) && !unspoken.has(field.name) && !isTooDeep(field.type, depth),
  )
  const chosen = required.length > 0 ? fc.constant(required) : oneOf(optional.flatMap(asOften))
  return chosen
    .chain(some =>
      fc.tuple(
        ...some.map(field =>
          valueOf(field.type, field.name, depth + 1).map(value => `${field.name}: ${value}`),
        ),
      ),
    )
    .map(members => `{ ${members.join(', ')} }`)
}

/** What reckons from the time of the question ends an answer by itself: it is asked more often than its share. */
const asOften = (field: GraphQLInputField): readonly GraphQLInputField[] => {
  const isOfTime = ['DateTimeFilter', 'Duration'].includes(getNamedType(field.type).name)
  return Array.from({ length: isOfTime ? 4 : 1 }, () => field)
}

const oneOf = <Value>(values: readonly Value[]): fc.Arbitrary<readonly Value[]> =>
  values.length === 0 ? fc.constant([]) : fc.constantFrom(...values).map(value => [value])

const isTooDeep = (type: GraphQLInputType, depth: number): boolean =>
  depth >= MAX_FILTER_DEPTH && isInputObjectType(getNamedType(type))

/** The first letter of the ids of a collection, a number behind it. */
export const idLetters: { readonly [Name in CollectionName]: string } = {
  employees: 'e',
  accounts: 'a',
  apps: 'p',
  browsers: 'b',
  browserExtensions: 'x',
  findings: 'f',
  detections: 'd',
}

/** Ids that objects of the test may have. */
export const knownIds = ['e1', 'a1', 'a2', 'p0', 'p1', 'b1', 'x1', 'f1', 'd1', 'nobody'] as const

const scalarOf = (type: string, name: string): Text => {
  switch (type) {
    case 'ID':
      return fc.constantFrom(...knownIds).map(id => JSON.stringify(id))
    case 'String':
      return name.startsWith('connector')
        ? fc.constant('"default"')
        : fc.constantFrom('"ann@example.com"', '"SLACK"', '"Legal"', '"a"', '"default"')
    case 'Int':
      return fc.constantFrom('1', '3')
    case 'Float':
    case 'Long':
      return fc.constant('1')
    case 'Boolean':
      return fc.constantFrom('true', 'false')
    case 'DateTime':
      return fc.constantFrom('"2026-01-01T00:00:00Z"', '"2025-12-31T23:55:00Z"')
    case 'Duration':
      return fc.constantFrom('"PT10M"', '"PT1M"', '"P1D"')
    case '_Any':
      return fc.constantFrom(
        '{ __typename: "Employee", id: "e1", connectorAlias: "default" }',
        '{ __typename: "Account", id: "a1", connectorAlias: "default" }',
      )
    default:
      throw new Error(`No value is known for the scalar ${type}`)
  }
}
