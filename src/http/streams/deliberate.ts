/** Whether somebody meant to ask, or a page of another site had their browser do it. */
import type { FastifyRequest } from 'fastify'

/**
 * Whether the request has a header that no browser sends for a page of another site before the server has allowed it, as
 * Apollo asks for where the answer is no stream; or is a GET that no such page can have sent, as gateways begin streams.
 */
export const isDeliberate = ({ headers, method }: FastifyRequest): boolean =>
  /^application\/json\b/i.test(headers['content-type'] ?? '') ||
  ['apollo-require-preflight', 'x-apollo-operation-name'].some(name => Boolean(headers[name])) ||
  (method === 'GET' && headers['content-type'] === undefined && !isOfOtherPage(headers))

/** Browsers say where a request comes from, to plain HTTP elsewhere at least what they are; a page can hide neither. */
const isOfOtherPage = (headers: FastifyRequest['headers']): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return headers.origin !== undefined || /^Mozilla\b/i.test(headers['user-agent'] ?? '')
}
