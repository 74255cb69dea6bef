/** Asks /graphql for GraphiQL, and notes in the tab's run what becomes of it. */
import { beginRun, front } from '../runs.js'
import { askAgainAfter, wait } from '../../asking/again.ts'
import { keepLast } from './live.ts'
import { meantBy } from './operation.ts'
import { followProgress } from '../../asking/progress.js'
import { answerOf, hasHeader, send } from '../../asking/send.js'

/** So often the same is asked again by itself. */
const MOST_ATTEMPTS = 30

/**
 * What comes back is an observable: of one answer, of one after the other where the same is asked again, or of the events
 * of a subscription. Leaving it (the stop button) aborts the request.
 */
export const fetcher = (operation, { headers = {} } = {}) => ({
  subscribe(observer) {
    const controller = new AbortController()
    const { signal } = controller
    const isSchema = operation.operationName === 'IntrospectionQuery'
    const run = isSchema ? unnoted : beginRun()
    const { kind, name } = meantBy(operation)
    const { query, variables } = operation
    const question = { body: { query, variables, operationName: name }, headers, signal, isSchema }
    const answered =
      kind === 'subscription'
        ? follow(question, observer, run)
        : ask(question, kind === 'query', observer, run)
    answered.then(
      () => {
        run.end('done')
        observer.complete()
      },
      error => {
        if (signal.aborted) return
        run.end('failed')
        observer.error(isNetwork(error) ? new Error('The server cannot be reached') : error)
      },
    )
    return {
      unsubscribe: () => {
        run.end('stopped')
        controller.abort()
      },
    }
  },
})

/** The schema is nobody's question. */
const unnoted = { change: () => {}, end: () => {} }

/** As browsers tell it, in words of their own. */
const isNetwork = error => error instanceof TypeError

const ask = async (question, isQuery, observer, run) => {
  for (let attempts = 1; ; attempts += 1) {
    run.change({ phase: 'asking', attempts, againAt: undefined })
    const { response, answer } = await askOnce(question, isQuery, run)
    run.change({ answer, progress: undefined })
    observer.next(shownOf(answer))
    // What may have been changed is not asked for twice.
    const againInMs = isQuery
      ? askAgainAfter(answer, response.headers.get('retry-after'))
      : undefined
    if (againInMs === undefined || attempts === MOST_ATTEMPTS) return
    run.change({ phase: 'again', againAt: Date.now() + againInMs })
    await wait(againInMs, question.signal)
  }
}

const askOnce = async ({ body, headers, signal, isSchema }, isQuery, run) => {
  const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`
  const answered = new AbortController()
  const asked = {
    accept: 'application/graphql-response+json, application/json',
    ...(isSchema ? {} : { 'x-request-id': id }),
    ...(isQuery && front.wantsPlan && !hasHeader(headers, 'x-pushgraph-plan')
      ? { 'x-pushgraph-plan': '1' }
      : {}),
    ...headers,
  }
  const until = AbortSignal.any([signal, answered.signal])
  if (!isSchema) void followProgress(id, headers, until, progress => run.change({ progress }))
  try {
    const response = await send(body, asked, signal, isSchema)
    return { response, answer: await answerOf(response) }
  } finally {
    answered.abort()
  }
}

/** What it cost stands in a panel of its own. */
const shownOf = answer => {
  const { pushgraph, ...extensions } = answer.extensions ?? {}
  if (pushgraph === undefined) return answer
  const { extensions: _, ...shown } = answer
  return Object.keys(extensions).length === 0 ? shown : { ...shown, extensions }
}

/** One event after the other, from a stream of server-sent events. */
const follow = async ({ body, headers, signal }, observer, run) => {
  const response = await send(body, { ...headers, accept: 'text/event-stream' }, signal)
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const answer = await answerOf(response)
    run.change({ answer })
    observer.next(answer)
    return
  }
  run.change({ phase: 'streaming' })
  const keep = keepLast()
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop()
    const results = parts.flatMap(part => {
      const data = /^event: next\ndata: (.*)$/s.exec(part)?.[1]
      return data === undefined ? [] : [JSON.parse(data)]
    })
    // Many that come at once are shown at once.
    const shown = results.map(keep).at(-1)
    if (shown === undefined) continue
    run.change({ answer: { data: shown } })
    observer.next(shown)
  }
}
