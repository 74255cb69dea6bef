/** Push's list envelope, `{ result: [...], paging: { moreResults, nextToken } }`, as rows. */
import { UpstreamInvalidError } from '../errors.ts'
import type { Unreadable } from './contract.ts'
import type { Decode } from './decode.ts'
import { UnreadableRowsError } from './retry.ts'

export interface PageAnswer<Row> {
  readonly rows: readonly Row[]
  readonly nextToken: string | undefined
  readonly sent: number
  readonly unreadable: readonly Unreadable[]
}

/**
 * The rows that could be read, and where the others stand.
 *
 * @throws {UpstreamInvalidError} when the envelope is not one
 * @throws {UnreadableRowsError} when there are rows, and none of them can be read
 */
export const readPage = <Row>(answer: unknown, decode: Decode<Row>): PageAnswer<Row> => {
  const { result, paging } = members(answer, '')
  if (!Array.isArray(result)) throw invalid('result', 'a list')
  const nextToken = readNextToken(paging ?? {})

  const rows: Row[] = []
  const unreadable: Unreadable[] = []
  for (const [index, sent] of result.entries()) {
    const fault = { path: '', reason: '' }
    const row = decode(sent, fault)
    if (row !== undefined) rows.push(row)
    else unreadable.push({ path: at(`result[${index}]`, fault.path), reason: fault.reason })
  }

  const [first] = unreadable
  if (first !== undefined && rows.length === 0)
    throw new UnreadableRowsError(
      `None of the ${result.length} rows of Push's answer can be read: ${first.path} ${first.reason}.`,
      first.path,
    )
  return { rows, nextToken, sent: result.length, unreadable }
}

/**
 * The one object that Push answered with.
 *
 * @throws {UnreadableRowsError} when it cannot be read, or is not the one with the id asked for
 */
export const readOne = <Row extends { readonly id: string }>(
  answer: unknown,
  id: string,
  decode: Decode<Row>,
): Row => {
  const fault = { path: '', reason: '' }
  const row = decode(answer, fault)
  if (row === undefined)
    throw new UnreadableRowsError(
      `Push's answer cannot be read: ${fault.path === '' ? 'it' : fault.path} ${fault.reason}.`,
      fault.path,
    )
  if (row.id !== id)
    throw new UnreadableRowsError('Push answered with another object than asked for.', 'id')
  return row
}

/** A list ends where either member says so; undefined then. */
const readNextToken = (paging: unknown): string | undefined => {
  const { moreResults, nextToken } = members(paging, 'paging')
  if (moreResults !== undefined && moreResults !== null && typeof moreResults !== 'boolean')
    throw invalid('paging.moreResults', 'true or false')
  if (moreResults === false || nextToken === null || nextToken === undefined || nextToken === '')
    return undefined
  if (typeof nextToken !== 'string') throw invalid('paging.nextToken', 'a text')
  return nextToken
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
