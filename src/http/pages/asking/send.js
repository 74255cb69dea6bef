/** One request to /graphql, with the caller's token, for which it is asked where the server refuses to answer without. */
import { askForToken, currentToken } from './token.js'

/** Whether a token was asked for last, and none given. */
let isDeclined = false

/**
 * `headers` are those of the tab: where they say who asks, nobody is asked for a token. GraphiQL asks for the schema more
 * than once (`isSchema`); who gave no token is asked again when it runs something.
 */
export const send = async (body, headers, signal, isSchema) => {
  for (;;) {
    const token = currentToken()
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...withToken(headers, token) },
      body: JSON.stringify(body),
      signal,
    })
    if (response.status !== 401 || hasOwn(headers)) return response
    if (isDeclined && isSchema) return response
    // Another question may have been given one meanwhile.
    if (currentToken() !== token) continue
    isDeclined = !(await askForToken(token === undefined ? 'absent' : 'refused'))
    if (isDeclined) return response
  }
}

/** @throws {Error} saying what came instead of an answer */
export const answerOf = async response => {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`What came is no answer (status ${response.status}): ${text.slice(0, 200)}`)
  }
}

export const withToken = (headers, token = currentToken()) =>
  token === undefined || hasOwn(headers)
    ? headers
    : { ...headers, authorization: `Bearer ${token}` }

const hasOwn = headers => hasHeader(headers, 'authorization')

/** Whether a tab's own headers have that one. */
export const hasHeader = (headers, name) =>
  Object.keys(headers).some(each => each.toLowerCase() === name)
