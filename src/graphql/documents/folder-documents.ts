/**
 * The documents of a folder: each operation with the fragments that it uses, wherever in the folder these stand, as
 * Apollo's and Hive's tools make them; and each file that stands for itself, as it stands.
 */
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  visit,
} from 'graphql'
import type { DocumentFile } from '../../model/documents.ts'
import { hashOfText } from '../analysis/documents.ts'
import type { WrittenDocument } from './written-document.ts'

/** What a file holds. */
interface Read {
  readonly file: DocumentFile
  readonly document: DocumentNode
  readonly own: ReadonlyMap<string, FragmentDefinitionNode>
}

export interface FolderDocuments {
  readonly written: readonly WrittenDocument[]
  /**
   * What each file holds, with the fragments of others that it uses: if it fits a schema, so do all documents that are
   * made of it. Nodes have their places in the files.
   */
  readonly wholes: readonly DocumentNode[]
  readonly errors: readonly GraphQLError[]
}

/** Reads the files; the errors say what is no GraphQL, and which fragments nobody can tell apart. */
export const folderDocuments = (files: readonly DocumentFile[]): FolderDocuments => {
  const errors: GraphQLError[] = []
  const reads = files.flatMap((file): Read[] => {
    const document = parseText(file.text, file.path)
    if (document instanceof GraphQLError) {
      errors.push(document)
      return []
    }
    const own = new Map(
      document.definitions.filter(isFragment).map(fragment => [fragment.name.value, fragment]),
    )
    return [{ file, document, own }]
  })
  const all = Map.groupBy(
    reads.flatMap(({ own }) => [...own.values()]),
    ({ name }) => name.value,
  )
  const wholes = reads.map(({ document, own }): DocumentNode => {
    const used = usedBy(document.definitions, own, all, errors)
    const borrowed = [...used.values()].filter(({ name }) => !own.has(name.value))
    return { kind: Kind.DOCUMENT, definitions: [...document.definitions, ...borrowed] }
  })
  return { wholes, errors, written: reads.flatMap(read => documentsOf(read, all)) }
}

/** The document, or why it is none. */
export const parseText = (text: string, path: string): DocumentNode | GraphQLError => {
  try {
    return parse(new Source(text, path))
  } catch (error) {
    if (error instanceof GraphQLError) return error
    // The parser calls itself for each level, and may come to the end of its stack.
    return new GraphQLError('It is nested too deeply', { source: new Source(text, path) })
  }
}

type Fragments = ReadonlyMap<string, readonly FragmentDefinitionNode[]>

const documentsOf = (read: Read, all: Fragments): readonly WrittenDocument[] => {
  const { file, document, own } = read
  const operations = document.definitions.filter(
    definition => definition.kind === Kind.OPERATION_DEFINITION,
  )
  const used = operations.map(operation => usedBy([operation], own, all))
  const needed = new Set(used.flatMap(fragments => [...fragments.values()]))
  const isWhole =
    operations.length > 0 &&
    needed.size === own.size &&
    [...needed].every(fragment => own.get(fragment.name.value) === fragment)
  const asItStands = isWhole ? [hashOfText(file.text), hashOfText(file.text.trim())] : []

  const apart = operations.map((operation, index): WrittenDocument => {
    const fragments = [...(used[index]?.values() ?? [])].sort(byName)
    const text = print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] })
    const { line } = operation.loc?.startToken ?? { line: 1 }
    return { ids: [hashOfText(text)], text, at: `${file.path}:${line}`, says: saysOf(operation) }
  })
  const [only] = apart
  if (!isWhole || only === undefined) return apart
  const whole = { text: file.text, at: `${file.path}:1` }
  return apart.length === 1
    ? [{ ...only, ...whole, ids: [...asItStands, ...only.ids] }]
    : [{ ...whole, ids: asItStands, says: apart.map(({ says }) => says).join(', ') }, ...apart]
}

/** Those that definitions spread, directly or by others; a file's own go first. */
const usedBy = (
  definitions: readonly DefinitionNode[],
  own: ReadonlyMap<string, FragmentDefinitionNode>,
  all: Fragments,
  errors: GraphQLError[] = [],
): ReadonlyMap<string, FragmentDefinitionNode> => {
  const used = new Map<string, FragmentDefinitionNode>()
  const left = [...definitions]
  for (let node = left.pop(); node !== undefined; node = left.pop())
    visit(node, {
      FragmentSpread: spread => {
        const name = spread.name.value
        const candidates = own.has(name) ? [own.get(name)] : (all.get(name) ?? [])
        const [found] = candidates
        if (found === undefined || used.has(name)) return
        if (candidates.length > 1) errors.push(ambiguous(spread.name.value, candidates, spread))
        used.set(name, found)
        left.push(found)
      },
    })
  return used
}

const ambiguous = (
  name: string,
  candidates: readonly (FragmentDefinitionNode | undefined)[],
  spread: FragmentSpreadNode,
): GraphQLError => {
  const paths = new Set(candidates.map(candidate => candidate?.loc?.source.name))
  return new GraphQLError(
    `The fragment ${name} stands in several files: ${[...paths].join(', ')}; give each its own name`,
    { nodes: spread },
  )
}

const isFragment = (definition: DefinitionNode): definition is FragmentDefinitionNode =>
  definition.kind === Kind.FRAGMENT_DEFINITION

const byName = (one: FragmentDefinitionNode, other: FragmentDefinitionNode): number =>
  one.name.value < other.name.value ? -1 : 1

/** `query Apps`. */
export const saysOf = ({ operation, name }: OperationDefinitionNode): string =>
  name === undefined ? operation : `${operation} ${name.value}`
