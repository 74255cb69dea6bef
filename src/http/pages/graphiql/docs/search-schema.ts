/** Looks in a schema for types, fields, arguments and values of enumerations, by name and description. */
import {
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql'

type Field = GraphQLField<unknown, unknown> | GraphQLInputField
type Kind = 'type' | 'field' | 'argument' | 'value'

export interface DocsEntry {
  readonly kind: Kind
  /** As `Account.email`. */
  readonly label: string
  /** Where its documentation stands. */
  readonly type: GraphQLNamedType
  readonly field: Field | undefined
  /** In small letters, as all that is compared. */
  readonly name: string
  readonly owner: string
  readonly description: string
}

export interface DocsFound {
  /** What fits best first. */
  readonly found: readonly DocsEntry[]
  /** How many there are, those beyond `limit` included. */
  readonly total: number
}

/** `Account.email` looks for members of types whose name has `account`. */
export const searchSchema = (schema: GraphQLSchema, text: string, limit = 100): DocsFound => {
  const [first = '', second] = text.trim().toLowerCase().split('.')
  const wanted = second ?? first
  const owner = second === undefined ? undefined : first
  if (wanted === '' && !owner) return { found: [], total: 0 }
  const fitting = entriesOf(schema)
    .filter(entry => isOf(entry, owner))
    .flatMap((entry, place) => {
      const rank = rankOf(entry, wanted)
      return rank === undefined ? [] : [{ entry, rank, place }]
    })
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
  return { found: fitting.slice(0, limit).map(({ entry }) => entry), total: fitting.length }
}

const isOf = ({ kind, owner }: DocsEntry, wanted: string | undefined): boolean =>
  wanted === undefined || (kind !== 'type' && owner.includes(wanted))

/** The name itself, then its beginning, then anywhere in it, then in what is said of it. */
const rankOf = ({ name, description }: DocsEntry, wanted: string): number | undefined => {
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(wanted)) return 2
  return wanted.length > 2 && description.includes(wanted) ? 3 : undefined
}

const known = new WeakMap<GraphQLSchema, readonly DocsEntry[]>()

const order: readonly Kind[] = ['type', 'field', 'argument', 'value']

const entriesOf = (schema: GraphQLSchema): readonly DocsEntry[] => {
  const found = known.get(schema)
  if (found !== undefined) return found
  const entries = [...entriesIn(schema)].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  )
  known.set(schema, entries)
  return entries
}

function* entriesIn(schema: GraphQLSchema): Generator<DocsEntry> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const types = Object.values(schema.getTypeMap()).filter(type => !isIntrospectionType(type))
  // What can be asked for at once stands before what stands deeper.
  const all = new Set([...roots.filter(type => type !== undefined && type !== null), ...types])
  for (const type of all) yield* entriesOfType(type)
}

function* entriesOfType(type: GraphQLNamedType): Generator<DocsEntry> {
  const entry = (
    kind: Kind,
    { name, description }: Pick<GraphQLEnumValue, 'name' | 'description'>,
    label: string,
    field?: Field,
  ): DocsEntry => ({
    kind,
    label,
    type,
    field,
    name: name.toLowerCase(),
    owner: type.name.toLowerCase(),
    description: (description ?? '').toLowerCase(),
  })
  yield entry('type', { name: type.name, description: type.description }, type.name)
  if (isEnumType(type))
    for (const value of type.getValues()) yield entry('value', value, `${type.name}.${value.name}`)
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return
  for (const field of Object.values(type.getFields()) as Field[]) {
    const label = `${type.name}.${field.name}`
    yield entry('field', field, label, field)
    for (const argument of 'args' in field ? field.args : [])
      yield entry(
        'argument',
        argument,
        `${label}(${argument.name}: ${String(argument.type)})`,
        field,
      )
  }
}
