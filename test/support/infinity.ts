/**
 * What becomes of a question of Grafana's data source Infinity, as its sources have it: Grafana puts in its variables, the
 * plugin its macros, asks by GET, and reads rows of the answer. A path is read as gjson does, anything else by JSONata.
 *
 * @see https://github.com/grafana/scenes/blob/main/packages/scenes/src/variables/interpolation/formatRegistry.ts
 * @see https://github.com/grafana/grafana-infinity-datasource/tree/v3.11.1/pkg
 * @see https://github.com/grafana/infinity-libs/tree/main/lib/go
 */
import jsonata from 'jsonata'
import type { InfinityQuery } from '../../examples/grafana/source/infinity.ts'

/** What is chosen at the top of a dashboard. */
export interface Chosen {
  readonly from: Date
  readonly to: Date
  /** The values of a variable; a text is what stands for all of them, and is put in as it is. */
  readonly variables: Readonly<Record<string, string | readonly string[]>>
}

/** The values of a column, as Grafana gets them. */
export type Cell = string | number | Date | null

/** The columns of a frame by name; undefined where it has none at all, which Grafana calls no data. */
export type Frame = Readonly<Record<string, readonly Cell[]>>

/** The address below the server's that is asked, with its parameters sorted and written as Go does. */
export const addressOf = ({ url, url_options }: InfinityQuery, chosen: Chosen): string => {
  const parameters = url_options.params
    .map(({ key, value }): [string, string] => [
      key,
      withMacros(withVariables(value, chosen), chosen),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `${url}?${new URLSearchParams(parameters)}`
}

/** What Grafana's browser does: `${name:format}`, and what it does not know stays. */
const withVariables = (text: string, { variables, from, to }: Chosen): string =>
  text.replaceAll(
    /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::([^}]+))?\}/g,
    (
      match,
      bare?: string,
      square?: string,
      squareFormat?: string,
      name?: string,
      format?: string,
    ) => {
      const called = bare ?? square ?? name ?? ''
      if (called === '__from' || called === '__to')
        return momentOf(called === '__from' ? from : to, format ?? '')
      const value = variables[called]
      if (value === undefined) return match
      return typeof value === 'string' ? value : formatted(value, squareFormat ?? format ?? 'glob')
    },
  )

const formatted = (values: readonly string[], format: string): string => {
  switch (format) {
    case 'csv':
      return values.join(',')
    case 'json':
      return JSON.stringify(values)
    case 'raw':
      return String(values)
    default:
      throw new Error(`The format ${format} is not known here`)
  }
}

/** What the plugin does on the server, for alert rules too. */
const withMacros = (text: string, { from, to }: Chosen): string =>
  text
    .replaceAll(/\$__customInterval\((.*?)\)/g, (_, args: string) => intervalOf(args, from, to))
    .replaceAll(/\$\{__(?:timeFrom|from):?(.*?)\}/g, (_, format: string) => momentOf(from, format))
    .replaceAll(/\$\{__(?:timeTo|to):?(.*?)\}/g, (_, format: string) => momentOf(to, format))
    .trim()

/** Pairs of a duration and a text, and the text for what is longer than all of them. */
const intervalOf = (args: string, from: Date, to: Date): string => {
  const parts = args.split(',')
  const found = parts.findIndex(
    (duration, at) =>
      at % 2 === 0 && at + 1 < parts.length && Number(to) - Number(from) <= msOf(duration),
  )
  return (found < 0 ? parts.at(-1) : parts[found + 1]) ?? ''
}

const msOf = (duration: string): number => {
  const [, days] = /^(\d+)d$/.exec(duration) ?? []
  if (days === undefined) throw new Error(`The duration ${duration} is not known here`)
  return Number(days) * 86_400_000
}

const momentOf = (moment: Date, format: string): string => {
  if (format === '') return String(Number(moment))
  const iso = moment.toISOString()
  if (format === 'date' || format === 'date:iso') return iso
  if (format === 'date:YYYY-MM-DDTHH:mm:00Z') return `${iso.slice(0, 16)}:00Z`
  throw new Error(`The format ${format} is not known here`)
}

/** The headers that a question comes with. */
export const infinityHeaders = (
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  accept: 'application/json;q=0.9,text/plain',
  'accept-encoding': 'gzip',
  'user-agent': 'Grafana/13.2.2',
  ...headers,
})

/** The value at the root; undefined where there is none, which the plugin takes for an error. */
export const rootOf = async (selector: string, answer: unknown): Promise<unknown> => {
  if (selector === '') return answer
  if (PATH.test(selector)) return at(answer, selector)
  const found: unknown = await jsonata(selector).evaluate(answer)
  // Without what JSONata marks its sequences by.
  return found === undefined ? undefined : (JSON.parse(JSON.stringify(found)) as unknown)
}

/** Names and places with dots between them: what gjson and JSONata read alike. */
const PATH = /^\w+(?:\.\w+)*$/

const at = (value: unknown, path: string): unknown => {
  if (!PATH.test(path)) throw new Error(`${path} is no path with dots`)
  return path
    .split('.')
    .reduce<unknown>(
      (found, name) =>
        typeof found === 'object' && found !== null
          ? (found as Readonly<Record<string, unknown>>)[name]
          : undefined,
      value,
    )
}

/** The frame that the answer becomes. A root that is a value alone becomes a column with the name of the query. */
export const frameOf = async (
  { root_selector, columns, refId }: Pick<InfinityQuery, 'root_selector' | 'columns' | 'refId'>,
  answer: unknown,
): Promise<Frame | undefined> => {
  const root = await rootOf(root_selector, answer)
  if (root === undefined) throw new Error(`There is nothing at ${root_selector}`)
  if (columns.length === 0) {
    if (Array.isArray(root) && root.length === 0) return undefined
    if (typeof root !== 'number') throw new Error(`There is no number at ${root_selector}`)
    return { [refId]: [root] }
  }
  const rows: readonly unknown[] = Array.isArray(root) ? root : root === null ? [] : [root]
  if (rows.length === 0) return undefined
  return Object.fromEntries(
    columns.map(({ selector, text, type }) => [
      text,
      rows.map(row => readers[type](at(row, selector))),
    ]),
  )
}

/** A value of another kind than its column becomes null, without a word. */
const readers: Readonly<
  Record<InfinityQuery['columns'][number]['type'], (value: unknown) => Cell>
> = {
  string: value =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null,
  number: value => {
    const read = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof read === 'number' && !Number.isNaN(read) ? read : null
  },
  timestamp: value =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value)
      ? new Date(value)
      : null,
}
