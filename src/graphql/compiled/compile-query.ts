/**
 * Answers from the store, written as text without being built as objects first. What a document selects is gone
 * through once, into functions that write it; whatever is not plain values is left to graphql-js.
 */
import {
  type DocumentNode,
  type FieldNode,
  getArgumentValues,
  getOperationAST,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
  BREAK,
} from 'graphql'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type CollectFields, fieldCollector } from './collect-fields.ts'
import { Bailout } from './run.ts'
import { rowsOf } from './row-field.ts'
import { leafWriter } from './write-leaf.ts'
import { objectWriter, type TextPiece, writeFields, writeList } from './join-text.ts'
import { type ReadVariables, readVariables } from '../analysis/variables.ts'
import type { FindTexts, Run, Write } from './run.ts'

/** The data of the answer as text. @throws {Bailout} and whatever resolvers throw, when graphql-js must answer */
export type Writer = (
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => Maybe<string>

/** Fragments within fragments must not make this the slowest part. */
const MAX_FIELDS = 2_000

export interface WriterOptions {
  readonly rootValue?: unknown
  /** Where absent, each row is written anew each time. */
  readonly findTexts?: FindTexts | undefined
  readonly read?: ReadVariables | undefined
}

/** Undefined where the operation is not one that can be written. */
export const compileQuery = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  { rootValue, findTexts, read = readVariables }: WriterOptions = {},
): Writer | undefined => {
  const operation = getOperationAST(document, operationName)
  const root = schema.getQueryType()
  if (operation?.operation !== OperationTypeNode.QUERY || !root || hasDirectives(document))
    return undefined
  const compiler = createCompiler(fieldCollector(schema, document), findTexts)
  try {
    const write = compiler.object(root, [operation.selectionSet])
    return (context, variables) => {
      const { coerced } = read(schema, operation, variables)
      if (coerced === undefined) throw new Bailout()
      return write(rootValue, { context, variables: coerced, args: [], texts: [] })
    }
  } catch (thrown) {
    if (thrown instanceof Bailout) return undefined
    throw thrown
  }
}

const hasDirectives = (document: DocumentNode): boolean => {
  let found = false
  visit(document, {
    Directive: () => {
      found = true
      return BREAK
    },
  })
  return found
}

/** One field. */
interface Part extends TextPiece {
  /** The collection on whose rows alone the field rests. */
  readonly rows?: CollectionName | undefined
}

const createCompiler = (collect: CollectFields, findTexts: FindTexts | undefined) => {
  let fields = 0
  /** Runs of fields whose texts are kept. */
  let kinds = 0

  /** Fields of one row as one field, whose text is kept with the row. */
  const ofRow = (find: FindTexts, collection: CollectionName, parts: readonly Part[]): Part => {
    const kind = {}
    const index = kinds
    kinds += 1
    const write = (value: unknown, run: Run): string => {
      const { connector, row } = value as { readonly connector: string; readonly row: object }
      let kept = run.texts[index]
      if (kept?.connector !== connector)
        run.texts[index] = kept = { connector, texts: find(run.context, connector, collection) }
      return kept.texts.get(kind, row) ?? kept.texts.keep(kind, row, writeFields(parts, value, run))
    }
    return { before: parts[0]?.before ?? '', write }
  }

  /** The parts, those that stand one after another and rest on the same row as one. */
  const joined = (parts: readonly Part[]): readonly Part[] => {
    if (findTexts === undefined) return parts
    const all: Part[] = []
    for (let from = 0, to = 1; from < parts.length; from = to, to = from + 1) {
      const rows = parts[from]?.rows
      while (rows !== undefined && parts[to]?.rows === rows) to += 1
      const run = parts.slice(from, to)
      if (rows === undefined || run.length < 2) all.push(...run)
      else all.push(ofRow(findTexts, rows, run))
    }
    return all
  }

  const object = (type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Write => {
    if (type.isTypeOf) throw new Bailout()
    const parts = [...collect(type, selections)].map(([key, nodes], index) => ({
      before: `${index === 0 ? '{' : ','}"${key}":`,
      write: field(type, nodes),
      rows: rowsOf(type.getFields()[nodes[0]?.name.value ?? '']?.resolve),
    }))
    return objectWriter(joined(parts))
  }

  const field = (type: GraphQLObjectType, nodes: readonly FieldNode[]): Write => {
    const [node] = nodes
    fields += 1
    if (node === undefined || fields > MAX_FIELDS) throw new Bailout()
    const name = node.name.value
    if (name === '__typename') return () => `"${type.name}"`
    const definition = type.getFields()[name]
    if (definition === undefined) throw new Bailout()
    const index = fields
    const resolve = resolverOf(definition)
    const isPlain = definition.args.length === 0
    const complete = completer(
      definition.type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    )
    return (parent, run) => {
      const args = isPlain
        ? none
        : (run.args[index] ??= getArgumentValues(definition, node, run.variables))
      const value = resolve(parent, args, run.context, nowhere)
      return value instanceof Promise
        ? value.then(settled => complete(settled, run))
        : complete(value, run)
    }
  }

  const completer = (type: GraphQLOutputType, selections: readonly SelectionSetNode[]): Write => {
    if (isNonNullType(type)) {
      const write = completer(type.ofType, selections)
      return (value, run) => andThen(write(value, run), required)
    }
    if (isListType(type)) {
      const write = completer(type.ofType, selections)
      return (value, run) =>
        value === null || value === undefined ? 'null' : writeList(write, value, run)
    }
    const write: Write = isLeafType(type)
      ? leafWriter(type)
      : isObjectType(type)
        ? object(type, selections)
        : refuse()
    return (value, run) => {
      if (value === null || value === undefined) return 'null'
      if (value instanceof Error) throw new Bailout()
      return write(value, run)
    }
  }

  return { object }
}

const none: Record<string, unknown> = {}

/** Nobody is told where in the answer a field stands. */
const nowhere = new Proxy({} as GraphQLResolveInfo, {
  get: () => {
    throw new Bailout()
  },
})

type Resolve = (
  parent: unknown,
  args: Record<string, unknown>,
  context: unknown,
  info: GraphQLResolveInfo,
) => unknown

const resolverOf = ({ name, resolve }: GraphQLField<unknown, unknown>): Resolve =>
  resolve ??
  ((parent, ...rest) => {
    const value = (parent as Readonly<Record<string, unknown>> | undefined)?.[name]
    return typeof value === 'function' ? (value.call(parent, ...rest) as unknown) : value
  })

const refuse = (): never => {
  throw new Bailout()
}

const required = (text: string): string => {
  if (text === 'null') throw new Bailout()
  return text
}
