/** How long it takes to find out whether fields of the same name in an answer can be merged into one. */
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql'
import { fragmentFinder } from './selections.ts'

/** Selections of fields that share a name in the answer, so many levels below the one that was begun with. */
interface Merged {
  readonly sets: readonly SelectionSetNode[]
  readonly level: number
}

/** Fragments that lead back to themselves would go on for ever; they are invalid, as another rule says. */
const MAX_LEVEL = 100

/**
 * About how many pairs of fields, and of fragments, graphql-js compares to validate the document: each field with each
 * other of the same name in the answer, each fragment with each beside it, and so on below them. Found in as many steps
 * as it counts; ends a little above `most`.
 *
 * @see https://spec.graphql.org/October2021/#sec-Field-Selection-Merging
 */
export const countComparisons = (document: DocumentNode, most: number): number => {
  const findFragment = fragmentFinder(document)
  let count = 0
  const left: Merged[] = []

  const compare = ({ sets, level }: Merged): void => {
    const byKey = new Map<string, { fields: number; readonly below: SelectionSetNode[] }>()
    const seen = new Set<SelectionSetNode>()
    let fragments = 0
    const within = [...sets]
    for (let set = within.pop(); set !== undefined && count <= most; set = within.pop())
      for (const node of set.selections) {
        count += 1
        if (node.kind !== Kind.FIELD) {
          const inner = findFragment(node)?.selectionSet
          if (node.kind === Kind.FRAGMENT_SPREAD) fragments += 1
          if (inner === undefined || seen.has(inner)) continue
          seen.add(inner)
          within.push(inner)
          continue
        }
        const key = (node.alias ?? node.name).value
        const same = byKey.get(key) ?? { fields: 0, below: [] }
        same.fields += 1
        if (node.selectionSet !== undefined) same.below.push(node.selectionSet)
        byKey.set(key, same)
      }
    count += pairs(fragments)
    for (const { fields, below } of byKey.values()) {
      count += pairs(fields)
      if (below.length > 0 && level < MAX_LEVEL) left.push({ sets: below, level: level + 1 })
    }
  }

  for (const definition of document.definitions)
    if ('selectionSet' in definition) {
      left.push({ sets: [definition.selectionSet], level: 0 })
      for (let next = left.pop(); next !== undefined && count <= most; next = left.pop())
        compare(next)
    }
  return count
}

const pairs = (of: number): number => (of * (of - 1)) / 2
