/** What gateways and caches are told of every type by rule: what it costs, who may read it, how long it keeps. */
import {
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
} from 'graphql'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { costOf } from './costs.ts'

/** Seconds: what `PUSHGRAPH_MAX_AGE_S` is where nobody sets it. */
const KEPT_S = 60

/** The schema with the directives that follow from its types. */
export const withDirectives = (document: DocumentNode): DocumentNode =>
  visit(document, {
    ObjectTypeDefinition: type => ({
      ...type,
      directives: [...(type.directives ?? []), ...read(ofType(type))],
      fields: (type.fields ?? []).map(field => ({
        ...field,
        directives: [...(field.directives ?? []), ...read(costOf(type, field))],
      })),
    }),
  })

const roots = new Set(['Query', 'Mutation', 'Subscription'])
/** Types that a supergraph has in common say nothing of us. */
const shared = new Set(['PageInfo'])

const ofType = (type: ObjectTypeDefinitionNode): string => {
  const name = type.name.value
  if (roots.has(name)) return ''
  if (shared.has(name)) return cacheHint(type)
  if (name.endsWith('Payload'))
    return '@authenticated @requiresScopes(scopes: [["write"]]) @cacheControl(maxAge: 0, scope: PRIVATE)'
  const scope = isOfEvents(type) ? 'events' : 'read'
  // What groups cost is told at the list that gives them.
  const cost = name.endsWith('GroupCount') ? ' @cost(weight: 0)' : ''
  return `@authenticated @requiresScopes(scopes: [["${scope}"]]) ${cacheHint(type)}${cost}`
}

/** What is stored here: a scope of its own. */
const isOfEvents = ({ name, interfaces }: ObjectTypeDefinitionNode): boolean =>
  /^(Event|ControlNotice|Other[A-Z]|Change(Connection|Edge|GroupCount)?$)/.test(name.value) ||
  interfaces?.some(({ name: { value } }) => value === 'Event') === true

const entities = new Set(collectionNames.map(name => collections[name].type))

const cacheHint = (type: ObjectTypeDefinitionNode): string => {
  const name = type.name.value
  const isRead = entities.has(name) || entities.has(name.replace(/Connection$/, ''))
  if (isRead) return `@cacheControl(maxAge: ${KEPT_S}, scope: PRIVATE)`
  // What is kept here itself, and how a connector fares, is another a moment later.
  const isLive =
    isOfEvents(type) ||
    /^(Other\w+|Connector|SearchConnection|OcsfEventConnection|Timeline\w+)$/.test(name)
  return isLive && !/Edge$/.test(name)
    ? '@cacheControl(maxAge: 0, scope: PRIVATE)'
    : '@cacheControl(inheritMaxAge: true)'
}

const read = (directives: string): readonly ConstDirectiveNode[] => {
  if (directives === '') return []
  const [definition] = parse(`scalar Any ${directives}`, { noLocation: true }).definitions
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : []
}
