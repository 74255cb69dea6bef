/** Requests as paths below the base URL. Equal requests have equal paths, by which they are shared. */
import type { RequestPath } from './attempt.ts'
import type { PageRequest } from '../contract/contract.ts'

/** Asks for one page of at most `limit` rows. */
export const pagePath = (path: string, limit: number, request: PageRequest): RequestPath => {
  const query = queryOf(request)
  // As many as Push gives are the same question whatever it gives.
  const question = request.limit === undefined ? query : [`limit=${request.limit}`, ...query]
  return {
    path: `${path}?${[`limit=${limit}`, ...query].join('&')}`,
    question: `${path}?${question.join('&')}`,
    template: path,
  }
}

const queryOf = ({ nextToken, offset, parameters = {} }: PageRequest): readonly string[] => {
  const query: [string, string][] = []
  if (nextToken !== undefined) query.push(['nextToken', nextToken])
  if (offset !== undefined) query.push(['offset', String(offset)])
  query.push(...Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1)))
  // Not URLSearchParams: it writes a space as "+", which not every server reads as one in a query.
  return query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
}

/** Asks for one object; undefined where no object can have this id, since its path would mean another one. */
export const objectPath = (path: string, id: string): RequestPath | undefined => {
  // Lone surrogates have no UTF-8, and dots alone are steps between directories.
  if (['', '.', '..'].includes(id) || !id.isWellFormed()) return undefined
  return { path: `${path}/${encodeURIComponent(id)}`, template: `${path}/{id}` }
}
