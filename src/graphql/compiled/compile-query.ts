/**
 * Compiles a document into functions that write its answer from the store as text, without building objects first.
 * Whatever is not plain values is left to graphql-js.
 */
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
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
import { Work } from '../../work/work.ts'
import { seesPersons, unguarded } from '../personal/guard.ts'
import { ungated } from '../schema/gate.ts'
import { type ReadVariables, readVariables } from '../analysis/variables.ts'
import type { Context } from '../context.ts'
import { type CollectFields, fieldCollector } from './collect-fields.ts'
import { objectWriter, type TextPiece, writeList } from './join-text.ts'
import { createKeepRowTexts, type KeepRowTexts } from './keep-row-texts.ts'
import { rowsOf } from './row-field.ts'
import { Bailout, type FindTexts, type Write } from './run.ts'
import type { Text } from './text.ts'
import { leafWriter } from './write-leaf.ts'

/** The data of the answer as text. @throws {Bailout} and whatever resolvers throw, when graphql-js must answer */
export type CompiledQuery = (
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => Maybe<Text>

/** Fragments within fragments must not make this the slowest part. */
const MAX_FIELDS = 2_000
/** About what a field takes to write. */
const FIELD_NS = 100

export interface CompileOptions {
  readonly rootValue?: unknown
  /** Where absent, each row is written anew each time. */
  readonly findTexts?: FindTexts | undefined
  readonly read?: ReadVariables | undefined
  /** Whether it is for callers who are told personal data: others need one of their own. */
  readonly isTold?: boolean
  /** Told how many fields were compiled, each once for every place that it has in the answer. */
  readonly onFields?: (fields: number) => void
}

/** Compiles the operation of that name; undefined where graphql-js is to answer it. */
export const compileQuery = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  { rootValue, findTexts, read = readVariables, isTold = false, onFields }: CompileOptions = {},
): CompiledQuery | undefined => {
  const operation = getOperationAST(document, operationName)
  const root = schema.getQueryType()
  if (operation?.operation !== OperationTypeNode.QUERY || !root || hasDirectives(document))
    return undefined
  const collect = fieldCollector(schema, document)
  const compiler = createCompiler(collect, createKeepRowTexts(findTexts), isTold)
  try {
    const write = compiler.object(root, [operation.selectionSet])
    onFields?.(compiler.fields())
    return (context, variables) => {
      const values = read(schema, operation, variables)
      if (values.coerced === undefined) throw new Bailout()
      const { work = new Work(), rights } = (context ?? {}) as Partial<
        Pick<Context, 'work' | 'rights'>
      >
      if (isTold && !seesPersons(rights)) throw new Bailout()
      return write(rootValue, { context, work, values, args: [], texts: [] })
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

/** Compiles selections of objects of one document. */
const createCompiler = (collect: CollectFields, keepRowTexts: KeepRowTexts, isTold: boolean) => {
  let fields = 0

  const object = (type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Write => {
    if (type.isTypeOf) throw new Bailout()
    const pieces = [...collect(type, selections)].map(([key, nodes], index) => ({
      before: `${index === 0 ? '{' : ','}"${key}":`,
      ...field(type, nodes),
      rows: rowsOf(ungated(type.getFields()[nodes[0]?.name.value ?? '']?.resolve)),
    }))
    return objectWriter(keepRowTexts(pieces))
  }

  const field = (
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ): Pick<TextPiece, 'write' | 'isLeaf'> => {
    const [node] = nodes
    fields += 1
    if (node === undefined || fields > MAX_FIELDS) throw new Bailout()
    const name = node.name.value
    if (name === '__typename') return { write: () => `"${type.name}"`, isLeaf: true }
    const definition = type.getFields()[name]
    if (definition === undefined) throw new Bailout()
    const index = fields
    const resolve = resolverOf(definition, isTold)
    const isPlain = definition.args.length === 0
    const complete = completer(
      definition.type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    )
    const write: Write = (parent, run) => {
      const args = isPlain ? none : (run.args[index] ??= run.values.argumentsOf(definition, node))
      const value = resolve(parent, args, run.context, nowhere)
      return value instanceof Promise
        ? value.then(settled => complete(settled, run))
        : complete(value, run)
    }
    const isLeaf = isLeafType(getNamedType(definition.type))
    return {
      isLeaf,
      write: isLeaf
        ? write
        : (parent, run) =>
            run.work.isKnownOver ? run.work.later(() => write(parent, run)) : write(parent, run),
    }
  }

  const completer = (type: GraphQLOutputType, selections: readonly SelectionSetNode[]): Write => {
    if (isNonNullType(type)) {
      const write = completer(type.ofType, selections)
      return (value, run) => andThen(write(value, run), required)
    }
    if (isListType(type)) {
      const before = fields
      const write = completer(type.ofType, selections)
      const nanoseconds = FIELD_NS * (1 + fields - before)
      return (value, run) =>
        value === null || value === undefined ? 'null' : writeList(write, value, run, nanoseconds)
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

  return { object, fields: (): number => fields }
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

const resolverOf = ({ name, resolve }: GraphQLField<unknown, unknown>, isTold: boolean): Resolve =>
  unguarded(ungated(resolve), isTold) ??
  ((parent, ...rest) => {
    const value = (parent as Readonly<Record<string, unknown>> | undefined)?.[name]
    return typeof value === 'function' ? (value.call(parent, ...rest) as unknown) : value
  })

const refuse = (): never => {
  throw new Bailout()
}

const required = (text: Text): Text => {
  if (text === 'null') throw new Bailout()
  return text
}
