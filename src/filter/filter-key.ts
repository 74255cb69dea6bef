import type { Filter } from './filter.ts'
import { cased, folded } from './letters.ts'

/**
 * A text that is the same for filters that ask the same: the order of their parts, repetitions, and letters that
 * are folded anyway do not show. It names the question, so that `within: "P7D"` is the same a minute later, and
 * so that cursors can be bound to it. Different texts may still mean the same.
 */
export const filterKey = (filter: Filter): string => JSON.stringify(shape(filter))

type Shape = string | number | boolean | readonly Shape[]

const shape = (filter: Filter): Shape => {
  switch (filter.kind) {
    case 'all':
    case 'nothing':
      return filter.kind
    case 'and':
    case 'or':
      return [filter.kind, ...sorted(filter.of.map(shape))]
    case 'not':
      return ['not', shape(filter.of)]
    case 'isNull':
    case 'isEmpty':
      return [filter.kind, filter.field]
    case 'unrecognized':
      return [filter.kind, filter.field]
    case 'compare':
      return filter.ago === undefined
        ? [filter.field, filter.op, filter.value]
        : [filter.field, filter.op, 'ago', filter.ago]
    case 'in':
      return [filter.field, 'in', ...sorted(filter.values)]
    case 'text':
      return [filter.field, filter.op, ...lettered([filter.value], filter.caseSensitive)]
    case 'textIn':
      return [filter.field, 'in', ...sorted(lettered(filter.values, filter.caseSensitive))]
    case 'list':
      return [filter.field, filter.quantifier, shape(filter.of)]
    case 'toOne':
      return ['toOne', filter.link.name, shape(filter.of)]
    case 'toMany':
      return ['toMany', filter.relation.name, filter.quantifier, shape(filter.of)]
    default:
      return filter satisfies never
  }
}

/** Says how the letters are compared, since an exact comparison of the same text asks something else. */
const lettered = (values: readonly string[], caseSensitive: boolean): readonly string[] =>
  caseSensitive ? ['cased', ...values.map(cased.of)] : ['folded', ...values.map(folded.of)]

const sorted = (shapes: readonly Shape[]): readonly Shape[] => {
  const byText = new Map(shapes.map(part => [JSON.stringify(part), part]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
}
