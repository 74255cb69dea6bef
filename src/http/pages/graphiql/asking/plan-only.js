/** The plan of what stands in the editors, without reading anything for it. */
import { meantBy } from './operation.ts'
import { answerOf, send } from '../../asking/send.js'

/** `{ plan }`, or `{ failure }` in words. */
export const planOf = async ({ queryEditor, variableEditor, headerEditor, operationName }) => {
  try {
    const query = queryEditor.getValue()
    const { name } = meantBy({ query, operationName })
    const body = { query, variables: objectIn(variableEditor), operationName: name }
    const headers = { ...objectIn(headerEditor), 'x-pushgraph-plan': 'only' }
    const answer = await answerOf(await send(body, headers, new AbortController().signal))
    const plan = answer.extensions?.pushgraph?.plan
    if (plan !== undefined) return { plan }
    return { failure: answer.errors?.map(({ message }) => message).join(' ') ?? 'It has no plan.' }
  } catch (error) {
    return { failure: error.message }
  }
}

const objectIn = editor => {
  const text = editor?.getValue().trim() ?? ''
  return text === '' ? undefined : JSON.parse(text)
}
