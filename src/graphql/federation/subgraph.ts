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
import type { Work } from '../../work/work.ts'
import type { Naming } from './naming.ts'
import { renameTypeDefs } from './rename.ts'
import { withMutations } from './with-mutations.ts'

const bundled = new URL('../../generated/subgraph.graphql', import.meta.url)

export interface SubgraphOptions {
  readonly naming: Naming
  /** Callers are told apart: the schema says who may read what. */
  readonly auth?: boolean
  /** Mutations are served. */
  readonly mutations?: boolean
}

/** The types of the subgraph. */
export const loadSubgraph = ({
  naming,
  auth = false,
  mutations = false,
}: SubgraphOptions): DocumentNode => {
  const read = parse(readFileSync(bundled, 'utf8'), { noLocation: true })
  const whole = mutations ? withMutations(read, 'subgraph') : read
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
export const printSubgraph = (document: DocumentNode): string =>
  toText(inOrder(document).map(definition => print(definition)))

/** The same in turns, printed once for all who ask, by whoever asks first. */
export type PrintInTurns = (work: Work) => Generator<void, string>

/** About what it takes to print a definition. */
const PRINT_NS = 100_000

export const createPrintSubgraph = (document: DocumentNode): PrintInTurns => {
  const definitions = inOrder(document)
  const printed: string[] = []
  let text: string | undefined
  return function* (work) {
    for (let next = definitions[printed.length]; next !== undefined && text === undefined;) {
      printed.push(print(next))
      if (!work.spend(PRINT_NS)) yield
      // Others may have gone on meanwhile.
      next = definitions[printed.length]
    }
    return (text ??= toText(printed))
  }
}

const inOrder = ({ definitions }: DocumentNode): readonly DefinitionNode[] =>
  definitions.toSorted((a, b) => compareText(nameOf(a), nameOf(b)))

const toText = (definitions: readonly string[]): string => `${definitions.join('\n\n')}\n`

/** What has no name of its own comes first. */
const nameOf = (definition: DefinitionNode): string =>
  definition.kind !== Kind.SCHEMA_EXTENSION && 'name' in definition
    ? (definition.name?.value ?? '')
    : ''
