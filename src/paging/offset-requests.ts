/** The requests for pages by offset, several of which may be under way side by side. */
import { toError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Page, PageRequest } from '../upstream/contract/contract.ts'
import type { Walk } from './walk.ts'

export interface OffsetRequests<Name extends CollectionName> {
  /** Rows that a page is asked for. */
  readonly pageSize: number
  /** What the page at that offset is asked for by. */
  requestAt(offset: number): PageRequest
  /** The page behind so many rows, with the last of them; asked for together with `width - 1` behind it. */
  page(sent: number, width: number): Promise<Page<Name> | Error>
  /** The page at that offset as it is now, whatever is kept. */
  look(offset: number): Promise<Page<Name> | Error>
  /** Aborts what is under way. */
  abort(): void
}

/**
 * Nothing is under way. `notBefore`: when a page may have been asked for that somebody else had (milliseconds); undefined
 * where it must be asked for now.
 */
export const createOffsetRequests = <Name extends CollectionName>(
  { client, ask }: Pick<Walk<Name>, 'client' | 'ask'>,
  notBefore: () => number | undefined,
): OffsetRequests<Name> => {
  // By their offsets.
  const underWay = new Map<number, Promise<Page<Name> | Error>>()
  let pageSize = client.pageSize()
  let leave = new AbortController()

  const abort = (): void => {
    if (underWay.size === 0) return
    leave.abort(new Error('This page is not needed any more'))
    leave = new AbortController()
    underWay.clear()
  }

  // The first page is asked for as by everybody else, who may be asking for it just now.
  const requestAt = (offset: number, isFirst: boolean): PageRequest =>
    isFirst ? {} : { offset, limit: pageSize }

  const begin = (offset: number, isFirst: boolean, since: number | undefined): void => {
    if (underWay.has(offset)) return
    const asked = ask(requestAt(offset, isFirst), leave.signal, since)
    underWay.set(offset, asked.catch(toError))
  }

  const come = async (offset: number): Promise<Page<Name> | Error> => {
    const page = await (underWay.get(offset) as Promise<Page<Name> | Error>)
    underWay.delete(offset)
    return page
  }

  return {
    get pageSize() {
      return pageSize
    },
    requestAt: offset => {
      if (underWay.size === 0) pageSize = client.pageSize()
      return requestAt(offset, false)
    },
    page: async (sent, width) => {
      const offset = Math.max(0, sent - 1)
      if (underWay.size === 0) pageSize = client.pageSize()
      for (let n = 0; n < width; n += 1)
        begin(offset + n * (pageSize - 1), sent === 0 && n === 0, notBefore())
      return come(offset)
    },
    look: async offset => {
      if (underWay.size === 0) pageSize = client.pageSize()
      begin(offset, offset === 0, undefined)
      return come(offset)
    },
    abort,
  }
}
