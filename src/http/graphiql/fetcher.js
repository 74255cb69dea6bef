/* global AbortController, fetch */
/** Asks /graphql. What comes back is an observable of one answer; leaving it (the stop button) aborts the request. */
export const fetcher = (operation, { headers = {} } = {}) => ({
  subscribe(observer) {
    const controller = new AbortController()
    ask(operation, headers, controller.signal).then(
      answer => {
        observer.next(answer)
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

const ask = async ({ query, variables, operationName }, headers, signal) => {
  // Right after a change of tabs, GraphiQL still names the operation of the tab before.
  const stands = new RegExp(`\\b${operationName}\\b`).test(query)
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName: stands ? operationName : undefined }),
    signal,
  })
  return response.json()
}
