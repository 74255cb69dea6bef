/** Lists: `limit`, `offset` and `nextToken` to one page in Push's envelope. */
import type { CollectionName } from '../model/rows.ts'
import { type Answer, refusal } from './answer.ts'
import type { Lists, Ordered } from './lists.ts'
import type { PushRows } from './tenant/objects.ts'
import { readParameters } from './parameters.ts'
import type { Switches } from './switches.ts'
import { hash } from './tenant/random.ts'
import { createTokens } from './tokens.ts'

/** Where a page begins. */
interface Place {
  readonly collection: CollectionName
  /** Of the parameters that filter: a token goes on with the question that it came from. */
  readonly question: number
  /** The order of the chain; 0 is the list's own. */
  readonly shuffle: number
  /** From 1, along the chain. */
  readonly page: number
  /** After the row at this place; null: at the start. */
  readonly after: number | null
  /** Rows that match and are passed over from there. */
  readonly skip: number
}

export interface Paging {
  list(collection: CollectionName, query: URLSearchParams): Answer
}

/** `present` turns a row into the item of a list. Only a stand-in with the same secret opens the tokens. */
export const createPaging = (
  lists: Lists,
  switches: Readonly<Switches>,
  secret: string,
  present: <Name extends CollectionName>(collection: Name, row: PushRows[Name]) => unknown,
): Paging => {
  const tokens = createTokens<Place>(secret)
  /** How often each list was begun with these very words. */
  const begun = new Map<string, number>()
  /**
   * Another order each time, which what was asked for decides, and how often it was: not what else was asked for before,
   * since requests that are sent at one time come in any order.
   */
  const anyOrder = (collection: CollectionName, query: URLSearchParams): number => {
    const asked = `order ${collection}?${query.toString()}`
    const times = (begun.get(asked) ?? 0) + 1
    begun.set(asked, times)
    return Math.max(1, hash(asked, times))
  }

  const begin = (collection: CollectionName, query: URLSearchParams): Place | string => {
    const [token, offset] = [query.get('nextToken'), query.get('offset')]
    const question = questionOf(query)
    if (token !== null) {
      if (offset !== null) return 'nextToken and offset exclude each other'
      const place = tokens.open(token)
      return place?.collection === collection && place.question === question
        ? place
        : 'Invalid nextToken'
    }
    if (offset !== null && switches.offset === 'refused') return 'Unknown parameter: offset'
    const skip = readCount(offset ?? '0', 0)
    if (skip === undefined) return 'offset must be a whole number'
    return {
      collection,
      question,
      shuffle: switches.order === 'stable' ? 0 : anyOrder(collection, query),
      page: 1,
      after: null,
      skip: switches.offset === 'ignored' ? 0 : skip,
    }
  }

  const list = <Name extends CollectionName>(collection: Name, query: URLSearchParams): Answer => {
    const limit = readLimit(query, switches)
    if (typeof limit === 'string') return refusal(400, limit)
    const place = begin(collection, query)
    if (typeof place === 'string') return refusal(400, place)
    const tests = readParameters(collection, query, switches)
    if (typeof tests === 'string') return refusal(400, tests)

    const matches = (row: PushRows[Name]): boolean => tests.every(test => test(row))
    const taken = take(lists.ordered(collection, place.shuffle), place, matches, {
      rows: switches.shortPages && place.page % 2 === 0 ? Math.ceil(limit / 2) : limit,
      empty: switches.emptyPages > 0 && place.page % switches.emptyPages === 0,
    })
    const next: Place = {
      ...place,
      page: place.page + 1,
      ...(switches.tokens === 'position'
        ? { after: null, skip: place.skip + taken.rows.length }
        : taken.end),
    }
    return {
      status: 200,
      body: {
        result: taken.rows.map(row => present(collection, row)),
        paging: envelope(taken.more, taken.rows.length, tokens.seal(next), switches),
      },
      again: tokens.seal(place),
    }
  }
  return { list }
}

interface Taken<Row> {
  readonly rows: readonly Row[]
  readonly more: boolean
  /** Where the next page begins. */
  readonly end: Pick<Place, 'after' | 'skip'>
}

const take = <Name extends CollectionName>(
  { rows, places }: Ordered<Name>,
  place: Place,
  matches: (row: PushRows[Name]) => boolean,
  wanted: { rows: number; empty: boolean },
): Taken<PushRows[Name]> => {
  const page: PushRows[Name][] = []
  let { after, skip } = place
  for (let index = indexAfter(places, after); index < rows.length; index++) {
    const row = rows[index] as PushRows[Name]
    if (!matches(row)) continue
    if (skip > 0) {
      skip--
      after = places[index] as number
      continue
    }
    if (wanted.empty) return { rows: [], more: true, end: { after, skip } }
    if (page.length === wanted.rows) return { rows: page, more: true, end: { after, skip } }
    page.push(row)
    after = places[index] as number
  }
  return { rows: page, more: false, end: { after, skip: 0 } }
}

/** The index of the first row past this place. */
const indexAfter = (places: readonly number[], after: number | null): number => {
  if (after === null) return 0
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) > after) high = middle
    else low = middle + 1
  }
  return low
}

const envelope = (
  more: boolean,
  rows: number,
  token: string,
  { tokens, lastToken }: Readonly<Switches>,
): object => {
  if (more) return { moreResults: true, nextToken: tokens === 'none' ? null : token }
  switch (lastToken) {
    case 'null':
      return { moreResults: false, nextToken: null }
    case 'absent':
      return { moreResults: false }
    case 'present':
      return { moreResults: false, nextToken: token }
    case 'empty-page':
      return rows > 0
        ? { moreResults: true, nextToken: token }
        : { moreResults: false, nextToken: null }
    case 'more-without-token':
      return { moreResults: true, nextToken: null }
    default:
      return lastToken satisfies never
  }
}

const readLimit = (
  query: URLSearchParams,
  { maxPage, defaultPage, abovePage }: Readonly<Switches>,
): number | string => {
  const limit = readCount(query.get('limit') ?? String(defaultPage), 1)
  if (limit === undefined) return 'limit must be a whole number above 0'
  if (limit > maxPage && abovePage === 'refuse') return `limit must be at most ${maxPage}`
  return Math.min(limit, maxPage)
}

const readCount = (text: string, least: number): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : undefined

const questionOf = (query: URLSearchParams): number => {
  const asked = [...query].filter(([name]) => !['limit', 'nextToken', 'offset'].includes(name))
  return hash(JSON.stringify(asked.sort()), 0)
}
