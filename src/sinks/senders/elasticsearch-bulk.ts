/**
 * Bodies and answers of Elasticsearch's `_bulk`: each item is created under its own id, so that one that comes again is
 * known there and changes nothing.
 *
 * @see https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
import { NotNowError, RefusedError, type SinkItem } from '../sender.ts'
import type { Reply } from './post.ts'
import { readJson } from './read-json.ts'
import { isMembers } from '../../model/events.ts'

export const bulkBody = (items: readonly SinkItem[]): string =>
  items.map(({ id, line }) => `{"create":{"_id":${JSON.stringify(id)}}}\n${line}\n`).join('')

/** Asks for no more of the answer than is read: with all else of it, one to many items would be too long. */
export const bulkUrl = (url: string): string => {
  const asking = new URL(url)
  asking.searchParams.set('filter_path', 'errors,items.*.status')
  return asking.href
}

/** It is there already. */
const CONFLICT = 409

/**
 * @throws {RefusedError} where it will never take one of them
 * @throws {NotNowError} where it took not all of them now, or does not say
 */
export const checkBulkReply = ({ body }: Reply): void => {
  const read = readJson(body)
  if (!isMembers(read) || typeof read['errors'] !== 'boolean')
    throw new NotNowError('The answer does not say what became of the items: it is none of _bulk')
  if (!read['errors']) return
  const statuses = Array.isArray(read['items']) ? read['items'].map(statusOf) : [undefined]
  const failed = statuses.filter(status => !isTaken(status))
  const refused = failed.find(isRefusal)
  if (refused !== undefined) throw new RefusedError(`Elasticsearch refused an item with ${refused}`)
  if (failed.length > 0)
    throw new NotNowError(`Elasticsearch took all but ${failed.length} of ${statuses.length} items`)
}

const statusOf = (item: unknown): number | undefined => {
  const made = isMembers(item) ? item['create'] : undefined
  const status = isMembers(made) ? made['status'] : undefined
  return typeof status === 'number' ? status : undefined
}

const isTaken = (status: number | undefined): boolean =>
  status !== undefined && ((status >= 200 && status < 300) || status === CONFLICT)

const isRefusal = (status: number | undefined): boolean => status === 400 || status === 413
