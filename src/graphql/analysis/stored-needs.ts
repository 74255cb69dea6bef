/** What a list that is kept here needs: the objects of Push that its filter looks at and its links lead to. */
import type { FieldNode } from 'graphql'
import type { AnyNeed, Need } from '../../loaders/loaders.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type StoredName, storedLists } from '../../model/stored.ts'
import { keyOf, type Selections } from './selections.ts'

export interface StoredField extends Pick<Need, 'path' | 'first' | 'filter' | 'beside'> {
  readonly name: StoredName
  readonly field: FieldNode
}

type LinkNeed = (field: FieldNode, to: CollectionName, path: string) => Need

/** The need of that field; `linkNeed` gives that of a field that leads to one object of a collection. */
export const storedNeed = (
  selections: Selections,
  stored: StoredField,
  linkNeed: LinkNeed,
): AnyNeed => needOfRows(selections, stored, selections.rowsOf(stored.field, stored.path), linkNeed)

/** The need of a field that gives what happened to an object: the links of the events among it. */
export const timelineNeed = (
  selections: Selections,
  stored: Omit<StoredField, 'name'>,
  linkNeed: LinkNeed,
): AnyNeed => {
  const events = [...selections.rowsOf(stored.field, stored.path)].flatMap(([item, above]) =>
    [...selections.fieldsOf(item.selectionSet)]
      .filter(({ name }) => name.value === 'event')
      .map(event => [event, `${above}.${keyOf(event)}`] as const),
  )
  return needOfRows(selections, { ...stored, name: 'events' }, events, linkNeed)
}

const needOfRows = (
  { fieldsOf }: Selections,
  { name, path, first, filter, beside }: StoredField,
  rows: Iterable<readonly [row: FieldNode, path: string]>,
  linkNeed: LinkNeed,
): AnyNeed => {
  const links = linksOf(name)
  const then: Need[] = []
  for (const [row, above] of rows)
    for (const part of fieldsOf(row.selectionSet)) {
      const to = links.get(part.name.value)
      if (to !== undefined) then.push(linkNeed(part, to, `${above}.${keyOf(part)}`))
    }
  const grouped = (beside?.whole ?? []).map(collection => ({ collection, filter: undefined }))
  const through = [filter, ...(beside?.filters ?? [])].flatMap(of => throughOf(of, links))
  return { kind: 'stored', path, collection: name, first, through: [...through, ...grouped], then }
}

/** Where the links of a stored list lead to, by their fields. */
const linksOf = (name: StoredName): ReadonlyMap<string, CollectionName> =>
  new Map([
    ...storedLists[name].links.map((link): [string, CollectionName] => [link.name, link.to]),
    // The object of a DETECTION event, which has no filter.
    ...(name === 'events' ? [['detection', 'detections'] as const] : []),
  ])

/** What a filter asks of the objects behind those links. */
const throughOf = (
  filter: unknown,
  links: ReadonlyMap<string, CollectionName>,
): { readonly collection: CollectionName; readonly filter: unknown }[] => {
  if (typeof filter !== 'object' || filter === null) return []
  return Object.entries(filter).flatMap(([name, inner]: [string, unknown]) => {
    const collection = links.get(name)
    if (collection !== undefined) return [{ collection, filter: inner }]
    if (name === 'not') return throughOf(inner, links)
    if (name !== 'and' && name !== 'or') return []
    return [inner].flat().flatMap(part => throughOf(part, links))
  })
}
