/** `pushgraph query FILE|-`: the answer to one operation, printed as JSON. */
import { getOperationAST, OperationTypeNode, parse } from 'graphql'
import { systemClock } from '../model/clock.ts'
import { openApp } from './open-app.ts'
import { addressOn, readToken } from './running-server.ts'
import { CommandError, readInput, say, type Terminal } from './terminal.ts'
import { showWaiting } from './waiting.ts'
import { systemCode } from '../model/system/system-code.ts'

export interface QueryOptions {
  /** A JSON object, or `@` and the name of a file that holds one. */
  readonly variables?: string
  readonly operation?: string
  /** A running server that is asked; without it Push is asked here. */
  readonly url?: string
  /** A file that holds the token that the server is shown. */
  readonly tokenFile?: string
}

/** 0 where the answer has no errors, else 1. */
export const runQuery = async (
  terminal: Terminal,
  file: string,
  options: QueryOptions,
): Promise<number> => {
  const question: Question = {
    query: await read(terminal, file),
    variables: await readVariables(terminal, options.variables),
    operationName: options.operation,
  }
  if (isSubscription(question.query, options.operation))
    throw new CommandError(
      'A subscription has no one answer to print: ask a running server for it over HTTP or WebSocket, at its /graphql with "Accept: text/event-stream" or by graphql-transport-ws.',
      2,
    )
  if (options.tokenFile !== undefined && options.url === undefined)
    throw new CommandError('--token-file is for a server that runs: name that with --url', 2)
  const answer =
    options.url === undefined
      ? await answerHere(terminal, question)
      : await askServer(
          terminal,
          options.url,
          question,
          await readToken(terminal, options.tokenFile),
        )
  say(terminal.output, JSON.stringify(answer, null, 2))
  return answer.errors === undefined ? 0 : 1
}

interface Question {
  readonly query: string
  readonly variables: Record<string, unknown> | undefined
  readonly operationName: string | undefined
}

interface Answer {
  readonly errors?: unknown
}

const answerHere = async (terminal: Terminal, question: Question): Promise<Answer> => {
  const { app } = await openApp(terminal, terminal.errors, 'warn')
  try {
    if (app.isDemo) say(terminal.errors, 'No API key is set: the demo tenant answers.')
    await app.prepare()
    const endWaiting = showWaiting(terminal, systemClock, seconds => {
      const requests = app.requestsMade()
      return `Push is read: ${requests} ${requests === 1 ? 'request' : 'requests'} in ${seconds} s`
    })
    return await app.execute(question).finally(endWaiting)
  } finally {
    await app.stop(0)
  }
}

/** What the server at that address answers; its `/graphql` may be left out. @throws {CommandError} where none does */
const askServer = async (
  terminal: Terminal,
  url: string,
  question: Question,
  token: string | undefined,
): Promise<Answer> => {
  const address = addressOn(url, '/graphql')
  const endWaiting = showWaiting(
    terminal,
    systemClock,
    seconds => `${url} has been asked for ${seconds} s`,
  )
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(question),
    })
    const answer = readAnswer(await response.text())
    if (answer !== undefined) return answer
    throw new CommandError(
      `What ${address.href} answers (status ${response.status}) is not GraphQL's. Is Pushgraph running there?`,
      1,
    )
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { cause } = error as { readonly cause?: unknown }
    const code = systemCode(cause) ?? (cause instanceof Error ? cause.message : 'no answer')
    throw new CommandError(
      `${address.href} cannot be reached (${code}). Is Pushgraph running there?`,
      1,
      error,
    )
  } finally {
    endWaiting()
  }
}

const readAnswer = (text: string): Answer | undefined => {
  try {
    const answer: unknown = JSON.parse(text)
    const isAnswer =
      typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)
    return isAnswer ? (answer as Answer) : undefined
  } catch {
    return undefined
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
