/** What Elasticsearch would make of documents by an ingest pipeline, as far as examples/siem has processors. */
import { runInNewContext } from 'node:vm'
import type { Json } from './exported.ts'

type Document = Record<string, unknown>

interface Options {
  readonly if?: string
  readonly field?: string
  readonly value?: unknown
  readonly copy_from?: string
  readonly override?: boolean
  readonly ignore_empty_value?: boolean
  readonly formats?: readonly string[]
  readonly source?: string
  readonly params?: Json
}

export type Processor = Readonly<Record<string, Options>>

/** @throws {Error} where Elasticsearch would mark the document as failed, or a processor is none of these */
export const runPipeline = (processors: readonly Processor[], document: Json): Json => {
  const ctx = structuredClone(document) as Document
  for (const [kind = '', options = {}] of processors.flatMap(one => Object.entries(one))) {
    if (options.if !== undefined && runPainless(options.if, { ctx }) !== true) continue
    const processor = kinds[kind]
    if (processor === undefined) throw new Error(`no processor ${kind} is known here`)
    processor(ctx, options)
  }
  return ctx
}

const kinds: Readonly<Record<string, (ctx: Document, options: Options) => void>> = {
  script: (ctx, { source = '', params }) => {
    runPainless(source, { ctx, params })
  },
  date: (ctx, { field = '', formats }) => {
    const value = read(ctx, field)
    if (formats?.join() !== 'UNIX_MS' || !Number.isSafeInteger(value))
      throw new Error(`${field} is no moment`)
    ctx['@timestamp'] = new Date(Number(value)).toISOString()
  },
  set: (ctx, { field = '', value, copy_from: from, override, ignore_empty_value: ignores }) => {
    const found = from === undefined ? value : read(ctx, from)
    const isEmpty = found === undefined || found === null || found === ''
    if (isEmpty && ignores !== true) throw new Error(`${from} is missing`)
    if (isEmpty || (override === false && read(ctx, field) !== undefined)) return
    const names = field.split('.')
    const last = names.pop() ?? ''
    const parent = names.reduce<Document>((at, name) => (at[name] ??= {}) as Document, ctx)
    parent[last] = structuredClone(found)
  },
}

const read = (ctx: Document, path: string): unknown =>
  path === '_ingest.timestamp'
    ? '2026-11-30T12:00:00.000Z'
    : path.split('.').reduce<unknown>((at, name) => (at as Json | null | undefined)?.[name], ctx)

/** Runs it as JavaScript: what is written here of Painless differs from that in names alone. */
const runPainless = (source: string, names: Json): unknown =>
  runInNewContext(
    source
      .replaceAll(/for \(def (\w+) : (.*?)\) \{/g, 'for (const $1 of $2) {')
      .replaceAll(/\bdef (\w+) = /g, 'const $1 = ')
      .replaceAll('new ArrayList(ctx.keySet())', 'Object.keys(ctx)')
      .replaceAll('new ArrayList()', '[]')
      .replaceAll('new HashMap()', '{}')
      .replaceAll(/(\w+)\.isEmpty\(\)/g, '(Object.keys($1).length === 0)')
      .replaceAll(/ctx\.remove\((\w+)\)/g, 'ctx[$1]; delete ctx[$1]')
      .replaceAll('String.valueOf(', 'String(')
      .replaceAll('.contains(', '.includes(')
      .replaceAll('.add(', '.push('),
    { ...names },
  )
