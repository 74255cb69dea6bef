/** `pushgraph query FILE|-`: the answer to one operation, printed as JSON. */
import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { openApp } from './open-app.ts'
import { CommandError, readInput, say, type Terminal } from './terminal.ts'

export interface QueryOptions {
  /** A JSON object, or `@` and the name of a file that holds one. */
  readonly variables?: string
  readonly operation?: string
}

/** 0 where the answer has no errors, else 1. */
export const runQuery = async (
  terminal: Terminal,
  file: string,
  options: QueryOptions,
): Promise<number> => {
  const document = await read(terminal, file)
  const variables = await readVariables(terminal, options.variables)
  if (isSubscription(document, options.operation))
    throw new CommandError(
      'A subscription has no one answer to print: ask a running server for it over HTTP or WebSocket, at its /graphql with "Accept: text/event-stream" or by graphql-transport-ws.',
      2,
    )
  const { app } = await openApp(terminal, terminal.errors, true)
  try {
    if (app.isDemo) say(terminal.errors, 'No API key is set: the demo tenant answers.')
    const answer = await app.execute({
      query: document,
      variables,
      operationName: options.operation,
    })
    say(terminal.output, JSON.stringify(answer, null, 2))
    return answer.errors === undefined ? 0 : 1
  } finally {
    await app.stop(0)
  }
}

/** What cannot be parsed is no subscription: the answer says why. */
const isSubscription = (document: string, name: string | undefined): boolean => {
  try {
    return getOperationAST(parse(document), name)?.operation === OperationTypeNode.SUBSCRIPTION
  } catch {
    return false
  }
}

const read = async (terminal: Terminal, file: string): Promise<string> =>
  new TextDecoder().decode(await readInput(terminal, file, 'a query'))

const readVariables = async (
  terminal: Terminal,
  given: string | undefined,
): Promise<Record<string, unknown> | undefined> => {
  if (given === undefined) return undefined
  const json = given.startsWith('@') ? await read(terminal, given.slice(1)) : given
  try {
    const variables: unknown = JSON.parse(json)
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables))
      return variables as Record<string, unknown>
  } catch {
    // The parser's own message repeats what it read.
  }
  throw new CommandError(
    `--variables must be a JSON object such as '{"first": 5}', or @ and the name of a file that holds one.`,
    2,
  )
}
