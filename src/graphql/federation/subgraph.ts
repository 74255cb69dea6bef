/** The schema as a supergraph takes it: with keys, costs, tags and, where callers are told apart, their scopes. */
import { readFileSync } from 'node:fs'
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql'
import { compareText } from '../../model/values.ts'
import type { Naming } from './naming.ts'
import { renameTypeDefs } from './rename.ts'

const bundled = new URL('../../generated/subgraph.graphql', import.meta.url)

export interface SubgraphOptions {
  readonly naming: Naming
  /** Callers are told apart: the schema says who may read what. */
  readonly auth?: boolean
}

/** The types of the subgraph. */
export const loadSubgraph = ({ naming, auth = false }: SubgraphOptions): DocumentNode => {
  const whole = parse(readFileSync(bundled, 'utf8'), { noLocation: true })
  return renameTypeDefs(auth ? whole : withoutAuth(whole), naming)
}

const ofAuth: ReadonlySet<string> = new Set(['authenticated', 'requiresScopes'])

/** The same types without a word of who may read what. */
export const withoutAuth = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Directive: directive => {
      if (ofAuth.has(directive.name.value)) return null
      return directive.name.value === 'link'
        ? withoutImports(directive as ConstDirectiveNode)
        : undefined
    },
  })

const withoutImports = (link: ConstDirectiveNode): ConstDirectiveNode =>
  visit(link, {
    StringValue: value => (ofAuth.has(value.value.replace('@', '')) ? null : undefined),
  })

/** The subgraph as text, its definitions in the order of their names: what `_service` gives and composers take. */
export const printSubgraph = (document: DocumentNode): string => {
  const definitions = document.definitions.toSorted((a, b) => compareText(nameOf(a), nameOf(b)))
  return `${print({ ...document, definitions })}\n`
}

/** What has no name of its own comes first. */
const nameOf = (definition: DefinitionNode): string =>
  definition.kind !== Kind.SCHEMA_EXTENSION && 'name' in definition
    ? (definition.name?.value ?? '')
    : ''
