/** Push's list envelope, `{ result: [...], paging: { moreResults, nextToken } }`, as rows. */
import { UpstreamInvalidError } from '../../errors.ts'
import type { Unreadable } from '../contract/contract.ts'
import type { Decode } from './decode.ts'

/** The rows that could be read, and where the others stand. */
export interface DecodedRows<Row = unknown> {
  readonly rows: readonly Row[]
  readonly unreadable: readonly Unreadable[]
}

export interface PageAnswer<Row> extends DecodedRows<Row> {
  readonly nextToken: string | undefined
  /** Push says that more follows, and gives no token for it. */
  readonly promisesMore: boolean
  readonly sent: number
}

/** @throws {UpstreamInvalidError} when the envelope is not one */
export const decodePage = <Row>(answer: unknown, decode: Decode<Row>): PageAnswer<Row> => {
  const { result, paging } = members(answer, '')
  if (!Array.isArray(result)) throw invalid('result', 'a list')
  const next = readPaging(paging ?? {})

  const rows: Row[] = []
  const unreadable: Unreadable[] = []
  const fault = { path: '', reason: '' }
  for (const sent of result as readonly unknown[]) {
    const row = decode(sent, fault)
    if (row !== undefined) rows.push(row)
    else {
      const path = at(`result[${rows.length + unreadable.length}]`, fault.path)
      unreadable.push({ path, reason: fault.reason, ...idOf(sent) })
    }
    // One for all rows; few write in it, and not only those that cannot be read.
    if (fault.reason !== '') Object.assign(fault, { path: '', reason: '' })
  }

  return { rows, ...next, sent: result.length, unreadable }
}

/** The one object that Push answered with, unless it cannot be read or is not the one asked for. */
export const decodeOne = <Row extends { readonly id: string }>(
  answer: unknown,
  id: string,
  decode: Decode<Row>,
): DecodedRows<Row> => {
  const fault = { path: '', reason: '' }
  const row = decode(answer, fault)
  if (row === undefined) return { rows: [], unreadable: [fault] }
  if (row.id === id) return { rows: [row], unreadable: [] }
  return { rows: [], unreadable: [{ path: 'id', reason: 'is not the one asked for' }] }
}

/** The id of an object that cannot be read, where it has one. */
const idOf = (sent: unknown): Pick<Unreadable, 'id'> => {
  const id = typeof sent === 'object' && sent !== null && 'id' in sent ? sent.id : undefined
  return typeof id === 'string' && id !== '' ? { id } : {}
}

/** Where the list goes on. It ends where more is denied, or there is neither a token nor a word of more. */
const readPaging = (paging: unknown): Pick<PageAnswer<never>, 'nextToken' | 'promisesMore'> => {
  const { moreResults, nextToken } = members(paging, 'paging')
  if (moreResults !== undefined && moreResults !== null && typeof moreResults !== 'boolean')
    throw invalid('paging.moreResults', 'true or false')
  if (moreResults === false) return { nextToken: undefined, promisesMore: false }
  if (nextToken === null || nextToken === undefined || nextToken === '')
    return { nextToken: undefined, promisesMore: moreResults === true }
  if (typeof nextToken !== 'string') throw invalid('paging.nextToken', 'a text')
  return { nextToken, promisesMore: false }
}

const members = (value: unknown, path: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, 'an object')
  return value as Record<string, unknown>
}

const invalid = (path: string, wanted: string): UpstreamInvalidError =>
  new UpstreamInvalidError(
    `Push's answer cannot be read: ${path === '' ? 'it' : path} is not ${wanted}.`,
    path,
  )

const at = (row: string, path: string): string => (path === '' ? row : `${row}.${path}`)
