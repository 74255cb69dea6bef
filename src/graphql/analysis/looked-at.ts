/** What a list looks at around its rows beside its filter: to group by it, to sort by its number, to say what share passes. */
import { getNamedType, type FieldNode, type GraphQLField, isObjectType } from 'graphql'
import type { LookedAt } from '../../loaders/loaders.ts'
import { dimensions, numberKey } from '../../model/dimensions.ts'
import { relations } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isStored, type ListName } from '../../model/stored.ts'
import { isGiven } from '../../model/values.ts'
import type { Selections } from './selections.ts'
import type { Coerced } from './variables.ts'

type Values = Readonly<Record<string, unknown>>
type Definition = GraphQLField<unknown, unknown>

/** The fields of a list that group all of its rows. */
export const grouping: ReadonlySet<string> = new Set(['groups', 'groupCount'])

/** A field that groups the rows of a list, and what is asked of each group. */
export interface AskedGroups {
  readonly args: Values
  /** What `distinct` counts. */
  readonly distinct: readonly unknown[]
  /** What `share` asks. */
  readonly shares: readonly unknown[]
}

/** The groups that are asked for of the list that a field of that definition gives. */
export const askedGroups = (
  { fieldsOf }: Selections,
  values: Coerced,
  definition: Definition | undefined,
  list: FieldNode,
): readonly AskedGroups[] => {
  const type = definition && getNamedType(definition.type)
  if (!isObjectType(type)) return []
  return [...fieldsOf(list.selectionSet)]
    .filter(({ name }) => grouping.has(name.value))
    .map(node => {
      const field = type.getFields()[node.name.value]
      const of = field && getNamedType(field.type)
      const fields = isObjectType(of) ? of.getFields() : {}
      const within = [...fieldsOf(node.selectionSet)]
      const given = (name: string, argument: string): readonly unknown[] =>
        within
          .filter(inner => inner.name.value === name)
          .map(inner => values.argumentsOrNone(fields[name], inner)[argument])
      return {
        args: values.argumentsOrNone(field, node),
        distinct: given('distinct', 'of'),
        shares: given('share', 'where'),
      }
    })
}

/** The collections by whose values those groups are made, each once. */
export const groupedThrough = (
  list: ListName,
  groups: readonly AskedGroups[],
): readonly CollectionName[] => [
  ...new Set(
    groups
      .flatMap(({ args, distinct }) => [args['by'], ...distinct].flat())
      .flatMap(name => {
        const dimension = typeof name === 'string' ? dimensions[list].get(name) : undefined
        return dimension?.kind === 'field' && dimension.through ? [dimension.through.to] : []
      }),
  ),
]

/** What such a list looks at; undefined where that is nothing. */
export const lookedAt = (
  list: ListName,
  { orderBy }: Values,
  groups: readonly AskedGroups[],
): LookedAt | undefined => {
  const keys = (isGiven(orderBy) ? [orderBy].flat() : []) as readonly { readonly field?: unknown }[]
  const counted = isStored(list)
    ? []
    : relations[list].toMany
        .filter(({ name }) => keys.some(({ field }) => field === numberKey(name)))
        .map(({ to, foreignField }) => ({ to, sliced: foreignField }))
  const whole = groupedThrough(list, groups)
  const filters = groups.flatMap(({ shares }) => shares).filter(isGiven)
  return counted.length + whole.length + filters.length === 0
    ? undefined
    : { whole, counted, filters }
}
