/** Single pages of a list, and those behind them, outside any scan: to go on in a list whose order is no longer here. */
import type { CollectionName } from '../../model/rows.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import { createPageWalker, type PageWalker } from '../../paging/page-walker.ts'
import { pointAfter, type ResumePoint } from '../../paging/resume-point.ts'
import type { Call, CollectionSizes, Client, Page } from '../../upstream/contract/contract.ts'
import type { TableAccess } from '../table/tables.ts'

export interface PageReader {
  /** The page that begins there; its rows go into the table, without a position. */
  readPage<Name extends CollectionName>(name: Name, at: PageOrigin, call: Call): Promise<Page<Name>>
  /**
   * The walk through the pages behind that one, which was read from there: with the same check at the seams as a scan,
   * but it never goes back to the start of the list. `callFor`: the call of each request.
   */
  walkFrom<Name extends CollectionName>(
    name: Name,
    page: Page<Name>,
    at: PageOrigin,
    callFor: () => Call,
  ): PageWalker<Name>
}

interface PageReaderOptions extends Pick<TableAccess, 'table'> {
  readonly client: Client
  readonly sizes: CollectionSizes
}

export const createPageReader = ({ client, sizes, table }: PageReaderOptions): PageReader => {
  const ask = async <Name extends CollectionName>(
    name: Name,
    request: Parameters<Client['page']>[1],
    call: Call,
  ): Promise<Page<Name>> => {
    const page = await client.page(name, request, call)
    const rows = table(name)
    for (const row of page.rows) rows.put(row, page.readAt)
    return page
  }

  return {
    readPage: (name, at, call) => ask(name, requestFor(at), call),
    walkFrom: (name, page, at, callFor) => {
      const from = pointOf(at)
      const next = pointAfter(page, from, page.sent)
      return createPageWalker(
        {
          collection: name,
          client,
          ask: (request, leave, notBefore) => {
            const call = callFor()
            const signal = AbortSignal.any(
              call.signal === undefined ? [leave] : [call.signal, leave],
            )
            return ask(name, request, { ...call, signal, notBefore: laterOf(call, notBefore) })
          },
          notBefore: () => -Infinity,
          width: () => 0,
          expected: sizes.get(name),
          shortIsLast: true,
          remembersRows: true,
          goesBack: false,
          beginsAgain: false,
        },
        next,
        { ...page, from, next, origin: at },
      )
    },
  }
}

/** The later of when an answer may have been asked for by the call, and by the page before; undefined where it may not. */
export const laterOf = (
  { notBefore }: Pick<Call, 'notBefore'>,
  also: number | undefined,
): number | undefined =>
  notBefore === undefined || also === undefined ? undefined : Math.max(notBefore, also)

/** Without a token, a page at the start of a list is asked for as by everybody else. */
const requestFor = (at: PageOrigin): Parameters<Client['page']>[1] => {
  if ('token' in at) return { nextToken: at.token }
  return at.offset === 0 ? {} : { offset: at.offset }
}

const pointOf = (at: PageOrigin): ResumePoint =>
  'token' in at ? { token: at.token, sent: at.sent } : { sent: at.offset }
