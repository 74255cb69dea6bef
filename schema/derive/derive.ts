/**
 * From the written types to the whole schema. Filters, sort keys, group dimensions and pages follow from the types by
 * rule, so that a field is written once: in schema/*.graphql.
 */
import { concatAST, parse, type DocumentNode } from 'graphql'
import { withCollections } from './collections.ts'
import { connectionOf, withListArguments } from './connections.ts'
import { enumFilters, filterOf, quantifierOf } from './filters.ts'
import { withDirectives } from './directives.ts'
import { withEnvelope } from './envelope.ts'
import { dimensionsOf, orderOf } from './orders.ts'
import { readWritten } from './written.ts'

/**
 * The written schema with all that follows from it: what each collection has, list arguments, connections, filters,
 * orders, dimensions, and what gateways are told of them.
 */
export const derive = (document: DocumentNode): DocumentNode => {
  const written = readWritten(withEnvelope(withCollections(document)))
  const derived = [
    ...written.entities.flatMap(type => [
      connectionOf(written, type),
      filterOf(written, type),
      orderOf(written, type),
      dimensionsOf(written, type),
    ]),
    ...written.parts.map(type => filterOf(written, type)),
    ...written.listed.map(type => quantifierOf(written, type)),
    ...enumFilters(written),
  ]
  const whole = concatAST([
    withListArguments(written),
    parse(derived.join('\n'), { noLocation: true }),
  ])
  return withDirectives(whole)
}
