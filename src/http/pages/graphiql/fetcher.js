/* global AbortController, fetch, TextDecoderStream */
import { askForToken, currentToken } from './token.js'

/**
 * Asks /graphql. What comes back is an observable of one answer, or of those of a
 * subscription; leaving it (the stop button) aborts the request.
 */
export const fetcher = (operation, { headers = {} } = {}) => ({
  subscribe(observer) {
    const controller = new AbortController()
    const answered = isSubscription(operation)
      ? follow(operation, headers, controller.signal, observer)
      : ask(operation, headers, controller.signal).then(answer => observer.next(answer))
    answered.then(
      () => {
        observer.complete()
      },
      error => {
        if (!controller.signal.aborted) observer.error(error)
      },
    )
    return {
      unsubscribe: () => {
        controller.abort()
      },
    }
  },
})

const isSubscription = operation =>
  new RegExp(`^\\s*subscription\\b\\s*(${nameOf(operation) ?? ''}\\b|[({@])`, 'm').test(
    operation.query,
  )

/** Right after a change of tabs, GraphiQL still names the operation of the tab before. */
const nameOf = ({ query, operationName }) =>
  new RegExp(`\\b${operationName}\\b`).test(query) ? operationName : undefined

const ask = async (operation, headers, signal) => {
  const accept = 'application/graphql-response+json, application/json'
  return (await send(operation, { accept, ...headers }, signal)).json()
}

/** One answer after the other, from a stream of server-sent events. */
const follow = async (operation, headers, signal, observer) => {
  const response = await send(operation, { ...headers, accept: 'text/event-stream' }, signal)
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    observer.next(await response.json())
    return
  }
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop()
    for (const part of parts) {
      const data = /^event: next\ndata: (.*)$/s.exec(part)?.[1]
      if (data !== undefined) observer.next(JSON.parse(data))
    }
  }
}

/** Whether a token was asked for last, and none given. */
let isDeclined = false

/** With the caller's token, for which it is asked where the server refuses to answer without. */
const send = async (operation, headers, signal) => {
  for (;;) {
    const token = currentToken()
    const response = await post(operation, withToken(headers, token), signal)
    if (response.status !== 401 || hasOwn(headers)) return response
    // GraphiQL asks for the schema more than once; who gave no token is asked again when it runs something.
    if (isDeclined && operation.operationName === 'IntrospectionQuery') return response
    // Another question may have been given one meanwhile.
    if (currentToken() !== token) continue
    isDeclined = !(await askForToken(token !== undefined))
    if (isDeclined) return response
  }
}

const withToken = (headers, token) =>
  token === undefined || hasOwn(headers)
    ? headers
    : { ...headers, authorization: `Bearer ${token}` }

/** Whether the tab's own headers say who asks. */
const hasOwn = headers => Object.keys(headers).some(name => name.toLowerCase() === 'authorization')

const post = (operation, headers, signal) => {
  const { query, variables } = operation
  return fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName: nameOf(operation) }),
    signal,
  })
}
