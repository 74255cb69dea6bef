/** The page's way to /graphql: the client that many know, with the caller's token. */
import { Client, fetchExchange } from '@urql/core'
import { send } from '../../asking/send.js'
import { documentOf } from '../given.js'

/** As it was listed: the client writes texts in its own way, and trusted documents are known by their operation. */
const post = (_, { body, headers, signal }) => {
  const { operationName, variables } = JSON.parse(body)
  return send(
    { query: documentOf(operationName), operationName, variables },
    { ...headers },
    signal,
  )
}

export const client = new Client({
  url: '/graphql',
  exchanges: [fetchExchange],
  fetch: post,
  fetchSubscriptions: true,
  requestPolicy: 'network-only',
  preferGetMethod: false,
})
